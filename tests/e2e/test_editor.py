"""Writing: lists, tables, links, languages, and line ids over everything one does to lines."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from core import richtext
from tests.cast import Cast
from tests.e2e.desk import Desk, login, store
from tests.e2e.test_same_lists import FIVE_LEVELS, markers, read_lists
from tests.factories import AgendaItemFactory

FIXTURES = Path(__file__).parent.parent / "fixtures"
A, B, C = "aaaaaaaaaaaaaa2", "bbbbbbbbbbbbbb2", "cccccccccccccc2"
THREE = (
    f'<p data-line="{A}">ensimmäinen</p><p data-line="{B}">toinen</p><p data-line="{C}">kolmas</p>'
)


def test_nested_lists_of_all_kinds_by_keyboard(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.type("Kappale<Enter><Control+Shift+8>piste<Enter><Tab><Control+Shift+7>numero")
    desk.type("<Enter><Tab><Control+Shift+9>kirjain<Enter><Tab><Control+Shift+0>roomalainen")
    desk.type("<Enter><Tab><Control+Shift+8>viides<Enter><Tab>ei kuudetta")
    desk.type("<Enter><Shift+Tab>neljännellä<Enter><Enter>kolmannella")
    assert desk.lines() == [
        (0, "", "Kappale"),
        (1, "ul", "piste"),
        (2, "1", "numero"),
        (3, "a", "kirjain"),
        (4, "i", "roomalainen"),
        (5, "ul", "viides"),
        (5, "ul", "ei kuudetta"),
        (4, "i", "neljännellä"),
        (3, "a", "kolmannella"),
    ]


def test_lists_by_buttons(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.type("<Control+a>")
    desk.tool("List with letters").click()
    expect(desk.tool("List with letters")).to_have_attribute("aria-pressed", "true")
    desk.place("toinen", 3)
    desk.tool("Increase nesting").click()
    desk.tool("List with roman numerals").click()
    assert desk.lines() == [(1, "a", "ensimmäinen"), (2, "i", "toinen"), (1, "a", "kolmas")]
    desk.tool("Decrease nesting").click()
    desk.place("kolmas", 3)
    desk.tool("List with letters").click()
    assert desk.lines() == [(1, "a", "ensimmäinen"), (1, "a", "toinen"), (0, "", "kolmas")]
    assert [line for _, line in desk.ids()] == [A, B, C]


def test_lists_by_typing_their_sign(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.type("- piste<Enter><Enter>3. kolmas<Enter>neljäs<Enter><Enter>a. kirjain")
    assert desk.lines() == [
        (1, "ul", "piste"),
        (1, "1", "kolmas"),
        (1, "1", "neljäs"),
        (1, "a", "kirjain"),
    ]
    assert '<ol start="3">' in desk.item.body


def test_backspace_leaves_a_list_and_joins_lines(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.type("- yksi<Enter>kaksi<Enter><Backspace>lopuksi")
    desk.place("kaksi", 0)
    desk.type("<Backspace>")
    assert desk.lines() == [(1, "ul", "yksikaksi"), (0, "", "lopuksi")]


def test_words_links_and_breaks(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.type("<Control+b>lihava<Control+b> <Control+i>kursiivi<Control+i> loppu<Shift+Enter>rivi")
    desk.place("lihava", 16, 21)
    desk.type("<Control+k>")
    expect(desk.section.get_by_label("Address of the link")).to_be_focused()
    desk.type("javascript:alert(1)<Enter>")
    expect(desk.section.get_by_text("Write a web address or an e-mail address.")).to_be_visible()
    desk.type("<Control+a>example.org/a b<Enter>")
    desk.type("<Control+a>example.org/a<Enter>")
    expect(desk.text).to_be_focused()
    assert richtext.lines_of(desk.stored().body)[0].html == (
        "<strong>lihava</strong> <em>kursiivi</em> "
        '<a href="https://example.org/a">loppu</a><br>rivi'
    )


def test_a_table_is_made_filled_and_changed(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.tool("Table").click()
    desk.type("Kunta<Tab>Oppilaita<Tab><Tab>Hanko<Tab>820")
    desk.tool("Delete the column").click()
    desk.tool("Add a row below").click()
    desk.tool("Add a column to the right").click()
    body = desk.stored().body
    assert body.count("<tr>") == 4
    assert body.count('<th scope="col">') == 3
    assert [line.text for line in richtext.lines_of(body) if line.text] == ["Kunta", "Hanko"]
    desk.tool("Delete the table").click()
    assert "<table" not in desk.stored().body


def test_a_line_in_the_other_language(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.place("toinen", 2)
    language = desk.section.get_by_label("Language of the line")
    language.select_option("sv")
    assert [line.lang for line in richtext.lines_of(desk.stored().body)] == ["", "sv", ""]
    desk.place("toinen", 2)
    language.select_option("fi")  # the item's own: not written
    assert [line.lang for line in richtext.lines_of(desk.stored().body)] == ["", "", ""]


# -- Ids ------------------------------------------------------------------------------------------


def test_a_split_leaves_the_id_with_the_first_part(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.place("toinen", 3)
    desk.type("<Enter>")
    ids = dict(desk.ids())
    assert (ids["toi"], ids["ensimmäinen"], ids["kolmas"]) == (B, A, C)
    assert ids["nen"] not in (A, B, C)
    desk.type("<Control+z>")
    assert dict(desk.ids()) == {"ensimmäinen": A, "toinen": B, "kolmas": C}


def test_a_split_at_the_start_leaves_the_id_with_the_text(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.place("toinen", 0)
    desk.type("<Enter>")
    ids = desk.ids()
    assert [text for text, _ in ids] == ["ensimmäinen", "", "toinen", "kolmas"]
    assert ids[2] == ("toinen", B)
    assert len({line for _, line in ids}) == 4


def test_a_join_keeps_the_first_id_and_undo_restores_the_second(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.place("toinen", 0)
    desk.type("<Backspace>")
    assert desk.ids() == [("ensimmäinentoinen", A), ("kolmas", C)]
    desk.stored()
    desk.type("<Control+z>")
    assert dict(desk.ids()) == {"ensimmäinen": A, "toinen": B, "kolmas": C}
    assert [line.id for line in richtext.lines_of(desk.stored().body)] == [A, B, C]


@pytest.mark.parametrize("makes_list", [False, True])
def test_cut_and_paste_carries_the_id(
    desk_of: Callable[..., Desk], cast: Cast, makes_list: bool
) -> None:
    marks = {A: [{"kind": "question"}]}
    store(cast.item, THREE, marks)
    desk = desk_of().write()
    if makes_list:
        desk.type("<Control+a><Control+Shift+8>")
    desk.place("ensimmäinen", 0, len("ensimmäinen"))
    desk.type("<Control+x>")
    desk.place("kolmas", 6)
    desk.type("<Enter><Control+v>")
    assert desk.filled() == [
        ("toinen", B),
        ("kolmas", C),
        ("ensimmäinen", A),
    ]
    assert desk.stored().marks == marks
    desk.type("<Control+z><Control+z><Control+z>")
    assert desk.filled() == [
        ("ensimmäinen", A),
        ("toinen", B),
        ("kolmas", C),
    ]


def test_a_copy_gets_a_new_id_wherever_it_is_put(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE, {B: [{"kind": "question"}]})
    desk = desk_of().write()
    desk.place("toinen", 0, 6)
    desk.type("<Control+c>")
    desk.place("ensimmäinen", 0)
    desk.type("<Enter><ArrowUp>")
    desk.page.wait_for_timeout(60)  # the editor hears of the cursor by an event
    desk.type("<Control+v>")
    ids = desk.ids()
    assert [text for text, _ in ids] == ["toinen", "ensimmäinen", "toinen", "kolmas"]
    assert [line for _, line in ids][1:] == [A, B, C]
    assert ids[0][1] not in (A, B, C)
    assert desk.stored().marks == {B: [{"kind": "question"}]}


def test_a_line_moved_to_another_item_takes_its_mark_along(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, THREE, {B: [{"kind": "question"}]})
    other = AgendaItemFactory(meeting=cast.meeting)
    desk = desk_of().write()
    desk.place("toinen", 0, 6)
    desk.type("<Control+x>")
    target = desk.page.locator(f"#item-{other.pk} [data-editor]")
    target.click()
    expect(desk.page.locator(f"#item-{other.pk} .editable")).to_be_focused()
    desk.type("<Control+v>")
    moved = desk.page.locator(f"#item-{other.pk} p[data-line]", has_text="toinen")
    assert moved.get_attribute("data-line") == B
    desk.settled()
    other.refresh_from_db()
    assert other.marks == {B: [{"kind": "question"}]}
    assert desk.stored().marks == {}
    expect(desk.page.locator(f"#item-{other.pk} .mark-label")).to_have_text("Open question")


# -- The page -------------------------------------------------------------------------------------


def test_the_editors_schema_is_the_servers(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    described = desk.page.evaluate("window.yhteispoyta.schema()")
    assert described == {tag: sorted(names) for tag, names in richtext.SCHEMA.items()}


def test_pasted_html_becomes_what_the_schema_holds(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.text.evaluate(
        """(editable, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            editable.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        """<h2 style="color: red">Otsikko</h2><p style="margin: 0">Teksti <b style="x: y">tumma</b>
        <img src="x" onerror="alert(1)"><a href="javascript:alert(1)">paha</a></p>
        <ol style="list-style-type: lower-alpha"><li>yksi</li></ol>""",
    )
    body = desk.stored().body
    assert [(x.marker, x.text) for x in richtext.lines_of(body)] == [
        ("", "Otsikko"),
        ("", "Teksti tumma paha"),
        ("a", "yksi"),
    ]
    assert "href" not in body


