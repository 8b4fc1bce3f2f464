"""That the journeys run on what is deployed: the app's role, hashed static files, the policy."""

from collections.abc import Callable

from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


def test_the_login_page_as_deployed(
    live_server: LiveServer, page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    with page.expect_response("**/*.css") as style:
        page.goto("/")
    expect(page).to_have_url(f"{live_server.url}/account/login/?next=/")
    assert page.locator("html").get_attribute("lang") == "fi"
    assert style.value.ok
    assert style.value.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert complaints == []
    assert_accessible(page)


def test_the_server_connects_with_the_apps_rights(live_server: LiveServer, page: Page) -> None:
    page.goto("/readyz")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database()"
        )
        assert sorted(cursor.fetchall()) == [("yhteispoyta_app",), ("yhteispoyta_owner",)]
