"""Every page scanned: with nothing, 3 and 300 rows, light and dark, narrow, wide and zoomed.

Here each pair of these once; `bin/sweep` takes each with each (full.py).
"""

from itertools import product

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.addresses import TABLE
from tests.e2e.sweep.plan import SCHEMES, VOLUMES, WIDTHS, pages, pairwise
from tests.e2e.sweep.scenes import staged
from tests.e2e.sweep.walk import Walk
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("volume", VOLUMES)
def test_every_page(volume: int, browser: Browser, live_server: LiveServer) -> None:
    walk = Walk(browser, live_server, staged(volume))
    walk.go(stop for stop in pairwise() if stop.volume == volume)
    assert not walk.problems, "\n".join(walk.problems)
    assert walk.visited == set(pages()) - walk.files
