"""The pages of groups: finding, adding, changing, ending; who is missing; whose they are."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import ContactPerson, Group, Membership, Organisation, Person
from directory.services import groups as services
from tests.factories import GroupFactory, MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

LIST = "/directory/groups/"
FIELDS = {"name_fi": "Yhdenmukaiset suunnitelmat", "language": "fi", "document_type": "memo"}


@pytest.fixture
def secretary(client: Client) -> Person:
    person = MembershipFactory(role=Membership.Role.SECRETARY, seat="").person
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return person


@pytest.fixture
def group(secretary: Person) -> Group:
    return secretary.memberships.get().group


def page_of(group: Group) -> str:
    return f"{LIST}{group.slug}/"


def errors(client: Client, address: str, data: dict[str, object]) -> dict[str, list[str]]:
    response = client.post(address, data)
    assert response.status_code == 400
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def administrator(client: Client) -> Person:
    person = PersonFactory(is_administrator=True)
    client.force_login(person)
    return person


# -- The list --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(rows):
        below = GroupFactory(parent=group, kind=Group.Kind.SUBGROUP)
        MembershipFactory.create_batch(rows, group=below)
    with django_assert_num_queries(7):
        response = client.get(f"{LIST}?kind=subgroup")
    assert [one.members for one in response.context["page"]] == [rows] * rows


def test_one_finds_the_groups_one_keeps_or_is_in_by_name(
    client: Client, secretary: Person, group: Group
) -> None:
    for name in ("Östra gruppen", "Zebra", "Ålands grupp"):
        GroupFactory(parent=group, kind="subgroup", name_fi=name, name_sv="")
    other = MembershipFactory(person=secretary, group__name_fi="Toinen")
    GroupFactory(name_fi="Vieras")
    names = [(one.name_fi, one.is_kept) for one in client.get(LIST).context["page"]]
    assert names == [
        ("Toinen", False),
        (group.name_fi, True),
        ("Zebra", True),
        ("Ålands grupp", True),
        ("Östra gruppen", True),
    ]
    found = client.get(LIST, {"q": "ÅLANDS gr"}).context["page"]
    assert [one.name_fi for one in found] == ["Ålands grupp"]
    other.valid_to = date(2020, 1, 1)
    other.save()
    assert "Toinen" not in client.get(LIST).content.decode()
    assert client.get(page_of(other.group)).status_code == 404


# -- A group's page --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(rows):
        member = MembershipFactory(group=group)
        MembershipFactory(group=group, role="deputy", deputy_for=member, seat="staff")
        GroupFactory(parent=group, kind=Group.Kind.SUBGROUP)
        ContactPerson.objects.create(
            organisation=member.organisation, person=member.person, group=group
        )
        OrganisationFactory()
    with django_assert_num_queries(24):
        context = client.get(page_of(group)).context
    assert [len(of_seat) for _name, of_seat in context["seats"]] == [rows, rows, 1]
    names = ("without", "subgroups", "contacts")
    assert [len(context[name]) for name in names] == [rows, rows, rows]


def test_members_stand_by_seat_with_role_organisation_deputies_and_days(
    client: Client, group: Group
) -> None:
    espoo = OrganisationFactory(name_fi="Espoo", name_sv="Esbo")
    aino = MembershipFactory(
        group=group, person__name="Aino Ääri", organisation=espoo, valid_from=date(2025, 8, 1)
    )
    MembershipFactory(group=group, person__name="Åke Berg", seat="municipality", organisation=espoo)
    MembershipFactory(group=group, person__name="Zaida Koski", seat="county", role="chair")
    MembershipFactory(
        group=group, person__name="Eero Sijainen", seat="", role="deputy", deputy_for=aino
    )
    MembershipFactory(group=group, person__name="Entinen", valid_to=date(2024, 12, 31))
    Membership.objects.filter(role="secretary").delete()
    client.force_login(MembershipFactory(group=group, role="vice_chair", seat="staff").person)
    response = client.get(page_of(group))
    shown = [
        (name, [row.person.name for row in rows if row.role != "vice_chair"])
        for name, rows in response.context["seats"]
    ]
    assert shown == [
        ("county", ["Zaida Koski"]),
        ("municipality", ["Aino Ääri", "Åke Berg"]),
        ("student welfare staff", []),
        ("Others", ["Eero Sijainen"]),
    ]
    page = response.content.decode()
    for words in ("deputy: Eero Sijainen", "deputy of Aino Ääri", "from 1 August 2025", "chair"):
        assert words in page
    assert "Entinen" not in page
    ended = client.get(page_of(group), {"ended": "on"}).context["seats"]
    assert [(name, [row.person.name for row in rows]) for name, rows in ended][-1] == (
        "Their time is over",
        ["Entinen"],
    )


def test_three_hundred_members_stand_on_pages_and_are_found(client: Client, group: Group) -> None:
    people = Person.objects.bulk_create(Person(name=f"Jäsen {n:03}") for n in range(300))
    organisation = OrganisationFactory(name_fi="Lohjan kaupunki", short_fi="Lohja")
    Membership.objects.bulk_create(
        Membership(group=group, person=one, seat="staff", organisation=organisation)
        for one in people
    )
    response = client.get(page_of(group), {"page": 6, "q": "lohja jäsen"})
    page = response.context["page"]
    assert (page.paginator.count, len(page)) == (300, 50)
    assert page[-1].person.name == "Jäsen 299"


def test_what_the_law_wants_and_nobody_fills_is_said_and_leads_to_filling_it(
    client: Client, secretary: Person, group: Group
) -> None:
    secretary.language = "fi"
    secretary.save()
    Membership.objects.filter(person=secretary).update(organisation=None)
    hanko = OrganisationFactory(name_fi="Hangon kaupunki", language_status="fi-sv")
    page = client.get(page_of(group)).content.decode()
    for words in (
        "The group has no chair.",
        "Nobody sits for the wellbeing services county.",
        "Nobody sits for the education providers.",
        "Nobody sits for the guardians.",
        "Nobody sits for the students.",
        "Nobody sits for the student welfare staff.",
        "Nobody stands for Swedish;",
        "Hangon kaupunki",
    ):
        assert words in page
    assert "The group has no secretary." not in page
    add = f"{page_of(group)}members/add/"
    for query in ("role=chair", "seat=students", f"organisation={hanko.pk}&amp;seat=municipality"):
        assert f'href="{add}?{query}"' in page
    form = client.get(f"{add}?organisation={hanko.pk}&seat=municipality&role=chair").context["form"]
    values = [form[name].value() for name in ("organisation", "seat", "role")]
    assert values == [str(hanko.pk), "municipality", "chair"]


def test_a_group_with_everyone_lacks_nobody(client: Client, group: Group) -> None:
    county = OrganisationFactory(kind="county", is_provider=True, language_status="fi-sv")
    Membership.objects.filter(group=group).update(seat="county", organisation=county)
    Organisation.objects.filter(kind="municipality").delete()
    for seat in ("guardians", "students", "staff"):
        MembershipFactory(group=group, seat=seat, organisation=county, role="chair")
    context = client.get(page_of(group)).context
    assert (context["lacks"], context["without"]) == ([], [])


def test_who_is_in_it_without_keeping_it_reads_and_changes_nothing(
    client: Client, secretary: Person
) -> None:
    other = MembershipFactory(person=secretary, role="member").group
    member = MembershipFactory(group=other)
    response = client.get(page_of(other))
    page = response.content.decode()
    assert member.person.name in page
    assert "members/add/" not in page
    assert f"members/{member.pk}/" not in page
    for way in ("edit/", "end/", "members/add/", f"members/{member.pk}/"):
        assert client.get(page_of(other) + way).status_code == 403
    assert client.post(f"{page_of(other)}reopen/").status_code == 403


def test_who_coordinates_the_group_above_keeps_the_one_below(client: Client, group: Group) -> None:
    below = GroupFactory(parent=group, kind=Group.Kind.SUBGROUP)
    page = client.get(page_of(below)).content.decode()
    assert "members/add/" in page
    assert f'href="/groups/{below.slug}/"' not in page  # its meetings are not theirs to read
    assert client.get(f"/groups/{below.slug}/").status_code == 404


def test_the_groups_own_page_leads_here_for_those_who_keep_it(
    client: Client, secretary: Person, group: Group
) -> None:
    link = f'href="{page_of(group)}"'
    assert link in client.get(f"/groups/{group.slug}/").content.decode()
    client.force_login(MembershipFactory(group=group).person)
    assert link not in client.get(f"/groups/{group.slug}/").content.decode()


# -- Adding and changing ---------------------------------------------------------------------------


def test_an_administrator_adds_a_group_of_any_kind(client: Client, group: Group) -> None:
    administrator(client)
    data = {**FIELDS, "kind": "cooperation", "host": group.host_id, "name_fi": "Länsi-Uusimaa"}
    assert client.post(f"{LIST}add/", data).headers["Location"] == f"{LIST}lansi-uusimaa/"
    again = {**data, "kind": "network", "parent": group.pk}
    assert client.post(f"{LIST}add/", again).headers["Location"] == f"{LIST}lansi-uusimaa-2/"
    named_add = {**data, "name_fi": "Add"}
    assert client.post(f"{LIST}add/", named_add).headers["Location"] == f"{LIST}add-2/"


def test_a_coordinator_adds_a_sub_group_of_their_own_group(client: Client, group: Group) -> None:
    group.task_class = "00.01.02"
    group.save()
    add = f"{LIST}add/?parent={group.slug}"
    form = client.get(add).context["form"]
    assert (form["parent"].value(), form["task_class"].value()) == (group.pk, "00.01.02")
    assert client.post(add, {**FIELDS, "parent": group.pk, "kind": "network"}).status_code == 302
    made = Group.objects.get(parent=group)
    assert (made.kind, made.host, made.slug) == (
        "subgroup",
        group.host,
        "yhdenmukaiset-suunnitelmat",
    )


def test_a_coordinator_adds_none_elsewhere(client: Client, secretary: Person, group: Group) -> None:
    other = MembershipFactory(person=secretary, role="member").group
    for parent in (other.pk, ""):
        assert list(errors(client, f"{LIST}add/", {**FIELDS, "parent": parent})) == ["parent"]
    values = {**FIELDS, "kind": "subgroup", "parent": other, "host": other.host}
    with pytest.raises(services.NotYours):
        services.add(values=values, by=secretary)
    assert not Group.objects.filter(parent__isnull=False).exists()


@pytest.mark.parametrize(
    ("field", "wrong", "says"),
    [
        ("name_fi", "", "This field is required."),
        ("name_fi", "null\0", "Null characters are not allowed."),
        ("parent", "", "A sub-group is part of another group: choose which."),
        ("parent", "999999", None),
        ("retention_years", "0", "Give a number of years from 1 to 200."),
        ("retention_years", "99999999999", None),
        ("publicity", "secret", None),
        ("host", "", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    field: str, wrong: str, says: str | None, client: Client, group: Group
) -> None:
    administrator(client)
    data = {**FIELDS, "kind": "subgroup", "parent": group.pk, "host": group.host_id, field: wrong}
    found = errors(client, f"{LIST}add/", data)
    assert list(found) == [field]
    if says:
        assert found[field] == [says]


def test_no_group_is_above_itself_and_none_is_there_twice(client: Client, group: Group) -> None:
    administrator(client)
    below = GroupFactory(parent=group, kind="subgroup", name_fi="Alaryhmä")
    data = {**FIELDS, "kind": "network", "host": group.host_id, "name_fi": "Uusi"}
    found = errors(client, f"{page_of(group)}edit/", {**data, "parent": below.pk})
    assert found == {"parent": ["It would then be part of itself."]}
    twin = {**data, "parent": group.pk, "name_fi": "ALARYHMÄ"}
    found = errors(client, f"{LIST}add/", twin)
    assert found == {"name_fi": ["There is one of this name already."]}


def test_who_saves_second_sees_what_the_first_has_saved_and_loses_nothing(
    client: Client, group: Group
) -> None:
    edit = f"{page_of(group)}edit/"
    data = {**FIELDS, "seen": client.get(edit).context["form"]["seen"].value()}
    assert client.post(edit, {**data, "name_fi": "Ensimmäinen"}).status_code == 302
    response = client.post(edit, {**data, "name_fi": "Toinen"})
    assert response.status_code == 400
    assert "Ensimmäinen" in response.content.decode()
    assert 'value="Toinen"' in response.content.decode()
    seen = response.context["form"]["seen"].value()
    assert client.post(edit, {**data, "name_fi": "Toinen", "seen": seen}).status_code == 302
    group.refresh_from_db()
    assert group.name_fi == "Toinen"


def test_where_a_group_belongs_is_not_its_coordinators_to_change(
    client: Client, group: Group
) -> None:
    other = GroupFactory()
    data = {**FIELDS, "kind": "network", "parent": other.pk, "host": other.host_id}
    assert client.post(f"{page_of(group)}edit/", data).status_code == 302
    before = (group.kind, group.parent, group.host)
    group.refresh_from_db()
    assert (group.kind, group.parent, group.host) == before
    assert group.name_fi == FIELDS["name_fi"]


# -- Ending ----------------------------------------------------------------------------------------


def test_a_group_ends_and_is_taken_into_use_again(
    client: Client, secretary: Person, group: Group
) -> None:
    today = timezone.localdate()
    end = f"{page_of(group)}end/"
    found = errors(client, end, {"on": (today + timedelta(days=1)).isoformat()})
    assert found == {"on": ["Choose today or an earlier day: it ends at once."]}
    below = GroupFactory(parent=group, kind="subgroup")
    found = errors(client, end, {"on": "2026-01-31"})
    assert found == {"__all__": ["Its sub-groups have not ended. End them first."]}
    below.ended_on = today
    below.save()
    assert client.post(end, {"on": "2026-01-31"}).status_code == 302
    group.refresh_from_db()
    assert group.ended_on == date(2026, 1, 31)
    assert list(client.get(LIST).context["page"]) == []
    assert group in client.get(f"{LIST}?ended=on").context["page"]
    page = client.get(page_of(group)).content.decode()
    assert "ended on 31 January 2026" in page
    assert "members/add/" not in page
    assert client.post(f"{page_of(group)}reopen/").status_code == 302
    group.refresh_from_db()
    assert group.ended_on is None
