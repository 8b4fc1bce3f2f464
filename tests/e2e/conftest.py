"""The browser of the journeys, and a server that has the app's rights only."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium, without calls home."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "Chromium is missing; bin/test installs it where it may."
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Finnish reader's browser."""
    return {**browser_context_args, "locale": "fi-FI", "timezone_id": "Europe/Helsinki"}


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """The app as it is deployed: with the app's role, and static files from their collected folder.

    Only the server's threads make their connections with that role. The test's own connection stays
    the owner's, which may empty the tables afterwards.
    """
    as_owner = connections["default"].settings_dict
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application  # WhiteNoise serves them
    connections.settings["default"] = {**as_owner, "USER": settings.APP_DATABASE_ROLE}
    server.start()
    yield server
    server.stop()
    connections.settings["default"] = as_owner


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail where the page breaks a rule of WCAG 2.2 A or AA, naming the rules and the elements."""

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        results = Axe().run(page, options={"runOnly": tags})
        assert results.violations_count == 0, results.generate_report()

    return check
