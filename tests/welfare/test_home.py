"""The home page: three blocks by what the person does, nothing that is not theirs to see."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from actions.models import ActionItem, Assignment
from directory.enums import OwnerSet
from directory.models import Group, Membership, Organisation, Person
from meetings.models import DocumentVersion, Meeting
from meetings.services.minutes import save_item
from meetings.services.publishing import share
from tests.factories import (
    AgendaItemFactory,
    AssignmentFactory,
    DocumentVersionFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    OwnerFactory,
    PersonFactory,
)
from welfare import selectors

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


@pytest.fixture
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return GroupFactory()


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(group=group, role=Membership.Role.SECRETARY).person


@pytest.fixture
def member(group: Group) -> Person:
    return MembershipFactory(group=group).person


def represented(person: Person) -> Organisation | None:
    return person.memberships.get().organisation


def fill(group: Group, person: Person, rows: int) -> None:
    """So much of everything that the home page shows."""
    for number in range(rows):
        MeetingFactory(group=group, starts_at=NOW + timedelta(days=number + 1))
        MeetingFactory(
            group=group, starts_at=NOW - timedelta(days=number + 1), state=Meeting.State.DRAFT
        )
        shared = MeetingFactory(
            group=group, starts_at=NOW - timedelta(days=number + 50), state=Meeting.State.SHARED
        )
        DocumentVersionFactory(meeting=shared)
        AssignmentFactory(
            organisation=represented(person),
            owner__action__origin__group=group,
            owner__action__due_on=TODAY - timedelta(days=number + 1),
        )


@pytest.mark.parametrize("rows", [1, 3])
def test_a_coordinators_home_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    secretary: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(group, secretary, rows)
    client.force_login(secretary)
    with django_assert_num_queries(10):
        response = client.get("/")
    home = response.context["home"]
    assert [len(home.unfinished), len(home.tasks), len(home.late)] == [rows, rows, rows]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_representatives_home_takes_as_many_queries_whatever_there_is(
    rows: int,
    client: Client,
    group: Group,
    member: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(group, member, rows)
    client.force_login(member)
    with django_assert_num_queries(7):
        response = client.get("/")
    home = response.context["home"]
    assert [len(home.tasks), len(home.minutes), home.late] == [rows, rows, []]


def test_the_next_meeting_is_todays_and_says_what_it_lacks(group: Group, secretary: Person) -> None:
    MeetingFactory(group=group, starts_at=NOW - timedelta(days=1))
    MeetingFactory(group=group, starts_at=NOW, state=Meeting.State.CANCELLED)
    MeetingFactory(group=group, starts_at=NOW + timedelta(days=1))
    todays = MeetingFactory(
        group=group, starts_at=NOW - timedelta(hours=3), ends_at=None, place="", title="Aamun"
    )
    AgendaItemFactory(meeting=todays, presenter="pj")
    AgendaItemFactory(meeting=todays)
    AgendaItemFactory(meeting=todays)
    home = selectors.home(secretary, now=NOW)
    assert home.next_meeting == todays
    assert home.lacking == [
        "Paikkaa ei ole kerrottu.",
        "Päättymisaikaa ei ole kerrottu.",
        "2 kohdalla ei ole esittelijää.",
        "Esityslistaa ei ole lähetetty.",
    ]


def test_a_meeting_that_is_ready_lacks_nothing(group: Group, secretary: Person) -> None:
    meeting = MeetingFactory(
        group=group, starts_at=NOW + timedelta(days=1), state=Meeting.State.AGENDA_SENT
    )
    AgendaItemFactory(meeting=meeting, presenter="pj")
    assert selectors.home(secretary, now=NOW).lacking == []


def test_a_meeting_without_items_says_so(group: Group, secretary: Person) -> None:
    MeetingFactory(group=group, starts_at=NOW + timedelta(days=1), state=Meeting.State.AGENDA_SENT)
    assert selectors.home(secretary, now=NOW).lacking == ["Esityslistalla ei ole vielä kohtia."]


def test_a_member_sees_a_meeting_only_once_its_agenda_is_sent(
    group: Group, member: Person, client: Client
) -> None:
    MeetingFactory(group=group, starts_at=NOW + timedelta(days=1), title="Salainen valmistelu")
    client.force_login(member)
    assert "Salainen valmistelu" not in client.get("/").content.decode()
    sent = MeetingFactory(
        group=group, starts_at=NOW + timedelta(days=2), state=Meeting.State.AGENDA_SENT
    )
    DocumentVersionFactory(meeting=sent, kind=DocumentVersion.Kind.AGENDA)
    page = client.get("/")
    assert page.context["home"].next_meeting == sent
    assert page.context["home"].writes_next is False
    assert "Salainen valmistelu" not in page.content.decode()


def test_minutes_wait_until_the_group_has_them(group: Group, secretary: Person) -> None:
    past = {"group": group, "starts_at": NOW - timedelta(days=2)}
    MeetingFactory(**past, state=Meeting.State.SHARED)
    MeetingFactory(**past, state=Meeting.State.CANCELLED)
    MeetingFactory(group=group, starts_at=NOW, state=Meeting.State.PLANNED)
    waiting = [
        MeetingFactory(**past, state=Meeting.State.PLANNED),
        MeetingFactory(**past, state=Meeting.State.IN_SESSION),
        MeetingFactory(**past, state=Meeting.State.DRAFT),
        MeetingFactory(**past, state=Meeting.State.COMMENTS),
        MeetingFactory(**past, state=Meeting.State.SHARED, correcting=True),
    ]
    MeetingFactory(starts_at=NOW - timedelta(days=2), state=Meeting.State.DRAFT)
    assert selectors.home(secretary, now=NOW).unfinished == waiting


def test_an_administrator_sees_what_waits_in_every_group(group: Group) -> None:
    draft = MeetingFactory(
        group=group, starts_at=NOW - timedelta(days=2), state=Meeting.State.DRAFT
    )
    late = AssignmentFactory(owner__action__due_on=TODAY - timedelta(days=1)).owner.action
    home = selectors.home(PersonFactory(is_administrator=True), now=NOW)
    assert home.unfinished == [draft]
    assert [task.action for task in home.late] == [late]


def test_own_tasks_are_those_of_the_person_and_of_the_organisations_spoken_for(
    group: Group, member: Person
) -> None:
    here = {"owner__action__origin__group": group}
    other = OrganisationFactory()
    other.contacts.create(person=member, group=group)
    mine = [
        AssignmentFactory(**here, organisation=represented(member), owner__action__due_on=TODAY),
        AssignmentFactory(**here, organisation=other),
        AssignmentFactory(**here, organisation=None, person=member, owner__person=member),
    ]
    AssignmentFactory(**here)
    AssignmentFactory(**here, organisation=other, state=Assignment.State.DONE)
    AssignmentFactory(organisation=other)
    AssignmentFactory(**here, organisation=other, owner__removed_at=NOW)
    AssignmentFactory(**here, organisation=other, owner__action__hidden_at=NOW)
    AssignmentFactory(
        **here, organisation=other, owner__action__origin__live_from=NOW + timedelta(days=1)
    )
    AssignmentFactory(**here, organisation=other, owner__action__origin__audience="secret")
    tasks = selectors.own_tasks(member, today=TODAY)
    assert [task.assignment for task in tasks] == mine


def test_a_member_that_was_is_asked_nothing(group: Group, member: Person) -> None:
    AssignmentFactory(organisation=represented(member), owner__action__origin__group=group)
    assert len(selectors.own_tasks(member, today=TODAY)) == 1
    member.memberships.update(valid_to=TODAY - timedelta(days=1))
    assert selectors.own_tasks(member, today=TODAY) == []


@pytest.mark.parametrize(
    ("role", "audience", "seen"),
    [
        (Membership.Role.OBSERVER, "all", True),
        (Membership.Role.OBSERVER, "members", False),
        (Membership.Role.MEMBER, "members", True),
        (Membership.Role.MEMBER, "secret", False),
        (Membership.Role.CHAIR, "secret", True),
    ],
)
def test_who_sees_a_task_follows_the_line_it_comes_from(
    role: str, audience: str, seen: bool, group: Group
) -> None:
    person = MembershipFactory(group=group, role=role).person
    action = AssignmentFactory(
        owner__action__origin__group=group, owner__action__origin__audience=audience
    ).owner.action
    assert list(ActionItem.objects.visible_to(person)) == ([action] if seen else [])


def test_late_is_what_someone_has_not_answered_in_time(group: Group) -> None:
    here = {"owner__action__origin__group": group}
    yesterday = {**here, "owner__action__due_on": TODAY - timedelta(days=1)}
    late = AssignmentFactory(**yesterday).owner
    AssignmentFactory(
        owner=OwnerFactory(action=late.action, position=1), state=Assignment.State.DONE
    )
    OwnerFactory(action=late.action, position=2, organisation=None, owner_set=OwnerSet.PROVIDERS)
    AssignmentFactory(**here, owner__action__due_on=TODAY)
    AssignmentFactory(**here)
    AssignmentFactory(**yesterday, state=Assignment.State.DONE)
    AssignmentFactory(**yesterday, owner__action__kind=ActionItem.Kind.REQUEST)
    AssignmentFactory(owner__action__due_on=TODAY - timedelta(days=1))
    [task] = selectors.late_tasks([group.pk], today=TODAY)
    assert task.action == late.action
    assert task.days_late == 1
    assert task.waits_for == f"{late.organisation}, koulutuksen järjestäjät"


def test_a_request_is_never_late(group: Group, member: Person) -> None:
    AssignmentFactory(
        organisation=represented(member),
        owner__action__origin__group=group,
        owner__action__kind=ActionItem.Kind.REQUEST,
        owner__action__due_on=TODAY - timedelta(days=9),
    )
    [task] = selectors.own_tasks(member, today=TODAY)
    assert task.days_late == 0


def test_the_latest_minutes_are_the_newest_three(group: Group, member: Person) -> None:
    shared = [
        MeetingFactory(group=group, starts_at=NOW - timedelta(days=day), state=Meeting.State.SHARED)
        for day in range(1, 6)
    ]
    for meeting in shared:
        DocumentVersionFactory(meeting=meeting)
    DocumentVersionFactory(meeting__group=group, kind=DocumentVersion.Kind.AGENDA)
    DocumentVersionFactory()
    assert selectors.latest_minutes(member) == shared[:3]


def test_one_who_is_in_no_group_is_told_what_to_do(client: Client) -> None:
    client.force_login(PersonFactory())
    page = client.get("/").content.decode()
    assert "Pyydä yhteistyöryhmäsi sihteeriä lisäämään sinut ryhmään." in page


def test_without_a_meeting_a_coordinator_is_offered_one_in_a_group_they_write_in(
    client: Client, secretary: Person, group: Group
) -> None:
    GroupFactory()
    older = MembershipFactory(person=secretary).group
    client.force_login(secretary)
    page = client.get("/").content.decode()
    assert f'href="/meetings/group/{group.slug}/new/"' in page
    assert older.slug not in page


def test_a_task_leads_to_its_line_and_says_its_language(
    client: Client, group: Group, secretary: Person, member: Person
) -> None:
    line = "d" * 15
    meeting = MeetingFactory(
        group=group, starts_at=NOW - timedelta(days=2), state="draft", language="sv", title="Möte"
    )
    save_item(
        item=AgendaItemFactory(meeting=meeting, language="fi"),
        base=0,
        token=uuid4(),
        html=f'<p data-line="{line}">Laatii ohjeen</p>',
        marks={
            line: [
                {
                    "kind": "task",
                    "owners": [{"type": "organisation", "id": str(represented(member).pk)}],
                }
            ]
        },
        by=secretary,
        now=NOW,
    )
    share(meeting=meeting, by=secretary, now=NOW)
    client.force_login(member)
    page = client.get("/").content.decode()
    assert f'<a href="/meetings/{meeting.pk}/#line-{line}" lang="fi">Laatii ohjeen</a>' in page
    assert page.count('lang="sv">Möte<') == 2  # where it was agreed, and among the minutes
    assert f'id="line-{line}"' in client.get(f"/meetings/{meeting.pk}/").content.decode()
