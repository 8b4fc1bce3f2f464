"""The pages of organisations: finding, adding, changing, ending; two at once; what hangs on one."""

from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from actions.models import Assignment
from core.sorting import alphabetical
from directory.models import ContactPerson, Membership, Organisation, Person, PupilCount
from directory.models.naming import short_name_in_language
from tests.factories import (
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/directory/organisations/"
SCHOOL = {
    "kind": "school",
    "name_fi": "Kalliolaakson koulu",
    "aliases": "Kallio\n\n  Laakson   koulu \nKallio",
    "inflections": "Kalliolaaksosta",
    "levels": ["basic", "general"],
    "pupils": "2026 1 302\r\n2025: 1-4",
}


@pytest.fixture
def secretary(client: Client) -> Person:
    person = MembershipFactory(role=Membership.Role.SECRETARY).person
    person.language = "en"
    person.save()
    client.force_login(person)
    client.cookies["language"] = "en"
    return person


@pytest.fixture
def espoo(db: None) -> Organisation:
    return OrganisationFactory(name_fi="Espoon kaupunki", name_sv="Esbo stad", short_fi="Espoo")


def shown(client: Client, address: str) -> str:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def errors(client: Client, address: str, data: dict[str, object]) -> dict[str, list[str]]:
    response = client.post(address, data, headers={"accept-language": "en"})
    assert response.status_code == 400
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def form_of(client: Client, address: str) -> dict[str, object]:
    """The values that the form is shown with, as a browser would send them back."""
    form = client.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


def fill(organisation: Organisation, secretary: Person, rows: int) -> None:
    group = secretary.memberships.get().group
    for number in range(rows):
        person = PersonFactory()
        PupilCount.objects.create(school=organisation, counted_on=date(2020 + number, 9, 20))
        OrganisationFactory(kind="school", parent=organisation, is_provider=False)
        MembershipFactory(group=group, organisation=organisation)
        ContactPerson.objects.create(organisation=organisation, person=person, group=group)
        organisation.affiliations.create(person=person)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    secretary: Person,
    espoo: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(espoo, secretary, rows)
    with django_assert_num_queries(5):
        response = client.get(f"{LIST}?kind=school")
    assert len(response.context["page"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    secretary: Person,
    espoo: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(espoo, secretary, rows)
    with django_assert_num_queries(18):
        context = client.get(f"{LIST}{espoo.pk}/").context
    names = ("pupils", "schools", "memberships", "contacts", "affiliations")
    assert [len(context[name]) for name in names] == [rows] * 5


@pytest.mark.parametrize("words", ["espoo", "ESBO", "esbo STAD", "vanha nimi", "Espoosta"])
def test_every_name_finds_it(
    words: str, client: Client, secretary: Person, espoo: Organisation
) -> None:
    espoo.aliases, espoo.inflections = ["Vanha nimi"], ["Espoosta", "Espooseen"]
    espoo.save()
    OrganisationFactory(name_fi="Muu", name_sv="Annan")
    response = client.get(LIST, {"q": words})
    assert list(response.context["page"]) == [espoo]


def test_a_school_is_added_with_all_that_is_known(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    response = client.post(f"{LIST}add/", {**SCHOOL, "parent": espoo.pk, "municipality": espoo.pk})
    school = Organisation.objects.get(name_fi="Kalliolaakson koulu")
    assert response.headers["Location"] == f"{LIST}{school.pk}/"
    assert school.aliases == ["Kallio", "Laakson koulu"]
    assert school.levels == ["basic", "general"]
    counts = school.pupil_counts.order_by("counted_on").values_list("counted_on", "count")
    assert list(counts) == [(date(2025, 9, 20), "1–4"), (date(2026, 9, 20), "1 302")]
    page = shown(client, f"{LIST}{school.pk}/")
    for words in ("Kalliolaaksosta", "Laakson koulu", "1 302", "Espoon kaupunki"):
        assert words in page


@pytest.mark.parametrize(
    ("field", "wrong", "says"),
    [
        ("name_fi", "", "This field is required."),
        ("parent", "", "A school needs its education provider."),
        ("parent", "999999", None),
        ("kind", "circus", None),
        ("mailbox", "not an address", None),
        ("valid_from", "0001-01-01", "The year can't be right."),
        ("aliases", "x" * 201, f"This line is too long: “{'x' * 40}…”."),
        ("aliases", "\n".join(map(str, range(101))), "There can be 100 lines at most."),
        ("aliases", "null\0", "Null characters are not allowed."),
        ("pupils", "many", "“many” is not a year and a number, such as 2026 543."),
        ("pupils", "2026 1\n2026 2", "The year 2026 stands here twice."),
        ("pupils", "0000 12", "“0000 12” is not a year and a number, such as 2026 543."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    field: str, wrong: str, says: str | None, client: Client, secretary: Person, espoo: Organisation
) -> None:
    found = errors(client, f"{LIST}add/", {**SCHOOL, "parent": espoo.pk, field: wrong})
    assert list(found) == [field]
    if says:
        assert found[field] == [says]
    assert not Organisation.objects.filter(kind="school").exists()


def test_nothing_belongs_to_itself(client: Client, secretary: Person, espoo: Organisation) -> None:
    below = OrganisationFactory(kind="provider", parent=espoo)
    data = {"kind": "municipality", "name_fi": "Espoo", "is_provider": "on", "parent": below.pk}
    found = errors(client, f"{LIST}{espoo.pk}/edit/", data)
    assert found == {"parent": ["It would then belong to itself."]}


def test_the_same_school_is_not_added_twice(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    client.post(f"{LIST}add/", {**SCHOOL, "parent": espoo.pk})
    again = {**SCHOOL, "parent": espoo.pk, "name_fi": "KALLIOLAAKSON KOULU"}
    assert errors(client, f"{LIST}add/", again) == {
        "name_fi": ["There is one of this name already."]
    }
    elsewhere = OrganisationFactory()
    assert client.post(f"{LIST}add/", {**again, "parent": elsewhere.pk}).status_code == 302


def test_a_form_comes_back_as_it_was_shown(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    client.post(f"{LIST}add/", {**SCHOOL, "parent": espoo.pk})
    school = Organisation.objects.get(kind="school")
    before = Organisation.objects.filter(pk=school.pk).values().get()
    edit = f"{LIST}{school.pk}/edit/"
    form = client.get(edit).context["form"]
    data = {
        field.html_name: field.field.prepare_value(field.value())
        for field in form
        if field.value() not in (None, False)
    }
    assert client.post(edit, data).status_code == 302
    assert Organisation.objects.filter(pk=school.pk).values().get() == before
    assert school.pupil_counts.count() == 2


def test_who_saves_second_sees_what_the_first_has_saved_and_loses_nothing(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    edit = f"{LIST}{espoo.pk}/edit/"
    seen = client.get(edit).context["form"]["seen"].value()
    data = {"kind": "municipality", "name_fi": "Espoo", "is_provider": "on", "seen": seen}
    assert client.post(edit, {**data, "mailbox": "first@example.org"}).status_code == 302
    response = client.post(edit, {**data, "mailbox": "second@example.org"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "first@example.org" in page
    assert 'value="second@example.org"' in page
    espoo.refresh_from_db()
    assert espoo.mailbox == "first@example.org"
    seen = response.context["form"]["seen"].value()
    assert client.post(edit, {**data, "seen": seen, "mailbox": "2@example.org"}).status_code == 302
    espoo.refresh_from_db()
    assert espoo.mailbox == "2@example.org"


def test_ending_says_what_hangs_on_it_and_can_be_undone(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    group = secretary.memberships.get().group
    fill(espoo, secretary, 2)
    task = {"organisation": espoo, "owner__action__origin__group": group}
    AssignmentFactory(**task)
    AssignmentFactory(**task, state=Assignment.State.DONE)
    AssignmentFactory(organisation=espoo, owner__action__origin__group=GroupFactory())
    response = client.get(f"{LIST}{espoo.pk}/end/", headers={"accept-language": "en"})
    assert response.context["hanging"] == [
        "2 schools",
        "2 members",
        "2 contact persons",
        "1 open task",
    ]
    assert client.post(f"{LIST}{espoo.pk}/end/", {"on": "2026-01-31"}).status_code == 302
    espoo.refresh_from_db()
    assert espoo.valid_to == date(2026, 1, 31)
    assert espoo not in client.get(LIST).context["page"].object_list
    assert espoo in client.get(f"{LIST}?ended=on").context["page"].object_list
    client.post(f"{LIST}{espoo.pk}/reopen/")
    espoo.refresh_from_db()
    assert espoo.valid_to is None


def test_it_cannot_end_before_it_begins(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    espoo.valid_from = date(2023, 1, 1)
    espoo.save()
    end = f"{LIST}{espoo.pk}/end/"
    says = "It began on 1 January 2023; it cannot end before that."
    assert errors(client, end, {"on": "2022-12-31"}) == {"on": [says]}
    client.post(end, {"on": "2024-12-31"})
    data = {"kind": "municipality", "name_fi": "Espoo", "valid_from": "2025-01-01"}
    found = errors(client, f"{LIST}{espoo.pk}/edit/", data)
    assert list(found) == ["valid_from"]


def test_the_members_of_others_groups_are_not_shown(
    client: Client, secretary: Person, espoo: Organisation
) -> None:
    foreign = MembershipFactory(organisation=espoo)
    ContactPerson.objects.create(
        organisation=espoo, person=PersonFactory(name="Vieras"), group=foreign.group
    )
    page = shown(client, f"{LIST}{espoo.pk}/")
    assert foreign.person.name not in page
    assert "Vieras" not in page
    client.force_login(PersonFactory(is_administrator=True))
    page = shown(client, f"{LIST}{espoo.pk}/")
    assert foreign.person.name in page
    assert "Vieras" in page


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", ["Kauniainen", "Luksia", "Ähtäri"]), ("sv", ["Etseri", "Grankulla", "Luksia"])],
)
def test_a_choice_of_organisations_is_in_the_order_of_what_it_shows(
    language: str, expected: list[str]
) -> None:
    OrganisationFactory(name_fi="Ähtärin kaupunki", short_fi="Ähtäri", short_sv="Etseri")
    OrganisationFactory(name_fi="Kuntayhtymä Luksia", name_sv="", short_fi="Luksia")
    OrganisationFactory(name_fi="Kauniaisten kaupunki", short_fi="Kauniainen", short_sv="Grankulla")
    with translation.override(language):
        found = Organisation.objects.order_by(alphabetical(short_name_in_language()))
        assert [one.short_name for one in found] == expected
