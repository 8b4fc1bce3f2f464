"""The archive package: what is in it, always the same, and what minutes lack for it."""

import hashlib
import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from lxml import etree

from meetings import archiving
from meetings.archiving.package import DCTERMS, NAMESPACE, SCHEMAS
from meetings.archiving.readiness import Lack, Missing
from meetings.models import Attachment, DocumentVersion, Meeting
from meetings.services import agenda, filing, publishing
from meetings.services.planning import create_meeting
from meetings.services.redaction import redact
from tests import samples
from tests.cast import NOW, Cast, do_share, write
from tests.core.test_pdf import failures
from tests.factories import AgendaItemFactory
from tests.meetings.pages import browser, text, url

SECTION = "JulkL 24 § 1 mom. 25 kohta"


@pytest.fixture(autouse=True)
def _stored(settings: Any, tmp_path: Any) -> None:
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}


@pytest.fixture
def ready(cast: Cast) -> Cast:
    """Approved minutes with a secret item, two files of one name, and all that is noted."""
    write(cast, '<p data-line="aaaaaaaaaaaaaaa">Sovittiin & päätettiin.</p>')
    secret = AgendaItemFactory(
        meeting=cast.meeting, title="Salainen", visibility="secret", secrecy=SECTION
    )
    for item, note in ((cast.item, "one"), (secret, "two")):
        upload = ContentFile(samples.pdf(note=note), name="liite 1 – ä.pdf")
        row = agenda.attach_file(item=item, title="L", upload=upload, by=cast.secretary, now=NOW)
        filing.check_attachment(attachment=row, checked=True, by=cast.secretary, now=NOW)
    filing.set_record(
        meeting=cast.meeting,
        by=cast.secretary,
        now=NOW,
        record_number="LUVN/123/2024",
        task_class="00.01.02 Yhteistyö",
        retention_years=10,
    )
    cast.meeting.refresh_from_db()
    publishing.approve(version=do_share(cast), by=cast.secretary, now=NOW)
    return cast


def newest(cast: Cast) -> DocumentVersion:
    versions = DocumentVersion.objects.select_related("meeting__group")
    return versions.filter(meeting=cast.meeting, kind="minutes").order_by("-number")[0]


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_tells_what_it_is_and_every_sum_fits(ready: Cast) -> None:
    response = browser(ready.secretary).get(url("archive_package", ready.meeting))
    assert response["Content-Type"] == "application/zip"
    files = opened(response.content)
    assert sorted(files) == [
        "bagit.txt",
        "data/attachments/01-liite_1_ä.pdf",
        "data/attachments/02-liite_1_ä.pdf",
        "data/dcterms.xsd",
        "data/document.json",
        "data/document.pdf",
        "data/metadata.json",
        "data/metadata.xml",
        "data/metadata.xsd",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
    ]
    for manifest, named in (
        ("manifest-sha256.txt", {name for name in files if name.startswith("data/")}),
        ("tagmanifest-sha256.txt", {"bagit.txt", "manifest-sha256.txt"}),
    ):
        lines = files[manifest].decode().splitlines()
        sums = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
        assert sums == {name: hashlib.sha256(files[name]).hexdigest() for name in named}
    assert failures(files["data/document.pdf"]) == []
    assert "Salainen" in files["data/document.json"].decode()
    assert archiving.package(newest(ready)) == response.content


def test_its_metadata_is_valid_and_says_the_same_twice(ready: Cast, tmp_path: Any) -> None:
    files = opened(archiving.package(newest(ready)))
    for schema in SCHEMAS:  # from the package itself
        (tmp_path / schema.name).write_bytes(files[f"data/{schema.name}"])
    schema = etree.XMLSchema(etree.parse(tmp_path / "metadata.xsd"))
    root = etree.fromstring(files["data/metadata.xml"])
    schema.assertValid(root.getroottree())
    found = {etree.QName(element).localname: element.text for element in root.iter()}
    assert {key: found[key] for key in ("identifier", "Function", "PublicityClass")} == {
        "identifier": "LUVN/123/2024",
        "Function": "00.01.02 Yhteistyö",
        "PublicityClass": "Osittain salassapidettävä",
    }
    assert found["SecurityReason"] == SECTION
    assert root.find(f"{{{NAMESPACE}}}RetentionPeriod").attrib == {"years": "10"}
    data = json.loads(files["data/metadata.json"])
    assert data["title"] == root.find(f"{{{DCTERMS}}}title").text
    assert [file["sha256"] for file in data["files"]] == root.xpath("//*/@sha256")
    root.remove(root.find(f"{{{NAMESPACE}}}Version"))
    assert not schema.validate(root)


