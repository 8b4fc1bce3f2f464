"""One zip file that tells what it is: the document as PDF/A, what is attached, metadata, sums.

Laid out as BagIt (RFC 8493), so that any tool checks it: `data/` holds what is archived,
`manifest-sha256.txt` the sum of each file, `tagmanifest-sha256.txt` those of the rest. Nothing in
it tells when it was made, and nothing is compressed: the same version gives the same bytes.
"""

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

from lxml import etree

from core.models import StoredFile
from directory.enums import Publicity
from meetings.document import Data, sha256_of
from meetings.enums import Audience
from meetings.fetching import stored
from meetings.models import DocumentVersion, Meeting, Rendition
from meetings.rendering import document_title
from meetings.services.publishing import as_json, printable_data

NAMESPACE = "urn:yhteispoyta:archive:1"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMAS = [Path(__file__).with_name(name) for name in ("metadata.xsd", "dcterms.xsd")]
_PDF = "application/pdf"


class FileLost(Exception):
    """An attached file is not in the storage as it was kept; `title` says which."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(frozen=True)
class _File:
    path: str
    title: str
    media_type: str
    content: bytes
    checked: bool | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def package(version: DocumentVersion) -> bytes:
    """The archive package of a version of the minutes, as a zip file; raises `FileLost`."""
    meeting = version.meeting
    data = printable_data(version)
    pdf = stored(
        meeting,
        audience=Audience.COORDINATORS,
        format=Rendition.Format.PDF,
        kind=version.kind,
        number=version.number,
    )
    assert pdf  # made with the version
    files = [_File("document.pdf", document_title(data), _PDF, pdf.content)]
    files += _attached(data)
    metadata = _metadata(meeting, version, data, files)
    payload = {f"data/{file.path}": file.content for file in files}
    payload["data/document.json"] = as_json(data)
    payload["data/metadata.json"] = as_json(metadata)
    payload["data/metadata.xml"] = _xml(metadata)
    payload |= {f"data/{schema.name}": schema.read_bytes() for schema in SCHEMAS}
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "manifest-sha256.txt": _manifest(payload),
    }
    tags["tagmanifest-sha256.txt"] = _manifest(tags)
    return _zip(tags | payload, _moment(data))


def _attached(data: Data) -> list[_File]:
    rows = [row for item in data["items"] for row in item["attachments"] if row["filename"]]
    records = {
        record.sha256: record
        for record in StoredFile.objects.filter(sha256__in=[sha256_of(row) for row in rows])
    }
    files = []
    for number, row in enumerate(rows, start=1):
        record = records.get(sha256_of(row))
        if record is None:  # removed for good, by a redaction
            continue
        content = _read(record)
        if content is None:
            raise FileLost(row["title"])
        name = re.sub(r"[^\w.-]+", "_", normalize("NFC", row["filename"]))
        checked = bool(row.get("checked"))
        path = f"attachments/{number:02}-{name}"
        files.append(_File(path, row["title"], record.content_type, content, checked))
    return files


def _read(record: StoredFile) -> bytes | None:
    """The file's bytes; none where they are not there, or not what was kept."""
    try:
        with record.content.open() as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == record.sha256 else None


def publicity_class(data: Data) -> str:
    """The document's julkisuusluokka, in SÄHKE2's words."""
    publicity = Publicity(data["record"]["publicity"])
    if publicity == Publicity.SECRET:
        return "Salassa pidettävä"
    if publicity == Publicity.MEMBERS or (
        publicity == Publicity.UNTIL_APPROVED and not data["approved_at"]
    ):
        return "Ei-julkinen"
    if any(item["visibility"] == "secret" for item in data["items"]):
        return "Osittain salassapidettävä"
    return "Julkinen"


