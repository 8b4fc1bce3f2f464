"""What follows from the minutes' text, recomputed; says where it has drifted."""

import hashlib
from collections.abc import Iterator

from core.richtext import lines_of
from meetings.enums import MarkKind
from meetings.models import AgendaItem, ItemRevision, Line, Mark, Rendition


def drift() -> Iterator[str]:
    """One sentence for each place that is not as it follows from the rest."""
    for item in AgendaItem.objects.order_by("pk").iterator():
        yield from _of_item(item)
    for rendition in Rendition.objects.order_by("pk").iterator(chunk_size=20):
        if hashlib.sha256(rendition.content).hexdigest() != rendition.sha256:
            yield f"rendition {rendition.pk}: its content is not what its sum says"


def _of_item(item: AgendaItem) -> Iterator[str]:
    last = ItemRevision.objects.filter(item=item).order_by("number").last()
    if last and (last.number, last.body, last.marks) != (item.revision, item.body, item.marks):
        yield f"item {item.pk}: is not its last revision"
    rows = Line.objects.filter(item=item).order_by("position", "pk")
    # A line that was pasted elsewhere is recorded there, until this item is saved without it.
    moved = set(
        Line.objects.filter(id__in=[line.id for line in lines_of(item.body)])
        .exclude(item=item)
        .values_list("id", flat=True)
    )
    wanted = [
        (line.id, line.position, line.level, line.text)
        for line in lines_of(item.body)
        if line.id not in moved
    ]
    if [(row.id, row.position, row.level, row.text) for row in rows] != wanted:
        yield f"item {item.pk}: its lines are not those of its text"
    if item.removed_at:
        return
    records = Mark.objects.filter(item=item, hidden_at__isnull=True).select_related("action")
    marks = {
        (line_id, mark["kind"]): mark
        for line_id, found in item.marks.items()
        if line_id not in moved
        for mark in found
    }
    if {(record.line_id, record.kind): record.data for record in records} != marks:
        yield f"item {item.pk}: its marks' records are not its marks"
    for record in records:
        if MarkKind(record.kind).is_action and not record.action:
            yield f"mark {record.pk}: has no action"
