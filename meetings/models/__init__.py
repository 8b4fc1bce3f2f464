"""Meetings (kokous, tapaaminen): agenda, attendance, the lines of the minutes, what was shared."""

from meetings.models.documents import (
    Approval,
    DocumentVersion,
    DocumentVersionQuerySet,
    ImportSource,
    PublicCopy,
    PublicCopyQuerySet,
    Redaction,
    Rendition,
)
from meetings.models.meetings import (
    AgendaItem,
    AgendaItemQuerySet,
    Attendance,
    Meeting,
    MeetingQuerySet,
)
from meetings.models.presence import Presence
from meetings.models.texts import (
    Attachment,
    ItemRevision,
    Line,
    Mark,
)

__all__ = [
    "AgendaItem",
    "AgendaItemQuerySet",
    "Approval",
    "Attachment",
    "Attendance",
    "DocumentVersion",
    "DocumentVersionQuerySet",
    "ImportSource",
    "ItemRevision",
    "Line",
    "Mark",
    "Meeting",
    "MeetingQuerySet",
    "Presence",
    "PublicCopy",
    "PublicCopyQuerySet",
    "Redaction",
    "Rendition",
]
