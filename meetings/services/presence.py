"""Who else has a meeting open now, and what has changed in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from directory.models import Person
from meetings.models import AgendaItem, Attachment, Meeting, Presence

# A tab says every second and a half that it is there; a slow network gets some patience.
PRESENT = timedelta(seconds=8)
FORGOTTEN = timedelta(minutes=1)


@dataclass(frozen=True)
class Other:
    """Someone else's tab."""

    key: str
    name: str
    initials: str
    item: int | None


@dataclass(frozen=True)
class Pulse:
    """How the meeting stands: each item's revision, and a digest of all but the texts."""

    revisions: dict[int, int]
    agenda: str
    others: list[Other]


def note(
    *, meeting: Meeting, person: Person, tab: str, item: int | None, now: datetime
) -> list[Other]:
    """The person is here, in `item`; who else is, by name. Not recorded in any history."""
    if item and not AgendaItem.objects.current().filter(meeting=meeting, pk=item).exists():
        item = None
    Presence.objects.bulk_create(
        [Presence(meeting=meeting, person=person, tab=tab, item_id=item, seen_at=now)],
        update_conflicts=True,
        unique_fields=["meeting", "person", "tab"],
        update_fields=["item", "seen_at"],
    )
    rows = list(Presence.objects.filter(meeting=meeting).select_related("person"))
    if any(row.seen_at < now - FORGOTTEN for row in rows):
        Presence.objects.filter(meeting=meeting, seen_at__lt=now - FORGOTTEN).delete()
    others = [
        Other(f"{row.person_id}-{row.tab}", row.person.name, row.person.initials, row.item_id)
        for row in rows
        if row.seen_at >= now - PRESENT and (row.person_id, row.tab) != (person.pk, tab)
    ]
    return sorted(others, key=lambda other: (other.name, other.key))


def pulse(*, meeting: Meeting, others: list[Other]) -> Pulse:
    """The meeting's items as they stand now; two queries."""
    items = list(
        meeting.items.current()
        .order_by("position", "pk")
        .values_list(
            "pk",
            "revision",
            "parent",
            "title",
            "kind",
            "visibility",
            "language",
            "presenter",
            "minutes",
        )
    )
    attachments = list(
        Attachment.objects.filter(item__meeting=meeting)
        .order_by("position", "pk")
        .values_list("pk", "item", "title", "checked_at")
    )
    shown = repr(([row[:1] + row[2:] for row in items], attachments))
    return Pulse(
        revisions={row[0]: row[1] for row in items},
        agenda=sha256(shown.encode()).hexdigest()[:16],
        others=others,
    )
