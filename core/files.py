"""Files on disk or in object storage, named by what is in them."""

import hashlib
import re
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from core import contents
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
LONGEST_NAME = 200

_KINDS = ", ".join(ending.removeprefix(".") for ending in CONTENT_TYPES)
_WORDS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 25 MB. Attach a smaller one, or a link to it."),
    "kind": _("Files of this kind can't be attached. Use one of: %(kinds)s."),
    "other": _(
        "The file is not what its name says (%(ending)s), or it is damaged. Open it in the program "
        "it was made with, save it again and attach that."
    ),
    "locked": _(
        "The file is protected by a password or against changes. Save a copy without the "
        "protection and attach that."
    ),
    "program": _(
        "The file has macros or scripts in it. Save it without them (in Word as .docx, in Excel as "
        ".xlsx) or as PDF, and attach that."
    ),
    "unpacks": _("The file is far larger inside than it looks. Attach a smaller one."),
}


class UnsuitableFile(ValidationError):
    """The file can't be kept; says why in words. `code` is a key of `_WORDS`."""

    def __init__(self, code: str, *, ending: str = "") -> None:
        params = {"kinds": _KINDS, "ending": ending.removeprefix(".")}
        super().__init__(_WORDS[code], code=code, params=params)


def ending(name: str) -> str:
    """The lower-case ending of a file's name, with its dot."""
    return PurePosixPath(name).suffix.lower()


def safe_name(name: str) -> str:
    """A file's name as it is kept: no folders, no signs that hide what it ends in."""
    shown = "".join(
        sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp")
    )
    return re.sub(r"[/\\]", "_", shown).strip()[-LONGEST_NAME:]


def store(upload: File, *, now: datetime) -> StoredFile:
    """Keep the upload's bytes once and return the record; raises `UnsuitableFile`.

    What the file is, is read from its content; its name's ending must say the same.
    """
    end = ending(upload.name or "")
    if end not in CONTENT_TYPES:
        raise UnsuitableFile("kind")
    if not upload.size:
        raise UnsuitableFile("empty")
    if upload.size > MAX_BYTES:
        raise UnsuitableFile("too_large")
    content = upload.read()
    try:
        contents.check(content, CONTENT_TYPES[end])
    except contents.Unsuitable as error:
        raise UnsuitableFile(error.code, ending=end) from error
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}"
    record, _is_new = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": len(content),
            "content_type": CONTENT_TYPES[end],
            "content": name,
            "created_at": now,
        },
    )
    if not record.content.storage.exists(name):
        record.content.storage.save(name, ContentFile(content))
    return record