def _metadata(
    meeting: Meeting, version: DocumentVersion, data: Data, files: list[_File]
) -> dict[str, Any]:
    reasons = [data["record"]["secrecy"]] if data["record"]["secrecy"] else []
    reasons += [item["secrecy"] for item in data["items"] if item["visibility"] == "secret"]
    return {
        "title": document_title(data),
        "type": "pöytäkirja" if data["type"] == "minutes" else "muistio",
        "language": data["language"],
        "creator": data["organisation"],
        "contributor": data["body"],
        "identifier": data["record"]["record_number"],
        "date": data["starts_at"],
        "issued": data["shared_at"],
        "dateAccepted": data["approved_at"],
        "Version": version.number,
        "MeetingNumber": data["number"],
        "Function": meeting.task_class,
        "PublicityClass": publicity_class(data),
        "SecurityReason": list(dict.fromkeys(reasons)),
        "PersonalData": "sisältää henkilötietoja",  # who was present
        "RetentionPeriod": (
            "permanent" if meeting.kept_permanently else meeting.retention_years or None
        ),
        "files": [
            {
                "path": file.path,
                "title": file.title,
                "mediaType": file.media_type,
                "bytes": len(file.content),
                "sha256": file.sha256,
                "accessibilityChecked": file.checked,
            }
            for file in files
        ],
        "removed": [
            row["title"]
            for item in data["items"]
            for row in item["attachments"]
            if row["filename"] and sha256_of(row) not in {file.sha256 for file in files}
        ],
        "links": [
            {"title": row["title"], "address": row["url"]}
            for item in data["items"]
            for row in item["attachments"]
            if not row["filename"]
        ],
    }


def _xml(metadata: dict[str, Any]) -> bytes:
    names: Any = {None: NAMESPACE, "dcterms": DCTERMS}
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap=names)

    def add(name: str, text: object, *, to: Any = root, space: str = NAMESPACE) -> None:
        if text not in (None, ""):
            etree.SubElement(to, f"{{{space}}}{name}").text = _xml_text(str(text))

    for term in ("title", "type", "language", "creator", "contributor", "identifier"):
        add(term, metadata[term], space=DCTERMS)
    for term in ("date", "issued", "dateAccepted"):
        add(term, metadata[term], space=DCTERMS)
    for name in ("Version", "MeetingNumber", "Function"):
        add(name, metadata[name])
    restriction = etree.SubElement(root, f"{{{NAMESPACE}}}Restriction")
    add("PublicityClass", metadata["PublicityClass"], to=restriction)
    for reason in metadata["SecurityReason"]:
        add("SecurityReason", reason, to=restriction)
    add("PersonalData", metadata["PersonalData"], to=restriction)
    if period := metadata["RetentionPeriod"]:
        attribute = {"permanent": "true"} if period == "permanent" else {"years": str(period)}
        etree.SubElement(root, f"{{{NAMESPACE}}}RetentionPeriod", attribute)
    for kind, rows in (("File", metadata["files"]), ("Link", metadata["links"])):
        for row in rows:
            attributes = {
                key: _xml_text(json.dumps(value) if isinstance(value, bool) else str(value))
                for key, value in row.items()
                if key != "title" and value is not None
            }
            element = etree.SubElement(root, f"{{{NAMESPACE}}}{kind}", attributes)
            add("title", row["title"], to=element, space=DCTERMS)
    for title in metadata["removed"]:
        add("title", title, to=etree.SubElement(root, f"{{{NAMESPACE}}}Removed"), space=DCTERMS)
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return made


def _xml_text(text: str) -> str:
    """The text without the signs that XML cannot hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def _manifest(files: dict[str, bytes]) -> bytes:
    lines = (f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return "".join(lines).encode()


def _moment(data: Data) -> datetime:
    moment = data["approved_at"] or data["shared_at"]
    return datetime.fromisoformat(moment).astimezone(UTC)


def _zip(files: dict[str, bytes], moment: datetime) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # whatever the machine
            archive.writestr(entry, files[path])
    return made.getvalue()
