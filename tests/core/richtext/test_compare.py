"""What was changed between two bodies."""

from hypothesis import given
from hypothesis import strategies as st

from core.richtext import Body, compare, sanitise, shortened
from core.richtext.compare import Compared

from .writers import Writer


def p(name: str, text: str) -> str:
    return f'<p data-line="{name.ljust(14, "z")}">{text}</p>'


def read(lines: list[Compared]) -> list[str]:
    """Each line as "state: words", what was removed in brackets, what was added in braces."""
    signs = {"same": "%s", "removed": "[%s]", "added": "{%s}"}
    return [
        f"{line.state}: " + "".join(signs[kind] % text for kind, text in line.parts)
        for line in lines
    ]


def test_words_lines_and_places() -> None:
    before = Body.parse(p("a", "yksi kaksi") + p("b", "pois") + p("c", "kolme") + p("d", "neljä"))
    after = Body.parse(
        p("a", "yksi uusi kaksi") + p("d", "neljä") + p("c", "<strong>kolme</strong>") + p("e", "e")
    )
    assert read(compare(before, after)) == [
        "changed: yksi {uusi }kaksi",
        "removed: [pois]",
        "moved: neljä",
        "formatted: kolme",
        "added: {e}",
    ]


def test_a_rewritten_phrase_is_one_change() -> None:
    before, after = Body.parse(p("a", "klo 13 aulassa")), Body.parse(p("a", "kello 14 salissa"))
    assert read(compare(before, after)) == ["changed: [klo 13 aulassa]{kello 14 salissa}"]


def test_what_is_far_from_a_change_is_left_out() -> None:
    lines = [p(name, name) for name in "abcdefgh"]
    changed = [*lines[:3], p("d", "d x"), *lines[4:]]
    found = shortened(compare(Body.parse("".join(lines)), Body.parse("".join(changed))))
    assert [(line.state, line.level) for line in found] == [
        ("gap", 2), ("same", 0), ("changed", 0), ("same", 0), ("gap", 3)
    ]  # fmt: skip


@given(st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 8))
def test_both_texts_can_be_read_from_it(seed: int, size: int, times: int) -> None:
    writer = Writer("b", seed)
    writer.begin(size)
    before = Body.parse(sanitise(writer.html))
    writer = Writer("m", seed, before.html)
    writer.work(times)
    after = Body.parse(sanitise(writer.html))
    found = compare(before, after)

    for body, kinds in ((after, ("same", "added")), (before, ("same", "removed"))):
        there = ["".join(text for kind, text in line.parts if kind in kinds) for line in found]
        expected = [line.text for line in body.lines if line.text.strip()]
        assert sorted(filter(str.strip, there)) == sorted(expected)
    assert compare(after, after) == [line for line in compare(after, after) if line.state == "same"]
