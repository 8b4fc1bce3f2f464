"""What is noted about a meeting's documents beside their text."""

from datetime import datetime
from typing import Any

from core.audit import service
from directory.models import Person
from meetings.models import Attachment, Meeting
from meetings.services.publishing import render_again
from meetings.services.records import tell_anew
from meetings.services.web import withdraw_of
from meetings.states import locked

FIELDS = {
    "publicity",
    "secrecy",
    "record_number",
    "task_class",
    "retention_years",
    "kept_permanently",
}


@service
def set_record(*, meeting: Meeting, by: Person | None, now: datetime, **fields: Any) -> Meeting:
    """Note publicity, record number, task class or retention, in whatever state the meeting is.

    What was sent or shared says so from then on. What becomes closed is taken off the web at once,
    and observers and contact persons hear no more of its tasks.
    """
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"not noted about records: {sorted(unknown)}")
    meeting = locked(meeting)
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.full_clean(exclude=["group"])
    meeting.save(update_fields=list(fields))
    tell_anew(meeting=meeting, by=by)
    if meeting.is_closed:
        withdraw_of(meetings=[meeting.pk], by=by, now=now)
    render_again(meeting=meeting, now=now)
    return meeting


@service
def check_attachment(
    *, attachment: Attachment, checked: bool, by: Person, now: datetime
) -> Attachment:
    """Note that someone has looked whether everyone can read the file, or take that back.

    Also possible once the minutes are shared: their outputs are made anew and say so.
    """
    meeting = locked(attachment.item.meeting)
    if (attachment.checked_at is not None) == checked:
        return attachment
    attachment.checked_at = now if checked else None
    attachment.checked_by = by if checked else None
    attachment.save(update_fields=["checked_at", "checked_by"])
    render_again(meeting=meeting, now=now)
    return attachment
