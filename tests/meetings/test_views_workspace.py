"""The workspace's page: what it shows, what it costs, what it says to do next."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from meetings.enums import Mode
from meetings.models import Meeting, Redaction
from meetings.services import agenda
from meetings.views.strings import STRINGS
from meetings.views.words import next_step, other_steps
from meetings.views.workspace import script_json
from tests.cast import NOW, Cast
from tests.factories import AgendaItemFactory, AttendanceFactory, MeetingFactory
from tests.meetings.pages import browser, sent, shared, text, url

# Session, person, meeting with role, items, attachments, attendance.
QUERIES = 6


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_three_items_as_for_one(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = MeetingFactory(group=cast.group)
    for item in AgendaItemFactory.create_batch(rows, meeting=meeting):
        agenda.attach_link(item=item, title="", url="https://example.org/a", by=cast.secretary)
    AttendanceFactory.create_batch(rows, meeting=meeting)
    client = browser(cast.secretary)
    with django_assert_num_queries(QUERIES):
        response = client.get(url("workspace", meeting))
    assert response.content.decode().count('<section class="item"') == rows


def test_an_item_is_what_the_editor_expects(cast: Cast) -> None:
    cast.item.body = '<p data-line="aaaaaaaaaaaaaaa">Teksti</p>'
    cast.item.marks = {"aaaaaaaaaaaaaaa": [{"kind": "agreed", "effective": ""}]}
    cast.item.save()
    page = text(browser(cast.secretary).get(url("workspace", cast.meeting)))
    base = f"/meetings/{cast.meeting.pk}/items/{cast.item.pk}/"
    section = page[page.index('<section class="item"') : page.index("</section>")]
    assert (
        f'id="item-{cast.item.pk}" data-item="{cast.item.pk}" data-depth="0" data-revision="0"'
        f' data-save-url="{base}save/" data-text-url="{base}text/" data-language="fi"' in section
    )
    assert f">{cast.item.body}</div>" in section
    marks = '{"aaaaaaaaaaaaaaa": [{"kind": "agreed", "effective": ""}]}'
    assert f'<script type="application/json" data-marks>{marks}</script>' in section


def test_marks_can_not_end_their_script() -> None:
    assert script_json({"a": "</script><b>&"}) == (
        '{"a": "\\u003C/script\\u003E\\u003Cb\\u003E\\u0026"}'
    )
    assert script_json({}) == "{}"


def test_headings_are_escaped(cast: Cast) -> None:
    cast.item.title = "<script>alert(1)</script>"
    cast.item.save()
    page = text(browser(cast.secretary).get(url("workspace", cast.meeting)))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_an_empty_meeting_says_what_to_do(cast: Cast) -> None:
    meeting = MeetingFactory(group=cast.group)
    page = text(browser(cast.secretary).get(url("workspace", meeting)))
    assert "No items yet. Write the first heading below." in page
    assert "Nobody is on the list" in page


def test_who_was_there_in_words(cast: Cast) -> None:
    for mode, name in (
        (Mode.IN_PERSON, "Espoo"),
        (Mode.REMOTE, "Hanko"),
        (Mode.APOLOGIES, "Inkoo"),
        (Mode.UNSPECIFIED, "Lohja"),
    ):
        AttendanceFactory(meeting=cast.meeting, mode=mode, organisation_name=name)
    page = text(browser(cast.secretary).get(url("workspace", cast.meeting)))
    assert (
        "<span>Present 2, of whom remotely 1</span><span>away 1</span>"
        "<span>not recorded 1</span>" in page
    )
    assert "Nobody from: Inkoo, Lohja" in page


@pytest.mark.parametrize(
    ("state", "correcting", "name", "acts"),
    [
        ("planned", False, "send_agenda", False),
        ("agenda_sent", False, "start", True),
        ("in_session", False, "end", True),
        ("draft", False, "share", False),
        ("comments", False, "share", False),
        ("shared", False, "correct", False),
        ("approved", False, "correct", False),
        ("shared", True, "share", False),
        ("approved", True, "share", False),
        ("cancelled", False, "revive", True),
    ],
)
def test_each_state_has_one_next_step(
    cast: Cast, state: str, correcting: bool, name: str, acts: bool
) -> None:
    meeting = MeetingFactory(group=cast.group, state=state, correcting=correcting)
    step = next_step(meeting)
    assert step is not None
    assert (step.url, step.acts) == (url(name, meeting), acts)
    page = text(browser(cast.secretary).get(url("workspace", meeting)))
    assert page.count("btn-primary") == 1
    assert (" data-editor " in page) is False  # no item yet
    assert [other.dangerous for other in other_steps(meeting)].count(True) == (
        2 if state in ("planned", "agenda_sent") else 1
    )


def test_every_state_is_covered() -> None:
    assert {step for step in Meeting.State if next_step(Meeting(pk=1, state=step))} == set(
        Meeting.State
    )


def test_shared_minutes_are_only_read(cast: Cast) -> None:
    shared(cast)
    page = text(browser(cast.secretary).get(url("workspace", cast.meeting)))
    assert " data-editor" not in page
    assert "data-add" not in page
    assert "Open a correction to change them." in page


def test_without_a_script_undo_is_offered_on_the_next_page(cast: Cast) -> None:
    client = browser(cast.secretary)
    gone = client.post(url("delete_item", cast.meeting, cast.item.pk), follow=True)
    assert f"“{cast.item.title}” was taken off the agenda with its text." in text(gone)
    back = client.post(url("restore_item", cast.meeting, cast.item.pk), follow=True)
    assert f'id="item-{cast.item.pk}"' in text(back)
    for other in ("x", str(AgendaItemFactory(removed_at=NOW).pk)):
        page = client.get(url("workspace", cast.meeting) + f"?removed={other}")
        assert "was taken off" not in text(page)


def test_readers_without_anything_shared_are_led_to_the_workspace(cast: Cast) -> None:
    response = browser(cast.secretary).get(url("detail", cast.meeting))
    assert response["Location"] == url("workspace", cast.meeting)
    sent(cast)
    assert browser(cast.secretary).get(url("detail", cast.meeting)).status_code == 200


def test_the_script_gets_exactly_the_words_it_asks_for() -> None:
    source = (Path(settings.BASE_DIR) / "static/js/workspace.js").read_text()
    assert sorted(set(re.findall(r'gettext\("([^"]+)"\)', source))) == sorted(STRINGS)


# Session, person, meeting with role, and what the page itself needs.
COSTS = {"edit_item": 6, "send_agenda": 9, "share": 7, "redact": 4, "settings": 3, "cancel": 3}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", COSTS)
def test_the_other_pages_ask_as_much_for_three_rows(
    cast: Cast, name: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    AgendaItemFactory.create_batch(rows - 1, meeting=cast.meeting)
    AttendanceFactory.create_batch(rows, meeting=cast.meeting)
    for number in range(rows):
        agenda.attach_link(item=cast.item, title="", url="https://example.org", by=cast.secretary)
        Redaction.objects.create(
            meeting=cast.meeting,
            kind="name",
            reason=f"Syy {number}",
            places=1,
            redacted_at=NOW,
            redacted_by=cast.secretary,
        )
    client = browser(cast.secretary)
    more = [cast.item.pk] if name == "edit_item" else []
    with django_assert_num_queries(COSTS[name]):
        client.get(url(name, cast.meeting, *more))
