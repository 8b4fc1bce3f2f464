"""The merge's rules, one by one. The laws that hold for all bodies are in test_merge_laws."""

import pytest

from core.richtext import Body, Conflict, Merged, merge, sanitise


def line_id(name: str) -> str:
    return name.ljust(14, "z")


def p(name: str, text: str, lang: str = "") -> str:
    attribute = f' lang="{lang}"' if lang else ""
    return f'<p data-line="{line_id(name)}"{attribute}>{text}</p>'


def ul(*items: str) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def ol(*items: str) -> str:
    return "<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</tbody></table>"


TWO = p("a", "yksi kaksi") + p("b", "kolme")
LIST = ul(p("a", "a") + ul(p("b", "b")), p("c", "c"), p("d", "d"))
GRID = table((p("a", "a"), p("b", "b")), (p("c", "c"), p("d", "d")))


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged"),
    [
        pytest.param(
            TWO,
            p("a", "yksi x kaksi") + p("b", "kolme"),
            p("a", "yksi kaksi") + p("b", "kolme y"),
            p("a", "yksi x kaksi") + p("b", "kolme y"),
            id="edits to different lines",
        ),
        pytest.param(
            TWO,
            p("a", "yksi x") + p("b", "kolme"),
            p("a", "yksi x") + p("b", "kolme y"),
            p("a", "yksi x") + p("b", "kolme y"),
            id="the same change",
        ),
        pytest.param(
            TWO,
            p("a", "yksi kaksi x") + p("b", "kolme"),
            p("a", "yksi kaksi x y") + p("b", "kolme"),
            p("a", "yksi kaksi x y") + p("b", "kolme"),
            id="one change contains the other",
        ),
        pytest.param(
            TWO,
            p("a", "yksi kaksi"),
            p("a", "yksi kaksi y") + p("b", "kolme"),
            p("a", "yksi kaksi y"),
            id="delete against untouched",
        ),
        pytest.param(
            TWO,
            p("a", "yksi kaksi") + p("t", "t") + p("b", "kolme"),
            p("a", "yksi kaksi") + p("m", "m") + p("b", "kolme"),
            p("a", "yksi kaksi") + p("t", "t") + p("m", "m") + p("b", "kolme"),
            id="insertions at one spot",
        ),
        pytest.param(
            TWO,
            p("b", "kolme") + p("a", "yksi kaksi"),
            p("a", "yksi kaksi") + p("b", "kolme y"),
            p("b", "kolme y") + p("a", "yksi kaksi"),
            id="moved against edited",
        ),
        pytest.param(
            TWO,
            p("a", "yksi kaksi", "sv") + p("b", "kolme"),
            p("a", "yksi kaksi y") + p("b", "kolme", "en"),
            p("a", "yksi kaksi y", "sv") + p("b", "kolme", "en"),
            id="language",
        ),
        pytest.param(
            LIST,
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c")), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b")), p("c", "c y") + ul(p("m", "m")), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c y") + ul(p("m", "m"))), p("d", "d")),
            id="indented against edited and given a child",
        ),
        pytest.param(
            LIST,
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c")), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b"))) + p("c", "c y") + ul(p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c y")), p("d", "d")),
            id="re-nested by both",
        ),
        pytest.param(
            LIST,
            ol(p("a", "a") + ul(p("b", "b")), p("c", "c"), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b")), p("m", "m"), p("c", "c"), p("d", "d y")),
            ol(p("a", "a") + ul(p("b", "b")), p("m", "m"), p("c", "c"), p("d", "d y")),
            id="kind of list against a new item",
        ),
        pytest.param(
            LIST,
            ul(p("b", "b"), p("c", "c"), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b y"), p("m", "m")), p("c", "c"), p("d", "d")),
            ul(p("b", "b y"), p("m", "m"), p("c", "c"), p("d", "d")),
            id="a parent deleted against a new child",
        ),
        pytest.param(
            LIST,
            ul(p("c", "c") + ul(p("d", "d")), p("a", "a") + ul(p("b", "b"))),
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c")), p("d", "d")),
            ul(p("a", "a") + ul(p("b", "b"), p("c", "c") + ul(p("d", "d")))),
            id="moved against indented",
        ),
        pytest.param(
            TWO,
            p("a", "x yksi kaksi") + p("b", "kolme"),
            p("a", "yksi") + p("m", " kaksi") + p("b", "kolme"),
            p("a", "x yksi") + p("m", " kaksi") + p("b", "kolme"),
            id="split against an edit in the first part",
        ),
        pytest.param(
            TWO,
            p("a", "yksi") + p("t", " kaksi") + p("b", "kolme"),
            p("a", "yksi kaksi y") + p("b", "kolme"),
            p("a", "yksi") + p("t", " kaksi y") + p("b", "kolme"),
            id="an edit in the last part against a split",
        ),
        pytest.param(
            TWO,
            p("a", "yksi kaksikolme"),
            p("a", "yksi kaksi y") + p("b", "y kolme"),
            p("a", "yksi kaksi yy kolme"),
            id="join against edits of both lines",
        ),
        pytest.param(
            TWO,
            p("a", "yksi x kaksi") + p("b", "kolme"),
            p("a", "yksi kaksi kolme"),
            p("a", "yksi x kaksi kolme"),
            id="an edit against a join with a space",
        ),
        pytest.param(
            TWO,
            p("a", "yksi") + p("t", " kaksi") + p("b", "kolme"),
            p("b", "kolme") + p("a", "yksi kaksi"),
            p("b", "kolme") + p("a", "yksi") + p("t", " kaksi"),
            id="split against moved",
        ),
        pytest.param(
            GRID,
            table((p("a", "a x"), p("b", "b")), (p("c", "c"), p("d", "d"))),
            table((p("a", "a"), p("b", "b")), (p("c", "c"), p("d", "d y"))),
            table((p("a", "a x"), p("b", "b")), (p("c", "c"), p("d", "d y"))),
            id="cells",
        ),
        pytest.param(
            GRID,
            table(
                (p("a", "a"), p("b", "b")), (p("t", "t"), p("u", "u")), (p("c", "c"), p("d", "d"))
            ),
            table(
                (p("a", "a"), p("b", "b")), (p("c", "c"), p("d", "d y")), (p("m", "m"), p("n", ""))
            ),
            table(
                (p("a", "a"), p("b", "b")),
                (p("t", "t"), p("u", "u")),
                (p("c", "c"), p("d", "d y")),
                (p("m", "m"), p("n", "")),
            ),
            id="rows",
        ),
        pytest.param(
            GRID,
            table((p("b", "b"), p("a", "a")), (p("d", "d"), p("c", "c"))),
            table((p("a", "a y"), p("b", "b"))),
            table((p("b", "b"), p("a", "a y"))),
            id="columns moved against a row deleted",
        ),
        pytest.param(
            GRID.replace("<td>", "<th>", 1).replace("</td>", "</th>", 1),
            GRID,
            GRID.replace("<td>", "<th>").replace("</td>", "</th>").replace(">d<", ">d y<"),
            GRID.replace("<td>", "<th>")
            .replace("</td>", "</th>")
            .replace("<th>", "<td>", 1)
            .replace("</th>", "</td>", 1)
            .replace(">d<", ">d y<"),
            id="header cells",
        ),
    ],
)
def test_merges_without_conflict(base: str, theirs: str, mine: str, merged: str) -> None:
    result = merge(base, theirs, mine)

    assert result.html == merged
    assert result.conflicts == []
    assert result.renamed == {}


