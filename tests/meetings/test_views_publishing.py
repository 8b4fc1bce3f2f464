"""Pages on which an agenda is sent, minutes are shared, corrected, approved, redacted."""

from uuid import uuid4

import pytest
from django.test import Client

from core.richtext import mint
from meetings.models import DocumentVersion, Meeting
from meetings.services import publishing
from meetings.services.minutes import save_item
from tests.cast import NOW, Cast
from tests.factories import MeetingFactory
from tests.meetings.pages import JSON, browser, sent, shared, text, url

CODE = "131052-308T"  # the authority's own example of an identity code


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


def write(cast: Cast, words: str) -> str:
    """Write one line into the cast's item; its id."""
    cast.item.refresh_from_db()
    line = mint()
    save_item(
        item=cast.item,
        base=cast.item.revision,
        token=uuid4(),
        html=f'<p data-line="{line}">{words}</p>',
        marks={line: [{"kind": "task", "owners": [], "due": ""}]},
        by=cast.secretary,
        now=NOW,
    )
    return line


def state(cast: Cast) -> str:
    cast.meeting.refresh_from_db()
    return cast.meeting.state


def test_an_agenda_is_sent_and_the_meeting_held(cast: Cast, client: Client) -> None:
    page = text(client.get(url("send_agenda", cast.meeting)))
    assert "Ajankohtaiset asiat" in page
    assert "No e-mail is sent yet." in page
    done = text(client.post(url("send_agenda", cast.meeting), follow=True))
    assert "The agenda has been sent." in done
    assert state(cast) == Meeting.State.AGENDA_SENT
    client.post(url("start", cast.meeting))
    assert state(cast) == Meeting.State.IN_SESSION
    client.post(url("end", cast.meeting))
    assert state(cast) == Meeting.State.DRAFT


def test_an_empty_agenda_leads_back_to_be_written(cast: Cast, client: Client) -> None:
    page = text(client.get(url("send_agenda", MeetingFactory(group=cast.group))))
    assert "Write the agenda first" in page


def test_remarks_lead_to_their_lines_and_do_not_block(cast: Cast, client: Client) -> None:
    line = write(cast, "Sovitaan vierailu.")
    page = text(client.get(url("share", cast.meeting)))
    there = f"{url('workspace', cast.meeting)}?line={line}#item-{cast.item.pk}"
    for title in ("A task without an owner", "A task without a due date"):
        assert f"<h3>{title}</h3>" in page
    assert page.count(f'href="{there}"') == 2
    assert f'href="{url("workspace", cast.meeting)}#people"' in page
    done = client.post(url("share", cast.meeting))
    assert done["Location"] == url("detail", cast.meeting)
    assert state(cast) == Meeting.State.SHARED


def test_an_identity_code_asks_twice(cast: Cast, client: Client) -> None:
    write(cast, f"Oppilas {CODE}.")
    refused = client.post(url("share", cast.meeting))
    assert refused.status_code == 400
    assert "tick this box" in text(refused)
    assert state(cast) == Meeting.State.PLANNED
    client.post(url("share", cast.meeting), {"confirmed_codes": "on"})
    assert state(cast) == Meeting.State.SHARED


def test_a_correction_says_what_it_changes(cast: Cast, client: Client) -> None:
    shared(cast)
    assert "Open for correction" in text(client.get(url("correct", cast.meeting)))
    page = text(client.post(url("correct", cast.meeting), follow=True))
    assert "You are correcting shared minutes." in page
    refused = client.post(url("share", cast.meeting), {"change_note": " "})
    assert "This field is required." in text(refused)
    client.post(url("share", cast.meeting), {"change_note": "Nimi oikein"})
    newest = DocumentVersion.objects.get(meeting=cast.meeting, number=2)
    assert newest.change_note == "Nimi oikein"


def test_only_the_newest_version_is_approved(cast: Cast, client: Client) -> None:
    shared(cast)
    assert "Mark as approved" in text(client.get(url("detail", cast.meeting)))
    stale = text(client.post(url("approve", cast.meeting), {"version": "7"}, follow=True))
    assert "There is a newer version now." in stale
    done = text(client.post(url("approve", cast.meeting), {"version": "1"}, follow=True))
    assert "The minutes are marked as approved." in done
    assert state(cast) == Meeting.State.APPROVED
    assert "Mark as approved" not in text(client.get(url("detail", cast.meeting)))
    assert "approved" in text(client.get(url("versions", cast.meeting)))


def test_what_the_state_forbids_is_said(cast: Cast, client: Client) -> None:
    for name in ("correct", "revive"):
        said = text(client.post(url(name, cast.meeting), follow=True))
        assert "The meeting has moved on meanwhile. Nothing was changed." in said
    shared(cast)
    for name in ("send_agenda", "share", "start"):
        said = text(client.post(url(name, cast.meeting), follow=True))
        assert "The minutes have been shared. Open a correction to change them." in said
    gone = MeetingFactory(group=cast.group, state="cancelled")
    answer = client.post(url("start", gone), **JSON)
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "error": "The meeting has been cancelled. Nothing was changed.",
            "state": "cancelled",
        },
    )


def test_others_may_write_just_when_one_shares(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_options: object) -> None:
        raise publishing.StillTyping

    for name in ("share", "send_agenda"):
        with monkeypatch.context() as patched:
            patched.setattr(publishing, name, busy)
            said = text(client.post(url(name, cast.meeting), follow=True))
        assert "Others were writing just then, so nothing was frozen." in said
    assert state(cast) == Meeting.State.PLANNED


def test_a_redaction_says_how_much_and_never_what(cast: Cast, client: Client) -> None:
    write(cast, f"Oppilas {CODE}.")
    there = url("redact", cast.meeting)
    assert "This can't be undone." in text(client.get(there))
    fields = {"needle": CODE, "kind": "identity_code", "reason": f"Koodi {CODE} pois"}
    refused = client.post(there, fields)
    assert "The reason repeats the text that is to be removed." in text(refused)
    done = text(client.post(there, fields | {"reason": "Ei kuulu muistioon"}, follow=True))
    assert "Removed from" in done
    assert "Ei kuulu muistioon" in done
    assert CODE not in done
    nothing = text(client.post(there, fields | {"reason": "Uudestaan"}))
    wrong = text(client.post(there, fields | {"needle": "nimi", "reason": "Ei kuulu tänne"}))
    assert "This is not a personal identity code." in wrong
    short = text(client.post(there, fields | {"needle": "ab", "kind": "name", "reason": "x"}))
    assert "Give at least three characters." in short
    assert "The text was found nowhere. Nothing was removed." in nothing
    cast.item.refresh_from_db()
    assert CODE not in cast.item.body


def test_sending_again_makes_the_next_version(cast: Cast, client: Client) -> None:
    sent(cast)
    client.post(url("send_agenda", cast.meeting))
    numbers = DocumentVersion.objects.filter(meeting=cast.meeting).order_by("number")
    assert list(numbers.values_list("kind", "number")) == [("agenda", 1), ("agenda", 2)]
