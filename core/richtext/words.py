"""Two changes of one line, merged word by word.

Words are compared without their formatting, which merges apart from them: making a word bold and
typing beside it are two changes that both survive. White space and signs between two words that
one side changed count as changed too, else two rewritings of one sentence would alternate.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from . import inline

# A letter is not parted from the signs that combine with it (accents, parts of an emoji).
_PIECE = re.compile(r"(?:\w[\u0300-\u036f]*)+|\s+|[^\w\s][\u0300-\u036f\u200d\ufe0f]*")

type Piece = tuple[inline.Run, ...]
"""A word, white space or a sign, as single characters with their formatting."""


@dataclass(slots=True)
class _Change:
    """`new` in the place of the base's pieces from `start` up to `end`."""

    start: int
    end: int
    new: list[Piece]


def merge_words(
    base: str | None, theirs: str, mine: str, moved: Container[str] = ()
) -> tuple[str, str]:
    """Both versions of a line (canonical inner HTML) with the other's changes in them.

    The two are the same where nothing of one contradicts the other; else they differ in nothing
    but the words that both changed, and in those each has its own. What both inserted at one spot
    is both there, theirs first; but `moved`, the words that each side took from elsewhere, once.
    Without a base, whatever both have is once there too.
    """
    their_pieces, my_pieces = _pieces(theirs), _pieces(mine)
    old = _shared(their_pieces, my_pieces) if base is None else _pieces(base)
    their_changes, their_format = _compared(old, their_pieces)
    my_changes, my_format = _compared(old, my_pieces)
    kept = [
        tuple(map(_formatted, piece, their_format.get(n, piece), my_format.get(n, piece)))
        for n, piece in enumerate(old)
    ]
    out_theirs: list[Piece] = []
    out_mine: list[Piece] = []
    here = 0
    for start, end, of_theirs, of_mine in _regions(their_changes, my_changes, moved):
        same = kept[here:start]
        there, mine_there = _settled(kept[start:end], start, of_theirs, of_mine, moved)
        for out, new in ((out_theirs, there), (out_mine, mine_there)):
            out.extend(same)
            out.extend(new)
        here = end
    rest = kept[here:]
    return _written(out_theirs + rest), _written(out_mine + rest)


def words(text: str) -> list[str]:
    """The words, white space and signs of a text, in order and without a gap."""
    return _PIECE.findall(text)


def _pieces(html: str) -> list[Piece]:
    characters = inline.characters(html)
    text = "".join(character for character, _ in characters)
    return [tuple(characters[match.start() : match.end()]) for match in _PIECE.finditer(text)]


def _text(piece: Piece) -> str:
    return "".join(character for character, _ in piece)


def _compared(old: list[Piece], new: list[Piece]) -> tuple[list[_Change], dict[int, Piece]]:
    """What was changed, in order; and the pieces that stayed, as they are formatted now."""
    words, new_words = [_text(piece) for piece in old], [_text(piece) for piece in new]
    changes: list[_Change] = []
    stayed: dict[int, Piece] = {}
    gap = 0  # pieces that stayed since the last change
    for tag, i, j, k, m in _matched(words, new_words).get_opcodes():
        if tag == "equal":
            stayed.update(zip(range(i, j), new[k:m], strict=True))
            is_between = changes and i > 0 and not any(word[0].isalnum() for word in words[i:j])
            gap = j - i if is_between else 0
        elif gap:
            last = changes[-1]
            last.new += [*new[k - gap : k], *new[k:m]]
            last.end, gap = j, 0
        else:
            changes.append(_Change(i, j, new[k:m]))
    for change in changes:
        for place in range(change.start, change.end):
            stayed.pop(place, None)
    return changes, stayed


def _formatted(base: inline.Run, theirs: inline.Run, mine: inline.Run) -> inline.Run:
    (_, b), (character, t), (_, m) = base, theirs, mine
    return character, inline.Marks(
        m.href if t.href == b.href else t.href,
        m.strong if t.strong == b.strong else t.strong,
        m.em if t.em == b.em else t.em,
    )


