"""Verbs on agenda items, as a page and as the script's parts; attachments."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import downloads, files
from meetings.models import AgendaItem, Attachment, DocumentVersion
from meetings.services import agenda
from tests import samples
from tests.cast import NOW, Cast
from tests.factories import AgendaItemFactory
from tests.meetings.pages import JSON, browser, sent, shared, text, url


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


def titles(cast: Cast) -> list[str]:
    rows = AgendaItem.objects.current().filter(meeting=cast.meeting)
    return list(rows.order_by("position").values_list("title", flat=True))


def particulars(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Verkosto",
        "presenter": "T. H.",
        "minutes": "20",
        "kind": "decision",
        "language": "sv",
        "visibility": "all",
        "secrecy": "",
    } | changed


def test_an_item_is_added(cast: Cast, client: Client) -> None:
    answer = client.post(url("add_item", cast.meeting), {"title": "Verkosto"}, **JSON).json()
    item = AgendaItem.objects.get(title="Verkosto")
    assert sorted(answer) == ["notice", "rail", "section"]
    assert answer["section"]["item"] == item.pk
    assert f'id="item-{item.pk}"' in answer["section"]["html"]
    assert 'data-placeholder="Write here"' in answer["section"]["html"]
    page = client.post(url("add_item", cast.meeting), {"title": "Muut asiat"})
    last = AgendaItem.objects.latest("pk")
    assert page["Location"] == url("workspace", cast.meeting) + f"#item-{last.pk}"
    assert titles(cast) == ["Ajankohtaiset asiat", "Verkosto", "Muut asiat"]


def test_a_wrong_heading_is_said_beside_it_and_kept(cast: Cast, client: Client) -> None:
    long = "x" * 301
    said = "Ensure this value has at most 300 characters (it has 301)."
    for name, more in (("add_item", []), ("rename_item", [cast.item.pk])):
        there = url(name, cast.meeting, *more)
        answer = client.post(there, {"title": long}, **JSON)
        assert (answer.status_code, answer.json()) == (400, {"error": said})
        page = client.post(there, {"title": long})
        assert page.status_code == 400
        assert f'value="{long}"' in text(page)
        assert said in text(page)
    assert titles(cast) == ["Ajankohtaiset asiat"]


def test_an_item_is_renamed_in_its_place(cast: Cast, client: Client) -> None:
    there = url("rename_item", cast.meeting, cast.item.pk)
    answer = client.post(there, {"title": "Nyt ajankohtaista"}, **JSON).json()
    assert answer["head"]["item"] == cast.item.pk
    assert "Nyt ajankohtaista" in answer["head"]["html"]
    assert "item-body" not in answer["head"]["html"]
    client.post(there, {"title": "Ajankohtaista"})
    assert titles(cast) == ["Ajankohtaista"]


def test_particulars_are_changed(cast: Cast, client: Client) -> None:
    there = url("edit_item", cast.meeting, cast.item.pk)
    answer = client.post(there, particulars(), **JSON).json()
    assert answer["close"] is True
    assert "<span>20 min</span><span>T. H.</span><span>decision</span>" in answer["head"]["html"]
    assert client.post(there, particulars(minutes=""))["Location"].endswith(f"#item-{cast.item.pk}")
    cast.item.refresh_from_db()
    assert (cast.item.language, cast.item.minutes, cast.item.kind) == ("sv", None, "decision")


def test_a_secret_item_names_the_law(cast: Cast, client: Client) -> None:
    there = url("edit_item", cast.meeting, cast.item.pk)
    page = client.post(there, particulars(visibility="secret"))
    assert page.status_code == 400
    assert text(page).count("A secret item names the section of law.") == 1
    assert 'value="T. H."' in text(page)
    panel = client.post(there, particulars(visibility="secret"), **JSON).json()["dialog"]
    assert "A secret item names the section of law." in panel
    client.post(there, particulars(visibility="secret", secrecy="621/1999 24 §"))
    assert AgendaItem.objects.get(pk=cast.item.pk).visibility == "secret"


def test_items_move_by_steps(cast: Cast, client: Client) -> None:
    second = AgendaItemFactory(meeting=cast.meeting, title="B")
    there = url("move_item", cast.meeting, second.pk)
    answer = client.post(there, {"direction": "up"}, **JSON).json()
    assert sorted(answer) == ["notice", "rail"]
    assert titles(cast) == ["B", "Ajankohtaiset asiat"]
    client.post(there, {"direction": "down"})
    client.post(there, {"direction": "in"})
    client.post(there, {"direction": "sideways"})
    second.refresh_from_db()
    assert second.parent_id == cast.item.pk
    inside = client.post(
        there, {"direction": "out"}, headers=JSON["headers"] | {"x-from": "dialog"}
    ).json()
    assert sorted(inside) == ["dialog", "head", "notice", "rail"]
    second.refresh_from_db()
    assert second.parent_id is None


def test_a_removed_item_can_be_brought_back(cast: Cast, client: Client) -> None:
    answer = client.post(url("delete_item", cast.meeting, cast.item.pk), **JSON).json()
    assert answer["close"] is True
    assert "was taken off the agenda" in answer["notice"]
    assert client.get(url("edit_item", cast.meeting, cast.item.pk)).status_code == 404
    back = client.post(url("restore_item", cast.meeting, cast.item.pk), **JSON).json()
    assert back["section"]["item"] == cast.item.pk
    assert titles(cast) == ["Ajankohtaiset asiat"]


def test_nothing_changes_once_shared(cast: Cast, client: Client) -> None:
    shared(cast)
    for name, more in (("add_item", []), ("rename_item", [cast.item.pk])):
        page = client.post(url(name, cast.meeting, *more), {"title": "X"}, follow=True)
        assert "Open a correction to change them." in text(page)
    assert client.get(url("edit_item", cast.meeting, cast.item.pk)).status_code == 302
    assert titles(cast) == ["Ajankohtaiset asiat"]


# -- Attachments ----------------------------------------------------------------------------------


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> None:
    """Keep attached files in a folder of the test's own."""
    local = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": local}


