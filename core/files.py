"""Files on disk or in object storage, named by what is in them."""

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import ContentFile, File

from core.models import StoredFile

MAX_BYTES = 25 * 1024 * 1024
# What may be attached, by its name's ending: documents people read, nothing a browser would run.
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def ending(name: str) -> str:
    """The lower-case ending of a file's name, with its dot."""
    return PurePosixPath(name).suffix.lower()


def store(upload: File, *, now: datetime) -> StoredFile:
    """Keep the upload's bytes once and return the record; the caller has checked name and size."""
    content = upload.read()
    digest = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(sha256=digest).first()
    if known:
        return known
    record = StoredFile(
        sha256=digest,
        size=len(content),
        content_type=CONTENT_TYPES.get(ending(upload.name or ""), "application/octet-stream"),
        created_at=now,
    )
    record.content.save(f"{digest[:2]}/{digest}", ContentFile(content), save=False)
    record.save()
    return record
