"""Marks and their records: each mark of a body is a row, a task or request an action item too.

The marks beside the body are what the writer sees; the records are what the other rooms and the
history stand on. They are brought together at each save, and once more when minutes are shared,
since what is live already changes only by sharing a correction.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from actions import services as actions
from core.richtext import Line as TextLine
from core.richtext import lines_of
from directory.models import Person
from meetings.enums import MarkKind
from meetings.models import AgendaItem, Mark, Meeting

SOURCE = "meetings.line"


def source_key(line_id: str, kind: str) -> str:
    """The key by which `actions` knows the action of a line."""
    return f"{line_id}:{kind}"


def sync_records(
    *,
    item: AgendaItem,
    by: Person | None,
    now: datetime,
    sharing: bool = False,
    lines: Iterable[TextLine] | None = None,
) -> None:
    """Make the item's records agree with its marks; a record whose mark is gone is hidden."""
    text = {line.id: line.text for line in (lines_of(item.body) if lines is None else lines)}
    wanted = {
        (line_id, mark["kind"]): mark
        for line_id, marks in item.marks.items()
        if line_id in text
        for mark in marks
    }
    records = list(Mark.objects.filter(Q(item=item) | Q(line_id__in=item.marks)))
    known = {(record.line_id, record.kind): record for record in records}
    gone = [
        record
        for record in records
        if record.item_id == item.pk
        and record.hidden_at is None
        and (record.line_id, record.kind) not in wanted
    ]
    if gone:
        _hide(gone, by=by, now=now)
    for key, mark in wanted.items():
        record = known.get(key)
        line_text = text[key[0]]
        same = (
            record is not None
            and record.item_id == item.pk
            and record.text == line_text
            and record.data == mark
            and record.hidden_at is None
        )
        if same and not sharing:
            continue
        record = record or Mark(line_id=key[0], kind=key[1])
        record.item = item
        record.text = line_text
        record.data = mark
        record.hidden_at = None
        if MarkKind(key[1]).is_action:
            record.action = actions.put_action(
                source=(SOURCE, source_key(*key)),
                group=item.meeting.group,
                label=item.meeting.title,
                occasion_on=timezone.localtime(item.meeting.starts_at).date(),
                line_id=key[0],
                audience=item.told_to,
                kind=key[1],
                text=line_text,
                owners=[actions.Party(p["type"], p["id"]) for p in mark["owners"]],
                recipient=(
                    actions.Party(mark["recipient"]["type"], mark["recipient"]["id"])
                    if mark["recipient"]
                    else None
                ),
                due=mark["due"],
                sharing=sharing,
                by=by,
                now=now,
            )
        if not same:
            record.save()


def hide_records(*, item: AgendaItem, by: Person | None, now: datetime) -> None:
    """The item is taken off the agenda: its marks no longer stand."""
    _hide(list(Mark.objects.filter(item=item, hidden_at__isnull=True)), by=by, now=now)


def _hide(records: list[Mark], *, by: Person | None, now: datetime) -> None:
    for record in records:
        record.hidden_at = now
    Mark.objects.bulk_update(records, ["hidden_at"])
    keys = [source_key(r.line_id, r.kind) for r in records if MarkKind(r.kind).is_action]
    if keys:
        actions.hide_actions(source_kind=SOURCE, keys=keys, sharing=False, by=by, now=now)


def publish_records(
    *, meeting: Meeting, items: Iterable[AgendaItem], by: Person, now: datetime
) -> None:
    """Minutes are shared: actions are live as worded now, those taken out no longer stand."""
    items = list(items)
    for item in items:
        sync_records(item=item, by=by, now=now, sharing=True)
    actions.publish(source_kind=SOURCE, keys=_live_keys(items), by=by, now=now)
    withdrawn = Mark.objects.filter(
        item__meeting=meeting, hidden_at__isnull=False, action__hidden_at__isnull=True
    )
    actions.hide_actions(
        source_kind=SOURCE,
        keys=[source_key(r.line_id, r.kind) for r in withdrawn if r.action_id],
        sharing=True,
        by=by,
        now=now,
    )


def tell_anew(*, meeting: Meeting, by: Person | None) -> None:
    """The documents' publicity has changed: so has who is told of the tasks, live or not."""
    marks = Mark.objects.filter(item__meeting=meeting, action__isnull=False)
    audiences = {}
    for mark in marks.select_related("item__parent", "item__meeting"):
        audiences[source_key(mark.line_id, mark.kind)] = mark.item.told_to
    actions.set_audiences(source_kind=SOURCE, audiences=audiences, by=by)


def _live_keys(items: Iterable[AgendaItem]) -> list[str]:
    """The keys of the actions that the items' marks stand for."""
    return [
        source_key(line_id, mark["kind"])
        for item in items
        for line_id, marks in item.marks.items()
        for mark in marks
        if MarkKind(mark["kind"]).is_action
    ]
