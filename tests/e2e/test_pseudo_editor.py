"""What the workspace's scripts say is translated: a walk in the pseudo-locale, dates in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from core import vague
from tests.cast import Cast
from tests.e2e.desk import Desk, store
from tests.factories import AttendanceFactory
from tests.pseudo import Fault, Known, faults, pseudo, said

A, B = "aaaaaaaaaaaaaa2", "bbbbbbbbbbbbbb2"
TWO = f'<p data-line="{A}">Ensimmäinen rivi</p><ul><li><p data-line="{B}">Toinen rivi</p></li></ul>'
# Keys as they are named on the keyboard, which the toolbar's tips tell.
KEYS = ["Ctrl", "Alt", "Shift", "Tab", "Enter", "Escape", "F10", *"BIKZ"]


@pytest.fixture
def pseudo_desk(desk_of: Callable[..., Desk], cast: Cast) -> Iterator[Desk]:
    """A writer's page in pseudo-English."""
    with pseudo():
        AttendanceFactory(meeting=cast.meeting, name="Aino Esimerkki")
        mark = {"kind": "agreed", "effective": "2025-01"}
        store(cast.item, TWO, {A: [mark]})
        yield desk_of()


@dataclass
class Walk:
    """What was found on the way."""

    desk: Desk
    known: Known = field(default_factory=Known)
    wrong: dict[Fault, str] = field(default_factory=dict)

    def look(self, where: str) -> None:
        """Read the page as it stands now."""
        # Months in a list of their own; core.vague has them, as the test below holds.
        self.known.add(vague.month_name(number, "en") for number in range(1, 13))
        self.known.add_rows()
        for one in faults(self.desk.page.content(), self.known):
            self.wrong.setdefault(one, where)

    def report(self) -> str:
        """Each fault, with what had been done when it was first met."""
        return "\n".join(
            f"{one.what}: {one.text!r} in {one.where} ({w})" for one, w in self.wrong.items()
        )


def abort(route: Route) -> None:
    route.abort()


def test_all_that_the_workspace_says_is_translated(pseudo_desk: Desk, cast: Cast) -> None:
    desk, page = pseudo_desk, pseudo_desk.page
    walk = Walk(desk)
    walk.known.add(
        [*KEYS, "zzz", "ei ole osoite", "Ensim", "mäinen rivi", "Minun rivi", "TaasMinun rivi"]
    )
    walk.look("opened")
    desk.write()
    walk.look("writing")

    # Marks, with all that is asked of them.
    desk.place("Toinen", 2)
    kinds = ("Task", "Request", "Joining", "Open question", "Milestone", "Awaiting information")
    for kind in kinds:
        desk.tool(f"⟦{kind}⟧").click()
    expect(desk.form.get_by_role("group")).to_have_count(len(kinds))
    walk.look("marks")
    task = desk.form.get_by_role("group", name="⟦Task⟧")
    due = task.get_by_label("⟦Due⟧", exact=True)
    for kind in ("month", "season", "next_meeting", "before_next_meeting", "day"):
        due.select_option(kind)
        walk.look(f"due: {kind}")
    day = task.get_by_label("⟦⟨⟦Due⟧⟩, day⟧")
    day.fill("zzz")
    day.press("Tab")
    expect(task.get_by_role("alert").filter(has_text="3.12.2024")).to_be_visible()
    walk.look("no day")
    owners = task.get_by_role("combobox").first
    owners.fill("omni")
    expect(desk.options().first).to_be_visible()
    walk.look("choosing an owner")
    owners.press("Enter")
    walk.look("an owner")
    owners.fill("zzz")
    walk.look("nobody of that name")
    owners.fill("")

    # A link, a table, what has been saved.
    desk.place("Ensimmäinen", 0, 5)
    desk.tool("⟦Link⟧").click()
    address = desk.section.get_by_label("⟦Address of the link⟧")
    address.fill("ei ole osoite")
    address.press("Enter")
    walk.look("no address")
    address.press("Escape")
    desk.place("Ensimmäinen", 5)
    desk.tool("⟦Table⟧").click()
    walk.look("a table")
    expect(desk.state).to_contain_text("⟦Saved ⟨")
    walk.look("saved")

    # Two people in one line, a lost connection, an expired login.
    page.route("**/save/", abort)
    desk.place("Toinen", 0, 6)
    desk.type("Minun")
    expect(desk.state).to_contain_text("⟦No connection")
    walk.look("offline")
    desk.item.refresh_from_db()
    store(cast.item, desk.item.body.replace("Toinen", "Heidän"))
    page.unroute("**/save/")
    conflict = desk.section.locator(".conflict")
    expect(conflict).to_contain_text("Both are kept: choose.")
    walk.look("two versions")
    conflict.get_by_role("button", name="⟦Keep mine⟧").click()
    expect(desk.state).to_contain_text("⟦Saved ⟨")
    page.route("**/save/", lambda route: route.fulfill(status=401, json={"login": "/x/"}))
    desk.place("Minun", 0)
    desk.type("Taas")
    expect(desk.state).to_contain_text("⟦Your login has expired")
    walk.look("login expired")
    page.unroute("**/save/")

    # Beside the editor: the dialog, a heading, a toast.
    desk.section.locator("[data-open-item]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look("an item's panel")
    page.get_by_role("dialog").locator("[data-close]").first.click()
    desk.section.locator("[data-rename]").click()
    walk.look("renaming")
    desk.type("<Escape>")
    page.locator("[data-attendance]").evaluate("form => { form.action = '/nowhere/'; }")
    page.locator("[data-attendance] label").first.click()
    expect(page.locator("[data-toast]")).to_be_visible()
    walk.look("a toast")

    assert walk.wrong == {}, walk.report()


def test_leaving_with_unsaved_text_asks_in_the_readers_language(pseudo_desk: Desk) -> None:
    desk, asked = pseudo_desk.write(), []

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    desk.page.on("dialog", answer)
    desk.page.route("**/save/", abort)
    desk.type("Jotain")
    expect(desk.state).to_contain_text("⟦No connection")
    desk.page.evaluate("document.querySelector('[data-logout]').requestSubmit()")
    for _ in range(50):
        if asked:
            break
        desk.page.wait_for_timeout(100)
    assert len(asked) == 1
    assert said(asked[0], Known(), "en", "confirm") == []
    desk.page.unroute("**/save/")
    desk.page.wait_for_timeout(100)


CODES = [
    *("2024-12-03", "2025-08-31", "next_meeting", "before_next_meeting", ""),
    *(f"2025-{month:02}" for month in range(1, 13)),
    *(f"2025-{season}" for season in vague.SEASONS),
]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_editor_says_when_as_the_house_does(
    desk_of: Callable[..., Desk], live_server: LiveServer, language: str
) -> None:
    desk = desk_of()
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
    desk.page.context.add_cookies([cookie])  # type: ignore[list-item]
    desk.page.reload()
    found = desk.page.evaluate(
        """async (codes) => {
            const { label, parseDay } = await import("/static/js/editor/when.js");
            return codes.map((code) => [label(code), parseDay(label(code))]);
        }""",
        CODES,
    )
    assert [words for words, _day in found] == [vague.label(code, language) for code in CODES]
    # A day is read back as it is written.
    assert [day for _words, day in found][:2] == CODES[:2]
