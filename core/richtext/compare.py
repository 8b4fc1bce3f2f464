"""What was changed between two bodies, line by line and word by word, for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from .lines import Body, Line
from .words import words

type Part = tuple[Literal["same", "added", "removed"], str]


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of the later body, or one that is not there any more, as `parts` in reading order.

    `state` is `same`, `added`, `removed`, `changed` (its words), `moved` (and perhaps changed), or
    `formatted`: the same words in another form, list or language. `level`, `marker` and `in_table`
    are those of `Line`. A stretch of unchanged lines left out is a `gap` with their number in
    `level` and no parts.
    """

    state: Literal["same", "added", "removed", "changed", "moved", "formatted", "gap"]
    level: int
    marker: str = ""
    parts: tuple[Part, ...] = ()
    lang: str = ""
    in_table: bool = False


def compare(before: Body, after: Body) -> list[Compared]:
    """All lines of `after`, and those of `before` that are gone where they stood."""
    old, new = {line.id: line for line in before.lines}, {line.id: line for line in after.lines}
    out: list[Compared] = []
    ids, new_ids = list(old), list(new)
    for tag, i, j, k, m in SequenceMatcher(None, ids, new_ids, autojunk=False).get_opcodes():
        if tag == "equal":
            out += [_pair(old[key], new[key], moved=False) for key in ids[i:j]]
            continue
        out += [_alone(old[key], "removed") for key in ids[i:j] if key not in new]
        out += [
            _pair(old[key], new[key], moved=True) if key in old else _alone(new[key], "added")
            for key in new_ids[k:m]
        ]
    return [line for line in out if line.parts]


def shortened(lines: list[Compared], around: int = 1) -> list[Compared]:
    """The changed lines with `around` lines beside each; what is left out becomes a gap."""
    near = {
        place + step
        for place, line in enumerate(lines)
        if line.state != "same"
        for step in range(-around, around + 1)
    }
    out: list[Compared] = []
    for is_near, group in groupby(enumerate(lines), key=lambda pair: pair[0] in near):
        rows = [line for _place, line in group]
        # A gap takes a line itself.
        out += rows if is_near or len(rows) == 1 else [Compared("gap", len(rows))]
    return out


def _alone(line: Line, state: Literal["added", "removed"]) -> Compared:
    parts: tuple[Part, ...] = ((state, line.text),) if line.text.strip() else ()
    return Compared(state, line.level, line.marker, parts, line.lang, line.in_table)


def _pair(old: Line, new: Line, *, moved: bool) -> Compared:
    parts = tuple(_parts(old.text, new.text))
    is_changed = old.text != new.text
    is_formed = (old.html, old.level, old.marker, old.lang) != (
        new.html,
        new.level,
        new.marker,
        new.lang,
    )
    state: Literal["same", "changed", "moved", "formatted"] = (
        "moved" if moved else "changed" if is_changed else "formatted" if is_formed else "same"
    )
    return Compared(state, new.level, new.marker, parts, new.lang, new.in_table)


def _parts(old: str, new: str) -> Iterator[Part]:
    """The words of both, what was taken out before what came in its place."""
    before, after = words(old), words(new)
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    pieces: list[Part] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[i:j])))
            continue
        pieces += [("removed", "".join(before[i:j])), ("added", "".join(after[k:m]))]
    yield from _joined([piece for piece in pieces if piece[1]])


def _joined(pieces: list[Part]) -> list[Part]:
    """A rewritten phrase reads as one: spaces between two changes belong to both."""
    out: list[Part] = []
    removed = added = ""
    for place, (kind, text) in enumerate(pieces):
        is_last = place + 1 == len(pieces)
        if kind == "same" and not (text.isspace() and (removed or added) and not is_last):
            out += [("removed", removed), ("added", added), ("same", text)]
            removed = added = ""
        elif kind == "same":
            removed, added = removed + text, added + text
        elif kind == "removed":
            removed += text
        else:
            added += text
    return [part for part in [*out, ("removed", removed), ("added", added)] if part[1]]