def _regions(
    theirs: list[_Change], mine: list[_Change], moved: Container[str] = ()
) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """Stretches of the base with the changes of each side that belong together.

    They do where they overlap, and where both insert at one spot; side by side only where both
    brought the same words from elsewhere.
    """
    changes = sorted(
        chain(((c, 0) for c in theirs), ((c, 1) for c in mine)),
        key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
    )
    start = end = -1
    sides: tuple[list[_Change], list[_Change]] = ([], [])
    for change, side in changes:
        is_beside = change.start == end and not (start == end == change.end)
        if is_beside:
            near = {_text(piece) for one in sides[1 - side] for piece in one.new}
            is_beside = not any(word in moved and word in near for word in map(_text, change.new))
        if is_beside or change.start > end:
            if sides[0] or sides[1]:
                yield start, end, *sides
            start, end, sides = change.start, change.end, ([], [])
        end = max(end, change.end)
        sides[side].append(change)
    if sides[0] or sides[1]:
        yield start, end, *sides


def _settled(
    kept: list[Piece],
    start: int,
    theirs: list[_Change],
    mine: list[_Change],
    moved: Container[str],
) -> tuple[list[Piece], list[Piece]]:
    """What stands in a region: in the line as they have it, and as I do."""
    there, here = (_applied(kept, start, changes) for changes in (theirs, mine))
    if not mine:
        return there, there
    if not theirs:
        return here, here
    their_words, my_words = ([_text(piece) for piece in pieces] for pieces in (there, here))
    if their_words == my_words or _within(my_words, their_words, kept):
        return there, there
    if _within(their_words, my_words, kept):
        return here, here
    if kept:
        return there, here
    if any(word in moved for word in set(their_words) & set(my_words)):
        common = _shared(there, here)
        return _with_both(common, there, here)
    both = [*there, *here]
    return both, both


def _applied(kept: list[Piece], start: int, changes: list[_Change]) -> list[Piece]:
    out: list[Piece] = []
    here = 0
    for change in changes:
        out += [*kept[here : change.start - start], *change.new]
        here = change.end - start
    return [*out, *kept[here:]]


def _within(few: Sequence[str], many: Sequence[str], kept: list[Piece]) -> bool:
    """Has `many` all of `few`, which has all that there was: did one type on from the other's?"""
    old = [_text(piece) for piece in kept]
    return _in_order(old, few) and _in_order(few, many)


def _in_order(few: Sequence[str], many: Sequence[str]) -> bool:
    rest = iter(many)
    return all(word in rest for word in few if not word.isspace())


def _shared(theirs: list[Piece], mine: list[Piece]) -> list[Piece]:
    """What both have, in the order in which both have it."""
    words, others = [_text(piece) for piece in theirs], [_text(piece) for piece in mine]
    blocks = _matched(words, others).get_matching_blocks()
    return [piece for block in blocks for piece in theirs[block.a : block.a + block.size]]


def _matched(before: list[str], after: list[str]) -> SequenceMatcher[str]:
    """Words are found again, and the white space beside them with them."""
    return SequenceMatcher(str.isspace, before, after, autojunk=False)


def _with_both(
    common: list[Piece], theirs: list[Piece], mine: list[Piece]
) -> tuple[list[Piece], list[Piece]]:
    """All of both, and what they share once."""
    their_changes, _ = _compared(common, theirs)
    my_changes, _ = _compared(common, mine)
    out: list[Piece] = []
    here = 0
    for start, end, of_theirs, of_mine in _regions(their_changes, my_changes):
        out += common[here:start]
        for changes in (of_theirs, of_mine):
            if changes:
                out += _applied(common[start:end], start, changes)
        here = end
    out += common[here:]
    return out, out


def _written(pieces: list[Piece]) -> str:
    """The line's HTML. Two words side by side were not so on either side: a space parts them."""
    out: list[inline.Run] = []
    for piece in pieces:
        if out and out[-1][0].isalnum() and piece[0][0].isalnum():
            out.append((" ", inline.PLAIN))
        out.extend(piece)
    return inline.write(inline.joined(out))
