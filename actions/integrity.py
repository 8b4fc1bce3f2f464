"""Derived columns of actions, recomputed; says where they have drifted."""

from collections.abc import Iterator

from actions.models import ActionItem, Assignment
from core import vague


def drift() -> Iterator[str]:
    """One sentence for each place that is not as it follows from the rest."""
    for action in ActionItem.objects.order_by("pk").iterator():
        if action.due_on != vague.last_day(action.due):
            yield f"action {action.pk}: due_on {action.due_on} does not follow from {action.due!r}"
    # A person who leaves hands their part over; the owner stays as the minutes name it.
    wrong = Assignment.objects.exclude(owner__organisation=None, owner__group=None).select_related(
        "owner"
    )
    for assignment in wrong.order_by("pk").iterator():
        owner = assignment.owner
        if (assignment.person_id, assignment.organisation_id, assignment.group_id) != (
            owner.person_id,
            owner.organisation_id,
            owner.group_id,
        ):
            yield f"assignment {assignment.pk}: is not its owner's"
