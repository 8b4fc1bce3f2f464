"""Saving: nothing typed is lost, whoever else writes and whatever happens to the connection."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from core import richtext
from meetings.models import AgendaItem, ItemRevision, Meeting
from meetings.services import agenda, redaction
from tests.cast import Cast
from tests.e2e.desk import Desk, login, store

A, B, C = "aaaaaaaaaaaaaa2", "bbbbbbbbbbbbbb2", "cccccccccccccc2"
THREE = (
    f'<p data-line="{A}">ensimmäinen rivi</p><p data-line="{B}">toinen rivi</p>'
    f'<ul><li><p data-line="{C}">kolmas rivi</p></li></ul>'
)
SAVE = "**/save/"
OFFLINE = "No connection: the text is kept in this browser"


def texts(item: AgendaItem) -> list[str]:
    item.refresh_from_db()
    return [line.text for line in richtext.lines_of(item.body)]


def abort(route: Route) -> None:
    route.abort()


def test_saved_within_two_seconds_of_the_last_key(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.type("Moi")
    expect(desk.state).to_have_text("Unsaved")
    desk.page.wait_for_timeout(2000)
    assert texts(cast.item) == ["Moi"]
    assert desk.drafts() == []


def test_saved_while_one_goes_on_typing(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    for _ in range(12):
        desk.type("sana ")
        desk.page.wait_for_timeout(250)
    desk.settled()
    assert texts(cast.item) == ["sana " * 12]
    assert ItemRevision.objects.filter(item=cast.item).count() > 1


def test_two_people_write_into_one_item_at_once(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    one, two = desk_of().write(), desk_of().write()
    one.place("ensimmäinen rivi", 11)
    two.place("kolmas rivi", 6)
    for i in range(8):
        one.type(f" yksi{i}")
        two.type(f" kaksi{i}")
        if i == 4:
            two.type("<Enter>")
        one.page.wait_for_timeout(300)
    one.settled()
    two.settled()
    mine = "ensimmäinen" + "".join(f" yksi{i}" for i in range(8)) + " rivi"
    theirs = ["kolmas" + "".join(f" kaksi{i}" for i in range(5))]
    theirs += ["".join(f" kaksi{i}" for i in range(5, 8)) + " rivi"]
    assert texts(cast.item) == [mine, "toinen rivi", *theirs]
    for desk in (one, two):  # each sees the other's text without doing anything
        expect(desk.line("yksi7")).to_have_text(mine)
        expect(desk.line("kaksi7")).to_have_text(theirs[1])
    assert one.cursor() == (mine, mine.index(" rivi"))
    assert two.cursor() == (theirs[1], theirs[1].index(" rivi"))
    one.type("<Control+z>")  # undoes one's own, not the other's
    expect(one.line("kaksi7")).to_have_text(theirs[1])
    assert "yksi7" not in one.text.inner_text()


def test_two_people_change_one_line_and_choose(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.page.route(SAVE, abort)
    desk.place("toinen rivi", 0, 6)
    desk.type("minun")
    expect(desk.state).to_have_text(OFFLINE)
    store(cast.item, THREE.replace("toinen", "heidän"))
    desk.page.unroute(SAVE)
    conflict = desk.section.locator(".conflict")
    expect(conflict).to_contain_text("Both are kept: choose.")
    assert sorted(texts(cast.item)) == sorted(
        ["ensimmäinen rivi", "heidän rivi", "minun rivi", "kolmas rivi"]
    )
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict).to_have_count(0)
    desk.settled()
    assert texts(cast.item) == ["ensimmäinen rivi", "minun rivi", "kolmas rivi"]
    assert desk.id_of("minun") == B


def test_a_line_deleted_by_one_and_changed_by_the_other_stays(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.page.route(SAVE, abort)
    desk.place("toinen rivi", 6)
    desk.type(" tärkeä")
    expect(desk.state).to_have_text(OFFLINE)
    store(cast.item, re.sub(r"<p[^>]*>toinen rivi</p>", "", THREE))
    desk.page.unroute(SAVE)
    conflict = desk.section.locator(".conflict")
    expect(conflict).to_contain_text("It is kept: choose.")
    desk.settled()
    assert texts(cast.item) == ["ensimmäinen rivi", "toinen tärkeä rivi", "kolmas rivi"]
    conflict.get_by_role("button", name="Delete the line").click()
    desk.settled()
    assert texts(cast.item) == ["ensimmäinen rivi", "kolmas rivi"]


def test_typing_in_a_line_that_vanishes_with_the_answer_is_kept(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    """The save is on its way when the other's deletion comes back with its answer."""
    store(cast.item, THREE)
    desk = desk_of().write()
    held: list[Route] = []
    desk.page.route(SAVE, lambda route: held.append(route))
    desk.place("ensimmäinen rivi", 11)
    desk.type(" uusi")
    expect(desk.state).to_have_text("Saving…")
    store(cast.item, re.sub(r"<p[^>]*>toinen rivi</p>", "", THREE))
    desk.place("toinen rivi", 6)
    desk.type(" viimehetken")
    held[0].continue_()
    desk.page.unroute(SAVE)
    desk.settled()
    assert sorted(texts(cast.item)) == sorted(
        ["ensimmäinen uusi rivi", "toinen viimehetken rivi", "kolmas rivi"]
    )
    assert desk.cursor() == ("toinen viimehetken rivi", len("toinen viimehetken"))


