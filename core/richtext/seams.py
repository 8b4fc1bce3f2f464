"""Lines that one side split or joined, made ready for the merge.

A split leaves the first part in the line and puts the rest into new lines, a join does the
reverse; merged line by line, what the other side did to that text meanwhile would be lost or
doubled. Here both sides are brought to agree before the merge looks at them: where the split or
join is nothing else, the other side's edit is carried over into its parts; where both sides split
the line, the new lines of mine count as those of theirs.
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from . import inline
from .flat import Entry

type Entries = dict[str, Entry]

_SPACE: inline.Run = (" ", inline.PLAIN)


@dataclass(slots=True)
class Seams:
    """`renamed`: my line → the line of theirs it counts as. The heirs of a line are the new lines
    that its text was split into, on either side."""

    renamed: dict[str, str] = field(default_factory=dict)
    heirs_of_theirs: dict[str, list[str]] = field(default_factory=dict)
    heirs_of_mine: dict[str, list[str]] = field(default_factory=dict)


def align(base: Entries, theirs: Entries, mine: Entries) -> Seams:
    """Find splits and joins; rewrites the entries of `theirs` and `mine`."""
    seams = Seams({}, _heirs(base, theirs, mine), _heirs(base, mine, theirs))
    _carry_into_joins(base, theirs, mine, seams.heirs_of_theirs)
    _carry_into_joins(base, mine, theirs, seams.heirs_of_mine)
    for line in seams.heirs_of_theirs.keys() | seams.heirs_of_mine.keys():
        if not (line in mine and line in theirs):
            continue
        their_parts = [line, *seams.heirs_of_theirs.get(line, ())]
        my_parts = [line, *seams.heirs_of_mine.get(line, ())]
        if len(my_parts) == 1:
            _carry_into_split(base[line], theirs, their_parts, mine[line])
        elif len(their_parts) == 1:
            _carry_into_split(base[line], mine, my_parts, theirs[line])
        else:
            seams.renamed.update(_pairs(theirs, their_parts[1:], mine, my_parts[1:]))
    seams.renamed.update(_moved_without_ids(base, theirs, mine, seams.renamed))
    if seams.renamed:
        _rename(mine, seams.renamed)
    return seams


def _heirs(base: Entries, side: Entries, other: Entries) -> dict[str, list[str]]:
    """Line → the new lines after it that hold words it lost.

    Also for a line that this side deleted and the other changed: splitting it and deleting its
    first part looks like that.
    """
    order = list(side)
    places = {key: place for place, key in enumerate(order)}
    found: dict[str, list[str]] = {}
    last = -1
    for key, before in base.items():
        now = side.get(key)
        last = places.get(key, last)
        there = other.get(key, before)
        if (there if now is None else now).html == before.html or before.role == "table":
            continue
        lost: Counter[str] | None = None
        for follower in islice(order, last + 1, None):
            if follower in base or follower in other or side[follower].role == "table":
                break
            if lost is None:
                lost = words_in(before) | words_in(there)
                if now is not None:
                    lost -= words_in(now)
            words = words_in(side[follower])
            if words & lost:
                lost -= words
                found.setdefault(key, []).append(follower)
    return found


def _pairs(
    theirs: Entries, their_parts: list[str], mine: Entries, my_parts: list[str]
) -> dict[str, str]:
    """My part → the part of theirs that has most of its words."""
    pairs: dict[str, str] = {}
    for part in my_parts:
        words = words_in(mine[part])
        shared = {
            other: (words & words_in(theirs[other])).total()
            for other in their_parts
            if other not in pairs.values()
        }
        best = max(shared, key=lambda other: shared[other], default="")
        if best and shared[best]:
            pairs[part] = best
    return pairs


def words_in(entry: Entry) -> Counter[str]:
    """The words and signs of a line, with how often each stands there."""
    return Counter(token for token, _ in inline.tokens(entry.html))


def _carry_into_split(base: Entry, splitter: Entries, parts: Sequence[str], edited: Entry) -> None:
    """Carry the edit of a line over into the part of its split where it belongs.

    Nothing happens where the split changed the text too, or the edit reaches over a seam: then
    both sides changed the line.
    """
    if edited.html == base.html:
        return
    old = inline.characters(base.html)
    pieces = [inline.characters(splitter[part].html) for part in parts]
    if list(chain.from_iterable(pieces)) != old:
        return
    new = inline.characters(edited.html)
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    last = next((i for i in range(shorter - first) if old[-1 - i] != new[-1 - i]), shorter - first)
    start = 0
    for part, piece in zip(parts, pieces, strict=True):
        end = start + len(piece)
        if start <= first and len(old) - last <= end:
            _rewrite(splitter[part], new[start : end + len(new) - len(old)])
            edited.html, edited.text = base.html, base.text
            return
        start = end


def _carry_into_joins(
    base: Entries, editor: Entries, joiner: Entries, split: Container[str]
) -> None:
    """Carry edits of lines that the other side joined over into the joined line."""
    order = list(base)
    for place, key in enumerate(order):
        joined = joiner.get(key)
        if (
            joined is None
            or joined.html == base[key].html
            or place + 1 == len(order)
            or order[place + 1] in joiner
        ):
            continue
        target = inline.characters(joined.html)
        for gap in ([], [_SPACE]):
            parts, text = [key], inline.characters(base[key].html)
            for follower in islice(order, place + 1, None):
                if follower in joiner or len(text) >= len(target):
                    break
                parts.append(follower)
                text = text + gap + inline.characters(base[follower].html)
            if len(parts) > 1 and text == target:
                _carry_into_join(base, editor, joined, parts, gap, split)
                break


def _carry_into_join(
    base: Entries,
    editor: Entries,
    joined: Entry,
    parts: list[str],
    gap: list[inline.Run],
    split: Container[str],
) -> None:
    if any(part not in editor or part in split for part in parts):
        return
    text: list[inline.Run] = []
    spaced = False
    for part in parts:
        more = inline.characters(editor[part].html)
        before = base[part].text
        if part != parts[0]:
            text += gap
            if (spaced or before[:1].isspace()) and _touch(text, more):
                text.append(_SPACE)  # the words did not touch before
        text += more
        spaced = before[-1:].isspace()
    _rewrite(joined, text)
    for part in parts:
        editor[part].html, editor[part].text = base[part].html, base[part].text


def _touch(text: list[inline.Run], more: list[inline.Run]) -> bool:
    return bool(text and more) and not (text[-1][0].isspace() or more[0][0].isspace())


def _moved_without_ids(
    base: Entries, theirs: Entries, mine: Entries, renamed: dict[str, str]
) -> dict[str, str]:
    """My new line → theirs, where both put the words of a line that both deleted into a new one.

    Joining a line onto a new one before it does that, and cutting and pasting its words.
    """
    gone = [
        words
        for key, entry in base.items()
        if key not in theirs and key not in mine and (words := inline.tokens(entry.html))
    ]
    if not gone:
        return {}
    their_new, my_new = (
        {
            key: inline.tokens(entry.html)
            for key, entry in side.items()
            if key not in base and key not in other
        }
        for side, other in ((theirs, mine), (mine, theirs))
    )
    found: dict[str, str] = {}
    for words in gone:
        there = next((key for key, new in their_new.items() if within(words, new)), None)
        here = next((key for key, new in my_new.items() if within(words, new)), None)
        if there and here and here not in renamed and there not in renamed.values():
            found[here] = there
            del their_new[there], my_new[here]
    return found


def within(few: Sequence[inline.Run], many: Sequence[inline.Run]) -> bool:
    """Whether `many` has all of `few`, in that order."""
    rest = iter(many)
    return all(token in rest for token in few)


def _rewrite(entry: Entry, characters: list[inline.Run]) -> None:
    runs = inline.joined(characters)
    entry.html = inline.write(runs)
    entry.text = "".join(text for text, _ in runs)


def _rename(entries: Entries, renamed: dict[str, str]) -> None:
    """Give the entries their new keys, in place and in the same order."""
    old = dict(entries)
    entries.clear()
    for key, entry in old.items():
        entry.key = renamed.get(key, key)
        if isinstance(entry.parent, str):
            entry.parent = renamed.get(entry.parent, entry.parent)
        entries[entry.key] = entry
