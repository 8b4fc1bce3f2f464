"""The frame in a browser: used by keyboard, in another language, after the login has expired."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Membership, Person
from meetings.models import Meeting
from tests.e2e.desk import login
from tests.factories import PASSWORD, GroupFactory, MeetingFactory, MembershipFactory

SECRETARY = "secretary@example.org"


@pytest.fixture
def secretary(transactional_db: None) -> Person:
    """The secretary of a group with two pages of meetings."""
    group = GroupFactory(slug="ryhma")
    for _ in range(25):
        MeetingFactory(group=group)
    role = Membership.Role.SECRETARY
    return MembershipFactory(group=group, person__email=SECRETARY, role=role).person


def reads(context: BrowserContext, server: LiveServer, language: str) -> None:
    """Have the browser's language chosen."""
    context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])


def test_where_nothing_is_the_page_says_so(
    page: Page, live_server: LiveServer, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto(f"{live_server.url}/missing/")
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page)


def test_by_keyboard_alone(page: Page, live_server: LiveServer, secretary: Person) -> None:
    page.goto(f"{live_server.url}/account/login/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Siirry sisältöön")).to_be_focused()
    page.locator("[name=login]").focus()
    page.keyboard.type(SECRETARY)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/")
    page.wait_for_load_state()  # the address changes before there is anything to go to
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Siirry sisältöön")
    expect(skip).to_be_focused()
    assert skip.evaluate("e => e.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    menu = page.get_by_role("button", name="Oma tunnus")
    menu.focus()
    ring = menu.evaluate("e => getComputedStyle(e).outlineWidth + getComputedStyle(e).outlineStyle")
    assert ring == "3pxsolid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/account/login/?next=/")


def test_language_is_switched_where_one_is(
    page: Page, live_server: LiveServer, secretary: Person
) -> None:
    login(page.context, secretary, live_server)
    reads(page.context, live_server, "fi")
    page.goto(f"{live_server.url}/groups/ryhma/?page=2")
    page.get_by_role("button", name="SV – på svenska").click()
    expect(page).to_have_url(f"{live_server.url}/groups/ryhma/?page=2")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.get_by_role("heading", name="Möten")).to_be_visible()


def test_an_expired_form_is_sent_again(
    page: Page,
    live_server: LiveServer,
    secretary: Person,
    assert_accessible: Callable[[Page], None],
) -> None:
    login(page.context, secretary, live_server)
    reads(page.context, live_server, "fi")
    page.goto(f"{live_server.url}/meetings/group/ryhma/new/")
    page.locator("[name=title]").fill("Kokous, joka kirjoitettiin lounaan yli")
    page.locator("[name=date]").fill("2027-01-12")
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Kirjoittamasi on tallessa")
    assert_accessible(page)
    page.locator("[name=login]").fill(SECRETARY)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    expect(page.get_by_text("Kokous, joka kirjoitettiin lounaan yli")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Lähetä uudelleen").click()
    expect(page.get_by_text("Kokous, joka kirjoitettiin lounaan yli").first).to_be_visible()
    assert Meeting.objects.filter(title="Kokous, joka kirjoitettiin lounaan yli").count() == 1
