"""What the merge keeps whatever two writers do: no word lost, none doubled without being shown."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.richtext import Body, merge, sanitise

from .writers import Writer, words_of

seeds = st.integers(0, 10**9)


def a_body(seed: int, size: int, *, tables: bool = True) -> str:
    writer = Writer("b", seed, tables=tables)
    writer.begin(size)
    return sanitise(writer.html)


def worked_on(base: str, name: str, seed: int, times: int) -> str:
    writer = Writer(name, seed, base)
    writer.work(times)
    return sanitise(writer.html)


@settings(deadline=None)
@given(seeds, st.integers(0, 6), st.integers(1, 8))
def test_who_alone_changed_has_it_his_way(seed: int, size: int, times: int) -> None:
    base = a_body(seed, size)
    changed = worked_on(base, "m", seed, times)

    assert merge(base, base, base).html == base
    assert merge(base, base, changed).html == changed
    assert merge(base, changed, base).html == changed
    assert merge(base, changed, changed).html == changed


@settings(deadline=None, max_examples=200)
@given(seeds, st.integers(0, 6), st.integers(1, 8), st.integers(1, 8), st.booleans())
def test_no_word_is_lost(
    seed: int, size: int, their_times: int, my_times: int, tables: bool
) -> None:
    base = a_body(seed, size, tables=tables)
    theirs = worked_on(base, "t", seed, their_times)
    mine = worked_on(base, "m", seed, my_times)

    after = words_of(merge(base, theirs, mine).html)

    before, their_words, my_words = words_of(base), words_of(theirs), words_of(mine)
    assert their_words - before <= after
    assert my_words - before <= after
    assert their_words & my_words <= after


@settings(deadline=None, max_examples=300)
@given(seeds, st.integers(0, 6), st.integers(1, 8), st.integers(1, 8), st.booleans())
def test_no_word_is_doubled_in_silence_and_what_is_deleted_is_gone(
    seed: int, size: int, their_times: int, my_times: int, tables: bool
) -> None:
    base = a_body(seed, size, tables=tables)
    theirs = worked_on(base, "t", seed, their_times)
    mine = worked_on(base, "m", seed, my_times)

    merged = merge(base, theirs, mine)

    their_words, my_words = words_of(theirs), words_of(mine)
    after = words_of(merged.html)
    shown = sum((words_of(c.theirs) + words_of(c.mine) for c in merged.conflicts), Counter[str]())
    assert {word for word, times in after.items() if times > 1} <= shown.keys()
    # What one side deleted and the other left alone is gone. (A row or column of a table stays
    # whole, where the other side wrote in it.)
    in_tables = words_of(" ".join(re.findall("<table>.*?</table>", base)))
    for side, other_words in ((mine, their_words), (theirs, my_words)):
        deleted = untouched_words(base, side).keys() - other_words.keys()
        assert not deleted & after.keys() - shown.keys() - in_tables.keys()


def untouched_words(base: str, side: str) -> Counter[str]:
    lines = {line.id: line.html for line in Body.parse(base).lines}
    return sum(
        (words_of(line.html) for line in Body.parse(side).lines if lines.get(line.id) == line.html),
        Counter[str](),
    )


@settings(deadline=None)
@given(seeds, st.integers(0, 6), st.integers(1, 8), st.integers(1, 8))
def test_the_result_is_canonical_with_ids_of_its_own_and_the_same_each_time(
    seed: int, size: int, their_times: int, my_times: int
) -> None:
    base = a_body(seed, size)
    theirs = worked_on(base, "t", seed, their_times)
    mine = worked_on(base, "m", seed, my_times)

    merged = merge(base, theirs, mine)

    assert sanitise(merged.html) == merged.html
    ids = merged.body.ids
    assert len(set(ids)) == len(ids)
    assert all(ids)
    for conflict in merged.conflicts:
        assert conflict.line in ids
        if conflict.kind == "both_changed":
            html = {line.id: line.html for line in merged.body.lines}
            assert html[conflict.line] == conflict.theirs
            assert html[conflict.copy] == conflict.mine
        else:
            assert conflict.copy == ""
    assert set(merged.renamed.values()) <= set(ids)
    assert merge(base, theirs, mine) == merged
    assert merge(*(Body.parse(html) for html in (base, theirs, mine))) == merged


@settings(deadline=None)
@given(seeds, st.integers(0, 4), st.integers(2, 6), st.booleans())
def test_writers_who_save_in_turns_lose_nothing(
    seed: int, size: int, rounds: int, offline: bool
) -> None:
    """Two people write for a while; each save is merged with what the other saved meanwhile."""
    stored = a_body(seed, size, tables=False)
    bases = {"t": stored, "m": stored}
    typed: dict[str, Counter[str]] = {"t": Counter(), "m": Counter()}
    counts = {"t": 0, "m": 0}
    shown: Counter[str] = Counter()
    for turn in range(rounds):
        for name in ("t", "m"):
            if offline and name == "m" and turn < rounds - 1:
                continue
            writer = Writer(name, seed + turn, bases[name], tables=False)
            writer.count = counts[name]
            for operation in ("write", "insert", "split", "write", "join"):
                getattr(writer, operation)()
            counts[name] = writer.count
            typed[name] += words_of(writer.html) - words_of(bases[name])
            merged = merge(bases[name], stored, writer.html)
            stored = bases[name] = merged.html
            for conflict in merged.conflicts:
                shown += words_of(conflict.theirs) + words_of(conflict.mine)

    after = words_of(stored)
    assert (typed["t"] | typed["m"]).keys() <= after.keys()
    assert {word for word, times in after.items() if times > 1} <= shown.keys()
