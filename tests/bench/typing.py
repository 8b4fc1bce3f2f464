"""Typing in Chromium: from the key to the picture, in a huge meeting and in an empty one."""

import shutil
import statistics
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.bench.scene import Scene, typing_meetings

NAME = "typing"
LIMIT = 1.5
LATENCY = 50  # ms from a key to the next picture, at the 95th percentile
OPENING = 2_000  # ms until one can write
KEYS = 210
TYPED = "abcdef " * (KEYS // 7 - 1)
_BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
_LISTEN = """() => {
    window.taken = [];
    addEventListener("keydown", ({ timeStamp }) => {
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.taken.push(performance.now() - timeStamp);
            port2.postMessage(null); // after the picture
        });
    }, true);
}"""


@dataclass(frozen=True)
class Measured:
    """In milliseconds: until the page can be written in, and each key's way to the picture."""

    opening: float
    keys: list[float]

    @property
    def p95(self) -> float:
        """The latency that 95 of 100 keys stay below."""
        return statistics.quantiles(self.keys, n=20)[-1]


def measure(port: int, data: Scene) -> int:
    """Print the ratio, latency and time to open; 1 where one of them is over its limit."""
    long, empty = typing_meetings()
    executable = next(filter(None, map(shutil.which, _BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        url = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": data.session, "url": url}])
        _at(context, url, *empty)  # the browser's cache is warm for both
        ground, ours = _at(context, url, *empty), _at(context, url, *long)
        browser.close()
    ratio = ours.p95 / ground.p95
    print(
        f"{NAME} ratio {ratio:.2f} limit {LIMIT:g}"
        f"  (p95 {ours.p95:.1f} ms on {ground.p95:.1f} ms; limit {LATENCY} ms)",
        flush=True,
    )
    print(
        f"{NAME}-opening ratio {ours.opening / OPENING:.2f} limit 1"
        f"  ({ours.opening:.0f} ms of {OPENING} ms; an empty meeting {ground.opening:.0f} ms)",
        flush=True,
    )
    return int(ratio > LIMIT or ours.p95 > LATENCY or ours.opening > OPENING)


def _at(context: BrowserContext, url: str, meeting: int, item: int) -> Measured:
    page = context.new_page()
    page.goto(f"{url}/meetings/{meeting}/edit/")
    text = page.locator(f"#item-{item} [data-editor]")
    text.evaluate("(element) => element.focus()")
    page.locator(f"#item-{item} .editable").wait_for()
    opening: float = page.evaluate("performance.now()")
    editable = page.locator(f"#item-{item} .editable")
    editable.evaluate("(element) => element.focus()")
    measured = Measured(opening, _keys(page))
    assert TYPED in editable.inner_text().replace("\xa0", " "), "the keys went elsewhere"
    page.close()
    return measured


def _keys(page: Page) -> list[float]:
    page.wait_for_timeout(1_000)
    page.keyboard.press("Control+End")
    page.evaluate(_LISTEN)
    for number in range(KEYS):
        page.keyboard.press("Space" if number % 7 == 6 else "abcdef"[number % 7])
        page.wait_for_timeout(60)
    taken: list[float] = page.evaluate("window.taken")
    return taken
