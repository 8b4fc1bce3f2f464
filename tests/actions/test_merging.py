"""Merging persons and organisations that have tasks: no answer and no owner is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from actions import services
from actions.integrity import drift
from actions.models import ActionItem, Assignment, Owner
from directory.merging.preview import digest
from directory.models import Group, Membership, Organisation, Person
from directory.services import merging
from tests.cast import NOW
from tests.factories import (
    ActionItemFactory,
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    OwnerFactory,
    PersonFactory,
)

State = Assignment.State
LATER = NOW + timedelta(days=1)


@pytest.fixture
def group(db: None) -> Group:
    return GroupFactory()


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(group=group, role=Membership.Role.SECRETARY).person


@pytest.fixture
def action(group: Group) -> ActionItem:
    return ActionItemFactory(origin__group=group)


def merge(kept: Any, double: Any, by: Person) -> None:
    service: Any = merging.merge_people
    if isinstance(kept, Organisation):
        service = merging.merge_organisations
    service(kept=kept, double=double, seen=digest(kept, double), by=by, now=NOW)


def part(action: ActionItem, whose: Person | Organisation, **more: Any) -> Assignment:
    """A part of the task for a person or an organisation that owns it."""
    party = {"person": None, "organisation": None}
    party["person" if isinstance(whose, Person) else "organisation"] = whose  # type: ignore[assignment]
    owner = OwnerFactory(action=action, **party, position=action.owners.count())
    return AssignmentFactory(owner=owner, **party, **more)


def answered(state: str, reason: str = "", at: Any = NOW) -> dict[str, Any]:
    return {"state": state, "reason": reason, "answered_at": at, "answered_by": PersonFactory()}


@pytest.mark.parametrize("made", [PersonFactory, OrganisationFactory])
@pytest.mark.parametrize(
    ("kept", "double", "state", "reason"),
    [
        ({}, {}, State.OPEN, ""),
        ({"state": State.OPEN}, {"state": State.IN_PROGRESS}, State.IN_PROGRESS, ""),
        ({}, (State.DONE, "Tehty"), State.DONE, "Tehty"),
        ((State.DONE, "Tehty"), {}, State.DONE, "Tehty"),
        ((State.DONE, "A"), (State.DECLINED, "B", LATER), State.DECLINED, "B\n\nA"),
        ((State.DONE, "A", LATER), (State.DECLINED, "B"), State.DONE, "A\n\nB"),
        ((State.DONE, "Sama", LATER), (State.DONE, "Sama"), State.DONE, "Sama"),
        ((State.DONE,), (State.NOT_APPLICABLE, "Ei koske"), State.DONE, "Ei koske"),
    ],
)
def test_two_parts_of_one_task_become_one_that_keeps_both_answers(
    made: Any,
    kept: Any,
    double: Any,
    state: str,
    reason: str,
    action: ActionItem,
    secretary: Person,
) -> None:
    stays, goes = made(), made()
    parts = [
        part(action, whose, **(said if isinstance(said, dict) else answered(*said)))
        for whose, said in ((stays, kept), (goes, double))
    ]
    after = max(
        parts,
        key=lambda one: (one.answered_at is not None, one.answered_at or NOW, one is parts[0]),
    )
    merge(stays, goes, secretary)
    one = Assignment.objects.get()
    assert (one.state, one.reason) == (state, reason)
    assert (one.answered_at, one.answered_by) == (after.answered_at, after.answered_by)
    assert (one.person or one.organisation) == stays
    owner = Owner.objects.get()
    assert (owner.person or owner.organisation, owner.position) == (stays, 0)
    assert list(drift()) == []


def test_an_owner_who_was_taken_off_stands_again_where_the_other_stood(
    action: ActionItem, secretary: Person
) -> None:
    kept, double = PersonFactory(), PersonFactory()
    removed, standing = part(action, kept), part(action, double, **answered(State.DONE))
    Owner.objects.filter(pk=removed.owner_id).update(removed_at=NOW)
    merge(kept, double, secretary)
    owner = Owner.objects.get()
    assert (owner.person, owner.removed_at) == (kept, None)
    assert Assignment.objects.get().state == State.DONE
    assert not Assignment.objects.filter(pk=standing.pk).exists()


def test_what_only_the_double_has_moves(action: ActionItem, secretary: Person) -> None:
    kept, double, other = PersonFactory(), PersonFactory(), OrganisationFactory()
    mine, theirs = part(action, double), part(action, other, **answered(State.DONE))
    Assignment.objects.filter(pk=theirs.pk).update(answered_by=double)
    ActionItem.objects.update(recipient_person=double)
    merge(kept, double, secretary)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    action.refresh_from_db()
    assert (mine.person, mine.owner.person, theirs.answered_by) == (kept, kept, kept)
    assert action.recipient_person == kept


@pytest.mark.parametrize("made", [PersonFactory, OrganisationFactory])
def test_a_text_that_names_the_double_makes_it_a_task_of_the_other(
    made: Any, group: Group, secretary: Person
) -> None:
    kept, double = made(), made()
    kind = "person" if made is PersonFactory else "organisation"
    party = services.Party(kind, str(double.pk))

    def put(*owners: services.Party) -> ActionItem:
        return services.put_action(
            source=("test", "1"),
            group=group,
            label="Kokous",
            occasion_on=None,
            line_id="",
            audience="all",
            kind="task",
            text="Tehtävä",
            owners=owners,
            recipient=party,
            due="",
            sharing=False,
            by=secretary,
            now=NOW,
        )

    action = put(party)
    merge(kept, double, secretary)
    for owners in ((party,), (party, services.Party(kind, str(kept.pk))), (party,)):
        action = put(*owners)
        assert getattr(action, f"recipient_{kind}") == kept
        assert [getattr(one, kind) for one in action.owners.all()] == [kept]
        assert Owner.objects.get().removed_at is None
        assert getattr(Assignment.objects.get(), kind) == kept


def test_the_preview_counts_only_tasks_that_one_sees(
    action: ActionItem, secretary: Person, client: Client
) -> None:
    kept, double = PersonFactory(), PersonFactory()
    draft = ActionItemFactory(origin__group=action.origin.group, origin__live_from=None)
    elsewhere = ActionItemFactory(recipient_person=double)
    for one in (action, draft, elsewhere):
        part(one, double)
    secretary.language = "en"
    secretary.save()
    client.force_login(secretary)
    client.cookies["language"] = "en"
    context = client.get(f"/directory/people/{kept.pk}/merge/{double.pk}/").context
    assert context["preview"].moving == ["1 task or request"]
    merge(kept, double, secretary)
    assert kept.assignments.count() == 3