@pytest.mark.parametrize(
    ("publicity", "approved", "expected"),
    [
        ("public", False, "Julkinen"),
        ("until_approved", False, "Ei-julkinen"),
        ("until_approved", True, "Julkinen"),
        ("members", True, "Ei-julkinen"),
        ("secret", True, "Salassa pidettävä"),
    ],
)
def test_the_publicity_class_in_the_archives_words(
    cast: Cast, publicity: str, approved: bool, expected: str
) -> None:
    Meeting.objects.filter(pk=cast.meeting.pk).update(publicity=publicity, secrecy=SECTION)
    version = do_share(cast)
    if approved:
        publishing.approve(version=version, by=cast.secretary, now=NOW)
    files = opened(archiving.package(newest(cast)))
    assert json.loads(files["data/metadata.json"])["PublicityClass"] == expected
    schema = etree.XMLSchema(etree.parse(SCHEMAS[0]))
    schema.assertValid(etree.fromstring(files["data/metadata.xml"]).getroottree())


def test_a_file_that_is_lost_is_said_and_no_package_is_made(ready: Cast) -> None:
    row = Attachment.objects.select_related("file").order_by("pk")[0]
    assert row.file
    row.file.content.storage.delete(str(row.file.content.name))
    client = browser(ready.secretary)
    page = text(client.get(url("archive_package", ready.meeting), follow=True))
    assert "The attachment “L” is not in the storage as it was." in page


def test_a_file_that_a_redaction_removed_is_named_as_removed(cast: Cast) -> None:
    upload = ContentFile("Nimi Nimetön".encode(), name="a.txt")
    agenda.attach_file(item=cast.item, title="Kirje", upload=upload, by=cast.secretary, now=NOW)
    do_share(cast)
    meeting = Meeting.objects.get(pk=cast.meeting.pk)
    publishing.open_correction(meeting=meeting, by=cast.secretary)
    agenda.detach(attachment=Attachment.objects.get(), by=cast.secretary)
    redact(
        meeting=meeting,
        needle="Nimi Nimetön",
        kind="name",
        reason="x",
        by=cast.secretary,
        now=NOW,
    )
    files = opened(archiving.package(newest(cast)))
    assert not any("attachments" in name for name in files)
    assert json.loads(files["data/metadata.json"])["removed"] == ["Kirje"]
    schema = etree.XMLSchema(etree.parse(SCHEMAS[0]))
    schema.assertValid(etree.fromstring(files["data/metadata.xml"]).getroottree())


def test_what_is_ready_says_so(ready: Cast) -> None:
    page = text(browser(ready.secretary).get(url("archive", ready.meeting)))
    assert "<h1>Ready for the archive</h1>" in page
    assert "What is missing" not in page


def missing_of(cast: Cast) -> list[Missing]:
    meeting = Meeting.objects.get(pk=cast.meeting.pk)
    version = newest(cast) if DocumentVersion.objects.exists() else None
    return archiving.missing(meeting, version)


def lacks(cast: Cast) -> list[Lack]:
    return [one.lack for one in missing_of(cast)]


def test_what_is_missing_is_listed(cast: Cast, django_assert_num_queries: Any) -> None:
    assert lacks(cast) == [Lack.NOT_SHARED]
    client = browser(cast.secretary)
    assert client.get(url("archive_package", cast.meeting)).status_code == 302
    write(
        cast,
        '<p data-line="aaaaaaaaaaaaaaa">Tunnus 131052-308T.</p>'
        '<p data-line="bbbbbbbbbbbbbbb">Erään oppilaan asia.</p>',
    )
    upload = ContentFile(b"teksti", name="a.txt")
    agenda.attach_file(item=cast.item, title="Kirje", upload=upload, by=cast.secretary, now=NOW)
    agenda.attach_link(item=cast.item, title="Linkki", url="https://example.org", by=cast.secretary)
    do_share(cast, confirmed_codes=True)
    assert lacks(cast) == [
        Lack.NOT_APPROVED,
        Lack.NO_RECORD_NUMBER,
        Lack.NO_TASK_CLASS,
        Lack.NO_RETENTION,
        Lack.UNCHECKED,
        Lack.LINK,
        Lack.IDENTITY_CODE,
        Lack.PUPIL,
    ]
    with django_assert_num_queries(8):
        page = text(client.get(url("archive", cast.meeting)))
    for words in ("Not ready for the archive yet", "There is no task class.", "Kirje"):
        assert words in page
    row = Attachment.objects.get(title="Kirje")
    done = client.post(
        url("check_attachment", cast.meeting, row.pk), {"next": "archive"}, follow=True
    )
    assert "accessibility checked" in text(done)
    assert Lack.UNCHECKED not in lacks(cast)
    worth_a_look = [one.lack for one in missing_of(cast) if not one.is_needed]
    assert worth_a_look == [Lack.LINK, Lack.PUPIL]
    publishing.open_correction(meeting=cast.meeting, by=cast.secretary)
    assert lacks(cast)[0] == Lack.CORRECTING


