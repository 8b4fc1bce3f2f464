"""From an empty house to the first meeting: the region, the printed link, a passkey, the steps."""

import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import CDPSession, Locator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from directory.models import Group, Membership, Organisation, Person
from meetings.models import Meeting
from tests.e2e.test_entry import key  # noqa: F401  (a fixture)
from tests.post import Post

pytestmark = pytest.mark.django_db(transaction=True)

HOME = re.compile(r"^http://[^/]+/$")


@pytest.fixture(autouse=True)
def _no_limits_reached() -> None:
    cache.clear()


@pytest.fixture
def link(live_server: LiveServer, settings: Settings, post: Post) -> str:
    """What the command prints in an empty house."""
    settings.SITE_URL = live_server.url
    assert not Organisation.objects.exists()
    out = StringIO()
    call_command(
        "setup_region",
        "--admin-email=aino@example.org",
        "--admin-name=Aino Esimerkki",
        stdout=out,
        stderr=StringIO(),
    )
    return out.getvalue().strip()


def submit(page: Page) -> None:
    page.locator("main form:not(.step-ways) button[type=submit]").first.click()


def test_from_nothing_to_the_first_meeting(
    page: Page,
    key: CDPSession,  # noqa: F811
    link: str,
    post: Post,
    assert_accessible: Callable[[Page], None],
) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aino Esimerkki")
    page.locator("#id_language").select_option("en")
    submit(page)
    page.wait_for_url(HOME)

    def step(title: str) -> Locator:
        page.goto("/")
        return page.locator(".steps > li", has_text=title)

    def is_done(title: str) -> None:
        expect(step(title)).to_have_class("step-done")

    is_done("Secure your own login")  # by the passkey that was just made
    expect(page.locator(".steps > li")).to_have_count(8)
    expect(page.locator("main .btn-primary")).to_have_count(1)
    assert_accessible(page)
    look(page, "begin")

    step("See that mail works").get_by_role("button").click()
    page.wait_for_url(HOME)
    assert_accessible(page)
    look(page, "mail")
    assert len(post.letters()) == 2  # the invitation, and the test
    is_done("See that mail works")

    step("Add the members").get_by_role("link", name="Add a member").click()
    page.locator("#id_name").fill("Veera Lampi")
    page.locator("#id_email").fill("veera@example.org")
    page.locator("#id_organisation").select_option(label="Espoo")
    page.locator("#id_seat").select_option("municipality")
    submit(page)
    page.wait_for_url("**/directory/groups/*/")
    is_done("Add the members")

    step("Name the chair").get_by_role("link", name="Add a secretary").click()
    expect(page.locator("#id_role")).to_have_value("secretary")
    page.locator("#id_name").fill("Kati Koordinaattori")
    page.locator("#id_organisation").select_option(label="LUVN")
    page.locator("#id_seat").select_option("county")
    submit(page)
    page.wait_for_url("**/directory/groups/*/")
    expect(step("Name the chair")).to_contain_text("The group has no chair.")
    expect(step("Name the chair")).not_to_contain_text("no secretary")

    step("Plan the first meeting").get_by_role("link").click()
    page.locator("#id_title").fill("Ensimmäinen kokous")
    page.locator("#id_date").fill("2027-02-01")
    page.locator("#id_starts").fill("09:00")
    submit(page)
    page.wait_for_url("**/meetings/*/edit/")
    is_done("Plan the first meeting")
    expect(page.locator(".section h2").first).not_to_have_text("Getting started")
    assert_accessible(page)
    look(page, "later")

    step("Invite the members").get_by_role("link").click()
    page.get_by_role("button", name="Invite 1 member").click()
    is_done("Invite the members")
    assert len(post.letters()) == 3
    meeting = Meeting.objects.get()
    assert meeting.group == Group.objects.get()
    secretary = Membership.objects.get(role=Membership.Role.SECRETARY)
    assert secretary.person.name == "Kati Koordinaattori"
    assert Person.objects.count() == 3


def look(page: Page, name: str) -> None:
    folder = os.environ.get("LOOK")
    if folder:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
