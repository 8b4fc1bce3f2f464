"""A coordinator looks as another would, in a browser, by the app's own database role."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.desk import login
from tests.scene import Role, Scene, Word, build


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Everyone and everything."""
    return build()


def test_look_as_a_contact_person_and_stop(
    page: Page,
    live_server: LiveServer,
    scene: Scene,
    assert_accessible: Callable[[Page], None],
) -> None:
    login(page.context, scene.people[Role.COORDINATOR], live_server)
    page.goto(f"/groups/{scene.own.slug}/")
    page.get_by_role("link", name="Look as a member").click()
    assert_accessible(page)
    page.get_by_label("contact person of an organisation").check()
    page.get_by_label("For the organisation").select_option("Omnia")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Look").click()
    bar = page.get_by_role("region", name="Looking as someone else")
    expect(bar).to_contain_text("You see what the contact person of Omnia")
    expect(page.get_by_role("main")).to_contain_text(Word.TASK)
    expect(page.get_by_role("main").get_by_role("link")).to_have_count(0)
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    bar.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(scene.own.name)
    expect(bar).to_have_count(0)
