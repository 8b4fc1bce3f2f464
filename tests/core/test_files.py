"""What may be kept is told by its content; a file is downloaded and never shown."""

import struct
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from core import downloads, files
from core.models import StoredFile
from tests import samples
from tests.factories import PersonFactory

NOW = datetime(2026, 11, 10, tzinfo=UTC)
XL = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = "ms-word.document.macroEnabled.main+xml"


@pytest.fixture(autouse=True)
def _stored(settings: Any, tmp_path: Path, db: None) -> None:
    on_disk = settings.FILES_ON_DISK
    options = {**on_disk["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**on_disk, "OPTIONS": options}}


def bomb() -> bytes:
    """A document that says it is a gigabyte unpacked."""
    content = bytearray(samples.office(large="x" * 1000))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.getinfo("large").file_size == 1000
    place = content.rindex(b"PK\x01\x02")  # the last part's entry in the directory at the end
    content[place + 24 : place + 28] = struct.pack("<I", 2**30)
    return bytes(content)


LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")

GOOD = {
    "a.pdf": samples.pdf(),
    "A.DOCX": samples.office(),
    "a.xlsx": samples.office(XL),
    "a.pptx": samples.office("openxmlformats-officedocument.presentationml.presentation.main+xml"),
    "a.odt": samples.open_document(**{"Basic/script-lc.xml": "", "Basic/": ""}),
    "a.ods": samples.open_document("spreadsheet"),
    "a.odp": samples.open_document("presentation"),
    "utf-8.txt": "Ä – rivi\r\n".encode(),
    "windows.txt": "Ä – rivi".encode("windows-1252"),
    "utf-16.csv": "nimi;Ä\n".encode("utf-16"),
    "a.png": samples.picture("PNG"),
    "a.jpg": samples.picture("JPEG"),
    "a.jpeg": samples.picture("JPEG"),
}
BAD = [
    ("a.exe", b"x", "kind"),
    ("a.svg", b"<svg/>", "kind"),
    ("docx", samples.office(), "kind"),
    ("a.pdf", b"", "empty"),
    ("a.pdf", b"<html><script>alert(1)</script>", "other"),
    ("a.pdf", b"%PDF-1.7 damaged", "other"),
    ("a.pdf", samples.picture("PNG"), "other"),
    ("a.pdf", samples.pdf(password="x"), "locked"),
    ("a.pdf", samples.pdf(script="app.alert('x')"), "program"),
    ("a.docx", samples.pdf(), "other"),
    ("a.docx", samples.office(XL), "other"),
    ("a.docx", samples.packed({"a.txt": "x"}), "other"),
    ("a.docx", samples.office()[:60], "other"),
    ("a.docx", samples.office(MACRO), "program"),
    ("a.docx", samples.office(**{"word/vbaProject.bin": "x"}), "program"),
    ("a.docx", LOCKED_OFFICE, "locked"),
    ("a.docx", OLD_OFFICE, "other"),
    ("a.docx", bomb(), "unpacks"),
    ("a.odt", samples.open_document("spreadsheet"), "other"),
    ("a.odt", samples.open_document(manifest="<m:encryption-data/>"), "locked"),
    ("a.odt", samples.open_document(**{"Basic/Standard/Module1.xml": "<m/>"}), "program"),
    ("a.txt", b"MZ\x90\x00\x03\x00", "other"),
    ("a.csv", samples.pdf(), "other"),
    ("a.png", samples.picture("JPEG"), "other"),
    ("a.png", samples.picture("PNG")[:-20], "other"),
    ("a.jpg", samples.picture("PNG"), "other"),
    ("a.jpg", samples.picture("JPEG")[:100], "other"),
]


@pytest.mark.parametrize("name", GOOD)
def test_what_people_write_and_read_is_kept(name: str) -> None:
    record = files.store(ContentFile(GOOD[name], name=name), now=NOW)
    kept = Path(record.content.path)
    assert [path.stat().st_mode & 0o777 for path in (kept, kept.parent)] == [0o600, 0o700]
    assert record.content_type == files.CONTENT_TYPES[files.ending(name)]
    with record.content.open() as content:
        assert content.read() == GOOD[name]


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(files.UnsuitableFile) as refused:
        files.store(ContentFile(content, name=name), now=NOW)
    assert refused.value.code == code
    assert not StoredFile.objects.exists()


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    upload = ContentFile(b"", name="a.txt")
    upload.size = files.MAX_BYTES + 1
    with pytest.raises(files.UnsuitableFile) as refused:
        files.store(upload, now=NOW)
    assert refused.value.code == "too_large"


def test_the_same_bytes_are_one_file_and_a_lost_one_is_put_back() -> None:
    first = files.store(ContentFile(b"sama", name="a.txt"), now=NOW)
    first.content.storage.delete(str(first.content.name))
    assert files.store(ContentFile(b"sama", name="b.txt"), now=NOW) == first
    with first.content.open() as content:
        assert content.read() == b"sama"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Liite 1 – pöytäkirja.txt", "Liite 1 – pöytäkirja.txt"),
        ("../../etc/a.txt", ".._.._etc_a.txt"),
        ("muistio\u202efdp.txt", "muistiofdp.txt"),
        ("a\r\nX: 1.txt", "aX: 1.txt"),
    ],
)
def test_a_name_hides_nothing(name: str, kept: str) -> None:
    assert files.safe_name(name) == kept


def test_a_download_is_never_a_page_and_its_room_says_whose_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = files.store(ContentFile(b"<script>alert(1)</script>", name="a.txt"), now=NOW)
    monkeypatch.setattr(downloads, "_places", {})
    downloads.register("room", lambda _request, key, _sha256, name: (key, name) == (7, 'Ä "1".txt'))
    downloads.register("open", lambda *_asked: True, is_public=True)
    link = downloads.address("room", 7, record.sha256, 'Ä "1".txt')
    client = Client()
    assert client.get(link)["Location"].startswith("/account/login/?next=/files/room/7/")
    client.force_login(PersonFactory())
    answer = client.get(link)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    expected = {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename*=utf-8''%C3%84%20%221%22.txt",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert {name: answer[name] for name in expected} == expected
    assert client.post(link).status_code == 405
    for other in (
        downloads.address("room", 8, record.sha256, 'Ä "1".txt'),
        downloads.address("nowhere", 7, record.sha256, 'Ä "1".txt'),
        downloads.address("open", 7, "0" * 64, "a.txt"),
    ):
        assert client.get(other).status_code == 404
    public = Client().get(downloads.address("open", 1, record.sha256, "a.txt"))
    assert b"".join(public.streaming_content) == b"<script>alert(1)</script>"
    record.content.storage.delete(str(record.content.name))
    assert client.get(link).status_code == 404
