"""An agenda is sent, minutes are shared, corrected, approved: versions are frozen.

Sharing renders first, without a lock, and then checks under the lock that nothing has changed
meanwhile; if it has, it renders again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from core import guard
from core.audit import service
from directory.models import Group, Person
from meetings import rendering
from meetings.document import (
    Data,
    as_written,
    audiences_of,
    changed_items,
    document_data,
    for_audience,
    record_data,
    sha256_of,
    texts,
)
from meetings.models import Approval, Attachment, DocumentVersion, Meeting, Rendition
from meetings.services.records import publish_records
from meetings.states import WrongState, advance, become, locked, may_become

_TRIES = 5


class UnconfirmedCode(Exception):
    """A personal identity code stands in the minutes and nobody has said that it may."""


class NoteMissing(Exception):
    """A correction says what it changes."""


class StillTyping(Exception):
    """Others kept changing the minutes while they were being rendered; try again."""


@dataclass(frozen=True)
class Output:
    """One rendered output, before it is frozen."""

    format: str
    audience: str
    content: bytes


def render(data: Data) -> list[Output]:
    """Every output of a document: for each audience that it differs for, in each format."""
    outputs = []
    for audience in audiences_of(data):
        seen = for_audience(data, audience)
        outputs += [
            Output(
                Rendition.Format.HTML,
                audience,
                rendering.document_html(seen, for_print=False).encode(),
            ),
            Output(
                Rendition.Format.PDF,
                audience,
                rendering.document_pdf(seen, created=datetime.fromisoformat(seen["shared_at"])),
            ),
            Output(Rendition.Format.JSON, audience, as_json(seen)),
        ]
    return outputs


def as_json(data: Data) -> bytes:
    """The document's data as a file."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode()


def send_agenda(
    *, meeting: Meeting, by: Person, now: datetime, confirmed_codes: bool = False
) -> DocumentVersion:
    """Freeze the agenda as the group's members read it; sent anew, it is the next version.

    An identity code in it must be confirmed, as when minutes are shared (`UnconfirmedCode`).
    """
    if not may_become(meeting, Meeting.State.AGENDA_SENT):
        raise WrongState(meeting, Meeting.State.AGENDA_SENT)
    return _freeze_when_quiet(
        meeting,
        kind=DocumentVersion.Kind.AGENDA,
        state=Meeting.State.AGENDA_SENT,
        change_note="",
        confirmed_codes=confirmed_codes,
        by=by,
        now=now,
    )


def share(
    *,
    meeting: Meeting,
    by: Person,
    now: datetime,
    change_note: str = "",
    confirmed_codes: bool = False,
) -> DocumentVersion:
    """Share the minutes with the group: freeze the next version and all its renditions.

    Remarks inform and do not block, but for an identity code, which must be confirmed
    (`UnconfirmedCode`). A correction says what it changes (`NoteMissing`).
    """
    if not may_become(meeting, Meeting.State.SHARED) or not meeting.is_open:
        raise WrongState(meeting, Meeting.State.SHARED)
    if meeting.correcting and not change_note.strip():
        raise NoteMissing
    return _freeze_when_quiet(
        meeting,
        kind=DocumentVersion.Kind.MINUTES,
        state=Meeting.State.SHARED,
        change_note=change_note.strip(),
        confirmed_codes=confirmed_codes,
        by=by,
        now=now,
    )


def _freeze_when_quiet(
    meeting: Meeting,
    *,
    kind: str,
    state: str,
    change_note: str,
    confirmed_codes: bool,
    by: Person,
    now: datetime,
) -> DocumentVersion:
    for _attempt in range(_TRIES):
        data = _next_data(meeting, kind=kind, change_note=change_note, now=now)
        if not confirmed_codes and any(map(guard.identity_codes, texts(data))):
            raise UnconfirmedCode
        outputs = render(data)
        version = _freeze(
            meeting=meeting,
            data=data,
            outputs=outputs,
            build=lambda fresh: _next_data(fresh, kind=kind, change_note=change_note, now=now),
            state=state,
            by=by,
            now=now,
        )
        if version:
            return version
        meeting = Meeting.objects.select_related("group__host").get(pk=meeting.pk)
    raise StillTyping


def _next_data(meeting: Meeting, *, kind: str, change_note: str, now: datetime) -> Data:
    last = DocumentVersion.objects.of(meeting).filter(kind=kind).order_by("number").last()
    data = document_data(
        meeting,
        kind=kind,
        version=last.number + 1 if last else 1,
        change_note=change_note,
        number=_next_number(meeting),
        shared_at=now,
    )
    data["changed_items"] = changed_items(last.data, data) if last else []
    return data


def _next_number(meeting: Meeting) -> str:
    if meeting.number or not meeting.group.numbers_meetings:
        return meeting.full_number
    year = timezone.localtime(meeting.starts_at).year
    last = Meeting.objects.filter(group=meeting.group, year=year).aggregate(last=Max("number"))
    return f"{(last['last'] or 0) + 1}/{year}"


