"""The text of an item is saved: nothing typed is ever lost (rule 1 of the house)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet

from core import richtext
from core.audit import service
from directory.models import Person
from meetings import marks as marking
from meetings.models import AgendaItem, ItemRevision, Line, Mark, Meeting
from meetings.selectors import named_parties
from meetings.services.records import sync_records
from meetings.states import require_open


class ItemGone(Exception):
    """The item was taken off the agenda while someone wrote in it."""


class Redacted(Exception):
    """The save stands on a text from which something has been removed for good since."""


class UnknownBase(Exception):
    """The save names a revision that this item never had."""


@dataclass(frozen=True)
class Saved:
    """What a save answers: the text as it stands now, and what could not be merged."""

    revision: int
    html: str
    marks: marking.Marks
    conflicts: list[dict[str, Any]]
    open_conflicts: list[dict[str, Any]]
    at: datetime


@service
def save_item(
    *,
    item: AgendaItem,
    base: int,
    token: UUID,
    html: str,
    marks: Any,
    by: Person | None,
    now: datetime,
    settled: Collection[str] = (),
) -> Saved:
    """Save an item's text, written on top of revision `base`.

    Where someone else has saved since `base`, both texts are merged; a line whose same words both
    changed keeps both and is named among the conflicts, which stand with the item until one of
    their lines is gone or someone says that they are `settled` (their lines' ids). The same `token`
    again is the same save, answered the same: a retry after a lost answer does no harm. Raises
    `WrongState`, `ItemGone`, `Redacted`, `UnknownBase`, `marks.BadMarks`, `richtext.TooLong`; then
    nothing is saved.
    """
    locked = AgendaItem.objects.select_for_update(of=("self",)).select_related("parent")
    item = locked.get(pk=item.pk)
    # In a statement of its own: the lock may have waited for the minutes to be shared.
    item.meeting = Meeting.objects.select_related("group").get(pk=item.meeting_id)
    repeated = ItemRevision.objects.filter(item=item, token=token).first()
    if repeated:
        return _answer(repeated, item)
    if item.removed_at:
        raise ItemGone
    require_open(item.meeting)
    if not 0 <= base <= item.revision:
        raise UnknownBase(base)
    if base < item.redacted_revision:
        raise Redacted

    body = richtext.Body.parse(html)
    wanted = marking.shape(marks)
    conflicts: list[dict[str, Any]] = []
    rows = _rows(item, body)
    body, wanted, came = _own_lines(item, body, wanted, rows)
    if base != item.revision:
        body, wanted, conflicts = _merge(item, base, body, wanted, by=by, now=now)
        rows = _rows(item, body)
        body, wanted, came = _own_lines(item, body, wanted, rows)
    named_parties(wanted, meeting=item.meeting, trusted=item.marks | came)

    had_marks = bool(item.marks)
    item.body = body.html
    item.marks = wanted
    item.revision += 1
    item.conflicts = _unsettled(item, conflicts, settled, set(body.ids))
    item.save(update_fields=["body", "marks", "revision", "conflicts"])
    revision = ItemRevision.objects.create(
        item=item,
        number=item.revision,
        token=token,
        body=item.body,
        marks=wanted,
        conflicts=conflicts,
        by=by,
        at=now,
    )
    _rewrite_lines(item, body.lines, rows)
    if wanted or had_marks:
        sync_records(item=item, by=by, now=now, lines=body.lines)
    return _answer(revision, item)


@service
def settle_conflict(*, item: AgendaItem, line: str, by: Person | None, now: datetime) -> Saved:
    """Nobody needs to look at this conflict any more: both of its texts stay as they are.

    It is a save that changes no word, so that other people's screens hear of it. Raises what
    `save_item` raises.
    """
    item.refresh_from_db(fields=["revision", "body", "marks"])
    return save_item(
        item=item,
        base=item.revision,
        token=uuid4(),
        html=item.body,
        marks=item.marks,
        settled=[line],
        by=by,
        now=now,
    )


def _answer(revision: ItemRevision, item: AgendaItem) -> Saved:
    return Saved(
        revision.number,
        revision.body,
        revision.marks,
        revision.conflicts,
        item.conflicts,
        revision.at,
    )


def _unsettled(
    item: AgendaItem,
    new: list[dict[str, Any]],
    settled: Collection[str],
    present: set[str],
) -> list[dict[str, Any]]:
    """The item's conflicts that still stand, one for each line."""
    kept = ("line", "copy", "kind", "by", "mine_by", "at")
    found = {
        one["copy"] or one["line"]: {key: one[key] for key in kept}
        for one in [*item.conflicts, *new]
    }
    return [
        one
        for key, one in found.items()
        if key not in settled
        and one["line"] in present
        and (not one["copy"] or one["copy"] in present)
    ]


def _merge(
    item: AgendaItem,
    base: int,
    body: richtext.Body,
    marks: marking.Marks,
    *,
    by: Person | None,
    now: datetime,
) -> tuple[richtext.Body, marking.Marks, list[dict[str, Any]]]:
    """Merge what came with what others have saved since `base`."""
    stored = ItemRevision.objects.filter(item=item).select_related("by")
    other = stored.get(number=item.revision)
    # An old one may have been thinned away; then the one before it is the ground, which at worst
    # shows more as changed by both.
    ground = stored.filter(number__lte=base).order_by("number").last()
    base_body, base_marks = (ground.body, ground.marks) if ground else ("", {})
    merged = richtext.merge(base_body, item.body, body)
    mine = {merged.renamed.get(line, line): found for line, found in marks.items()}
    conflicts = [
        {
            "line": conflict.line,
            "copy": conflict.copy,
            "kind": conflict.kind,
            "theirs": conflict.theirs,
            "mine": conflict.mine,
            "by": _author(stored, conflict, base, other),
            "mine_by": by.name if by else "",
            "at": now.isoformat(),
        }
        for conflict in merged.conflicts
    ]
    return merged.body, marking.merge(base_marks, item.marks, mine), conflicts


def _author(
    stored: QuerySet[ItemRevision], conflict: richtext.Conflict, base: int, last: ItemRevision
) -> str:
    """Who saved the line as theirs has it; who saved last, where nobody has it just so."""
    later = stored.filter(number__gt=base).order_by("number")
    with_it = conflict.theirs and later.filter(body__contains=f"{conflict.theirs}</p>").first()
    by = (with_it or last).by
    return by.name if by else ""


class _Row(NamedTuple):
    """A line record, with the meeting it is in."""

    id: str
    item_id: int
    meeting_id: int
    position: int
    level: int
    text: str


def _rows(item: AgendaItem, body: richtext.Body) -> dict[str, _Row]:
    """The line records of the item, and those elsewhere that have an id of the new body."""
    rows = Line.objects.filter(Q(item=item) | Q(id__in=body.ids)).values_list(
        "id", "item_id", "item__meeting_id", "position", "level", "text"
    )
    return {row[0]: _Row(*row) for row in rows}


def _own_lines(
    item: AgendaItem, body: richtext.Body, marks: marking.Marks, rows: dict[str, _Row]
) -> tuple[richtext.Body, marking.Marks, marking.Marks]:
    """Make sure that every line has an id that may stand here, and its marks with it.

    The second marks are what lines that were elsewhere, or nowhere, were marked with before.

    A line that came from another item of the meeting keeps its id and brings its marks. An id of
    another meeting, or one that another item has taken over meanwhile, is minted anew, unmarked.
    """
    # Lines that are nowhere now may be ones that were deleted, here or in another item.
    hidden: dict[str, list[Mark]] = {}
    meetings: dict[str, int] = {}
    unknown = [line for line in body.ids if line not in rows]
    arrived = [line for line, row in rows.items() if row.item_id != item.pk]
    if unknown or arrived:
        for record in Mark.objects.filter(line_id__in=unknown + arrived).select_related("item"):
            hidden.setdefault(record.line_id, []).append(record)
            meetings[record.line_id] = record.item.meeting_id
    before = set(richtext.Body.parse(item.body).ids) if arrived else set()
    mine = {
        line
        for line, row in rows.items()
        if row.meeting_id == item.meeting_id and not (line in arrived and line in before)
    } | {
        line
        for line, meeting in meetings.items()
        if line not in rows and meeting == item.meeting_id
    }
    body, _minted = body.ensure_ids(known=rows.keys() | hidden.keys(), mine=mine)
    present = set(body.ids)
    kept = {line: found for line, found in marks.items() if line in present}
    before_here = {
        line: [record.data for record in records]
        for line, records in hidden.items()
        if line in mine
    }
    for line, found in before_here.items():
        if line in present and line not in kept and hidden[line][0].item_id != item.pk:
            kept[line] = found
    return body, kept, before_here


def _rewrite_lines(item: AgendaItem, lines: list[richtext.Line], rows: dict[str, _Row]) -> None:
    """Make the item's line records those of its body; only rows that differ are written."""
    present = {line.id for line in lines}
    gone = [line for line, row in rows.items() if row.item_id == item.pk and line not in present]
    if gone:
        Line.objects.filter(item=item, id__in=gone).delete()
    changed = [
        Line(id=line.id, item=item, position=line.position, level=line.level, text=line.text)
        for line in lines
        if (row := rows.get(line.id)) is None
        or (row.item_id, row.position, row.level, row.text)
        != (item.pk, line.position, line.level, line.text)
    ]
    if changed:
        # A line that came by cut and paste may still be recorded in the item it left.
        Line.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["item", "position", "level", "text"],
        )
