"""Two changes of one line: what survives in the words, and what is shown as a conflict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.richtext.words import merge_words


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged"),
    [
        pytest.param("a b c", "a x b c", "a b c y", "a x b c y", id="insertions apart"),
        pytest.param("a b c", "x b c", "a b y", "x b y", id="replacements apart"),
        pytest.param("a b c", "a x c", "a b y", "a x y", id="words side by side"),
        pytest.param("a b c d", "a d", "a b c d y", "a d y", id="a deletion and an insertion"),
        pytest.param("a b c", "a c", "a b x c", "a x c", id="an insertion beside a deletion"),
        pytest.param("a", "a x", "a y", "a x y", id="two insertions at one spot"),
        pytest.param("", "x", "y", "x y", id="two insertions into an empty line"),
        pytest.param("a", "a x", "a x y", "a x y", id="one typed on from the other's"),
        pytest.param("a b", "a B b", "a B b", "a B b", id="the same"),
        pytest.param("a b c", "a c", "a c", "a c", id="the same deletion"),
        pytest.param(
            "klo 13 Espoossa",
            "klo 14 Espoossa",
            "klo 13 Lohjalla, kahvia",
            "klo 14 Lohjalla, kahvia",
            id="time and place",
        ),
        pytest.param(
            "a <strong>b</strong> c",
            "a b c",
            "a <strong>b</strong> c y",
            "a b c y",
            id="bold taken off",
        ),
        pytest.param(
            "a b",
            "<strong>a</strong> b",
            "<em>a</em> b",
            "<strong><em>a</em></strong> b",
            id="bold and italic",
        ),
        pytest.param(
            "a b",
            '<a href="https://x.example">a</a> b',
            "a b y",
            '<a href="https://x.example">a</a> b y',
            id="a link",
        ),
        pytest.param("a<br>b", "a<br>x b", "y a<br>b", "y a<br>x b", id="line breaks"),
        pytest.param(
            "nai\u0308ve a",
            "nai\u0308ve x a",
            "nai\u0308ve a y",
            "nai\u0308ve x a y",
            id="accents",
        ),
        pytest.param("👩‍🏫 a", "👩‍🏫 x a", "👩‍🏫 a 🎉", "👩‍🏫 x a 🎉", id="emoji"),
    ],
)
def test_both_changes_survive(base: str, theirs: str, mine: str, merged: str) -> None:
    assert merge_words(base, theirs, mine) == (merged, merged)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "their_line", "my_line"),
    [
        pytest.param("klo 13", "klo 14", "klo 15", "klo 14", "klo 15", id="the same word"),
        pytest.param("a b c", "a c", "a B c", "a c", "a B c", id="one deleted what one changed"),
        pytest.param(
            "a b c d",
            "x a B c d",
            "a C c d y",
            "x a B c d y",
            "x a C c d y",
            id="the rest is in both",
        ),
        pytest.param(
            "one two three four",
            "something else was said here",
            "one two 2 three four",
            "something else was said here",
            "one two 2 three four",
            id="a sentence rewritten is one change",
        ),
    ],
)
def test_the_same_words_are_kept_as_each_has_them(
    base: str, theirs: str, mine: str, their_line: str, my_line: str
) -> None:
    assert merge_words(base, theirs, mine) == (their_line, my_line)


def test_words_that_both_moved_here_are_here_once() -> None:
    assert merge_words("a", "a b t", "a b m", {"b"}) == ("a b t m", "a b t m")


def test_without_a_base_what_both_have_is_there_once() -> None:
    assert merge_words(None, "a x c", "a c y") == ("a x c y", "a x c y")


lines = st.lists(st.sampled_from("a b c d e".split()), max_size=6).map(" ".join)


@given(lines, lines)
def test_who_alone_changed_has_it_their_way(base: str, changed: str) -> None:
    assert merge_words(base, changed, base) == (changed, changed)
    assert merge_words(base, base, changed) == (changed, changed)
    assert merge_words(base, changed, changed) == (changed, changed)


@given(lines, lines, lines)
def test_each_version_has_all_that_its_writer_put_in(base: str, theirs: str, mine: str) -> None:
    """Whoever typed a word that was not in the line before finds it in their version."""
    old = set(base.split())
    their_line, my_line = merge_words(base, theirs, mine)
    assert set(theirs.split()) - old <= set(their_line.split())
    assert set(mine.split()) - old <= set(my_line.split())
