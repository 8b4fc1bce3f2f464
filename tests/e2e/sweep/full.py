"""Every page × {0, 3, 300 rows} × {light, dark} × {390, 1280 px}: only `bin/sweep` runs it."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.e2e.sweep.plan import SETTINGS, VOLUMES, Setting, everything, pages
from tests.e2e.sweep.scenes import staged
from tests.e2e.sweep.walk import Walk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("setting", SETTINGS, ids="{0.scheme}-{0.width}".format)
def test_every_page(
    volume: int, setting: Setting, browser: Browser, live_server: LiveServer
) -> None:
    walk = Walk(browser, live_server, staged(volume))
    walk.go(everything(volume, setting))
    print(f"{walk.looks} looks at {len(walk.visited)} pages")
    assert not walk.problems, "\n".join(walk.problems)
    assert walk.visited == set(pages()) - walk.files