def test_the_approved_version_is_archived_while_a_newer_one_is_not_approved(ready: Cast) -> None:
    meeting = Meeting.objects.select_related("group__host").get(pk=ready.meeting.pk)
    publishing.open_correction(meeting=meeting, by=ready.secretary)
    do_share(ready, change_note="korjattu")
    content = browser(ready.secretary).get(url("archive_package", ready.meeting)).content
    assert json.loads(opened(content)["data/metadata.json"])["Version"] == 1


# -- What is noted ---------------------------------------------------------------------------------

FIELDS = {
    "publicity": "public",
    "secrecy": "",
    "record_number": "A/1",
    "task_class": "",
    "retention_years": "",
    "kept_permanently": "on",
}


def test_what_is_noted_is_said_on_what_is_shared_already(cast: Cast) -> None:
    Meeting.objects.filter(pk=cast.meeting.pk).update(language="en")
    version = do_share(cast)
    client = browser(cast.secretary)
    before = text(client.get(url("detail", cast.meeting)))
    assert "<dd>Internal until approved</dd>" in before
    assert client.post(url("records", cast.meeting), FIELDS).status_code == 302
    after = text(client.get(url("detail", cast.meeting)))
    assert "<dd>Public</dd>" in after
    assert "<dd>A/1</dd>" in after
    assert DocumentVersion.objects.get(pk=version.pk).data == version.data
    client.post(url("records", cast.meeting), FIELDS | {"publicity": "secret", "secrecy": SECTION})
    assert f"<dd>Secret: {SECTION}</dd>" in text(client.get(url("detail", cast.meeting)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"publicity": "secret"}, "A secret document names the section of law."),
        ({"retention_years": "5"}, "Give the years, or say that it is kept permanently."),
        ({"retention_years": "0", "kept_permanently": ""}, "Give a number of years from 1 to 200."),
        ({"retention_years": "99999"}, "Give a number of years from 1 to 200."),
        ({"retention_years": "x"}, "Enter a whole number."),
        ({"publicity": "x"}, "Select a valid choice."),
    ],
)
def test_what_can_not_be_noted_is_said_and_kept(
    cast: Cast, changed: dict[str, str], said: str
) -> None:
    refused = browser(cast.secretary).post(url("records", cast.meeting), FIELDS | changed)
    assert refused.status_code == 400
    assert said in text(refused)
    assert 'value="A/1"' in text(refused)


def test_a_meeting_begins_with_what_its_group_says(cast: Cast) -> None:
    group = cast.group
    group.publicity, group.task_class, group.retention_years = "members", "00.01", 10
    group.save()
    meeting = create_meeting(group=group, title="K", starts_at=NOW, by=cast.secretary, now=NOW)
    assert (meeting.publicity, meeting.task_class, meeting.retention_years) == (
        "members",
        "00.01",
        10,
    )


def test_a_redaction_does_not_touch_the_class(cast: Cast) -> None:
    write(cast, '<p data-line="aaaaaaaaaaaaaaa">This is public.</p>')
    filing.set_record(meeting=cast.meeting, by=cast.secretary, now=NOW, publicity="public")
    do_share(cast)
    redact(
        meeting=cast.meeting, needle="public", kind="name", reason="x", by=cast.secretary, now=NOW
    )
    cast.meeting.refresh_from_db()
    assert cast.meeting.publicity == "public"
    assert newest(cast).data["record"]["publicity"] == "public"
    assert "This is public" not in newest(cast).data["items"][0]["html"]