@pytest.mark.parametrize(
    ("around", "merged"),
    [
        ("{a}{b}", "{a}{copy}{b}"),
        # in an item the second text stands in the same item, so that what is below stays there
        (
            "<ul><li>{a}<ol><li>{b}</li></ol></li></ul>",
            "<ul><li>{a}{copy}<ol><li>{b}</li></ol></li></ul>",
        ),
        (
            "<table><tbody><tr><td>{a}</td><td>{b}</td></tr></tbody></table>",
            "<table><tbody><tr><td>{a}{copy}</td><td>{b}</td></tr></tbody></table>",
        ),
    ],
)
def test_a_line_that_both_changed_keeps_both_texts(around: str, merged: str) -> None:
    base, theirs, mine = (
        around.format(a=p("a", text), b=p("b", "b")) for text in ("klo 13", "klo 14", "klo 15")
    )

    result = merge(base, theirs, mine)

    [conflict] = result.conflicts
    copy = conflict.copy
    assert conflict == Conflict(line_id("a"), "both_changed", "klo 14", "klo 15", copy)
    assert result.html == merged.format(
        a=p("a", "klo 14"), b=p("b", "b"), copy=f'<p data-line="{copy}">klo 15</p>'
    )
    assert merge(base, theirs, mine) == result


def test_formatting_and_words_are_changes_apart() -> None:
    bold = p("a", "<strong>yksi</strong> kaksi") + p("b", "kolme")

    result = merge(TWO, bold, p("a", "yksi <em>kaksi</em> y") + p("b", "kolme"))

    assert result.body.lines[0].html == "<strong>yksi</strong> <em>kaksi</em> y"
    assert result.conflicts == []


