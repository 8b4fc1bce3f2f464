"""A writer at the real page of a meeting, for tests of the editor."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from core import richtext
from core.audit import house
from directory.models import Person
from meetings.models import AgendaItem
from meetings.services import minutes
from tests.cast import Cast

SAVED = re.compile(r"^Saved \d{1,2}:\d{2}$")
_KEY = re.compile(r"<([^<>]+)>")


def login(context: BrowserContext, person: Person, server: LiveServer) -> None:
    """Give the browser a session of that person, in English, which needs no translations."""
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: value, settings.LANGUAGE_COOKIE_NAME: "en"}
    context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )


def store(
    item: AgendaItem, html: str, marks: dict[str, Any] | None = None, by: Person | None = None
) -> None:
    """Save an item's text as somebody else would, on top of what there is."""
    item.refresh_from_db()
    with nullcontext() if by else house("test"):
        minutes.save_item(
            item=item,
            base=item.revision,
            token=uuid.uuid4(),
            html=html,
            marks=item.marks if marks is None else marks,
            by=by,
            now=timezone.now(),
        )
    item.refresh_from_db()


@dataclass
class Desk:
    """The page of one writer, at one item, and what its console complained of."""

    page: Page
    item: AgendaItem
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.section = self.page.locator(f"#item-{self.item.pk}")
        self.text = self.section.locator(".editable")
        self.state = self.page.locator("[data-save-state]")
        self.form = self.section.locator(".mark-form")
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in ("error", "warning")
                and "Failed to load resource" not in message.text  # a lost connection
                else None
            ),
        )

    def open(self) -> "Desk":
        self.page.goto(f"/meetings/{self.item.meeting_id}/edit/")
        return self

    def write(self) -> "Desk":
        """Click into the text where it is empty, else after its last line."""
        for _attempt in range(20):  # a restored draft may open the item just as we click
            if self.text.count() and self.text.evaluate("text => text === document.activeElement"):
                break
            if self.text.count():
                self.text.focus()
            else:
                self.section.locator("[data-editor]").click()
            self.page.wait_for_timeout(250)
        expect(self.text).to_be_focused()
        # A person does not select within the editor's first half second; a script would, and the
        # editor then sets its own first selection over the script's.
        self.page.wait_for_timeout(800)
        self.type("<Control+End>")
        return self

    def type(self, words: str) -> None:
        """Type words; `<Enter>` presses a key."""
        for i, part in enumerate(_KEY.split(words)):
            if i % 2:
                self.page.keyboard.press(part)
            elif part:
                self.page.keyboard.type(part)

    def tool(self, name: str) -> Locator:
        return self.section.get_by_role("toolbar").get_by_role("button", name=name, exact=True)

    def line(self, text: str) -> Locator:
        return self.section.locator("p[data-line]", has_text=text)

    def id_of(self, text: str) -> str:
        found = self.line(text).get_attribute("data-line")
        assert found
        return found

    def place(self, text: str, offset: int, to: int | None = None) -> None:
        """Put the cursor into a line, so many characters from its start; or select up to `to`."""
        if not self.text.evaluate("(editable) => editable === document.activeElement"):
            self.text.evaluate("(editable) => editable.focus()")
            self.page.wait_for_timeout(60)  # at focus the editor shows the cursor it had
        self.line(text).evaluate(
            """(line, [from, to]) => {
                const at = (offset) => {
                    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                    let node = walker.nextNode();
                    while (node && offset > node.length) {
                        offset -= node.length;
                        node = walker.nextNode();
                    }
                    return node ? [node, offset] : [line, 0];
                };
                getSelection().setBaseAndExtent(...at(from), ...at(to));
            }""",
            [offset, offset if to is None else to],
        )
        self.page.wait_for_timeout(60)  # the editor hears of it by an event

    def options(self) -> Locator:
        """What the open list of the directory offers."""
        return self.page.locator(".party-options:visible [role=option]")

    def cursor(self) -> tuple[str, int]:
        """The text of the cursor's line, and how far into it the cursor is."""
        found = self.page.evaluate(
            """() => {
                const { anchorNode, anchorOffset } = getSelection();
                const element = anchorNode.nodeType === 3 ? anchorNode.parentElement : anchorNode;
                const line = element.closest("[data-line]");
                const range = document.createRange();
                range.setStart(line, 0);
                range.setEnd(anchorNode, anchorOffset);
                return [line.textContent, range.toString().length];
            }"""
        )
        return found[0], found[1]

    def ids(self) -> list[tuple[str, str]]:
        """Text and id of each line, as the page has them."""
        lines = self.section.locator("p[data-line]").evaluate_all(
            "lines => lines.map((line) => [line.textContent, line.dataset.line])"
        )
        return [(text, line) for text, line in lines]

    def filled(self) -> list[tuple[str, str]]:
        """The same without empty lines."""
        return [(text, line) for text, line in self.ids() if text]

    def settled(self) -> None:
        """Wait until everything is acknowledged."""
        for _ in range(100):  # the policy forbids Playwright's own waiting for a function
            if not self.page.evaluate("window.yhteispoyta.isDirty"):
                break
            self.page.wait_for_timeout(100)
        expect(self.state).to_have_text(SAVED)

    def stored(self) -> AgendaItem:
        """The item as the server has it once all is acknowledged."""
        self.settled()
        self.item.refresh_from_db()
        return self.item

    def lines(self) -> list[tuple[int, str, str]]:
        """Level, list and text of each stored line."""
        found = richtext.lines_of(self.stored().body)
        return [(line.level, line.marker, line.text) for line in found]

    def drafts(self) -> list[str]:
        """Keys of unsaved text in this browser."""
        keys: list[str] = self.page.evaluate("Object.keys(localStorage)")
        return [key for key in keys if key.startswith("yhteispoyta:draft:")]


@pytest.fixture
def desk_of(
    live_server: LiveServer, cast: Cast, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., Desk]]:
    """Open the page of the cast's meeting for the secretary or another person."""
    desks: list[Desk] = []

    def make(person: Person | None = None, item: AgendaItem | None = None, **options: Any) -> Desk:
        context = new_context(**options)
        context.set_default_timeout(10_000)
        login(context, person or cast.secretary, live_server)
        desk = Desk(context.new_page(), item or cast.item)
        desks.append(desk)
        return desk.open()

    yield make
    for desk in desks:
        if not desk.page.is_closed():  # no request may outlive the test's database
            desk.page.evaluate("window.yhteispoyta?.stop()")
            desk.page.goto("about:blank")
    for desk in desks:
        assert desk.complaints == []
