"""Several people in one meeting: who is where, each other's text, what becomes of the agenda."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.richtext import lines_of
from directory.models import Membership, Person
from meetings.services import agenda, planning
from tests.cast import Cast
from tests.e2e.desk import Desk, store
from tests.factories import MembershipFactory

SOON = 2_000  # ms in which others' work shows
OFFLINE = "No connection: the text is kept in this browser"


def p(name: str, text: str) -> str:
    return f'<p data-line="{name.ljust(14, "z")}">{text}</p>'


@pytest.fixture
def chair(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.CHAIR).person


def test_each_sees_where_the_other_is(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    one, two = desk_of(), desk_of(chair)
    expect(one.page.locator("[data-presence] li")).to_have_attribute("title", chair.name)
    two.write()
    here = one.section.get_by_role("list", name="Also here")
    expect(here.get_by_role("listitem")).to_have_attribute("title", chair.name)
    two.page.close()
    expect(here).to_be_hidden(timeout=15_000)
    expect(one.page.locator("[data-presence]")).to_be_hidden()


def test_anothers_text_shows_where_nobody_writes_here(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, p("a", "ennen"))
    desk = desk_of()
    body = desk.section.locator(".item-body")
    expect(body).to_have_text("ennen")
    store(cast.item, p("a", "ennen ja jälkeen"))
    expect(body).to_have_text("ennen ja jälkeen", timeout=SOON)


def test_both_type_in_one_line_at_once(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    store(cast.item, p("a", "alku keskellä loppu"))
    one, two = desk_of().write(), desk_of(chair).write()
    one.place("alku keskellä loppu", 4)
    two.place("alku keskellä loppu", 13)
    for number in range(4):
        one.type(f" yksi{number}")
        two.type(f" kaksi{number}")
        one.page.wait_for_timeout(400)
    both = "alku yksi0 yksi1 yksi2 yksi3 keskellä kaksi0 kaksi1 kaksi2 kaksi3 loppu"
    for desk in (one, two):
        expect(desk.text).to_have_text(both)
    assert one.cursor() == (both, both.index(" keskellä"))
    assert two.cursor() == (both, both.index(" loppu"))
    assert one.section.locator(".conflict").count() == 0
    one.type("<Control+z>")
    expect(one.text).to_contain_text("kaksi3 loppu")


def test_the_agenda_follows_what_another_does(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    desk = desk_of().write()
    desk.type("kesken")
    added = agenda.add_item(meeting=cast.meeting, title="Toisen lisäämä asia", by=chair)
    agenda.update_item(item=cast.item, title="Uusi otsikko", by=chair)
    expect(desk.page.locator(f"#item-{added.pk}")).to_be_visible()
    expect(desk.page.locator("#rail")).to_contain_text("Toisen lisäämä asia")
    expect(desk.section.locator(".item-name")).to_have_text("Uusi otsikko")
    desk.type(" yhä")
    expect(desk.text).to_have_text("kesken yhä")


def test_a_lost_network_is_said_at_once_and_so_is_its_return(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    desk.page.wait_for_timeout(500)
    desk.page.context.set_offline(True)
    expect(desk.state).to_have_text(OFFLINE, timeout=SOON)
    desk.page.context.set_offline(False)
    expect(desk.state).to_have_text("", timeout=SOON)


def test_a_meeting_shared_under_an_open_page_is_said(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    desk = desk_of()
    planning.cancel_meeting(meeting=cast.meeting, by=chair)
    expect(desk.page.locator("[data-toast]")).to_contain_text("The meeting has moved on")


def test_a_conflict_stands_on_every_screen_until_one_settles_it(
    desk_of: Callable[..., Desk], cast: Cast, chair: Person
) -> None:
    store(cast.item, p("a", "klo 13"))
    one, two = desk_of().write(), desk_of(chair)
    one.page.route("**/save/", lambda route: route.abort())
    one.place("klo 13", 4, 6)
    one.type("15")
    expect(one.state).to_have_text(OFFLINE)
    store(cast.item, p("a", "klo 14"), by=chair)
    one.page.unroute("**/save/")
    expect(one.section.locator(".conflict")).to_contain_text(f"{chair.name} changed the same words")
    expect(two.section.locator(".conflict")).to_contain_text(cast.secretary.name)
    two.page.reload()
    there = two.section.locator(".conflict")
    expect(there).to_contain_text("Both are kept: choose.")
    there.get_by_role("button", name="Keep both").click()
    expect(there).to_have_count(0)
    expect(one.section.locator(".conflict")).to_have_count(0)
    one.settled()
    assert [line.text for line in lines_of(one.stored().body)] == ["klo 14", "klo 15"]
