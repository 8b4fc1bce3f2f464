"""The history in a browser: scanned, narrow and wide, used without a script."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Group, Membership, Person
from tests.e2e.desk import login


@pytest.mark.parametrize("width", [390, 1280])
def test_the_history_of_the_demos_group(
    transactional_db: None,
    page: Page,
    live_server: LiveServer,
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    call_command("demo_data")
    group = Group.objects.get(slug="yhteistyoryhma")
    secretary = Person.objects.get(
        memberships__group=group, memberships__role=Membership.Role.SECRETARY
    )
    login(page.context, secretary, live_server)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/groups/{group.slug}/")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("By whom").select_option(label=secretary.name)
    page.get_by_label("What was changed").select_option(label="Attendance")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_label("What was changed")).to_have_value("attendance")