@pytest.mark.parametrize(
    ("theirs", "mine", "merged", "conflict"),
    [
        pytest.param(
            p("a", "yksi kaksi"),
            p("a", "yksi kaksi") + p("b", "kolme y"),
            p("a", "yksi kaksi") + p("b", "kolme y"),
            Conflict(line_id("b"), "deleted_but_edited", "", "kolme y"),
            id="they deleted",
        ),
        pytest.param(
            p("a", "yksi x") + p("b", "kolme"),
            p("b", "kolme y"),
            p("a", "yksi x") + p("b", "kolme y"),
            Conflict(line_id("a"), "deleted_but_edited", "yksi x", ""),
            id="I deleted",
        ),
        pytest.param(
            p("a", "") + p("b", "kolme"),
            p("a", "yksi kaksi y") + p("b", "kolme"),
            p("a", "yksi kaksi y") + p("b", "kolme"),
            Conflict(line_id("a"), "deleted_but_edited", "", "yksi kaksi y"),
            id="they emptied",
        ),
    ],
)
def test_deleting_yields_to_editing(
    theirs: str, mine: str, merged: str, conflict: Conflict
) -> None:
    assert merge(TWO, theirs, mine) == Merged(Body.parse(merged), [conflict])


def test_a_row_that_one_deleted_and_the_other_wrote_in_stays_whole() -> None:
    shorter = table((p("a", "a"), p("b", "b")))
    written = table((p("a", "a"), p("b", "b")), (p("c", "c"), p("d", "d y")))
    conflict = Conflict(line_id("d"), "deleted_but_edited", "", "d y")

    assert merge(GRID, shorter, written) == Merged(Body.parse(written), [conflict])
    # the whole table too
    result = merge(GRID + p("z", "z"), p("z", "z"), written + p("z", "z"))
    assert result == Merged(Body.parse(written + p("z", "z")), [conflict])


def test_columns_deleted_by_each_leave_no_empty_table() -> None:
    left, right = table((p("a", "a"),), (p("c", "c"),)), table((p("b", "b"),), (p("d", "d"),))

    assert merge(GRID, left, right) == Merged(Body([]))


def test_a_new_row_and_a_new_column_cross_in_an_empty_cell() -> None:
    row = table((p("a", "a"), p("b", "b")), (p("c", "c"), p("d", "d")), (p("t", "t"), p("u", "u")))
    column = table((p("a", "a"), p("m", "m"), p("b", "b")), (p("c", "c"), p("n", "n"), p("d", "d")))

    result = merge(GRID, row, column)

    assert [line.text for line in result.body.lines] == ["a", "m", "b", "c", "n", "d", "t", "", "u"]
    assert result.conflicts == []
    assert sanitise(result.html) == result.html


