"""A meeting's agenda or minutes as data: what is frozen, and what page and PDF are made from.

Live rows are read here and nowhere else on the way to a document.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from core import downloads
from directory.models import Membership
from meetings import selectors
from meetings.enums import Audience
from meetings.models import AgendaItem, Attachment, Attendance, DocumentVersion, Meeting

SCHEMA = 1
Data = dict[str, Any]


def document_data(
    meeting: Meeting,
    *,
    kind: str,
    version: int = 0,
    change_note: str = "",
    number: str | None = None,
    shared_at: datetime | None = None,
) -> Data:
    """The meeting's agenda or minutes as they stand now, all of it; a draft where version is 0."""
    rows = selectors.attendance(meeting)
    count = selectors.Headcount.of(rows)
    secretary = _officer(rows, Membership.Role.SECRETARY)
    with translation.override(meeting.language):
        return {
            "schema": SCHEMA,
            "kind": kind,
            "type": meeting.document_type,
            "language": meeting.language,
            "title": meeting.title,
            "organisation": meeting.group.host.name,
            "body": meeting.group.name,
            "number": meeting.full_number if number is None else number,
            "draft": version == 0,
            "version": version,
            "supersedes": version - 1 if version > 1 else None,
            "change_note": change_note,
            "starts_at": _iso(meeting.starts_at),
            "ends_at": _iso(meeting.ends_at),
            "place": meeting.place,
            "remote_link": meeting.remote_link if kind == DocumentVersion.Kind.AGENDA else "",
            "chair": _officer(rows, Membership.Role.CHAIR)
            or _officer(rows, Membership.Role.VICE_CHAIR),
            "secretary": secretary,
            "attendance": (
                [_attendance(row) for row in rows] if kind == DocumentVersion.Kind.MINUTES else []
            ),
            "attendance_taken": count.taken,
            "items": [_item(row.item, row.number, row.depth) for row in selectors.agenda(meeting)],
            "next_meeting": _next_meeting(meeting),
            "prepared_by": secretary if kind == DocumentVersion.Kind.MINUTES else None,
            "shared_at": _iso(shared_at),
            "approved_at": None,
            "record": record_data(meeting),
        }


def record_data(meeting: Meeting) -> Data:
    """What is noted about the meeting's documents as records."""
    return {
        "publicity": meeting.publicity,
        "secrecy": meeting.secrecy,
        "record_number": meeting.record_number,
    }


def _iso(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def _officer(rows: list[Attendance], role: str) -> Data | None:
    for row in rows:
        if row.role == role and row.mode not in ("apologies", "absent"):
            return {"name": row.name, "organisation": row.organisation_name}
    return None


def _attendance(row: Attendance) -> Data:
    return {
        "name": row.name,
        "organisation": row.organisation_name,
        "role": row.role,
        "mode": row.mode,
        "guest": row.is_guest,
    }


def _item(item: AgendaItem, number: str, depth: int) -> Data:
    return {
        "id": item.pk,
        "number": number,
        "depth": depth,
        "title": item.title,
        "language": item.language,
        "kind": item.kind,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "visibility": item.visibility,
        "secrecy": item.secrecy,
        "html": item.body,
        "marks": item.marks,
        "attachments": [_attachment(item, row) for row in item.attachments.all()],
    }


def _attachment(item: AgendaItem, row: Attachment) -> Data:
    return {
        "title": row.title,
        "url": attachment_url(item, row),
        "filename": row.filename,
        "size": row.file.size if row.file else None,
        "sha256": row.file.sha256 if row.file else "",
        "checked": row.checked_at is not None,
    }


def attachment_url(item: AgendaItem, row: Attachment) -> str:
    """Where an attachment is: the link itself, or the file's download."""
    if row.file is None:
        return row.url
    return downloads.address("meeting", item.meeting_id, row.file.sha256, row.filename)


def sha256_of(attachment: Data) -> str:
    """The sum of a frozen attachment's file; older versions have it in the address only."""
    if "sha256" in attachment:
        return str(attachment["sha256"])
    found = (
        re.search("/files/([0-9a-f]{64})/", attachment["url"]) if attachment["filename"] else None
    )
    return found[1] if found else ""


def as_written(items: list[Data]) -> list[Data]:
    """The items with what people wrote and attached, without what was noted about it later."""
    return [
        item
        | {
            "attachments": [
                (row["title"], row["filename"], sha256_of(row) or row["url"])
                for row in item["attachments"]
            ]
        }
        for item in items
    ]


def _next_meeting(meeting: Meeting) -> Data | None:
    following = (
        Meeting.objects.filter(group=meeting.group, starts_at__gt=meeting.starts_at)
        .exclude(state=Meeting.State.CANCELLED)
        .order_by("starts_at", "pk")
        .first()
    )
    if not following:
        return None
    return {"starts_at": _iso(following.starts_at), "place": following.place}


def texts(data: Any) -> Iterator[str]:
    """Every text of a document, without its tags: what a guard looks through before it freezes."""
    if isinstance(data, str):
        yield re.sub("<[^>]*>", "", data)
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


# Which items each audience reads.
_READABLE = {
    Audience.ALL: {AgendaItem.Visibility.ALL},
    Audience.MEMBERS: {AgendaItem.Visibility.ALL, AgendaItem.Visibility.MEMBERS},
    Audience.COORDINATORS: set(AgendaItem.Visibility),
}


def for_audience(data: Data, audience: str) -> Data:
    """The document as that audience may read it: what it may not see is not there.

    An item under one that is left out is left out too. Numbers stay as the meeting gave them.
    """
    readable = _READABLE[Audience(audience)]
    items: list[Data] = []
    top_is_out = False
    for item in data["items"]:
        out = item["visibility"] not in readable
        if item["depth"] == 0:
            top_is_out = out
        if not out and not (item["depth"] and top_is_out):
            items.append(item)
    seen = {item["number"] for item in items}
    changed = [number for number in data.get("changed_items", []) if number in seen]
    return data | {"items": items, "changed_items": changed}


def audiences_of(data: Data) -> list[str]:
    """The audiences for which this document differs: everyone, and those who see more."""
    found = [Audience.ALL]
    for audience in (Audience.MEMBERS, Audience.COORDINATORS):
        if for_audience(data, audience)["items"] != for_audience(data, found[-1])["items"]:
            found.append(audience)
    return list(found)


def changed_items(old: Data, new: Data) -> list[str]:
    """Numbers of the items that are new, or differ in text, heading, marks or what is attached."""
    keys = ("title", "html", "marks", "attachments", "presenter", "visibility")
    before = {item["id"]: item for item in as_written(old["items"])}
    return [
        item["number"]
        for item in as_written(new["items"])
        if any(item[key] != before.get(item["id"], {}).get(key) for key in keys)
    ]
