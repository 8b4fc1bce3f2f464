"""Marks: set, filled in, saved and shown, with the mouse and by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.desk import Desk, store
from tests.factories import MembershipFactory, OrganisationFactory

A, B = "aaaaaaaaaaaaaa2", "bbbbbbbbbbbbbb2"
TWO = (
    f'<p data-line="{A}">Lähetetään lomake.</p><ul><li><p data-line="{B}">Toinen rivi</p></li></ul>'
)


def party(kind: str, key: object, name: str) -> dict[str, str]:
    return {"type": kind, "id": str(key), "name": name}


def test_a_task_with_owners_recipient_and_due_by_keyboard(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, TWO)
    desk = desk_of().write()
    desk.place("Lähetetään", 3)
    desk.type("<Alt+F10>")
    desk.tool("Task").focus()
    desk.type("<Enter>")
    expect(desk.text).to_be_focused()
    expect(desk.tool("Task")).to_have_attribute("aria-pressed", "true")
    desk.type("<Alt+Enter>")
    owners = desk.form.get_by_role("combobox", name="Responsible")
    expect(owners).to_be_focused()
    desk.type("omni")
    option = desk.options()
    expect(option).to_have_text("Omniaorganisation")
    expect(option).to_have_attribute("aria-selected", "true")
    assert owners.get_attribute("aria-activedescendant") == option.get_attribute("id")
    desk.type("<Enter>esp<Enter>")
    desk.type("<Backspace>")  # takes Espoo off again
    desk.type(cast.secretary.name + "<Enter>")
    desk.form.get_by_role("combobox", name="Recipient").focus()
    desk.type("Espoo<ArrowDown><ArrowUp><Enter>")
    desk.form.get_by_label("Due", exact=True).focus()
    desk.type("day")
    day = desk.form.get_by_label("Due, day")
    expect(day).to_be_focused()
    desk.type("31.2.2025<Tab>")
    expect(desk.form.get_by_role("alert")).to_have_text("Write the day as 3.12.2024")
    day.fill("3.12.2024")
    desk.type("<Escape>")
    expect(desk.text).to_be_focused()
    marks = {
        A: [
            {
                "kind": "task",
                "owners": [
                    party("organisation", cast.omnia.pk, "Omnia"),
                    party("person", cast.secretary.pk, cast.secretary.name),
                ],
                "recipient": party("organisation", cast.espoo.pk, "Espoo"),
                "due": "2024-12-03",
            }
        ]
    }
    assert desk.stored().marks == marks
    desk.page.reload()
    summary = desk.section.locator(".mark-summary")
    expect(summary).to_have_text(
        f"Responsible: Omnia, {cast.secretary.name} · Recipient: Espoo · Due: 3 December 2024"
    )
    expect(desk.section.locator(".mark-label")).to_have_text("Task")


def test_a_line_is_agreed_and_a_task_at_once(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, TWO)
    desk = desk_of().write()
    desk.place("Toinen", 2)
    desk.tool("Task").click()
    desk.tool("Agreed").click()
    agreed = desk.form.get_by_role("group", name="Agreed")
    task = desk.form.get_by_role("group", name="Task")
    agreed.get_by_label("Effective from").select_option("month")
    agreed.get_by_label("Effective from, month").select_option("01")
    agreed.get_by_label("Effective from, year").fill("2025")
    task.get_by_label("Due", exact=True).select_option("before_next_meeting")
    desk.place("Lähetetään", 0)
    expect(desk.form).to_have_count(0)
    expect(desk.section.locator(".mark-label")).to_have_text("Agreed · Task")
    expect(desk.section.locator(".mark-summary")).to_have_text(
        "Effective from: January 2025 · Due: before the next meeting"
    )
    assert desk.stored().marks == {
        B: [
            {"kind": "agreed", "effective": "2025-01"},
            {"kind": "task", "owners": [], "recipient": None, "due": "before_next_meeting"},
        ]
    }
    desk.place("Toinen", 0)
    desk.form.get_by_role("button", name="Remove the mark: Task").click()
    desk.tool("Agreed").click()
    assert desk.stored().marks == {}


def test_a_season_and_a_request_to_all_providers(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, TWO)
    desk = desk_of().write()
    desk.place("Lähetetään", 2)
    desk.tool("Request").click()
    desk.form.get_by_role("combobox", name="Responsible").click()
    desk.options().first.click()
    desk.form.get_by_label("Due", exact=True).select_option("season")
    desk.form.get_by_label("Due, season").select_option("spring")
    desk.form.get_by_label("Due, year").fill("2025")
    (mark,) = desk.stored().marks[A]
    assert (mark["kind"], mark["due"]) == ("request", "2025-spring")
    assert [(p["type"], p["id"]) for p in mark["owners"]] == [("set", "providers")]


def test_an_owner_is_found_by_alias_and_inflected_form(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    luksia = OrganisationFactory(
        name_fi="Länsi-Uudenmaan koulutuskuntayhtymä", aliases=["Luksia"], inflections=["Luksiasta"]
    )
    MembershipFactory(group=cast.group, organisation=luksia)
    store(cast.item, TWO)
    desk = desk_of().write()
    desk.place("Lähetetään", 2)
    desk.tool("Joining").click()
    desk.type("<Alt+Enter>luksiasta")
    expect(desk.options()).to_have_count(1)
    desk.type("<Enter>")
    (mark,) = desk.stored().marks[A]
    assert mark["owners"] == [party("organisation", luksia.pk, luksia.name_fi)]


def test_several_lines_are_marked_at_once(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, TWO)
    desk = desk_of().write()
    desk.type("<Control+a>")
    desk.tool("Open question").click()
    assert desk.stored().marks == {A: [{"kind": "question"}], B: [{"kind": "question"}]}
    desk.tool("Open question").click()
    assert desk.stored().marks == {}


def test_a_mark_follows_its_line_and_outlives_an_undo(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, TWO, {B: [{"kind": "question"}]})
    desk = desk_of().write()
    desk.place("Toinen", 6)
    desk.type("<Enter>")
    assert desk.stored().marks == {B: [{"kind": "question"}]}
    desk.place("Toinen", 0)
    desk.type("<Backspace>")  # out of the list
    desk.type("<Backspace>")  # to the line above: the mark goes out of sight with its line
    assert desk.stored().marks == {}
    desk.type("<Control+z>")
    assert desk.stored().marks == {B: [{"kind": "question"}]}


def test_two_people_mark_different_lines(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, TWO)
    one, two = desk_of().write(), desk_of().write()
    one.place("Lähetetään", 2)
    two.place("Toinen", 2)
    one.tool("Agreed").click()
    two.tool("Task").click()
    one.settled()
    two.settled()
    expect(one.section.locator(".mark-label")).to_have_text(["Agreed", "Task"])
    expect(two.section.locator(".mark-label")).to_have_text(["Agreed", "Task"])
    assert sorted(one.stored().marks) == [A, B]


def test_at_390_pixels(
    desk_of: Callable[..., Desk], cast: Cast, assert_accessible: Callable[[Page], None]
) -> None:
    store(cast.item, TWO)
    desk = desk_of(viewport={"width": 390, "height": 844}).write()
    desk.place("Toinen", 2)
    desk.tool("Task").click()
    desk.tool("Agreed").click()
    expect(desk.form).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert desk.page.evaluate(overflow) == 0
    sizes = desk.section.locator(
        ".tool:visible, .mark-form :is(button, input, select)"
    ).evaluate_all(
        """(all) => all
            .map((one) => one.getBoundingClientRect())
            .filter((box) => box.width > 1)
            .map((box) => Math.min(box.width, box.height))"""
    )
    assert min(sizes) >= 24
    assert_accessible(desk.page)
