"""What becomes of tasks and answers when two persons or organisations are merged."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext_lazy

from actions.models import ActionItem, Assignment, Owner
from directory.merging.registry import combines, moves
from directory.models import Person

_ORDER = Assignment.State.values


def combine_owners(into: Owner, other: Owner) -> None:
    """An owner stands on the list where either did, and as long as either did."""
    into.position = min(into.position, other.position)
    if other.removed_at is None:
        into.removed_at = None


def combine_assignments(into: Assignment, other: Assignment) -> None:
    """The later answer holds, an answer before none, the further where nobody answered.

    What the other one said stays below it.
    """
    if _weight(other) > _weight(into):
        first, second = other, into
    else:
        first, second = into, other
    reasons = [first.reason]
    if second.reason.strip() not in first.reason:
        reasons.append(second.reason)
    into.state, into.answered_at, into.answered_by = (
        first.state,
        first.answered_at,
        first.answered_by,
    )
    into.reason = "\n\n".join(filter(None, reasons))


def _weight(one: Assignment) -> tuple[bool, float, int]:
    if one.answered_at:
        return (True, one.answered_at.timestamp(), 0)
    return (False, 0, _ORDER.index(one.state))


def _items(rows: QuerySet[Any], by: Person) -> QuerySet[Any]:
    return rows.filter(pk__in=ActionItem.objects.visible_to(by).values("pk"))


def _assignments(rows: QuerySet[Any], by: Person) -> QuerySet[Any]:
    visible = ActionItem.objects.visible_to(by).values("pk")
    return rows.filter(owner__removed_at=None, owner__action__in=visible)


combines(Owner, combine_owners)
combines(Assignment, combine_assignments)
moves(Owner, "person", "organisation", group="action__origin__group")
moves(
    Assignment,
    "person",
    "organisation",
    words=ngettext_lazy("%(count)d task or request", "%(count)d tasks or requests", "count"),
    group="owner__action__origin__group",
    seen=_assignments,
)
moves(
    Assignment,
    "answered_by",
    words=ngettext_lazy("%(count)d answer given", "%(count)d answers given", "count"),
    group="owner__action__origin__group",
    seen=_assignments,
)
moves(
    ActionItem,
    "recipient_person",
    "recipient_organisation",
    words=ngettext_lazy(
        "recipient of %(count)d task",
        "recipient of %(count)d tasks",
        "count",
    ),
    group="origin__group",
    seen=_items,
)