def test_typing_in_a_word_that_someone_else_replaces_is_kept(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    held: list[Route] = []
    desk.page.route(SAVE, lambda route: held.append(route))
    desk.place("ensimmäinen rivi", 11)
    desk.type(" uusi")
    expect(desk.state).to_have_text("Saving…")
    store(cast.item, THREE.replace("toinen", "korvattu"))
    desk.place("toinen rivi", 3)
    desk.type("XX")
    held[0].continue_()
    desk.page.unroute(SAVE)
    expect(desk.section.locator(".conflict")).to_contain_text("Both are kept: choose.")
    desk.settled()
    assert texts(cast.item) == [
        "ensimmäinen uusi rivi",
        "toiXXnen rivi",
        "korvattu rivi",
        "kolmas rivi",
    ]
    assert desk.cursor() == ("toiXXnen rivi", 5)
    desk.section.get_by_role("button", name="Keep the other").click()
    desk.settled()
    assert texts(cast.item) == ["ensimmäinen uusi rivi", "korvattu rivi", "kolmas rivi"]
    assert desk.id_of("korvattu") == B


def test_the_last_words_of_a_removed_item_come_back_with_it(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    desk = desk_of().write()
    agenda.delete_item(item=cast.item, by=cast.secretary, now=timezone.now())
    desk.type("viimeiset sanat")
    desk.section.evaluate("(section) => section.remove()")
    desk.page.wait_for_timeout(500)
    assert len(desk.drafts()) == 1
    agenda.restore_item(item=cast.item, by=cast.secretary, now=timezone.now())
    html = desk.page.request.get(desk.page.url).text()
    desk.page.evaluate(
        """([html, id]) => {
            const page = new DOMParser().parseFromString(html, "text/html");
            document.querySelector("#items").append(page.querySelector(id));
        }""",
        [html, f"#item-{cast.item.pk}"],
    )
    expect(desk.text).to_have_text("viimeiset sanat")
    desk.settled()
    assert texts(cast.item) == ["viimeiset sanat"]


def test_a_lost_answer_costs_nothing(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    sent: list[Any] = []

    def lose_first(route: Route, request: Request) -> None:
        sent.append(request.post_data_json)
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.page.route(SAVE, lose_first)
    desk.place("toinen rivi", 6)
    desk.type(" kerran")
    expect(desk.state).to_have_text(OFFLINE)
    desk.type(" ja vielä")
    desk.settled()
    assert sent[0] == sent[1]
    assert texts(cast.item)[1] == "toinen kerran ja vielä rivi"
    tokens = ItemRevision.objects.filter(item=cast.item).values_list("token", flat=True)
    assert len(tokens) == len(set(tokens)) == 3


def test_offline_and_back(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.type("ennen")
    desk.settled()
    desk.page.context.set_offline(True)
    desk.type(" aikana")
    expect(desk.state).to_have_text(OFFLINE)
    desk.type(" ja yhä")
    assert len(desk.drafts()) == 1
    desk.page.context.set_offline(False)
    desk.settled()
    assert texts(cast.item) == ["ennen aikana ja yhä"]
    assert desk.drafts() == []


@pytest.mark.parametrize("comes_back", ["reload", "new tab"])
def test_unsaved_text_outlives_the_page(
    desk_of: Callable[..., Desk], cast: Cast, comes_back: str
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.page.route(SAVE, abort)
    desk.place("toinen rivi", 6)
    desk.type(" lähetetty")
    expect(desk.state).to_have_text(OFFLINE)
    desk.type(" ja odottava")
    store(cast.item, THREE.replace("kolmas", "heidän kolmas"))
    if comes_back == "reload":
        desk.page.unroute(SAVE)
        desk.page.reload()
        desk.write()  # at once, before anything is restored
        again = desk
    else:
        page = desk.page.context.new_page()
        desk.page.close()
        again = Desk(page, cast.item).open()
    again.settled()
    assert texts(cast.item) == [
        "ensimmäinen rivi",
        "toinen lähetetty ja odottava rivi",
        "heidän kolmas rivi",
    ]
    assert again.drafts() == []


def test_a_living_tabs_draft_is_left_to_it(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.page.route(SAVE, abort)
    desk.type("vain täällä")
    expect(desk.state).to_have_text(OFFLINE)
    other = Desk(desk.page.context.new_page(), cast.item).open()
    other.page.wait_for_timeout(1500)
    assert texts(cast.item) == []
    assert len(other.drafts()) == 1


def test_an_expired_session(
    desk_of: Callable[..., Desk], cast: Cast, live_server: LiveServer
) -> None:
    desk = desk_of().write()
    desk.page.context.clear_cookies(name="sessionid")
    desk.type("kirjoitettu lounaan jälkeen")
    expect(desk.state).to_contain_text("Your login has expired; the text is kept in this browser.")
    link = desk.state.get_by_role("link", name="Log in in a new tab")
    assert link.get_attribute("href") == "/account/login/"
    assert link.get_attribute("target") == "_blank"
    desk.type(", ja edelleen")
    login(desk.page.context, cast.secretary, live_server)
    desk.settled()
    assert texts(cast.item) == ["kirjoitettu lounaan jälkeen, ja edelleen"]


def test_a_stale_csrf_token_is_replaced(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of()
    desk.page.context.clear_cookies(name="csrftoken")
    desk.write()
    desk.type("tunniste vaihtui")
    desk.settled()
    assert texts(cast.item) == ["tunniste vaihtui"]


def test_what_can_be_saved_no_more_is_shown_and_can_be_copied(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    desk = desk_of().write()
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    agenda.delete_item(item=cast.item, by=cast.secretary, now=timezone.now())
    desk.type("myöhässä")
    expect(desk.state).to_have_text("Not saved: see the message in the text")
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("The item has been taken off the agenda.")
    expect(desk.text).to_have_text("myöhässä")
    notice.get_by_role("button", name="Copy the text").click()
    expect(notice.get_by_role("button", name="Copied")).to_be_visible()
    assert desk.page.evaluate("navigator.clipboard.readText()") == "myöhässä"
    assert len(desk.drafts()) == 1
    notice.get_by_role("button", name="Discard the text").click()
    desk.page.wait_for_load_state()
    assert desk.drafts() == []


def test_a_cancelled_meeting_keeps_the_text_here(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    desk.type("myöhässä")
    expect(desk.section.get_by_role("alert")).to_contain_text("The meeting has been cancelled.")
    expect(desk.text).to_have_attribute("contenteditable", "false")
    Meeting.objects.update(state=Meeting.State.PLANNED)
    desk.page.reload()
    desk.settled()
    assert texts(cast.item) == ["myöhässä"]


def test_logging_out_saves_and_clears(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.type("ennen lähtöä")
    assert len(desk.drafts()) == 1
    desk.page.get_by_role("button", name="Own account").click()
    desk.page.get_by_role("button", name="Log out").click()
    desk.page.wait_for_url("**/login/**")
    assert texts(cast.item) == ["ennen lähtöä"]
    assert desk.drafts() == []


CODE = "131052-308T"  # the authority's own example of an identity code
WITH_CODE = THREE.replace("toinen", f"toinen {CODE}")
CLEANED = ["ensimmäinen rivi", "toinen [poistettu] rivi", "kolmas rivi"]


def remove_code(cast: Cast) -> None:
    redaction.redact(
        meeting=Meeting.objects.get(pk=cast.meeting.pk),
        needle=CODE,
        kind="identity_code",
        reason="GDPR",
        by=cast.secretary,
        now=timezone.now(),
    )


def is_nowhere(desk: Desk) -> bool:
    """Is the code neither in the text, nor in the drafts, nor to be had by undoing?"""
    desk.text.evaluate("(editable) => editable.focus()")
    desk.type("<Control+z><Control+z><Control+z>")
    shown = desk.text.inner_text() + desk.page.evaluate("JSON.stringify(localStorage)")
    return CODE not in shown


@pytest.mark.parametrize("reloads", [False, True])
@pytest.mark.parametrize("sent", [False, True])
def test_what_was_removed_for_good_does_not_come_back_by_unsaved_typing(
    desk_of: Callable[..., Desk], cast: Cast, *, reloads: bool, sent: bool
) -> None:
    store(cast.item, WITH_CODE)
    desk = desk_of().write()
    desk.page.route(SAVE, abort)
    desk.place(f"toinen {CODE} rivi", 6)
    desk.type(" ehkä")
    if sent:
        expect(desk.state).to_have_text(OFFLINE)
    remove_code(cast)
    if reloads:
        desk.page.reload()
    desk.page.unroute(SAVE)
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("Something has been removed from this text for good.")
    expect(notice).to_be_in_viewport()
    assert f"toinen ehkä {CODE} rivi" in notice.get_by_label("Your unsaved text").input_value()
    assert is_nowhere(desk)
    assert desk.drafts() == []
    notice.get_by_role("button", name="Discard the text").click()
    expect(desk.text).to_be_focused()
    desk.place("kolmas rivi", 11)
    desk.type(" jatkuu")
    desk.settled()
    assert texts(cast.item) == [*CLEANED[:2], "kolmas rivi jatkuu"]


@pytest.mark.parametrize("deleted", [False, True])
def test_an_open_text_loses_what_was_removed_and_its_undo(
    desk_of: Callable[..., Desk], cast: Cast, *, deleted: bool
) -> None:
    store(cast.item, WITH_CODE)
    desk = desk_of().write()
    if deleted:
        desk.place(f"toinen {CODE} rivi", 7, 18)
        desk.type("<Delete>")
        desk.settled()
    remove_code(cast)
    cast.item.refresh_from_db()
    expect(desk.section).to_have_attribute("data-revision", str(cast.item.revision))
    expect(desk.text).to_be_focused()
    expect(desk.section.get_by_role("toolbar")).to_be_visible()
    expect(desk.section.get_by_role("alert")).to_have_count(0)
    assert is_nowhere(desk)
    assert texts(cast.item) == ([CLEANED[0], "toinen  rivi", CLEANED[2]] if deleted else CLEANED)


def test_leaving_the_page_saves(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.type("nopeasti pois")
    desk.page.goto("/")
    desk.page.wait_for_timeout(500)
    assert texts(cast.item) == ["nopeasti pois"]


def test_a_read_only_item_is_not_mounted(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of()
    desk.section.evaluate("(section) => section.setAttribute('data-readonly', '')")
    desk.line("toinen").click()
    desk.page.wait_for_timeout(500)
    expect(desk.text).to_have_count(0)


def test_fast_typing_in_a_text_of_real_length(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, "".join(f"<p>Rivi {i}, jossa on tavallisesti sanoja.</p>" for i in range(300)))
    desk = desk_of().write()
    desk.type("alku")
    desk.text.evaluate(
        """async () => {
            for (const letter of "kirjoitettu nopeasti") {
                document.execCommand("insertText", false, letter);
                await new Promise((resolve) => setTimeout(resolve, 10));
            }
        }"""
    )
    desk.settled()
    assert texts(cast.item)[-1].endswith("alkukirjoitettu nopeasti")
