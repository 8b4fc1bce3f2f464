"""What readers get: stored bytes, each audience its own, in few questions."""

import pytest
from pytest_django import DjangoAssertNumQueries

from meetings.models import AgendaItem, Rendition
from meetings.services import publishing
from tests.cast import NOW, Cast
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.meetings.pages import browser, sent, shared, text, url


@pytest.mark.parametrize("items", [1, 3])
def test_a_reading_page_asks_five_things(
    cast: Cast, items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    AgendaItemFactory.create_batch(items - 1, meeting=cast.meeting)
    shared(cast)
    client = browser(cast.secretary)
    # Session, person, meeting with role, stored page.
    with django_assert_num_queries(4):
        page = client.get(url("detail", cast.meeting))
    stored = Rendition.objects.get(version__meeting=cast.meeting, format="html")
    assert bytes(stored.content) in page.content
    reader = browser(cast.member)
    # And, for one who does not write: whether anything has been sent.
    with django_assert_num_queries(5):
        reader.get(url("detail", cast.meeting))


def test_members_read_the_agenda_and_then_the_minutes(cast: Cast) -> None:
    client = browser(cast.member)
    sent(cast)
    assert "Agenda, version 1" in text(client.get(url("detail", cast.meeting)))
    shared(cast)
    page = text(client.get(url("detail", cast.meeting)))
    assert "Memo, version 1" in page
    assert "Workspace" not in page
    assert "Mark as approved" not in page
    assert "Agenda, version 1" in text(client.get(url("version", cast.meeting, "agenda", 1)))


def test_a_pöytäkirja_is_called_by_its_name(cast: Cast) -> None:
    cast.meeting.document_type = "minutes"
    cast.meeting.save()
    shared(cast)
    page = text(browser(cast.member).get(url("detail", cast.meeting)))
    assert "Minutes, version 1" in page


def test_each_version_stays_and_says_that_there_is_a_newer_one(cast: Cast) -> None:
    shared(cast)
    publishing.open_correction(meeting=cast.meeting, by=cast.secretary)
    cast.meeting.refresh_from_db()
    publishing.share(meeting=cast.meeting, by=cast.secretary, now=NOW, change_note="Nimi oikein")
    old = text(browser(cast.secretary).get(url("version", cast.meeting, "minutes", 1)))
    assert "This is an earlier version." in old
    # Readers get the newest: what a correction took away is not to be read in the one before.
    client = browser(cast.member)
    newest = url("version", cast.meeting, "minutes", 2)
    assert client.get(url("version", cast.meeting, "minutes", 1)).headers["Location"] == newest
    pdfs = [client.get(url("version_pdf", cast.meeting, "minutes", n)).content for n in (1, 2)]
    assert pdfs[0] == pdfs[1]
    new = text(client.get(url("version", cast.meeting, "minutes", 2)))
    assert "This is an earlier version." not in new
    listed = text(client.get(url("versions", cast.meeting)))
    assert listed.index("Memo, version 2</a>: Nimi oikein") < listed.index("Memo, version 1")
    for kind, number in (("minutes", 3), ("agenda", 1), ("nothing", 1)):
        assert client.get(url("version", cast.meeting, kind, number)).status_code == 404
        assert client.get(url("version_pdf", cast.meeting, kind, number)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_versions_asks_as_much_for_three(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(rows):
        sent(cast)
    client = browser(cast.secretary)
    with django_assert_num_queries(4):
        page = client.get(url("versions", cast.meeting))
    assert text(page).count("Agenda, version") == 2 * rows


def test_nothing_sent_yet_is_said(cast: Cast) -> None:
    page = text(browser(cast.secretary).get(url("versions", cast.meeting)))
    assert "Nothing has been sent or shared yet." in page


def test_each_reader_gets_what_they_may_read(cast: Cast) -> None:
    AgendaItemFactory(meeting=cast.meeting, title="Jäsenille", visibility="members")
    AgendaItemFactory(
        meeting=cast.meeting,
        title="Salainen",
        visibility=AgendaItem.Visibility.SECRET,
        secrecy="621/1999 24 §",
    )
    shared(cast)

    def seen(person: object) -> tuple[bool, bool]:
        page = text(browser(person).get(url("detail", cast.meeting)))
        return "Jäsenille" in page, "Salainen" in page

    assert seen(cast.secretary) == (True, True)
    assert seen(cast.member) == (True, False)
    assert seen(cast.observer) == (False, False)


def test_a_pdf_is_the_stored_one_and_is_not_sent_twice(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shared(cast)
    stored = Rendition.objects.get(version__meeting=cast.meeting, format="pdf")
    client = browser(cast.member)
    with django_assert_num_queries(5):
        response = client.get(url("pdf", cast.meeting))
    assert response.content == bytes(stored.content)
    assert response["ETag"] == f'"{stored.sha256}"'
    assert response["Content-Type"] == "application/pdf"
    day = cast.meeting.starts_at.date().isoformat()
    assert response["Content-Disposition"] == f'inline; filename="{day}-memo-v1.pdf"'
    assert "public" not in response["Cache-Control"]
    again = client.get(url("pdf", cast.meeting), headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_draft_is_for_those_who_write(cast: Cast) -> None:
    writer = browser(cast.secretary)
    assert writer.get(url("pdf", cast.meeting)).status_code == 404
    names = {}
    for draft in ("1", "agenda", "minutes"):
        response = writer.get(url("pdf", cast.meeting) + f"?draft={draft}")
        assert response.content.startswith(b"%PDF")
        assert "no-store" in response["Cache-Control"]
        names[draft] = response["Content-Disposition"].split("-", 3)[-1]
    assert names == {
        "1": 'agenda-draft.pdf"',
        "agenda": 'agenda-draft.pdf"',
        "minutes": 'memo-draft.pdf"',
    }
    sent(cast)
    refused = browser(cast.member).get(url("pdf", cast.meeting) + "?draft=1")
    assert refused.status_code == 403
    held = MeetingFactory(group=cast.group, state="draft")
    response = writer.get(url("pdf", held) + "?draft=1")
    assert response["Content-Disposition"].endswith('memo-draft.pdf"')