def status(client: Client, link: str) -> int:
    """The answer to a download, read to its end, so that its file is closed."""
    response = client.get(link)
    b"".join(response)
    return response.status_code


def attach(client: Client, cast: Cast, **fields: Any) -> Any:
    data = {f"attach-{name}": value for name, value in fields.items()}
    return client.post(url("attach", cast.meeting, cast.item.pk), data)


def test_a_link_is_attached_and_taken_off(cast: Cast, client: Client) -> None:
    attach(client, cast, url="https://example.org/a", title="Kriteerit")
    link = Attachment.objects.get()
    page = text(client.get(url("workspace", cast.meeting)))
    assert re.search(r'<a href="https://example.org/a"[^>]*>Kriteerit</a>', page)
    done = client.post(url("detach", cast.meeting, link.pk), follow=True)
    assert "The attachment has been taken off." in text(done)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Give a file or an address, one of the two."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        (
            {"url": "https://example.org", "file": SimpleUploadedFile("a.pdf", samples.pdf())},
            "Give a file or an address, one of the two.",
        ),
        ({"file": SimpleUploadedFile("a.exe", b"x")}, "Files of this kind can&#x27;t be attached."),
        ({"file": SimpleUploadedFile("a.svg", b"x")}, "Files of this kind can&#x27;t be attached."),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "The file is empty."),
        (
            {"file": SimpleUploadedFile("a.pdf", b"x" * (files.MAX_BYTES + 1))},
            "The file is larger than 25 MB.",
        ),
        (
            {"file": SimpleUploadedFile("a.docx", samples.pdf())},
            "The file is not what its name says (docx), or it is damaged.",
        ),
    ],
    ids=["nothing", "script", "both", "program", "svg", "empty", "large", "mislabelled"],
)
def test_what_can_not_be_attached_is_said(
    cast: Cast, client: Client, fields: dict[str, Any], said: str
) -> None:
    page = attach(client, cast, title="Nimi", **fields)
    assert page.status_code == 400
    assert said in text(page)
    assert 'value="Nimi"' in text(page)
    assert not Attachment.objects.exists()


def test_a_file_comes_back_as_it_was_as_a_download(
    cast: Cast, client: Client, stored: None
) -> None:
    content = samples.pdf(note="<script>alert(1)</script>")
    attach(client, cast, file=SimpleUploadedFile('Äänestys "1".pdf', content))
    row = Attachment.objects.select_related("file").get()
    assert row.file is not None
    link = downloads.address("meeting", cast.meeting.pk, row.file.sha256, row.filename)
    panel = client.get(url("edit_item", cast.meeting, cast.item.pk)).content.decode()
    assert f'href="{link}"' in panel
    response = client.get(link)
    assert b"".join(response.streaming_content) == content
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]


def test_a_file_is_read_by_those_who_may_read_its_item(
    cast: Cast, client: Client, stored: None
) -> None:
    secret = AgendaItemFactory(
        meeting=cast.meeting, visibility="secret", secrecy="621/1999 24 §", title="S"
    )
    attach(client, cast, file=SimpleUploadedFile("open.pdf", samples.pdf(note="open")))
    data = {"attach-file": SimpleUploadedFile("hidden.pdf", samples.pdf(note="hidden"))}
    client.post(url("attach", cast.meeting, secret.pk), data)
    links = {
        row.filename: downloads.address("meeting", cast.meeting.pk, row.file.sha256, row.filename)
        for row in Attachment.objects.select_related("file")
        if row.file
    }
    readers = (cast.secretary, cast.member, cast.observer, cast.stranger)

    def answers(name: str) -> list[int]:
        return [status(browser(person), links[name]) for person in readers]

    assert answers("open.pdf") == [200, 404, 404, 404]  # not sent yet
    sent(cast)
    assert answers("open.pdf") == [200, 200, 200, 404]
    assert answers("hidden.pdf") == [200, 404, 404, 404]
    for row in Attachment.objects.all():
        client.post(url("detach", cast.meeting, row.pk))
    # What was sent keeps its files.
    assert answers("open.pdf") == [200, 200, 200, 404]
    assert status(client, links["open.pdf"].replace("open.pdf", "other.pdf")) == 404