def test_spanning_cells_come_from_one_side_and_no_line_is_lost() -> None:
    spanning = (
        f'<table><tbody><tr><td colspan="2">{p("a", "a")}{p("b", "b")}</td></tr>'
        f"<tr><td>{p('c', 'c')}</td><td>{p('d', 'd')}</td></tr></tbody></table>"
    )
    longer = table(
        (p("a", "a y"), p("b", "b")), (p("c", "c"), p("d", "d")), (p("m", "m"), p("n", "n"))
    )

    result = merge(GRID, spanning, longer)

    assert result.html == spanning.replace(">a<", ">a y<") + p("m", "m") + p("n", "n")
    assert result.conflicts == []


def test_a_line_that_both_split_alike_is_split_once() -> None:
    result = merge(
        TWO,
        p("a", "yksi") + p("t", " kaksi") + p("b", "kolme"),
        p("a", "yksi") + p("m", " kaksi y") + p("b", "kolme"),
    )

    assert result.html == p("a", "yksi") + p("t", " kaksi y") + p("b", "kolme")
    assert result.conflicts == []
    assert result.renamed == {line_id("m"): line_id("t")}


def test_parts_that_both_split_differently_are_one_with_the_words_of_both() -> None:
    result = merge(
        TWO,
        p("a", "yksi") + p("t", " kaksi x") + p("b", "kolme"),
        p("a", "yksi") + p("m", " kaksi y") + p("b", "kolme"),
    )

    assert [line.text for line in result.body.lines] == ["yksi", " kaksi x y", "kolme"]
    assert result.conflicts == []
    assert result.renamed == {line_id("m"): line_id("t")}


def test_an_edit_over_the_seam_of_a_split_keeps_both_versions() -> None:
    result = merge(
        TWO,
        p("a", "yks kksi") + p("b", "kolme"),
        p("a", "yksi") + p("m", " kaksi") + p("b", "kolme"),
    )

    assert [line.text for line in result.body.lines] == ["yks kksi", "yksi", " kaksi", "kolme"]
    assert [conflict.kind for conflict in result.conflicts] == ["both_changed"]


def test_a_part_of_a_split_line_that_the_other_deleted_is_named() -> None:
    result = merge(TWO, p("b", "kolme"), p("a", "yksi") + p("m", "kaksi y") + p("b", "kolme"))

    assert [line.text for line in result.body.lines] == ["yksi", "kaksi y", "kolme"]
    assert {conflict.line for conflict in result.conflicts} == {line_id("a"), line_id("m")}


def test_each_indenting_under_the_other_ends_in_no_circle() -> None:
    base = ul(p("a", "a"), p("b", "b"), p("c", "c"))
    theirs = ul(p("a", "a") + ul(p("b", "b")), p("c", "c"))
    mine = ul(p("b", "b") + ul(p("a", "a")), p("c", "c y"))

    result = merge(base, theirs, mine)

    assert sorted(line.text for line in result.body.lines) == ["a", "b", "c y"]
    assert result.body.lines[0].text in ("a", "b")
    assert sanitise(result.html) == result.html


def test_lists_that_get_too_deep_go_on_at_the_fifth_level() -> None:
    names = "abcd"
    base = p("e", "e")
    for name in reversed(names):
        base = ul(p(name, name) + base)
    base += ul(p("f", "f"), p("g", "g"))
    theirs = base.replace(p("g", "g"), "").replace("</li></ul>" * 4, "</li></ul>" * 4, 1)
    deep_theirs = p("e", "e") + ul(p("f", "f"), p("g", "g"))
    for name in reversed(names):
        deep_theirs = ul(p(name, name) + deep_theirs)
    mine = base.replace(f"<li>{p('g', 'g')}</li>", "").replace(
        p("f", "f"), p("f", "f") + ul(p("g", "g"))
    )
    assert theirs != mine

    result = merge(base, deep_theirs, mine)

    assert max(line.level for line in result.body.lines) == 5
    assert [line.text for line in result.body.lines] == list("abcdefg")
    assert sanitise(result.html) == result.html


def test_bodies_without_ids_merge_by_their_words() -> None:
    result = merge("<p>a</p><p>b</p>", "<p>a</p><p>t</p><p>b</p>", "<p>a</p><p>b</p><p>m</p>")

    assert [line.text for line in result.body.lines] == ["a", "t", "b", "m"]
    assert len(set(result.body.ids)) == 4
