"""Three-way merge of an order: of lines, of a table's rows, of its columns."""

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple


class Placed(NamedTuple):
    """Keys by the side that gave them another parent."""

    by_theirs: frozenset[str]
    by_mine: frozenset[str]


NOWHERE = Placed(frozenset(), frozenset())
_HEAD = ""  # before the first key; keys are never empty


def moved(base: Sequence[str], side: Sequence[str]) -> set[str]:
    """The keys that `side` took out of the order of `base`, as few as explain the change."""
    places = {key: place for place, key in enumerate(base)}
    common = [(places[key], key) for key in side if key in places]
    if all(a < b for (a, _), (b, _) in pairwise(common)):
        return set()
    # The longest increasing run of places stayed; `tails[n]` ends the best run of length n + 1.
    tails: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for index, (place, _) in enumerate(common):
        length = bisect_left(tails, place)
        before.append(holders[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            holders.append(index)
        else:
            tails[length] = place
            holders[length] = index
    stayed = set()
    index = holders[-1]
    while index >= 0:
        stayed.add(index)
        index = before[index]
    return {key for index, (_, key) in enumerate(common) if index not in stayed}


def merged_order(
    base: Sequence[str],
    theirs: Sequence[str],
    mine: Sequence[str],
    keep: Container[str],
    placed: Placed = NOWHERE,
    followers: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """The kept keys of both sides in one order.

    Theirs is the ground. A key that only mine has, or that only mine moved, stands after the key
    that it follows in mine, behind what theirs inserted there. `followers` are keys of theirs that
    go along with a key, wherever mine moves it. `placed` are keys that theirs or mine put under
    another parent: each stands where that side has it.
    """
    in_base, in_mine = set(base), set(mine)
    ours = ((moved(base, mine) - moved(base, theirs)) | placed.by_mine) - placed.by_theirs
    along = {
        follower
        for key, followed in (followers or {}).items()
        if key in ours
        for follower in followed
    }
    ground = [key for key in theirs if key in keep and key not in along and key not in ours]
    inserted = {key for key in ground if key not in in_base and key not in in_mine}
    after: dict[str, str] = {}
    last = _HEAD
    for key in ground:
        after[last] = key
        last = key
    done = set(ground)

    def place(key: str, previous: str) -> None:
        following = after.get(previous)
        if following is not None:
            after[key] = following
        after[previous] = key
        done.add(key)

    previous = _HEAD
    for key in mine:
        if key not in keep:
            continue
        if key not in done:
            where = previous
            while after.get(where) in inserted:
                where = after[where]
            place(key, where)
            where = key
            for follower in (followers or {}).get(key, ()):
                if follower in keep and follower not in done:
                    place(follower, where)
                    where = follower
        previous = key
    result = []
    key = _HEAD
    while key in after:
        key = after[key]
        result.append(key)
    return result
