"""Reads of actions that other rooms ask for."""

from datetime import date

from django.db.models import QuerySet

from actions.models import ActionItem, Assignment
from directory.handover import Matter
from directory.models import Organisation, Person
from directory.permissions import kept_groups

UNANSWERED = (
    Assignment.State.REQUESTED,
    Assignment.State.OPEN,
    Assignment.State.IN_PROGRESS,
)


def waiting_for(organisation: Organisation, by: Person, today: date) -> int:
    """How many tasks and requests wait for the organisation's answer, of those that `by` sees."""
    return Assignment.objects.filter(
        organisation=organisation,
        state__in=UNANSWERED,
        owner__removed_at=None,
        owner__action__in=ActionItem.objects.visible_to(by),
    ).count()


def own_open(person: Person, by: Person) -> QuerySet[Assignment]:
    """What waits for the person's own answer in the groups that `by` keeps, as far as `by` sees."""
    return Assignment.objects.filter(
        person=person,
        state__in=UNANSWERED,
        owner__removed_at=None,
        owner__action__in=ActionItem.objects.visible_to(by).filter(
            origin__group__in=kept_groups(by)
        ),
    ).select_related("owner__action__origin__group")


def in_hand_of(person: Person, by: Person) -> list[Matter]:
    """The same as what the person would hand over."""
    rows = own_open(person, by).order_by("owner__action__origin__group", "pk")
    return [Matter(row.pk, row.owner.action.text, row.owner.action.origin.group) for row in rows]
