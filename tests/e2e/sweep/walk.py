"""Looks at the pages of a plan in one browser, and gathers what is wrong with them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.addresses import address
from tests.e2e.sweep.plan import Stop
from tests.e2e.sweep.scenes import Stage
from tests.scene import Role, undone

FOLDER = Path(__file__).parent
LOOK = (FOLDER / "look.js").read_text()
REFLOW = (FOLDER / "reflow.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WINDOW: ViewportSize = {"width": 1280, "height": 844}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %
# A form that comes back with what is wrong is not a mistake of the page's.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4")


def axe(page: Page) -> list[str]:
    """The broken rules, each with where it is broken first."""
    # No page has frames; preloading style sheets is for rules that are not asked here.
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "iframes": False, "preload": False}
    found = []
    for rule in Axe().run(page, options=options).response["violations"]:
        nodes = [f"{node['html'][:160]} {node['target']}" for node in rule["nodes"][:2]]
        found.append(f"{rule['id']} ({len(rule['nodes'])}): {'; '.join(nodes)}")
    return found


class Walk:
    """One browser on one stage; `visited` and `problems` grow as it goes."""

    def __init__(self, browser: Browser, server: LiveServer, stage: Stage) -> None:
        self.browser, self.server, self.stage = browser, server, stage
        self.visited: set[str] = set()
        self.files: set[str] = set()  # what opens but is no page
        self.problems: list[str] = []
        self.looks = 0
        self.titles: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._console: list[str] = []
        self._clients: dict[Role, Client] = {}
        self._pages: dict[Role, Page] = {}

    def go(self, stops: Iterable[Stop]) -> None:
        """Look at each, and compare the titles at the end."""
        try:
            for stop in stops:
                if stop.name not in self.files:
                    self._visit(stop)
        finally:
            for page in self._pages.values():
                page.context.close()
        for (language, title), names in self.titles.items():
            if len(names) > 1:
                self.problems.append(f"{language}: “{title}” is the title of {sorted(names)}")

    def _visit(self, stop: Stop) -> None:
        there = address(stop.name, self.stage.place(stop.name, stop.state, stop.role))
        client = self._client(stop.role)
        if stop.name not in self.visited and not self._is_page(client, there):
            self.files.add(stop.name)
            return
        page = self._page(stop)
        response = page.goto(self.server.url + there)
        assert response
        if response.status != 200 or page.url != self.server.url + there:
            self._say(stop, [f"{response.status} at {page.url}", *self._console])
            self._console.clear()
            return
        if stop.volume == 0 and page.locator("form[role=search] [name=q]").count():
            page.goto(f"{self.server.url}{there}?q=zzzz")  # what is said where nothing is found
        self._look(stop, page)
        self.visited.add(stop.name)
        if stop.refused and self._refuses(client, there):
            self._post_nothing(page, there)
            self._look(stop, page, "refused")

    def _look(self, stop: Stop, page: Page, part: str = "") -> None:
        self.looks += 1
        said = axe(page)
        page.keyboard.press("Shift")
        said += page.evaluate(REFLOW) + page.evaluate(LOOK)
        if stop.setting.width == 1280:
            page.set_viewport_size(ZOOMED)
            said += [f"zoomed: {one}" for one in page.evaluate(REFLOW)]
            page.set_viewport_size(WINDOW)
        if page.locator("html").get_attribute("lang") != stop.setting.language:
            said.append("in another language")
        title = page.title()
        if not title or title.startswith("·"):
            said.append("no title")
        elif not part:
            self.titles[stop.setting.language, title].add(stop.name)
        self._say(stop, said + self._console, part)
        self._console.clear()

    def _say(self, stop: Stop, said: Iterable[str], part: str = "") -> None:
        at = f"{stop.name} {part} [{stop.role} {stop.state} {stop.volume} rows, "
        at += f"{' '.join(map(str, stop.setting))}]"
        self.problems += [f"{at}: {one}" for one in said]

    def _client(self, role: Role) -> Client:
        if role not in self._clients:
            self._clients[role] = self.stage.scene.browser(role)
        return self._clients[role]

    def _page(self, stop: Stop) -> Page:
        """The role's window, set as the stop wants it."""
        if stop.role not in self._pages:
            context = self.browser.new_context(reduced_motion="reduce")
            cookie = self._client(stop.role).cookies.get(settings.SESSION_COOKIE_NAME)
            if cookie:
                value = {"name": settings.SESSION_COOKIE_NAME, "value": cookie.value}
                context.add_cookies([{**value, "url": self.server.url}])
            page = context.new_page()
            page.on("console", self._hear)
            page.on("pageerror", lambda error: self._console.append(str(error)))
            self._pages[stop.role] = page
        page = self._pages[stop.role]
        setting = stop.setting
        page.set_viewport_size({**WINDOW, "width": setting.width})
        page.emulate_media(color_scheme=setting.scheme)  # type: ignore[arg-type]
        language = {"name": settings.LANGUAGE_COOKIE_NAME, "value": setting.language}
        page.context.add_cookies([{**language, "url": self.server.url}])
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            self._console.append(message.text)

    @staticmethod
    def _is_page(client: Client, there: str) -> bool:
        with undone(client):
            answer = client.get(there)
        answer.close()
        is_html = answer["Content-Type"].startswith("text/html")
        return is_html and "Content-Disposition" not in answer

    @staticmethod
    def _refuses(client: Client, there: str) -> bool:
        """Whether an empty form comes back as a page; tried without a trace."""
        with undone(client):
            answer = client.post(there, {})
        html = answer["Content-Type"].startswith("text/html")
        return html and answer.status_code not in (302, 403, 404, 405)

    @staticmethod
    def _post_nothing(page: Page, there: str) -> None:
        with page.expect_navigation() as navigation:
            page.evaluate(
                """(there) => {
                    const form = document.createElement("form");
                    const token = document.querySelector("[name=csrfmiddlewaretoken]");
                    Object.assign(form, { method: "post", action: there });
                    form.append(token.cloneNode());
                    document.body.append(form);
                    form.submit();
                }""",
                there,
            )
        answer: Response = navigation.value
        assert answer.status != 403, there