@pytest.mark.parametrize("name", ["liite.txt", "Liite 1 – pöytäkirja.txt"])
def test_members_get_the_files_of_what_was_shared(cast: Cast, name: str) -> None:
    upload = ContentFile(b"sisalto", name=name)
    agenda.attach_file(item=cast.item, title="", upload=upload, by=cast.secretary, now=NOW)
    address = shared(cast).data["items"][0]["attachments"][0]["url"]
    assert address.startswith(f"/files/meeting/{cast.meeting.pk}/")
    old = address.replace(
        f"/files/meeting/{cast.meeting.pk}/", url("detail", cast.meeting) + "files/"
    )
    moved = browser(cast.member).get(old)
    assert (moved.status_code, moved["Location"]) == (302, address)
    assert browser(cast.stranger).get(old).status_code == 404
    for person, status in ((cast.member, 200), (cast.observer, 200), (cast.stranger, 404)):
        answer = browser(person).get(address)
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content) == b"sisalto"


def test_a_sub_item_comes_back_where_its_parent_has_gone(cast: Cast) -> None:
    child = AgendaItemFactory(meeting=cast.meeting, parent=cast.item, title="Alakohta")
    for item in (child, cast.item):
        agenda.delete_item(item=item, by=cast.secretary, now=NOW)
    page = browser(cast.secretary)
    assert page.post(url("restore_item", cast.meeting, child.pk)).status_code == 302
    assert "Alakohta" in text(page.get(url("workspace", cast.meeting)))


def test_what_another_has_changed_meanwhile_is_not_overwritten_in_silence(
    cast: Cast, client: Client
) -> None:
    page = client.get(url("edit_item", cast.meeting, cast.item.pk))
    mine = particulars(visibility="all", seen=page.context["form"]["seen"].value())
    agenda.update_item(item=cast.item, by=cast.secretary, visibility="members")

    asked = client.post(url("edit_item", cast.meeting, cast.item.pk), mine)

    assert asked.status_code == 400
    assert "Visibility: members of the group" in text(asked)
    cast.item.refresh_from_db()
    assert cast.item.visibility == "members"
    meant = mine | {"seen": asked.context["form"]["seen"].value()}
    assert client.post(url("edit_item", cast.meeting, cast.item.pk), meant).status_code == 302


def test_an_attachment_says_that_nobody_has_checked_it_until_someone_has(
    cast: Cast, client: Client, stored: None
) -> None:
    cast.meeting.language = "en"
    cast.meeting.save()
    attach(client, cast, file=SimpleUploadedFile("a.pdf", samples.pdf()), title="Kriteerit")
    attach(client, cast, url="https://example.org/a", title="Linkki")
    row, link = Attachment.objects.order_by("pk")
    panel = text(client.get(url("edit_item", cast.meeting, cast.item.pk)))
    assert panel.count("accessibility not checked") == 2  # the file's, and the help of the form
    assert "The files have not been checked for viruses." in panel
    assert text(client.get(url("workspace", cast.meeting))).count("accessibility not checked") == 1
    version = shared(cast)
    before = text(client.get(url("detail", cast.meeting)))
    assert before.count("accessibility not checked") == 2  # in its item and in the list
    verb = url("check_attachment", cast.meeting, row.pk)
    assert client.post(verb).status_code == 302
    row.refresh_from_db()
    assert row.checked_by == cast.secretary
    after = text(client.get(url("detail", cast.meeting)))
    assert "accessibility not checked" not in after
    assert DocumentVersion.objects.get(pk=version.pk).data == version.data  # frozen all the same
    client.post(verb, {"undo": "1"})
    undone = text(client.get(url("detail", cast.meeting)))
    assert undone.count("accessibility not checked") == 2
    assert client.post(url("check_attachment", cast.meeting, link.pk)).status_code == 404
    assert browser(cast.member).post(verb).status_code == 403
    assert browser(cast.stranger).post(verb).status_code == 404


def test_a_check_is_no_change_of_the_minutes(cast: Cast, client: Client, stored: None) -> None:
    attach(client, cast, file=SimpleUploadedFile("a.pdf", samples.pdf()))
    shared(cast)
    client.post(url("correct", cast.meeting))
    client.post(url("check_attachment", cast.meeting, Attachment.objects.get().pk))
    client.post(url("close_correction", cast.meeting))
    cast.meeting.refresh_from_db()
    assert not cast.meeting.correcting
