"""The browser of the journeys, and a server that has the app's rights only."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
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


class AsDeployed:
    """Lets each of the server's threads connect with the app's role, and WhiteNoise serve files.

    The test's own connections stay the owner's, which may empty the tables afterwards. It stands
    where Django's test server puts its own server of static files.
    """

    def __init__(self, application: WSGIHandler) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        ours = connections["default"]
        ours.settings_dict = {**ours.settings_dict, "USER": settings.APP_DATABASE_ROLE}
        return self.application(environ, start_response)


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """The app as it is deployed."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = AsDeployed
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Where `page.goto("/…")` leads."""
    return live_server.url


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail where the page breaks a rule of WCAG 2.2 A or AA, naming the rules and the elements."""

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        results = Axe().run(page, options={"runOnly": tags})
        assert results.violations_count == 0, results.generate_report()

    return check
