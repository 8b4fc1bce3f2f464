"""The frame in a browser: every page around the meeting scanned, used by keyboard, narrow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Membership, Person
from meetings.models import Meeting
from tests.e2e.desk import login
from tests.factories import (
    PASSWORD,
    AgendaItemFactory,
    AssignmentFactory,
    DocumentVersionFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
)

SECRETARY = "secretary@example.org"
MEMBER = "member@example.org"
NEWCOMER = "newcomer@example.org"


@pytest.fixture
def cast(transactional_db: None) -> dict[str, Person]:
    """A group with some of everything, its secretary and a member; and one in no group."""
    now = timezone.now()
    group = GroupFactory(slug="ryhma")
    people = {address: PersonFactory(email=address) for address in (SECRETARY, MEMBER, NEWCOMER)}
    secretary = MembershipFactory(
        group=group, person=people[SECRETARY], role=Membership.Role.SECRETARY
    )
    member = MembershipFactory(group=group, person=people[MEMBER])
    MembershipFactory(
        group=GroupFactory(parent=group), person=people[SECRETARY], organisation=None, seat=""
    )
    coming = MeetingFactory(group=group, starts_at=now + timedelta(days=9), place="")
    AgendaItemFactory(meeting=coming)
    for state in Meeting.State:
        MeetingFactory(group=group, starts_at=now - timedelta(days=30), state=state)
    shared = Meeting.objects.filter(state__in=[Meeting.State.SHARED, Meeting.State.APPROVED])
    for meeting in shared:
        DocumentVersionFactory(meeting=meeting)
    for days, membership in ((-3, member), (9, member), (-1, secretary)):
        AssignmentFactory(
            organisation=membership.organisation,
            owner__action__origin__group=group,
            owner__action__due_on=now.date() + timedelta(days=days),
            owner__action__due=(now.date() + timedelta(days=days)).isoformat(),
        )
    for _ in range(20):
        MeetingFactory(group=group)
    return people


def reads(context: BrowserContext, server: LiveServer, language: str) -> None:
    """Have the browser's language chosen."""
    context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])


PUBLIC = [
    "/account/login/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/key/x-y/",
    "/account/password/reset/done/",
    "/account/signup/",
    "/account/inactive/",
    "/missing/",
]
INSIDE = {
    SECRETARY: ["/", "/groups/", "/groups/ryhma/", "/groups/ryhma/?page=2"],
    MEMBER: ["/", "/groups/ryhma/", "/account/password/change/", "/account/logout/"],
    NEWCOMER: ["/", "/groups/"],
}


# Each width with each scheme, each scheme with each language, each language with each width.
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(390, "light", "fi"), (390, "dark", "sv"), (1280, "light", "sv"), (1280, "dark", "fi")],
)
def test_every_page_is_accessible(
    width: int,
    scheme: str,
    language: str,
    browser: Browser,
    live_server: LiveServer,
    cast: dict[str, Person],
    assert_accessible: Callable[[Page], None],
) -> None:
    for address, paths in [("", PUBLIC), *INSIDE.items()]:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        if address:
            login(context, cast[address], live_server)
        reads(context, live_server, language)
        page = context.new_page()
        for path in paths:
            page.goto(live_server.url + path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(page.locator("h1")).to_have_count(1)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert_accessible(page)
        context.close()


def test_zoomed_to_400_percent_nothing_scrolls_sideways(
    page: Page, live_server: LiveServer, cast: dict[str, Person]
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    login(page.context, cast[SECRETARY], live_server)
    reads(page.context, live_server, "fi")
    for path in [*INSIDE[SECRETARY], *PUBLIC[:2], "/account/password/change/"]:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_by_keyboard_alone(page: Page, live_server: LiveServer, cast: dict[str, Person]) -> None:
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


def test_targets_are_large_enough(
    page: Page, live_server: LiveServer, cast: dict[str, Person]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    login(page.context, cast[SECRETARY], live_server)
    reads(page.context, live_server, "fi")
    page.goto(f"{live_server.url}/groups/ryhma/")
    small = page.eval_on_selector_all(
        "button, .btn, .site-nav a, .pages a, .brand",
        """all => all.filter(e => e.checkVisibility())
            .map(e => [e.innerText, e.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < 24)
            .map(([text]) => text)""",
    )
    assert small == []


def test_language_is_switched_where_one_is(
    page: Page, live_server: LiveServer, cast: dict[str, Person]
) -> None:
    login(page.context, cast[SECRETARY], live_server)
    reads(page.context, live_server, "fi")
    page.goto(f"{live_server.url}/groups/ryhma/?page=2")
    page.get_by_role("button", name="SV – på svenska").click()
    expect(page).to_have_url(f"{live_server.url}/groups/ryhma/?page=2")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.get_by_role("heading", name="Möten")).to_be_visible()


def test_an_expired_form_is_sent_again(
    page: Page,
    live_server: LiveServer,
    cast: dict[str, Person],
    assert_accessible: Callable[[Page], None],
) -> None:
    login(page.context, cast[SECRETARY], live_server)
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
