"""What goes wrong around one who writes: nothing typed is lost, and plain words say what to do."""

import re
import unicodedata
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserType, Route, expect
from pytest_django.live_server_helper import LiveServer

from core import richtext
from directory.models import Membership, Person
from meetings.models import AgendaItem, ItemRevision
from meetings.services import agenda, publishing
from tests.cast import Cast, do_share
from tests.e2e.desk import SAVED, Desk, login, store
from tests.factories import AgendaItemFactory, MembershipFactory

A, B = "aaaaaaaaaaaaaa2", "bbbbbbbbbbbbbb2"
SAVE, TEXT, PULSE = "**/save/", "**/text/", "**/pulse/"
OFFLINE = "No connection: the text is kept in this browser"
ELSEWHERE = "Not saved: see the message in the text"


def texts(item: AgendaItem) -> list[str]:
    item.refresh_from_db()
    return [line.text for line in richtext.lines_of(item.body)]


def two(first: str, second: str = "toinen rivi") -> str:
    return f'<p data-line="{A}">{first}</p><p data-line="{B}">{second}</p>'


def paste(desk: Desk, kind: str, content: str) -> None:
    desk.text.evaluate(
        """(editable, [kind, content]) => {
            const data = new DataTransfer();
            data.setData(kind, content);
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            editable.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        [kind, content],
    )


@pytest.fixture
def chair(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.CHAIR).person


# -- Odd texts -------------------------------------------------------------------------------------


def test_ten_thousand_lines_stay_here_and_are_saved_when_divided(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    other = AgendaItemFactory(meeting=cast.meeting, title="Jatko")
    wide = "sanoja, joita kukaan ei kirjoita käsin mutta moni leikepöydältä liittää"
    lines = [f"Rivi {number}: {wide}" for number in range(10_000)]
    desk = desk_of().write()
    paste(desk, "text/plain", "\n".join(lines))
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("too long to be saved. Divide it.", timeout=20_000)
    expect(desk.state).to_have_text(ELSEWHERE)
    desk.type("<Control+End>")
    desk.type(" ja loppu")
    lines[-1] += " ja loppu"
    desk.page.wait_for_timeout(1500)
    assert texts(cast.item) == []

    desk.page.reload()
    expect(notice).to_contain_text("Divide it.", timeout=20_000)
    assert desk.text.evaluate("(text) => text.lastElementChild.textContent") == lines[-1]
    desk.text.evaluate(
        """(text) => {
            text.focus();
            const { children } = text;
            const last = children[children.length - 1];
            const half = children[children.length / 2];
            getSelection().setBaseAndExtent(half, 0, last, last.childNodes.length);
        }"""
    )
    desk.page.wait_for_timeout(300)
    desk.type("<Control+x>")
    expect(notice).to_be_hidden(timeout=20_000)
    there = Desk(desk.page, other)
    there.write()
    desk.type("<Control+v>")
    desk.page.wait_for_timeout(3_000)
    desk.settled()
    assert [line for line in texts(cast.item) if line] == lines[:5000]
    assert [line for line in texts(other) if line] == lines[5000:]


def test_more_than_the_server_takes_in_is_answered_in_the_same_words(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of().write()
    paste(desk, "text/plain", "pitkä " * 500_000)
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("too long to be saved. Divide it.", timeout=20_000)


ODD = " ".join(
    [
        "אנחנו נפגשים ביום שלישי, klo 13",
        "\u202bمرحبا\u202c ja suomea \u2067עברית\u2069",
        unicodedata.normalize("NFD", "äiti öljyssä Åbo") + " äiti öljyssä Åbo",
        "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇫🇮 e\u0301\u0323 क्षि",
    ]
)


def test_any_script_survives_saving_merging_and_reloading(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    desk = desk_of().write()
    desk.page.keyboard.insert_text(f"{ODD} alku")
    desk.settled()
    assert texts(cast.item) == [f"{ODD} alku"]
    held: list[Route] = []
    desk.page.route(SAVE, lambda route: held.append(route))
    desk.page.keyboard.insert_text(f" {ODD}")
    expect(desk.state).to_have_text("Saving…")
    desk.page.keyboard.insert_text(" loppu")
    store(cast.item, cast.item.body.replace(" alku", f" {ODD} väli alku"))
    held[0].continue_()
    desk.page.unroute(SAVE)
    whole = f"{ODD} {ODD} väli alku {ODD} loppu"
    desk.settled()
    assert texts(cast.item) == [whole]
    assert desk.text.evaluate("(text) => text.textContent") == whole
    desk.page.reload()
    assert desk.section.locator("p[data-line]").evaluate("(p) => p.textContent") == whole


def test_tables_in_lists_and_lists_in_tables(desk_of: Callable[..., Desk], cast: Cast) -> None:
    table = (
        "<table><tr><td>Kunta</td><td><ul><li>yksi</li><li>kaksi<ol><li>syvä</li></ol></li></ul>"
        "</td></tr></table>"
    )
    desk = desk_of().write()
    paste(desk, "text/html", f"<ul><li>ennen{table}jälkeen</li><li>viimeinen</li></ul>")
    desk.settled()
    words = ["ennen", "Kunta", "yksi", "kaksi", "syvä", "jälkeen", "viimeinen"]
    assert [text.strip() for text in texts(cast.item) if text.strip()] == words
    assert "<table>" in cast.item.body
    desk.place("syvä", 4)
    desk.type("llä<Enter>uusi")
    store(cast.item, desk.stored().body.replace("Kunta", "Kunnat"))
    expect(desk.line("Kunnat")).to_be_visible()
    desk.type(" rivi")
    desk.settled()
    words = ["ennen", "Kunnat", "yksi", "kaksi", "syvällä", "uusi rivi", "jälkeen", "viimeinen"]
    assert [text.strip() for text in texts(cast.item) if text.strip()] == words


# -- What others do to the ground one writes on ----------------------------------------------------


def test_an_item_restored_takes_in_what_was_typed_while_it_was_gone(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    store(cast.item, two("ennen"))
    desk = desk_of().write()
    desk.type(" minun")
    agenda.delete_item(item=cast.item, by=chair, now=timezone.now())
    desk.type(" sanat")
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("taken off the agenda. Your text is kept in this browser.")
    desk.page.wait_for_timeout(3_000)  # the agenda without it has come meanwhile
    expect(desk.text).to_contain_text("toinen rivi minun sanat")
    expect(notice.get_by_role("button", name="Copy the text")).to_be_visible()
    agenda.restore_item(item=cast.item, by=chair, now=timezone.now())
    desk.page.reload()
    desk.settled()
    assert texts(cast.item) == ["ennen", "toinen rivi minun sanat"]
    assert desk.drafts() == []


def test_minutes_shared_under_who_types_take_the_words_in_with_a_correction(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    store(cast.item, two("ennen"))
    desk = desk_of().write()
    held: list[Route] = []
    desk.page.route(SAVE, lambda route: held.append(route))
    desk.type(" myöhässä")
    expect(desk.state).to_have_text("Saving…")
    cast.meeting.refresh_from_db()
    if cast.meeting.state == "planned":
        publishing.start_meeting(meeting=cast.meeting, by=chair)
    do_share(cast)
    held[0].continue_()
    desk.page.unroute(SAVE)
    notice = desk.section.get_by_role("alert")
    expect(notice).to_contain_text("have been shared. Open a correction to change them.")
    expect(notice.get_by_role("button", name="Copy the text")).to_be_visible()
    assert texts(cast.item) == ["ennen", "toinen rivi"]
    cast.meeting.refresh_from_db()
    publishing.open_correction(meeting=cast.meeting, by=chair)
    desk.page.reload()
    desk.settled()
    assert texts(cast.item) == ["ennen", "toinen rivi myöhässä"]


# -- The network -----------------------------------------------------------------------------------


def test_doubled_late_and_disordered_messages_change_nothing(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, two("ennen"))
    desk = desk_of().write()
    late: list[tuple[Route, Any]] = []

    def twice(route: Route) -> None:
        route.fetch()
        answer = route.fetch()  # the server hears everything twice
        desk.page.wait_for_timeout(400)
        route.fulfill(response=answer)

    def disordered(route: Route) -> None:
        late.append((route, route.fetch()))
        if len(late) == 2:  # the newer answer first
            for held, answer in reversed(late):
                held.fulfill(response=answer)
            late.clear()

    desk.page.route(SAVE, twice)
    desk.page.route(TEXT, disordered)
    for number in range(6):
        desk.type(f" m{number}")
        body = AgendaItem.objects.get(pk=cast.item.pk).body
        store(cast.item, re.sub(r"(ennen[^<]*)", rf"\1 t{number}", body))
        desk.page.wait_for_timeout(900)
    desk.page.unroute(TEXT)
    for held, answer in late:
        held.fulfill(response=answer)
    desk.settled()
    mine = "toinen rivi" + "".join(f" m{number}" for number in range(6))
    theirs = "ennen" + "".join(f" t{number}" for number in range(6))
    assert texts(cast.item) == [theirs, mine]
    expect(desk.line("t5")).to_have_text(theirs)
    assert desk.cursor() == (mine, len(mine))
    tokens = ItemRevision.objects.filter(item=cast.item).values_list("token", flat=True)
    assert len(tokens) == len(set(tokens))


def test_a_restart_of_the_server_is_only_saving(desk_of: Callable[..., Desk], cast: Cast) -> None:
    desk = desk_of().write()
    desk.page.clock.install()
    statuses = cycle([502, 503, 504])

    def proxy(route: Route) -> None:
        route.fulfill(status=next(statuses), body="<h1>Bad Gateway</h1>")

    def down() -> None:
        for address in (SAVE, TEXT, PULSE):
            desk.page.route(address, proxy)

    down()
    desk.type("sillä välin")
    for _second in range(14):
        desk.page.clock.run_for(1_000)
        assert "No connection" not in desk.state.inner_text()
    expect(desk.state).to_have_text("Saving…")
    desk.page.unroute_all()
    desk.page.clock.run_for(3_000)
    desk.settled()
    assert texts(cast.item) == ["sillä välin"]

    down()
    for _second in range(12):  # with nothing unsaved there is nothing to say
        desk.page.clock.run_for(1_000)
        assert SAVED.match(desk.state.inner_text())
    for _second in range(8):
        desk.page.clock.run_for(1_000)
    expect(desk.state).to_have_text(OFFLINE)
    desk.page.unroute_all()
    desk.page.clock.run_for(3_000)
    expect(desk.state).to_have_text(SAVED)


def test_hours_offline_come_together_in_seconds(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, "".join(f"<p>Rivi {number} alkaa ja loppuu</p>" for number in range(100)))
    desk = desk_of().write()
    desk.page.context.set_offline(True)
    desk.type(" ensin")
    expect(desk.state).to_have_text(OFFLINE)
    desk.section.evaluate(
        """({ writer: { view } }) => {
            for (let line = 0; line < 100; line++) {
                const { tr } = view.state;
                let at = 0;
                for (let above = 0; above < line; above++) at += tr.doc.child(above).nodeSize;
                at += 6;
                for (const letter of `minun sanani ${line} jaX vielä muutama `)
                    if (letter === "X") tr.delete(--at, at + 1).insertText("A", at++);
                    else tr.insertText(letter, at++);
                view.dispatch(tr);
            }
        }"""
    )
    mine = desk.text.inner_text()
    assert mine.count("vielä muutama") == 100
    store(cast.item, cast.item.body.replace("loppuu", "loppuu heidän sanoihinsa"))
    desk.page.context.set_offline(False)
    desk.settled()  # in ten seconds at most
    found = texts(cast.item)
    assert len(found) == 100
    for number, line in enumerate(found):
        assert "loppuu heidän sanoihinsa" in line
        assert f"minun sanani {number} jA vielä muutama " in line
    assert desk.section.locator(".conflict").count() == 0
    desk.type("<Control+z>")
    expect(desk.text).to_contain_text("heidän sanoihinsa")


# -- Input methods ---------------------------------------------------------------------------------


def test_anothers_words_do_not_break_what_is_being_composed(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, two("alku loppu"))
    desk = desk_of().write()
    desk.place("alku loppu", 4)
    keys = desk.page.context.new_cdp_session(desk.page)

    def compose(text: str) -> None:
        keys.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )

    compose("か")
    compose("かい")
    body = AgendaItem.objects.get(pk=cast.item.pk).body
    store(cast.item, body.replace("loppu", "loppu toiselta"))
    for text in ("かいg", "かいぎ"):
        desk.page.wait_for_timeout(1_800)  # saves and pulses go on around it
        compose(text)
    assert "かいぎ" in desk.text.inner_text()
    keys.send("Input.insertText", {"text": "会議"})
    expect(desk.line("toiselta")).to_have_text("alku会議 loppu toiselta")
    desk.settled()
    assert texts(cast.item) == ["alku会議 loppu toiselta", "toinen rivi"]
    assert desk.cursor() == ("alku会議 loppu toiselta", 6)
    store(cast.item, AgendaItem.objects.get(pk=cast.item.pk).body.replace("toinen", "muu"))
    expect(desk.line("muu rivi")).to_be_visible()  # the pulse has not stopped


# -- One person, several windows -------------------------------------------------------------------


def test_two_tabs_of_one_person_are_two_people(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, two("ensimmäinen"))
    one = desk_of().write()
    other = Desk(one.page.context.new_page(), cast.item).open().write()
    other.type(" toisesta")
    one.page.bring_to_front()
    one.place("ensimmäinen", 11)
    one.type(" ikkunasta")
    one.settled()
    other.page.bring_to_front()
    other.settled()
    both = ["ensimmäinen ikkunasta", "toinen rivi toisesta"]
    assert texts(cast.item) == both
    for desk in (one, other):
        desk.page.bring_to_front()
        for line in both:
            expect(desk.line(line)).to_have_text(line)
    assert other.drafts() == []
    other.page.evaluate("window.yhteispoyta.stop()")
    other.page.goto("about:blank")


def test_a_killed_browser_keeps_what_was_typed(
    desk_of: Callable[..., Desk],
    cast: Cast,
    live_server: LiveServer,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> None:
    where = {**browser_type_launch_args, "base_url": live_server.url, "locale": "fi-FI"}
    context = browser_type.launch_persistent_context(str(tmp_path), **where)
    login(context, cast.secretary, live_server)
    desk = Desk(context.new_page(), cast.item).open().write()
    desk.page.route(SAVE, lambda route: route.abort())
    desk.type("ennen kaatumista")
    desk.page.wait_for_timeout(2_000)
    context.close()
    context = browser_type.launch_persistent_context(str(tmp_path), **where)
    login(context, cast.secretary, live_server)
    again = Desk(context.new_page(), cast.item).open()
    again.settled()
    assert texts(cast.item) == ["ennen kaatumista"]
    again.page.evaluate("window.yhteispoyta.stop()")
    context.close()


def test_logging_in_in_another_tab_saves_here(
    desk_of: Callable[..., Desk], cast: Cast, live_server: LiveServer
) -> None:
    cast.secretary.set_password("kolme hyvää sanaa peräkkäin")
    cast.secretary.save()
    desk = desk_of().write()
    desk.page.context.clear_cookies(name="sessionid")
    desk.type("ennen")
    expect(desk.state).to_contain_text("Your login has expired; the text is kept in this browser.")
    desk.type(" ja jälkeen")
    with desk.page.expect_popup() as opened:
        desk.state.get_by_role("link", name="Log in in a new tab").click()
    tab = opened.value
    tab.locator("[name=login]").fill(cast.secretary.email)
    tab.locator("[name=password]").fill("kolme hyvää sanaa peräkkäin")
    tab.locator("[name=password]").press("Enter")
    tab.wait_for_url(re.compile(r"^(?!.*login)"))
    tab.close()
    desk.settled()
    assert texts(cast.item) == ["ennen ja jälkeen"]
