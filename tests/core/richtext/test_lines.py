"""Lines and their ids."""

import re

from core.richtext import Body, Line, ensure_ids, is_line_id, lines_of, mint, plain_text

A, B, C = (letter * 15 for letter in "abc")


def test_lines_know_their_level_and_marker() -> None:
    html = (
        f'<p data-line="{A}" lang="sv">hej <strong>du</strong><br>där</p>'
        "<ul><li><p>one</p><p>more</p><ol type='i'><li>two</li></ol></li></ul>"
        "<ol><li><table><tr><td>cell<ul><li>inner</ul></table></ol>"
    )

    assert lines_of(html) == [
        Line(A, 0, 0, "", "hej du\ndär", "hej <strong>du</strong><br>där", "sv", False),
        Line("", 1, 1, "ul", "one", "one", "", False),
        Line("", 2, 1, "", "more", "more", "", False),
        Line("", 3, 2, "i", "two", "two", "", False),
        Line("", 4, 1, "1", "", "", "", False),
        Line("", 5, 0, "", "cell", "cell", "", True),
        Line("", 6, 1, "ul", "inner", "inner", "", True),
    ]
    assert plain_text(html) == "hej du\ndär\none\nmore\ntwo\n\ncell\ninner"


def test_minted_ids_are_well_formed_and_never_the_same() -> None:
    ids = [mint() for _ in range(200)]

    assert len(set(ids)) == 200
    assert all(is_line_id(identity) for identity in ids)
    assert not is_line_id("a" * 13)
    assert not is_line_id("A" * 15)


def body(*lines: tuple[str, str]) -> str:
    return "".join(f'<p data-line="{identity}">{text}</p>' for identity, text in lines)


def test_missing_and_malformed_ids_are_minted() -> None:
    html, minted = ensure_ids(body((A, "a"), ("X", "b")) + "<p>c</p>")

    ids = re.findall(r'data-line="(\w+)"', html)
    assert ids[0] == A
    assert minted == {1: ("", ids[1]), 2: ("", ids[2])}
    assert plain_text(html) == "a\nb\nc"


def test_a_repeated_id_stays_with_the_first_line_that_has_words() -> None:
    html, minted = ensure_ids(body((A, ""), (A, "b"), (A, "c")))

    assert [line.id == A for line in lines_of(html)] == [False, True, False]
    assert {position: old for position, (old, _) in minted.items()} == {0: A, 2: A}


def test_ids_of_another_meeting_are_minted_anew_and_those_of_the_same_stay() -> None:
    html = body((A, "the item's own"), (B, "from an item of the same meeting"), (C, "foreign"))

    kept, minted = ensure_ids(html, known={A, B, C}, mine={A, B})

    assert [line.id for line in lines_of(kept)] == [A, B, minted[2][1]]
    assert minted == {2: (C, minted[2][1])}
    # an id that is not known at all was made by the editor
    assert ensure_ids(html, known={A}, mine={A}) == (html, {})
    assert ensure_ids(html) == (html, {})


def test_a_body_is_left_alone_by_new_ids() -> None:
    before = Body.parse("<ul><li>a</li></ul><table><tr><td>b</td></tr></table>")

    after, minted = before.ensure_ids()

    assert before.ids == ["", ""]
    assert after.ids == [new for _, new in minted.values()]
    assert Body.parse(after.html).html == after.html
