"""Members of a group: added, changed, ended; deputies; what cannot be is said in plain words."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import Group, Membership, Person
from directory.services import memberships as services
from tests.factories import GroupFactory, MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client: Client) -> Person:
    person = MembershipFactory(role=Membership.Role.SECRETARY).person
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return person


@pytest.fixture
def group(secretary: Person) -> Group:
    return secretary.memberships.get().group


def page_of(group: Group) -> str:
    return f"/directory/groups/{group.slug}/"


def errors(client: Client, address: str, data: dict[str, Any]) -> dict[str, list[str]]:
    response = client.post(address, data)
    assert response.status_code == 400
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def said(client: Client, address: str, data: dict[str, Any]) -> list[str]:
    """What the page after a saved form says."""
    response = client.post(address, data, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


# -- The service -----------------------------------------------------------------------------------


def test_one_is_in_a_group_once_as_the_same_at_a_time(secretary: Person, group: Group) -> None:
    person, espoo = PersonFactory(), OrganisationFactory()
    same: dict[str, Any] = {"group": group, "person": person, "organisation": espoo}
    first = services.add(**same, role="member", valid_to=date(2026, 5, 31), by=secretary)
    with pytest.raises(services.AlreadyMember):
        services.add(**same, role="member", valid_from=date(2026, 5, 31), by=secretary)
    with pytest.raises(services.AlreadyMember):
        services.add(**same, role="member", seat="staff", by=secretary)
    second = services.add(**same, role="member", valid_from=date(2026, 6, 1), by=secretary)
    services.add(**same, role="chair", by=secretary)
    services.add(**same | {"organisation": None}, role="member", by=secretary)
    services.add(**same | {"group": GroupFactory(parent=group)}, role="member", by=secretary)
    with pytest.raises(services.AlreadyMember):
        services.end(membership=first, on=date(2026, 6, 1), by=secretary)
    with pytest.raises(services.AlreadyMember):
        services.change(membership=first, values={"valid_to": None}, by=secretary)
    services.change(membership=second, values={"valid_from": date(2026, 7, 1)}, by=secretary)
    services.end(membership=first, on=date(2026, 6, 30), by=secretary)
    assert person.memberships.count() == 5


def test_a_deputy_stands_in_for_another_member_of_the_same_group(
    secretary: Person, group: Group
) -> None:
    member, foreign = MembershipFactory(group=group), MembershipFactory()
    person = PersonFactory()
    deputy = services.add(
        group=group, person=person, role="deputy", deputy_for=member, by=secretary
    )
    wrong: list[tuple[type[services.Refused], Person, str, Membership]] = [
        (services.CannotDeputise, PersonFactory(), "deputy", foreign),
        (services.CannotDeputise, PersonFactory(), "deputy", deputy),
        (services.CannotDeputise, member.person, "deputy", member),
        (services.NotADeputy, PersonFactory(), "member", member),
    ]
    for refusal, who, role, deputed in wrong:
        with pytest.raises(refusal):
            services.add(group=group, person=who, role=role, deputy_for=deputed, by=secretary)
    with pytest.raises(services.NotADeputy):
        services.change(membership=deputy, values={"role": "member"}, by=secretary)
    services.change(membership=deputy, values={"role": "member", "deputy_for": None}, by=secretary)
    assert group.memberships.filter(role="deputy").count() == 0


def test_what_else_cannot_be(secretary: Person, group: Group) -> None:
    person = PersonFactory()
    days = {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}
    with pytest.raises(services.EndsBeforeItBegins):
        services.add(group=group, person=person, role="member", **days, by=secretary)
    with pytest.raises(services.NotKept):
        services.add(group=GroupFactory(), person=person, role="member", by=secretary)
    merged = PersonFactory(merged_into=person)
    with pytest.raises(services.Gone):
        services.add(group=group, person=merged, role="member", by=secretary)
    double = OrganisationFactory(merged_into=OrganisationFactory())
    with pytest.raises(services.Gone):
        services.add(group=group, person=person, role="member", organisation=double, by=secretary)
    group.ended_on = date(2026, 1, 1)
    group.save()
    with pytest.raises(services.GroupHasEnded):
        services.add(group=group, person=person, role="member", by=secretary)
    assert not person.memberships.exists()


def test_a_member_of_the_group_below_is_kept_by_who_writes_above(
    secretary: Person, group: Group
) -> None:
    below = MembershipFactory(group=GroupFactory(parent=group))
    services.end(membership=below, on=date(2026, 1, 1), by=secretary)
    with pytest.raises(services.NotKept):
        services.end(membership=MembershipFactory(), on=date(2026, 1, 1), by=secretary)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_member_at_once_add_one(secretary: Person, group: Group) -> None:
    person = PersonFactory()
    refused = []

    def add() -> None:
        try:
            services.add(group=group, person=person, role="member", by=secretary)
        except services.AlreadyMember:
            refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=add) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (person.memberships.count(), len(refused)) == (1, 3)


# -- Adding ----------------------------------------------------------------------------------------


def test_someone_of_the_directory_is_taken_in(client: Client, group: Group) -> None:
    person, espoo = PersonFactory(name="Aino Ääri"), OrganisationFactory()
    data = {
        "person": person.pk,
        "role": "vice_chair",
        "organisation": espoo.pk,
        "seat": "municipality",
        "valid_from": "2026-08-01",
    }
    words = said(client, f"{page_of(group)}members/add/", data)
    assert words == ["Aino Ääri is in the group now."]
    made = person.memberships.get()
    assert (made.role, made.organisation, made.seat) == ("vice_chair", espoo, "municipality")
    assert (made.valid_from, made.valid_to) == (date(2026, 8, 1), None)
    found = errors(client, f"{page_of(group)}members/add/", data)
    assert found == {
        "role": ["The person is in the group already, in this role and for this organisation."]
    }


def test_someone_new_is_added_to_the_directory_on_the_way(client: Client, group: Group) -> None:
    espoo = OrganisationFactory()
    data = {
        "name": "Uusi Jäsen",
        "email": "Uusi@Example.org",
        "language": "sv",
        "role": "member",
        "organisation": espoo.pk,
    }
    response = client.post(
        f"{page_of(group)}members/add/", {**data, "seat": "staff", "again": "on"}
    )
    assert response.headers["Location"] == f"{page_of(group)}members/add/?seat=staff"
    made = group.memberships.get(person__email="uusi@example.org")
    assert (made.person.name, made.person.language) == ("Uusi Jäsen", "sv")
    assert made.person.affiliations.get().organisation == espoo
    assert not made.person.has_usable_password()


def test_a_known_address_points_to_its_holder_and_saving_again_takes_them_in(
    client: Client, group: Group
) -> None:
    holder = PersonFactory(name="Aino Ääri", email="aino@example.org")
    add = f"{page_of(group)}members/add/"
    data = {"name": "A. Ääri", "email": "AINO@example.org", "role": "member"}
    response = client.post(add, data)
    assert response.status_code == 400
    form = response.context["form"]
    assert "Aino Ääri</a> has this e-mail address already" in form.errors["email"][0]
    assert (form["person"].value(), form["name"].value()) == (str(holder.pk), "A. Ääri")
    assert client.post(add, {**data, "person": form["person"].value()}).status_code == 302
    assert group.memberships.get(person=holder).person.name == "Aino Ääri"
    assert Person.objects.filter(name="A. Ääri").count() == 0


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, {"person": ["Choose a person, or write a new one's name."]}),
        ({"email": "x@example.org"}, {"person": ["Choose a person, or write a new one's name."]}),
        (
            {"person": "known", "name": "Toinen"},
            {"person": ["Choose a person, or write a new one's name: not both."]},
        ),
        ({"person": "999999"}, None),
        ({"name": "Nimi", "email": "no address"}, None),
        ({"name": "null\0"}, {"name": ["Null characters are not allowed."]}),
        ({"name": "Nimi", "role": "king"}, None),
        ({"name": "Nimi", "organisation": "x"}, None),
        (
            {"name": "Nimi", "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
            {"valid_to": ["It cannot end before it begins."]},
        ),
        ({"name": "Nimi", "valid_from": "0001-01-01"}, None),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    values: dict[str, str], says: dict[str, list[str]] | None, client: Client, group: Group
) -> None:
    known = PersonFactory()
    data = {"role": "member", **values}
    if data.get("person") == "known":
        data["person"] = str(known.pk)
    before = Person.objects.count()
    found = errors(client, f"{page_of(group)}members/add/", data)
    assert len(found) == 1
    assert says is None or found == says
    assert (group.memberships.count(), Person.objects.count()) == (1, before)


def test_a_deputy_begins_with_whom_they_stand_in_for(client: Client, group: Group) -> None:
    member = MembershipFactory(group=group, seat="provider")
    foreign = MembershipFactory()
    add = f"{page_of(group)}members/add/"
    form = client.get(f"{add}?deputy_for={member.pk}").context["form"]
    names = ("role", "seat", "organisation", "deputy_for")
    assert [form[name].value() for name in names] == [
        "deputy",
        "provider",
        member.organisation_id,
        member.pk,
    ]
    for strange in (str(foreign.pk), "x", "9" * 40, "²"):
        form = client.get(add, {"deputy_for": strange, "role": "?", "organisation": "\0"})
        assert form.context["form"]["deputy_for"].value() is None
    person = PersonFactory()
    found = errors(client, add, {"person": person.pk, "role": "deputy", "deputy_for": foreign.pk})
    assert list(found) == ["deputy_for"]
    found = errors(client, add, {"person": person.pk, "role": "member", "deputy_for": member.pk})
    assert found == {"deputy_for": ["Only a deputy member stands in for someone."]}
    data = {"person": person.pk, "role": "deputy", "deputy_for": member.pk}
    assert client.post(add, data).status_code == 302
    assert person.memberships.get().deputy_for == member


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    MembershipFactory.create_batch(rows, group=group)
    with django_assert_num_queries(9):
        client.get(f"{page_of(group)}members/add/")


# -- Changing and ending ---------------------------------------------------------------------------


def test_a_membership_is_changed_and_nothing_is_overwritten_in_silence(
    client: Client, group: Group
) -> None:
    member = MembershipFactory(group=group)
    address = f"{page_of(group)}members/{member.pk}/"
    seen = client.get(address).context["form"]["seen"].value()
    data = {"role": "observer", "seat": "staff", "organisation": member.organisation_id}
    assert client.post(address, {**data, "seen": seen}).status_code == 302
    response = client.post(address, {**data, "role": "chair", "seen": seen})
    assert response.status_code == 400
    assert "Someone else has changed these meanwhile." in response.content.decode()
    assert response.context["form"]["role"].value() == "chair"
    member.refresh_from_db()
    assert (member.role, member.seat) == ("observer", "staff")


def test_another_groups_member_is_not_changed_through_ones_own(
    client: Client, group: Group
) -> None:
    foreign = MembershipFactory()
    assert client.get(f"{page_of(group)}members/{foreign.pk}/").status_code == 404
    end = client.post(f"{page_of(group)}members/{foreign.pk}/end/", {"on": "2026-01-31"})
    assert end.status_code == 404


def test_a_member_who_has_ended_no_longer_sees_the_group(client: Client, group: Group) -> None:
    member = MembershipFactory(group=group, valid_from=date(2025, 1, 1))
    end = f"{page_of(group)}members/{member.pk}/end/"
    found = errors(client, end, {"on": "2024-12-31"})
    assert found == {"on": ["It began on 1 January 2025; it cannot end before that."]}
    yesterday = timezone.localdate() - timedelta(days=1)
    assert said(client, end, {"on": yesterday.isoformat()}) == ["The last day is noted."]
    member.refresh_from_db()
    assert member.valid_to == yesterday
    client.force_login(member.person)
    assert client.get(f"/groups/{group.slug}/").status_code == 404


def test_the_last_chair_does_not_leave_unnoticed(client: Client, group: Group) -> None:
    chair = MembershipFactory(group=group, role="chair")
    deputy = MembershipFactory(group=group, role="deputy", deputy_for=chair)
    end = f"{page_of(group)}members/{chair.pk}/end/"
    page = client.get(end).content.decode()
    assert "Nobody else is the group's chair after that." in page
    assert deputy.person.name in page
    on = timezone.localdate() + timedelta(days=30)
    words = said(client, end, {"on": on.isoformat()})
    assert words[0] == "The last day is noted."
    assert words[1].endswith(": The group has no chair.")
    assert said(client, f"{page_of(group)}members/{chair.pk}/", {"role": "chair"}) == ["Saved."]
    words = said(client, f"{page_of(group)}members/{chair.pk}/", {"role": "member"})
    assert words[1].endswith(": The group has no chair.")
    Membership.objects.filter(pk=chair.pk).update(role="chair")
    MembershipFactory(group=group, role="chair", valid_from=on)
    assert said(client, end, {"on": on.isoformat()}) == ["The last day is noted."]


def test_a_mistake_is_taken_away_on_its_first_day_only(client: Client, group: Group) -> None:
    today = timezone.localdate()
    wrong = MembershipFactory(group=group, valid_from=today)
    member = MembershipFactory(group=group, valid_from=today - timedelta(days=1))
    for one in (wrong, member):
        end = client.get(f"{page_of(group)}members/{one.pk}/end/")
        assert end.context["is_new"] == (one == wrong)
    words = said(client, f"{page_of(group)}members/{wrong.pk}/remove/", {})
    assert words == [f"{wrong.person.name} was taken out of the group."]
    assert not Membership.objects.filter(pk=wrong.pk).exists()
    words = said(client, f"{page_of(group)}members/{member.pk}/remove/", {})
    assert words == ["The person has been in the group before today. Give a last day instead."]
    assert Membership.objects.filter(pk=member.pk).exists()


def test_who_ends_their_own_place_is_led_to_what_they_still_see(
    client: Client, secretary: Person, group: Group
) -> None:
    own = secretary.memberships.get()
    end = f"{page_of(group)}members/{own.pk}/end/"
    assert "This is your own place" in client.get(end).content.decode()
    response = client.post(end, {"on": "2026-01-31"})
    assert response.headers["Location"] == "/"
    assert client.get(page_of(group)).status_code == 404
