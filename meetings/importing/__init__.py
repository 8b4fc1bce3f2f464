"""Reading old minutes from text: who was there, what was on the agenda, what was agreed.

Pure Python, without Django and without a database, so that any text can be read anywhere. What it
reads stays as written; what it cannot tell for certain is a `Doubt` for a person to settle, and
every line of the source has a `Placement`. The rules are general: layout, headings and turns of
phrase of Finnish, Swedish and English minutes, never those of one document.
"""

from core.decoding import MAX_BYTES, ImportProblem, Problem, decode
from meetings.importing.known import Known, KnownOrganisation
from meetings.importing.reader import read_minutes
from meetings.importing.reading import (
    Action,
    AgendaItem,
    Alternative,
    Attendee,
    Decision,
    Doubt,
    DoubtReason,
    Kind,
    Line,
    Link,
    Mode,
    NextMeeting,
    Place,
    Placement,
    Reading,
)

__all__ = [
    "MAX_BYTES",
    "Action",
    "AgendaItem",
    "Alternative",
    "Attendee",
    "Decision",
    "Doubt",
    "DoubtReason",
    "ImportProblem",
    "Kind",
    "Known",
    "KnownOrganisation",
    "Line",
    "Link",
    "Mode",
    "NextMeeting",
    "Place",
    "Placement",
    "Problem",
    "Reading",
    "decode",
    "read_minutes",
]
