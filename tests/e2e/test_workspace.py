"""The meeting's pages in a browser: a meeting is made, its agenda kept, attendance taken."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Group, Membership
from meetings.models import AgendaItem, Attendance, Meeting
from tests.cast import Cast
from tests.e2e.desk import SAVED, login, store
from tests.factories import AgendaItemFactory, AttendanceFactory, MembershipFactory
from tests.meetings.pages import url

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def desk(page: Page, context: BrowserContext, cast: Cast, live_server: LiveServer) -> Page:
    """The secretary's browser; what its console complains of fails the test."""
    login(context, cast.secretary, live_server)
    return page


def rail(page: Page) -> list[str]:
    return [" ".join(row.split()) for row in page.locator("#rail li").all_inner_texts()]


def headings(page: Page) -> list[str]:
    return [" ".join(row.split()) for row in page.locator("#items .item h2").all_inner_texts()]


def add(page: Page, title: str) -> None:
    page.get_by_label("New item").fill(title)
    page.keyboard.press("Enter")
    expect(page.locator("#rail li", has_text=title)).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_meeting_is_made_prepared_and_attended(desk: Page, cast: Cast) -> None:
    desk.set_viewport_size(WIDE)
    desk.goto(f"/meetings/group/{cast.group.slug}/new/")
    desk.get_by_label("Title").fill("Verkoston kokous")
    desk.get_by_label("Date").fill("2027-01-12")
    desk.get_by_role("button", name="Make the meeting").click()
    expect(desk.get_by_role("heading", name="The agenda is empty")).to_be_visible()

    for title in ("Avaus", "Verkosto", "Kriteerit", "Muut asiat"):
        add(desk, title)
    expect(desk.get_by_label("New item")).to_be_focused()
    assert rail(desk) == ["1 Avaus", "2 Verkosto", "3 Kriteerit", "4 Muut asiat"]

    # A heading is renamed in its place, by the keyboard.
    desk.get_by_role("link", name="Avaus", exact=True).last.focus()
    desk.keyboard.press("Enter")
    desk.keyboard.type("Kokouksen avaus")
    desk.keyboard.press("Enter")
    expect(desk.locator("#rail")).to_contain_text("Kokouksen avaus")

    # Writing goes on while the agenda changes around it.
    item = AgendaItem.objects.get(title="Kriteerit")
    section = desk.locator(f"#item-{item.pk}")
    section.locator("[data-editor]").click()
    text = section.locator(".editable")
    expect(text).to_be_focused()
    desk.keyboard.type("Ensin näin")
    desk.locator("[data-move]").get_by_role("button", name="Under the one before").click()
    expect(desk.locator("#rail li").nth(2)).to_contain_text("2.1")
    desk.locator("[data-move]").get_by_role("button", name="Out").click()
    desk.locator("[data-move]").get_by_role("button", name="Up", exact=True).click()
    expect(desk.locator("#rail li").nth(1)).to_contain_text("Kriteerit")
    text.click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(", sitten noin.")
    expect(text).to_have_text("Ensin näin, sitten noin.")
    assert headings(desk) == ["1 Kokouksen avaus", "2 Kriteerit", "3 Verkosto", "4 Muut asiat"]
    expect(desk.locator("[data-save-state]")).to_have_text(SAVED)
    item.refresh_from_db()
    assert "Ensin näin, sitten noin." in item.body

    # Particulars, an attachment, removal and its undoing.
    section.locator("[data-open-item]").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Presenter").fill("T. H.")
    dialog.get_by_label("Minutes reserved").fill("20")
    dialog.get_by_role("button", name="Save").click()
    expect(section.locator(".item-meta")).to_have_text("20 minT. H.")
    section.locator("[data-open-item]").click()
    dialog.get_by_label("Link", exact=True).fill("https://example.org/kriteerit")
    dialog.get_by_role("button", name="Attach").click()
    expect(section.get_by_role("link", name="https://example.org/kriteerit")).to_be_visible()
    dialog.get_by_role("button", name="Take off the agenda").click()
    expect(section).to_have_count(0)
    desk.locator("#notice").get_by_role("button", name="Undo").click()
    expect(section).to_contain_text("Ensin näin, sitten noin.")

    # Everyone was there, but for the exceptions.
    desk.get_by_role("button", name="Everyone present").click()
    expect(desk.locator(".headcount")).to_have_text("Present 3")
    member = desk.get_by_role("group", name=cast.member.name)
    member.get_by_label("remote").check()
    expect(desk.locator(".headcount")).to_have_text("Present 3, of whom remotely 1")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator(".headcount")).to_have_text(re.compile("^Present 2.*away 1$"))
    desk.get_by_text("Add a guest").click()
    desk.get_by_label("Name").fill("Ville Vieras")
    desk.get_by_role("button", name="Add to the list").click()
    expect(desk.locator(".headcount")).to_have_text(re.compile("^Present 3.*away 1$"))
    meeting = Meeting.objects.get(title="Verkoston kokous")
    modes = Attendance.objects.filter(meeting=meeting).order_by("position")
    assert sorted(modes.values_list("mode", flat=True)) == [
        "apologies",
        "in_person",
        "in_person",
        "in_person",
    ]


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_rails_are_tabs(desk: Page, cast: Cast) -> None:
    AttendanceFactory(meeting=cast.meeting, name="Aino")
    last = AgendaItemFactory.create_batch(12, meeting=cast.meeting)[-1]
    desk.set_viewport_size(NARROW)
    desk.goto(url("workspace", cast.meeting))
    assert desk.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    tabs = desk.get_by_role("navigation", name="Parts of the page")
    expect(desk.locator("#rail")).to_be_hidden()
    tabs.get_by_role("button", name="Agenda").click()
    desk.locator("#rail").get_by_text(last.title).click()
    expect(desk.locator("#rail")).to_be_hidden()
    expect(desk.locator(f"#item-{last.pk}")).to_be_in_viewport()
    tabs.get_by_role("button", name="Attendance").click()
    target = desk.get_by_role("group", name="Aino").get_by_text("apologies")
    box = target.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    target.click()
    expect(desk.locator(".headcount")).to_have_text("Present 0away 1")
    desk.keyboard.press("Escape")
    expect(desk.locator("#people")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_shows_what_is_saved(desk: Page, cast: Cast) -> None:
    AttendanceFactory(meeting=cast.meeting, name="Aino", mode="in_person")
    desk.goto(url("workspace", cast.meeting))
    desk.context.set_offline(True)
    row = desk.get_by_role("group", name="Aino")
    row.get_by_text("absent").click()
    expect(desk.get_by_role("alert")).to_contain_text("No connection.")
    expect(row.get_by_label("present")).to_be_checked()
    desk.context.set_offline(False)


@pytest.mark.django_db(transaction=True)
def test_a_remark_leads_to_its_line(desk: Page, cast: Cast) -> None:
    line = "b" * 15
    store(cast.item, f'<p data-line="{line}">Oppilas 131052-308T</p>', marks={})
    desk.goto(url("share", cast.meeting))
    desk.get_by_role("link", name="Oppilas 131052-308T").click()
    expect(desk.locator(f'[data-line="{line}"]')).to_have_class(re.compile("line-found"))
    expect(desk.locator(f'[data-line="{line}"]')).to_be_in_viewport()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_sharing_asks_under_the_words_that_one_ticks(desk: Page, cast: Cast, size: Any) -> None:
    cast.item.language = "sv"
    cast.item.save()
    store(cast.item, "<p>Eleven 131052-308T</p>", marks={})
    Meeting.objects.update(state="draft")
    desk.set_viewport_size(size)
    desk.goto(url("share", cast.meeting))
    words = desk.get_by_text("Eleven 131052-308T", exact=True).first
    expect(words).to_have_attribute("lang", "sv")
    desk.get_by_role("button", name="Share with the group").click()
    box = desk.get_by_label("I have checked").bounding_box()
    label = desk.locator(".form-check-label").bounding_box()
    whole = desk.locator(".form-check").bounding_box()
    error = desk.get_by_text("Check the personal identity codes first").bounding_box()
    assert box
    assert label
    assert error
    assert whole
    assert label["x"] > box["x"] + box["width"]
    assert error["x"] == label["x"]
    assert error["y"] >= label["y"] + label["height"]
    assert label["width"] > whole["width"] * 0.9


@pytest.mark.django_db(transaction=True)
def test_minutes_that_are_being_corrected_say_so(desk: Page, cast: Cast) -> None:
    Meeting.objects.update(state="shared", correcting=True, language="sv")
    desk.goto(url("workspace", cast.meeting))
    expect(desk.locator(".workspace-state .state")).to_have_text("being corrected")
    expect(desk.get_by_role("heading", level=1)).to_have_attribute("lang", "sv")
    desk.goto(f"/groups/{cast.group.slug}/")
    row = desk.get_by_role("row", name=cast.meeting.title)
    expect(row).to_contain_text("being corrected")
    expect(row.get_by_role("link")).to_have_attribute("lang", "sv")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_what_opens_over_the_page_is_accessible(
    desk: Page, cast: Cast, size: Any, scheme: Any, assert_accessible: Callable[[Page], None]
) -> None:
    AttendanceFactory(meeting=cast.meeting, name="Aino")
    desk.set_viewport_size(size)
    desk.emulate_media(color_scheme=scheme)
    desk.goto(url("workspace", cast.meeting))
    if size is NARROW:
        for tab in ("Agenda", "Attendance"):
            desk.get_by_role("button", name=tab).click()
            assert_accessible(desk)
        desk.keyboard.press("Escape")
    desk.locator("[data-open-item]").first.click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert_accessible(desk)


@pytest.mark.django_db(transaction=True)
def test_it_works_without_a_script_but_for_the_editor(
    browser: Any, cast: Cast, live_server: LiveServer
) -> None:
    MembershipFactory(group=Group.objects.get(pk=cast.group.pk), role=Membership.Role.MEMBER)
    AttendanceFactory(meeting=cast.meeting, name="Aino")
    context = browser.new_context(
        java_script_enabled=False, viewport=NARROW, base_url=live_server.url
    )
    login(context, cast.secretary, live_server)
    page = context.new_page()
    page.goto(url("workspace", cast.meeting))
    page.get_by_label("New item").fill("Verkosto")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#rail")).to_contain_text("Verkosto")
    page.get_by_role("group", name="Aino").get_by_text("remote").click()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.locator(".headcount")).to_have_text("Present 1, of whom remotely 1")
    page.locator("#items").get_by_role("link", name="Verkosto", exact=True).click()
    page.get_by_role("button", name="Up").click()
    page.get_by_role("link", name="Back to the meeting").click()
    assert rail(page) == ["1 Verkosto", "2 Ajankohtaiset asiat"]
    context.close()
