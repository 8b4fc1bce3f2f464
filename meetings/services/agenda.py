"""Items of an agenda: added, renamed, moved, taken away, and what is attached to them."""

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db.models import Max, QuerySet

from core import files
from core.audit import service
from directory.models import Person
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.services.records import hide_records, sync_records
from meetings.states import lock_open

FIELDS = {"title", "kind", "visibility", "secrecy", "language", "presenter", "minutes"}


@service
def add_item(
    *,
    meeting: Meeting,
    title: str,
    by: Person | None,
    parent: AgendaItem | None = None,
    **fields: Any,
) -> AgendaItem:
    """Add an item at the end of the agenda, or of its parent's items (one level of nesting)."""
    lock_open(meeting)
    _check(fields)
    item = AgendaItem(
        meeting=meeting,
        parent=parent,
        position=_last_place(meeting.items.current().filter(parent=parent)),
        title=title,
        **{"language": meeting.language} | fields,
    )
    item.full_clean(exclude=["meeting", "parent", "marks", "conflicts"])
    item.save()
    return item


@service
def update_item(*, item: AgendaItem, by: Person | None, **fields: Any) -> AgendaItem:
    """Change an item's heading or its other particulars; its text is saved by `minutes`."""
    lock_open(item.meeting)
    _check(fields)
    for name, value in fields.items():
        setattr(item, name, value)
    item.full_clean(exclude=["meeting", "parent", "marks", "conflicts"])
    item.save(update_fields=list(fields))
    return item


def _check(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"not an item's own fields: {sorted(unknown)}")


@service
def move_item(*, item: AgendaItem, direction: str, by: Person | None) -> AgendaItem:
    """Move an item one step "up" or "down" among its siblings, "in" under the one before, or "out".

    Where there is nowhere to go nothing happens: one level of nesting, and an item with items of
    its own does not go in.
    """
    lock_open(item.meeting)
    rows = list(item.meeting.items.current().select_for_update().order_by("position", "pk"))
    item = next(row for row in rows if row.pk == item.pk)
    siblings = [row for row in rows if row.parent_id == item.parent_id]
    place = siblings.index(item)
    if direction == "up" and place > 0:
        siblings[place - 1 : place + 1] = [item, siblings[place - 1]]
    elif direction == "down" and place < len(siblings) - 1:
        siblings[place : place + 2] = [siblings[place + 1], item]
    elif direction == "in" and place > 0 and item.parent_id is None:
        if any(row.parent_id == item.pk for row in rows):
            return item
        above = siblings[place - 1]
        siblings = [row for row in rows if row.parent_id == above.pk] + [item]
        item.parent = above
    elif direction == "out" and item.parent_id is not None:
        parent_id = item.parent_id
        siblings = [row for row in rows if row.parent_id is None]
        after = next(i for i, row in enumerate(siblings) if row.pk == parent_id)
        siblings.insert(after + 1, item)
        item.parent = None
    else:
        return item
    for position, row in enumerate(siblings):
        row.position = position
    AgendaItem.objects.bulk_update(siblings, ["position", "parent"])
    return item


@service
def delete_item(*, item: AgendaItem, by: Person | None, now: datetime) -> None:
    """Take an item off the agenda with its text; its sub-items move out to where it was.

    Marks on its lines are hidden, and so is what came of them; nothing answered is deleted.
    """
    lock_open(item.meeting)
    for child in item.children.current().order_by("-position", "-pk"):
        move_item(item=child, direction="out", by=by)
    item.refresh_from_db()
    hide_records(item=item, by=by, now=now)
    item.removed_at = now
    item.save(update_fields=["removed_at"])


@service
def restore_item(*, item: AgendaItem, by: Person | None, now: datetime) -> AgendaItem:
    """Undo a deletion: the item comes back to its place with its text and marks."""
    lock_open(item.meeting)
    item.removed_at = None
    if item.parent and item.parent.removed_at:  # what it stood under has gone meanwhile
        item.parent = None
        item.position = _last_place(item.meeting.items.current().filter(parent=None))
    item.save(update_fields=["removed_at", "parent", "position"])
    sync_records(item=item, by=by, now=now)
    return item


@service
def attach_link(*, item: AgendaItem, title: str, url: str, by: Person | None) -> Attachment:
    """Attach a link; without a title the address itself is shown."""
    lock_open(item.meeting)
    attachment = Attachment(
        item=item, title=title or url[:200], url=url, position=_last_place(item.attachments.all())
    )
    attachment.full_clean(exclude=["item", "file"])
    attachment.save()
    return attachment


@service
def attach_file(
    *, item: AgendaItem, title: str, upload: File, by: Person | None, now: datetime
) -> Attachment:
    """Attach a file; raises `core.files.UnsuitableFile`, which says why in words."""
    lock_open(item.meeting)
    name = files.safe_name(upload.name or "")
    attachment = Attachment(
        item=item,
        title=title or name,
        file=files.store(upload, now=now),
        filename=name,
        position=_last_place(item.attachments.all()),
    )
    attachment.full_clean(exclude=["item", "file"])
    attachment.save()
    return attachment


def _last_place(rows: QuerySet[AgendaItem] | QuerySet[Attachment]) -> int:
    """The position behind all of these."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@service
def detach(*, attachment: Attachment, by: Person | None) -> None:
    """Take an attachment off; a shared version keeps it."""
    lock_open(attachment.item.meeting)
    attachment.delete()
