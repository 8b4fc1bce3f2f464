"""What is noted about a meeting's documents beside their text."""

from datetime import datetime

from core.audit import service
from directory.models import Person
from meetings.models import Attachment
from meetings.services.publishing import render_again
from meetings.states import locked


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
