"""Reads of actions that other rooms ask for."""

from datetime import date

from actions.models import ActionItem, Assignment
from directory.models import Organisation, Person

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
