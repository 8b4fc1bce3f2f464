"""Every page scanned: with nothing, 3 and 300 rows, light and dark, narrow, wide and zoomed.

Here each pair of these once; `bin/sweep` takes each with each (full.py).
"""

from itertools import product

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.addresses import TABLE
from tests.e2e.sweep.plan import SCHEMES, VOLUMES, WIDTHS, pages, pairwise
from tests.e2e.sweep.scenes import staged
from tests.e2e.sweep.walk import LOOK, REFLOW, Walk, axe
from tests.scene import Role


def test_all_pairs_are_there() -> None:
    stops = list(pairwise())
    settings = [(stop.name, stop.setting) for stop in stops]
    assert {(stop.name, stop.volume) for stop in stops} == set(product(pages(), VOLUMES))
    assert {(name, s.scheme) for name, s in settings} == set(product(pages(), SCHEMES))
    assert {(name, s.width) for name, s in settings} == set(product(pages(), WIDTHS))
    of_settings = {(stop.volume, stop.setting.scheme, stop.setting.width) for stop in stops}
    assert of_settings == set(product(VOLUMES, SCHEMES, WIDTHS))
    public = {name for name, page in TABLE.items() if page.answer(Role.ANONYMOUS, "GET") == 200}
    assert {stop.name for stop in stops if stop.role == Role.ANONYMOUS} >= public


NARROW: ViewportSize = {"width": 390, "height": 844}
BAD = """<!doctype html><title>Bad</title><h1>One</h1><h1>Two</h1>
<button style="block-size: 12px; padding: 0">Low</button><br>
<button style="block-size: 12px; padding: 0">Low</button>
<p style="transition: color 2s">Slow</p>
<a href="#x" style="outline: none">Unseen</a>
<div style="overflow-x: auto; inline-size: 50px"><p style="inline-size: 200px">Hidden</p></div>
<p style="inline-size: 900px">Wide</p>
<a href="#y" id="under">Under</a><div style="position: fixed; inset: 0; z-index: 9"></div>"""


def test_each_check_catches_what_it_is_for(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.set_content(BAD)
    page.keyboard.press("Shift")
    said = [one.split(":")[0] for one in page.evaluate(REFLOW) + page.evaluate(LOOK)]
    assert said == [
        "908 px wide in 390",
        "scrolls without a name or focus",
        "no language",
        "2 main headings",
        "small target",
        "small target",
        "moves",
        "covered or out of sight when focused",
        "focus is not shown",
        "covered or out of sight when focused",
    ]
    page.locator("div").last.evaluate("cover => cover.remove()")
    rules = {one.split()[0] for one in axe(page)}
    assert {"html-has-lang", "target-size"} <= rules


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("volume", VOLUMES)
def test_every_page(volume: int, browser: Browser, live_server: LiveServer) -> None:
    walk = Walk(browser, live_server, staged(volume))
    walk.go(stop for stop in pairwise() if stop.volume == volume)
    assert not walk.problems, "\n".join(walk.problems)
    assert walk.visited == set(pages()) - walk.files
