"""What must not stand is removed: from every version, rendition, revision, history row and file.

An identity code is removed everywhere in the house, other text in one meeting's documents.
The log says that it was done, by whom and why, never what was removed.
"""

import logging
import re
import zipfile
from datetime import datetime
from functools import partial
from io import BytesIO

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q
from pypdf import PdfReader

from core import expired, guard
from core.audit import service
from core.models import StoredFile
from directory.models import Person
from meetings.document import sha256_of
from meetings.models import Attachment, DocumentVersion, Meeting, Redaction
from meetings.services.publishing import printable_data, render, store_renditions
from meetings.services.web import withdraw_of

logger = logging.getLogger(__name__)
PLACEHOLDERS = {"fi": "[poistettu]", "sv": "[borttaget]", "en": "[removed]"}
SHORTEST = 3
# What Word and people write for the hyphen of an identity code.
_HYPHENS = {ord(sign): "-" for sign in "\u2010\u2011\u2012\u2013\u2212"}
LARGEST_PART = 100 * 1024 * 1024  # bytes: a larger one is no document but an attack


class CannotRedact(Exception):
    """`code`: too_short, not_a_code, in_reason (the reason repeats it) or not_found."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@service
def redact(
    *, meeting: Meeting, needle: str, kind: str, reason: str, by: Person, now: datetime
) -> Redaction:
    """Remove `needle` for good, and make the renditions of what held it anew without it.

    Files that hold it are removed whole: those that can be read (text, PDF, Office documents).
    """
    needle = needle.strip()
    if len(needle) < SHORTEST:
        raise CannotRedact("too_short")
    if needle.casefold() in reason.casefold():
        raise CannotRedact("in_reason")
    everywhere = kind == Redaction.Kind.IDENTITY_CODE
    if everywhere:
        needle = needle.upper().translate(_HYPHENS)
        if not any(found.text == needle for found in guard.identity_codes(needle)):
            raise CannotRedact("not_a_code")
    files = _remove_files(meeting, needle, everywhere=everywhere)
    _forget_expired_forms(needle)
    with connection.cursor() as cursor:
        # CALL, not SELECT: the history's actor travels with statements that change something.
        cursor.execute(
            "CALL meetings_redact(%s, %s, %s, %s, %s, %s, %s, NULL, NULL)",
            [meeting.pk, needle, PLACEHOLDERS[meeting.language], kind, reason, now, by.pk],
        )
        redaction_id, version_ids = cursor.fetchone()
    redaction = Redaction.objects.get(pk=redaction_id)
    if not redaction.places and not files:
        raise CannotRedact("not_found")
    changed = list(DocumentVersion.objects.filter(pk__in=version_ids).order_by("pk"))
    # What stands on the web was made before; whoever put it there looks at it anew.
    of_changed = {version.meeting_id for version in changed}
    withdraw_of(meetings=[meeting.pk, *of_changed], by=by, now=now)
    for version in changed:
        store_renditions(version=version, outputs=render(printable_data(version)), now=now)
    return redaction


def _remove_files(meeting: Meeting, needle: str, *, everywhere: bool) -> int:
    """Remove the stored files that hold `needle`, with what attached them; how many."""
    stored = StoredFile.objects.order_by("pk")
    if not everywhere:
        attached = Attachment.objects.filter(item__meeting=meeting, file__isnull=False)
        frozen = {  # also what a shared version keeps, though it was detached since
            sha256_of(row)
            for data in DocumentVersion.objects.of(meeting).values_list("data", flat=True)
            for item in data["items"]
            for row in item["attachments"]
        }
        stored = stored.filter(Q(pk__in=attached.values("file")) | Q(sha256__in=frozen))
    removed = 0
    for record in stored:
        with record.content.open() as content:
            if not holds(content.read(), needle):
                continue
        Attachment.objects.filter(file=record).delete()
        record.delete()
        transaction.on_commit(partial(record.content.storage.delete, str(record.content.name)))
        removed += 1
    return removed


def holds(content: bytes, needle: str) -> bool:
    """Does a file hold the text? Looks into plain text and into the parts of Office documents."""
    parts = [content]
    if content.startswith(b"%PDF-"):
        parts = [_pdf_text(content)]
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = [
                archive.read(part)
                for part in archive.infolist()
                if part.filename.endswith((".xml", ".txt")) and part.file_size <= LARGEST_PART
            ]
    wanted = needle.casefold().translate(_HYPHENS)
    return any(
        wanted
        in re.sub(r"<[^>]*>", "", part.decode(encoding, "ignore")).casefold().translate(_HYPHENS)
        for part in parts
        for encoding in ("utf-8", "utf-16", "latin-1")
    )


def _pdf_text(content: bytes) -> bytes:
    try:
        pages = PdfReader(BytesIO(content)).pages
        # A PDF breaks a word where its line ends.
        return "".join(page.extract_text() for page in pages).replace("\n", "").encode()
    except Exception:  # whatever a damaged file makes the library raise
        logger.warning("an attached PDF could not be searched")
        return b""


def _forget_expired_forms(needle: str) -> None:
    """Drop what an expired form has kept in a session, where it holds the text."""
    for session in Session.objects.all():
        kept = session.get_decoded().get(expired.SESSION_KEY)
        if kept and needle.casefold() in str(kept).casefold():
            session.delete()