def test_the_editing_page_is_light(
    live_server: LiveServer, cast: Cast, new_context: Callable[..., BrowserContext]
) -> None:
    """What comes over the wire until one can write, in a meeting of 40 items."""
    for number in range(39):
        item = AgendaItemFactory(meeting=cast.meeting, title=f"Asia {number}")
        store(item, "".join(f"<p>Kohta {n}: {number * n} asiaa esillä.</p>" for n in range(8)))
    context = new_context()
    login(context, cast.secretary, live_server)
    desk = Desk(context.new_page(), cast.item)
    session = context.new_cdp_session(desk.page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    desk.open().write()
    desk.page.wait_for_load_state("networkidle")
    assert len(sizes) > 20
    assert sum(sizes) < 250_000


def test_opening_an_item_changes_nothing(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.page.wait_for_timeout(2500)
    cast.item.refresh_from_db()
    assert cast.item.revision == 1
    expect(desk.state).to_be_empty()


def test_the_cursor_comes_where_the_click_was(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, THREE)
    desk = desk_of()
    desk.line("toinen").click(position={"x": 3, "y": 10})
    expect(desk.text).to_be_focused()
    assert desk.cursor() == ("toinen", 0)


def test_the_text_by_keyboard_alone(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, f'<ul><li><p data-line="{A}">rivi</p></li></ul>')
    other = AgendaItemFactory(meeting=cast.meeting)
    desk = desk_of()
    desk.section.locator("[data-open-item]").focus()
    desk.type("<Tab>")
    expect(desk.text).to_be_focused()
    desk.type("<Alt+F10>")
    expect(desk.tool("Bold")).to_be_focused()
    desk.type("<ArrowRight>")
    expect(desk.tool("Italic")).to_be_focused()
    desk.type("<End>")
    expect(desk.tool("Joining")).to_be_focused()
    desk.type("<Escape>")
    expect(desk.text).to_be_focused()
    desk.type("<End><Tab>")  # nests, where that is possible; the focus stays
    expect(desk.text).to_be_focused()
    desk.type("<Escape><Tab>")
    expect(desk.text).not_to_be_focused()
    assert other.pk


def held(desk: Desk, module: str) -> list[Route]:
    """Load the page anew, with one of its scripts on a very slow line."""
    routes: list[Route] = []
    desk.page.route(f"**/editor/{module}.*", lambda route: routes.append(route))
    desk.page.reload(wait_until="commit")
    expect(desk.section).to_be_visible()
    return routes


def arrive(desk: Desk, routes: list[Route]) -> None:
    while not routes:
        desk.page.wait_for_timeout(20)
    for route in routes:
        route.continue_()
    expect(desk.text).to_have_count(1)
    desk.page.wait_for_timeout(100)


def test_who_tabs_on_while_the_editor_loads_is_not_pulled_back(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, "<p>ensimmäinen rivi</p>")
    desk = desk_of()
    routes = held(desk, "mount")
    while not desk.page.evaluate("Boolean(window.yhteispoyta)"):
        desk.page.wait_for_timeout(20)
    desk.section.locator("[data-editor]").focus()
    desk.page.get_by_label("New item").focus()
    arrive(desk, routes)
    expect(desk.page.get_by_label("New item")).to_be_focused()


def test_a_click_before_the_script_has_come_opens_the_editor(
    desk_of: Callable[..., Desk], cast: Cast
) -> None:
    store(cast.item, "<p>ensimmäinen rivi</p>")
    desk = desk_of()
    routes = held(desk, "index")
    desk.section.locator("[data-editor]").click()
    arrive(desk, routes)
    expect(desk.text).to_be_focused()


def test_an_editor_and_an_open_form_are_accessible(
    desk_of: Callable[..., Desk], cast: Cast, assert_accessible: Callable[[Page], None]
) -> None:
    store(cast.item, THREE)
    desk = desk_of().write()
    desk.tool("Task").click()
    desk.tool("Agreed").click()
    expect(desk.form).to_be_visible()
    desk.form.get_by_role("combobox", name="Responsible").focus()
    desk.type("Om")
    expect(desk.page.get_by_role("listbox")).to_be_visible()
    desk.settled()
    assert_accessible(desk.page)


def test_five_levels_look_the_same_in_the_editor(desk_of: Callable[..., Desk], cast: Cast) -> None:
    store(cast.item, (FIXTURES / "five_levels.html").read_text(encoding="utf-8"))
    desk = desk_of().write()
    assert read_lists(desk.page, ".editable") == FIVE_LEVELS
    assert markers(desk.page) == [marker for _level, marker, _text in FIVE_LEVELS]
