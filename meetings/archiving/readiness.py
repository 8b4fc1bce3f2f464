"""What minutes still lack before they are ready for the archive (valmis arkistoitavaksi)."""

from dataclasses import dataclass
from enum import StrEnum

from core import guard
from meetings.document import texts
from meetings.models import Approval, Attachment, DocumentVersion, Meeting


class Lack(StrEnum):
    """What is missing, or worth a look."""

    NOT_SHARED = "not_shared"
    CORRECTING = "correcting"
    NOT_APPROVED = "not_approved"
    NO_RECORD_NUMBER = "no_record_number"
    NO_TASK_CLASS = "no_task_class"
    NO_RETENTION = "no_retention"
    UNCHECKED = "unchecked"
    IDENTITY_CODE = "identity_code"
    PUPIL = "pupil"
    LINK = "link"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing; `text` shows the spot."""

    lack: Lack
    text: str = ""

    @property
    def is_needed(self) -> bool:
        """Is the package not ready without it? The rest is worth a look, and stays as it is."""
        return self.lack not in (Lack.PUPIL, Lack.LINK)


def missing(meeting: Meeting, version: DocumentVersion | None) -> list[Missing]:
    """All that is missing of a version of the minutes, in a fixed number of queries."""
    if version is None:
        return [Missing(Lack.NOT_SHARED)]
    found = []
    if meeting.correcting:
        found.append(Missing(Lack.CORRECTING))
    if not Approval.objects.filter(version=version).exists():
        found.append(Missing(Lack.NOT_APPROVED))
    for lack, given in (
        (Lack.NO_RECORD_NUMBER, meeting.record_number),
        (Lack.NO_TASK_CLASS, meeting.task_class),
        (Lack.NO_RETENTION, meeting.kept_permanently or meeting.retention_years),
    ):
        if not given:
            found.append(Missing(lack))
    attached = Attachment.objects.filter(item__meeting=meeting, item__removed_at__isnull=True)
    for row in attached.order_by("item__position", "position", "pk"):
        if row.is_unchecked:
            found.append(Missing(Lack.UNCHECKED, row.title))
        elif row.file_id is None:
            found.append(Missing(Lack.LINK, row.title))
    language = version.data["language"]
    for text in texts(version.data):
        found += [Missing(Lack.IDENTITY_CODE, one.text) for one in guard.identity_codes(text)]
        found += [Missing(Lack.PUPIL, one.text) for one in guard.pupil_hints(text, language)]
    return found
