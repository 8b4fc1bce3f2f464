"""The main job by keyboard alone: log in, a meeting, its minutes with a task, shared, read, PDF."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from actions.models import ActionItem
from meetings.models import AgendaItem, Meeting
from tests.cast import Cast
from tests.e2e.desk import SAVED
from tests.factories import PASSWORD

# Where the focus is: "" where it is nowhere; with "!" where one does not see it.
WHERE = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const box = element.getBoundingClientRect();
    const hit = (x, y) => {
        const top = document.elementFromPoint(x, y);
        return top && (element.contains(top) || top.contains(element) || top.closest("label"));
    };
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const hits = [hit(x, y), hit(box.left + 3, box.top + 3), hit(box.right - 3, box.bottom - 3)];
    const isCovered = !hits.some(Boolean);
    const hasRing = [element, element.nextElementSibling, element.parentElement]
        .filter(Boolean)
        .map((one) => getComputedStyle(one))
        .some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
    const isText = element.isContentEditable;  // shows its cursor
    const name = element.outerHTML.slice(0, 120);
    return (isCovered ? "!covered " : "") + (hasRing || isText ? "" : "!no ring ") + name;
}"""


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on by Tab until it has the focus, which is seen at each stop and never lost."""
    expect(wanted).to_have_count(1)  # the page before is still there for a moment
    page.wait_for_load_state()  # on half a page the next stop is not there yet
    stops: list[str] = []
    for _ in range(150):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press(key)
        where = page.evaluate(WHERE)
        assert where, f"lost after {stops[-1:]}"
        assert not where.startswith("!"), where
        stops.append(where)
    pytest.fail(f"never reached; the last were {stops[-3:]}")


@pytest.mark.django_db(transaction=True)
def test_the_main_job(page: Page, live_server: LiveServer, cast: Cast) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    keys = page.keyboard
    page.goto("/account/login/")

    # Log in, and to the group's page: straight there for who is in one only.
    reach(page, page.locator("[name=login]"))
    keys.type(cast.secretary.email or "")
    reach(page, page.locator("[name=password]"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/")
    reach(page, page.get_by_role("link", name="Groups", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(cast.group.name)
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # A new meeting.
    reach(page, page.get_by_role("link", name="New meeting"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New meeting")
    reach(page, page.get_by_label("Title"))
    keys.type("Näppäimistön kokous")
    reach(page, page.get_by_label("Date"))
    keys.type(f"{timezone.localdate():%m%d%Y}")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="The agenda is empty")).to_be_visible()

    # An item, and its text with a task.
    reach(page, page.get_by_label("New item"))
    keys.type("Lomake")
    keys.press("Enter")
    expect(page.locator("#rail li", has_text="Lomake")).to_be_visible()
    item = AgendaItem.objects.get(title="Lomake")
    section = page.locator(f"#item-{item.pk}")
    text = section.locator(".editable")
    reach(page, section.locator("[data-open-item]"))
    keys.press("Tab")
    expect(text).to_be_focused()  # the editor opens under who comes in, not at once
    keys.type("Lähetetään lomake kouluille.")
    keys.press("Alt+F10")
    task = section.get_by_role("toolbar").get_by_role("button", name="Task", exact=True)
    for _ in range(30):
        if task.evaluate("e => e === document.activeElement"):
            break
        keys.press("ArrowRight")
    expect(task).to_be_focused()
    keys.press("Enter")
    expect(text).to_be_focused()
    keys.press("Alt+Enter")
    owners = section.locator(".mark-form").get_by_role("combobox", name="Responsible")
    expect(owners).to_be_focused()
    keys.type("omni")
    expect(page.locator(".party-options:visible [role=option]")).to_have_count(1)
    keys.press("Enter")
    keys.press("Escape")
    expect(text).to_be_focused()
    keys.press("Escape")
    # No text holds one who wants on.
    reach(page, page.get_by_role("button", name="Everyone present"))
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)

    # Held, and shared.
    reach(page, page.locator(".more summary"), "Shift+Tab")
    keys.press("Enter")
    reach(page, page.get_by_role("button", name="Start without sending the agenda"))
    keys.press("Enter")
    reach(page, page.get_by_role("button", name="End the meeting"))
    keys.press("Enter")
    reach(page, page.get_by_role("link", name=re.compile("^Share minutes")))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Share the minutes")
    reach(page, page.get_by_role("button", name="Share with the group"))
    keys.press("Enter")

    # Read, and taken along.
    expect(page.locator("article")).to_contain_text("Lähetetään lomake kouluille.")
    assert Meeting.objects.get(title="Näppäimistön kokous").state == Meeting.State.SHARED
    assert ActionItem.objects.live().get().text == "Lähetetään lomake kouluille."
    reach(page, page.get_by_role("link", name="Open as PDF"))
    with page.context.expect_event("response", lambda r: "/pdf/" in r.url) as answer:
        keys.press("Enter")
    assert answer.value.headers["content-type"] == "application/pdf"
