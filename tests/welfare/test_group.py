"""A group's page and the list of groups."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from directory.models import Group, Membership, Person
from meetings.models import DocumentVersion, Meeting
from tests.factories import (
    DocumentVersionFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)
from welfare import selectors
from welfare.selectors import Member, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return GroupFactory(slug="ryhma", name_fi="Yhteistyöryhmä", name_sv="Samarbetsgrupp")


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(group=group, role=Membership.Role.SECRETARY, seat="").person


@pytest.mark.parametrize("rows", [1, 3])
def test_a_groups_page_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    secretary: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        deputed = MembershipFactory(group=group)
        MembershipFactory(group=group, role=Membership.Role.DEPUTY, deputy_for=deputed)
        MeetingFactory(group=group)
        subgroup = GroupFactory(parent=group)
        MembershipFactory(group=subgroup, person=secretary)
    client.force_login(secretary)
    with django_assert_num_queries(10):
        page = client.get("/groups/ryhma/")
    assert len(page.context["meetings"]) == rows
    assert len(page.context["subgroups"]) == rows


@pytest.mark.parametrize("rows", [2, 4])
def test_the_list_of_groups_takes_as_many_queries_whatever_there_is(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = PersonFactory()
    for _ in range(rows):
        MembershipFactory(person=person)
    GroupFactory()
    client.force_login(person)
    with django_assert_num_queries(3):
        page = client.get("/groups/")
    assert len(page.context["groups"]) == rows


def test_one_group_is_gone_to_straight(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    assert client.get("/groups/").headers["Location"] == "/groups/ryhma/"


def test_one_in_no_group_is_told_what_to_do(client: Client) -> None:
    client.force_login(PersonFactory())
    assert "Pyydä yhteistyöryhmäsi sihteeriä" in client.get("/groups/").content.decode()


def test_a_group_does_not_exist_for_one_outside_it(client: Client, group: Group) -> None:
    client.force_login(PersonFactory())
    assert client.get("/groups/ryhma/").status_code == 404
    former = MembershipFactory(group=group, valid_to=date(2020, 1, 1)).person
    client.force_login(former)
    assert client.get("/groups/ryhma/").status_code == 404


def test_an_administrator_sees_every_group(client: Client, group: Group) -> None:
    client.force_login(PersonFactory(is_administrator=True))
    assert client.get("/groups/ryhma/").status_code == 200


def test_a_member_sees_what_was_sent_and_shared_and_no_actions(
    client: Client, group: Group
) -> None:
    MeetingFactory(group=group, title="Valmisteltava")
    shared = MeetingFactory(
        group=group, state=Meeting.State.SHARED, starts_at=timezone.now() - timedelta(days=9)
    )
    DocumentVersionFactory(meeting=shared)
    sent = MeetingFactory(group=group, state=Meeting.State.AGENDA_SENT, starts_at=timezone.now())
    DocumentVersionFactory(meeting=sent, kind=DocumentVersion.Kind.AGENDA)
    client.force_login(MembershipFactory(group=group).person)
    page = client.get("/groups/ryhma/")
    assert list(page.context["meetings"]) == [sent, shared]
    assert page.context["next_meeting"] == sent
    assert "Valmisteltava" not in page.content.decode()
    assert "/meetings/group/ryhma/" not in page.content.decode()


def test_a_coordinator_may_begin_a_meeting(client: Client, group: Group, secretary: Person) -> None:
    client.force_login(secretary)
    page = client.get("/groups/ryhma/").content.decode()
    assert 'class="btn btn-primary" href="/meetings/group/ryhma/new/"' in page
    assert page.count("btn-primary") == 1


def test_meetings_come_by_twenty(client: Client, group: Group, secretary: Person) -> None:
    made = [MeetingFactory(group=group) for _ in range(21)]
    client.force_login(secretary)
    first = client.get("/groups/ryhma/")
    assert list(first.context["meetings"]) == made[:0:-1]
    assert "Sivu 1/2" in first.content.decode()
    second = client.get("/groups/ryhma/?page=2")
    assert list(second.context["meetings"]) == made[:1]
    assert "Sivu 2/2" in second.content.decode()


def test_members_come_by_seat_and_organisation_the_finnish_way() -> None:
    group = GroupFactory()

    def sits(name: str, organisation: str, **more: object) -> Membership:
        return MembershipFactory(
            group=group,
            person__name=name,
            organisation=OrganisationFactory(name_fi=organisation, name_sv="", short_fi=""),
            **more,
        )

    sits("Ulla Muu", "Muu", seat="")
    sits("Ökö Öky", "Öljylä")
    sits("Åke Å", "Åland")
    sits("Zorro Z", "Zetala")
    aino = sits("Aino A", "äänekylä")
    sits("Pirkko P", "Alue", seat=Membership.Seat.COUNTY, role=Membership.Role.CHAIR)
    sits("Entinen E", "Alavesi", valid_to=date(2020, 1, 1))
    for name, role in [("Äiti Äs", "member"), ("Vilho V", "deputy")]:
        MembershipFactory(
            group=group,
            person__name=name,
            organisation=aino.organisation,
            role=role,
            deputy_for=aino if role == "deputy" else None,
        )
    assert selectors.members(group) == [
        Seat("hyvinvointialue", [("Alue", [Member("Pirkko P", "puheenjohtaja")])]),
        Seat(
            "kunta",
            [
                ("Zetala", [Member("Zorro Z", "")]),
                ("Åland", [Member("Åke Å", "")]),
                (
                    "äänekylä",
                    [
                        Member("Aino A", ""),
                        Member("Äiti Äs", ""),
                        Member("Vilho V", "varajäsen (Aino A)"),
                    ],
                ),
                ("Öljylä", [Member("Ökö Öky", "")]),
            ],
        ),
        Seat("", [("Muu", [Member("Ulla Muu", "")])]),
    ]


def test_organisations_are_sorted_by_their_swedish_names_for_a_swedish_reader() -> None:
    group = GroupFactory()
    for finnish, swedish in [("Alavesi", "Överby"), ("Ylämaa", "Alvik"), ("Muu", "")]:
        organisation = OrganisationFactory(name_fi=finnish, name_sv=swedish)
        MembershipFactory(group=group, organisation=organisation)
    with translation.override("sv"):
        [seat] = selectors.members(group)
    assert [name for name, _people in seat.organisations] == ["Alvik", "Muu", "Överby"]