@service
def _freeze(
    *,
    meeting: Meeting,
    data: Data,
    outputs: list[Output],
    build: Callable[[Meeting], Data],
    state: str,
    by: Person,
    now: datetime,
) -> DocumentVersion | None:
    """Freeze what was rendered; None where it is no longer what the meeting says."""
    Group.objects.select_for_update().get(pk=meeting.group_id)  # one number, one version at a time
    meeting = locked(meeting)
    items = list(
        meeting.items.current()
        .select_for_update(of=("self",))
        .select_related("parent", "meeting__group")
    )
    if build(meeting) != data:
        return None
    advance(meeting, state)
    meeting.correcting = False
    if data["number"] and not meeting.number:
        number, year = data["number"].split("/")
        meeting.number, meeting.year = int(number), int(year)
    meeting.save(update_fields=["state", "correcting", "number", "year"])
    version = DocumentVersion.objects.create(
        meeting=meeting,
        kind=data["kind"],
        number=data["version"],
        data=data,
        change_note=data["change_note"],
        shared_at=now,
        shared_by=by,
    )
    store_renditions(version=version, outputs=outputs, now=now)
    if state == Meeting.State.SHARED:
        publish_records(meeting=meeting, items=items, by=by, now=now)
    return version


def store_renditions(*, version: DocumentVersion, outputs: list[Output], now: datetime) -> None:
    """Add the outputs of a version; what was there stays, the newest is read."""
    Rendition.objects.bulk_create(
        Rendition(
            version=version,
            format=output.format,
            audience=output.audience,
            language=version.data["language"],
            sha256=hashlib.sha256(output.content).hexdigest(),
            content=output.content,
            created_at=now,
        )
        for output in outputs
    )


@service
def start_meeting(*, meeting: Meeting, by: Person) -> Meeting:
    """The meeting begins."""
    return become(meeting, Meeting.State.IN_SESSION)


@service
def end_meeting(*, meeting: Meeting, by: Person) -> Meeting:
    """The meeting is over; its minutes are a draft."""
    return become(meeting, Meeting.State.DRAFT)


@service
def open_correction(*, meeting: Meeting, by: Person) -> Meeting:
    """Open shared minutes for a correction; readers keep their version until it is shared."""
    meeting = locked(meeting)
    if not meeting.is_shared:
        raise WrongState(meeting)
    meeting.correcting = True
    meeting.save(update_fields=["correcting"])
    return meeting


class HasChanges(Exception):
    """The correction has changed something already: it is shared, or undone by hand."""


@service
def close_correction(*, meeting: Meeting, by: Person) -> Meeting:
    """Close a correction in which nothing was changed; raises `HasChanges` where something was."""
    meeting = locked(meeting)
    if not meeting.correcting:
        raise WrongState(meeting)
    minutes = DocumentVersion.objects.of(meeting).filter(kind=DocumentVersion.Kind.MINUTES)
    frozen = minutes.order_by("-number")[0].data
    now = document_data(meeting, kind=DocumentVersion.Kind.MINUTES)
    frozen, now = (data | {"items": as_written(data["items"])} for data in (frozen, now))
    # What a version says of itself differs, and so may what was noted or agreed on since.
    own = {"draft", "version", "supersedes", "change_note", "shared_at", "next_meeting", "record"}
    if any(now[key] != frozen[key] for key in now.keys() - own):
        raise HasChanges
    meeting.correcting = False
    meeting.save(update_fields=["correcting"])
    return meeting


@service
def approve(*, version: DocumentVersion, by: Person, now: datetime) -> Approval:
    """The group has approved its shared minutes; outputs that say so are added."""
    meeting = locked(version.meeting)
    newest = DocumentVersion.objects.of(meeting).filter(kind=version.kind).order_by("number").last()
    if meeting.correcting or newest != version:
        raise WrongState(meeting, Meeting.State.APPROVED)
    advance(meeting, Meeting.State.APPROVED)
    meeting.save(update_fields=["state"])
    approval = Approval.objects.create(version=version, approved_at=now, approved_by=by)
    store_renditions(version=version, outputs=render(printable_data(version)), now=now)
    return approval


def printable_data(version: DocumentVersion) -> Data:
    """The version's frozen data, with what came after it: the approval, and what was noted."""
    approval = Approval.objects.filter(version=version).first()
    checked = set(
        Attachment.objects.filter(
            item__meeting=version.meeting_id, checked_at__isnull=False
        ).values_list("item", "file__sha256")
    )
    items = [
        item
        | {
            "attachments": [
                row | {"checked": (item["id"], sha256_of(row)) in checked}
                for row in item["attachments"]
            ]
        }
        for item in version.data["items"]
    ]
    return version.data | {
        "approved_at": approval.approved_at.isoformat() if approval else None,
        "items": items,
        "record": record_data(Meeting.objects.get(pk=version.meeting_id)),
    }


def render_again(*, meeting: Meeting, now: datetime) -> None:
    """Add outputs of the newest agenda and minutes that say what has been noted since."""
    for kind in DocumentVersion.Kind:
        for version in DocumentVersion.objects.of(meeting).latest_of(kind):
            store_renditions(version=version, outputs=render(printable_data(version)), now=now)
