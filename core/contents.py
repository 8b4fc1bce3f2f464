"""What a file is, by its content: each kind is opened by the library that reads it.

A name or the browser's word for the type proves nothing, and the first bytes not much; so a PDF
must open as a PDF, a picture as a picture, a document's parts must be those of its kind. Nothing
is said about viruses. What holds macros or is locked is refused: the one runs, the other can be
neither searched when something must be removed nor read by a screen reader.
"""

import re
import zipfile
from io import BytesIO

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

# Bytes; what is packed may be larger than the file, but a document is not this large.
MOST_UNPACKED = 500 * 1024 * 1024
_MOST_READ = 5 * 1024 * 1024  # of a part that says what the file is
# An Office document with a password is a container of Microsoft's older form.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1  # a bit of a zip entry's flags (APPNOTE.TXT 4.4.4)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# What [Content_Types].xml calls the main part (ECMA-376, part 1, annex A).
_OFFICE = {
    "wordprocessingml.document": "wordprocessingml.document.main+xml",
    "spreadsheetml.sheet": "spreadsheetml.sheet.main+xml",
    "presentationml.presentation": "presentationml.presentation.main+xml",
}


class Unsuitable(Exception):
    """`code`: other (not of the kind, or damaged), locked, program (macros, scripts), unpacks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(content: bytes, content_type: str) -> None:
    """Raise `Unsuitable` unless the bytes are what `content_type` says, open and without macros."""
    if content_type == "application/pdf":
        _check_pdf(content)
    elif content_type.startswith("image/"):
        _check_image(content, content_type.removeprefix("image/").upper())
    elif content_type.startswith("text/"):
        _check_text(content)
    else:
        _check_document(content, content_type)


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise Unsuitable("other")
    try:
        reader = PdfReader(BytesIO(content))
        locked = reader.is_encrypted
        runs = not locked and _runs(reader.root_object)
        pages = 0 if locked else len(reader.pages)
    except Exception as error:  # whatever a damaged file makes the library raise
        raise Unsuitable("other") from error
    if locked:
        raise Unsuitable("locked")
    if runs:
        raise Unsuitable("program")
    if not pages:
        raise Unsuitable("other")


def _runs(catalog: DictionaryObject) -> bool:
    """Does the document run something when it is opened (ISO 32000-1, 12.6.4)?"""
    names = catalog.get("/Names", DictionaryObject()).get_object()
    action = catalog.get("/OpenAction")
    action = action.get_object() if action else None
    kind = action.get("/S") if isinstance(action, DictionaryObject) else None
    return "/JavaScript" in names or kind in ("/JavaScript", "/Launch")


def _check_image(content: bytes, kind: str) -> None:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            if kind == "JPEG":
                image.draft("L", (64, 64))  # decoded small: enough to see that it is whole
                image.load()
            else:
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unsuitable("unpacks") from error
    except Exception as error:  # whatever a damaged file makes the library raise
        raise Unsuitable("other") from error


def _check_text(content: bytes) -> None:
    encodings = ["utf-8-sig", "windows-1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if not _CONTROLS.search(text) and not text.startswith("%PDF-"):
            return
        break
    raise Unsuitable("other")


def _check_document(content: bytes, content_type: str) -> None:
    if content.startswith(_OLE):
        raise Unsuitable("locked" if "EncryptedPackage".encode("utf-16-le") in content else "other")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise Unsuitable("locked")
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unsuitable("unpacks")
            if "opendocument" in content_type:
                _check_open_document(archive, content_type)
            else:
                _check_office(archive, content_type)
    except Unsuitable:
        raise
    except Exception as error:  # whatever a damaged file makes the library raise
        raise Unsuitable("other") from error


def _part(archive: zipfile.ZipFile, name: str) -> str:
    part = archive.getinfo(name)
    if part.file_size > _MOST_READ:
        raise Unsuitable("unpacks")
    return archive.read(part).decode("utf-8", "replace")


def _check_office(archive: zipfile.ZipFile, content_type: str) -> None:
    types = _part(archive, "[Content_Types].xml")
    if "macroEnabled" in types or any(
        name.endswith("vbaProject.bin") or "/activeX/" in name for name in archive.namelist()
    ):
        raise Unsuitable("program")
    if _OFFICE[content_type.rsplit("officedocument.", 1)[1]] not in types:
        raise Unsuitable("other")


def _check_open_document(archive: zipfile.ZipFile, content_type: str) -> None:
    if _part(archive, "mimetype").strip() != content_type:
        raise Unsuitable("other")
    if "encryption-data" in _part(archive, "META-INF/manifest.xml"):
        raise Unsuitable("locked")
    for name in archive.namelist():
        # A document without macros may have an empty library, which is these two lists.
        library = name.startswith("Basic/") and not name.endswith(("/", "-lc.xml", "-lb.xml"))
        if library or (name.startswith("Scripts/") and not name.endswith("/")):
            raise Unsuitable("program")
