"""Three-way merge of bodies by line id: nothing that either side typed is lost.

Per line, what only one side changed is taken; a line that both changed differently keeps both
texts; deleting yields to editing. Text and place of a line are merged apart from each other, so
that a line moved here and edited there is both. `flat` holds the form in which this happens,
`order` the order of lines, `grid` the tables, `seams` lines that were split or joined.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from . import inline
from .flat import CellKey, Entry, Flat, Parent, derived_id, flatten
from .grid import MergedTables
from .lines import Body
from .nodes import Block, List, Table, Text, written
from .order import Placed, merged_order
from .schema import MAX_LEVEL, check_size
from .seams import Entries, align, words_in
from .words import merge_words


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a person should look at. `theirs` and `mine` are inner HTML, empty where deleted.

    `both_changed`: the line `line` holds theirs, the line `copy` holds mine. It stands right after,
    behind the parts at most that theirs split the line into. Where each side moved the same words
    into another line, `line` and `copy` are these two, wherever they stand.
    `deleted_but_edited`: one side deleted (or emptied) the line that the other edited; it stands
    as edited, and `copy` is empty.
    """

    line: str
    kind: Literal["both_changed", "deleted_but_edited"]
    theirs: str
    mine: str
    copy: str = ""


@dataclass(frozen=True)
class Merged:
    """The merged body. `renamed` tells where my lines that have another id now are.

    That happens where both sides split a line alike (the id is theirs then), and their marks go
    along.
    """

    body: Body
    conflicts: list[Conflict] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def html(self) -> str:
        """The merged body's canonical HTML."""
        return self.body.html


def merge(base: str | Body, theirs: str | Body, mine: str | Body) -> Merged:
    """`theirs` and `mine`, both made from `base`, in one body. Raises TooLong.

    Where both inserted at one spot, theirs comes first. Equal arguments give equal results.
    """
    b, t, m = (
        side if isinstance(side, Body) else Body.parse(side) for side in (base, theirs, mine)
    )
    if t.html == b.html:
        return Merged(m)
    if m.html in (b.html, t.html):
        return Merged(t)
    merged = _Merge(*flatten(b.blocks, t.blocks, m.blocks)).result()
    check_size(merged.html)
    return merged


def _worded(entry: Entry, html: str) -> Entry:
    return replace(entry, html=html, text=inline.plain(html))


class _Merge:
    def __init__(self, base: Flat, theirs: Flat, mine: Flat) -> None:
        self.base, self.theirs, self.mine = base.entries, theirs.entries, mine.entries
        self.taken = {*self.base, *self.theirs, *self.mine}
        self.seams = align(self.base, self.theirs, self.mine)
        self.tables = MergedTables(base, theirs, mine, self._wrote)
        self.merged: dict[str, Entry] = {}  # what stays, with merged text and place
        self.origin: dict[str, Entries] = {}  # the side that an entry's place is from
        self.copies: dict[str, Entry] = {}  # line → the line after it that keeps my text
        self.conflicts: list[Conflict] = []
        self.needs_reading = False  # lists too deep or tables in tables came about

    def result(self) -> Merged:
        for key in [*self.theirs, *(key for key in self.mine if key not in self.theirs)]:
            self._merge_entry(key)
        self._follow_lists(self.theirs)
        self._follow_lists(self.mine)
        self._follow_splits(self.theirs, self.seams.heirs_of_theirs)
        self._follow_splits(self.mine, self.seams.heirs_of_mine)
        self._report_parts()
        self._report_twice_moved()
        self._report_rescued()
        order = self._order()
        parents = self._parents()
        self.children: dict[Parent, list[Entry]] = {}
        for key in order:
            self.children.setdefault(parents[key], []).append(self.merged[key])
        blocks = self._blocks("", 0, in_cell=False)
        body = Body.parse(written(blocks)) if self.needs_reading else Body(blocks)
        places = {key: place for place, key in enumerate(order)}
        self.conflicts.sort(key=lambda conflict: places[conflict.line])
        renamed = {
            old: self.copies[new].key if new in self.copies else new
            for old, new in self.seams.renamed.items()
        }
        return Merged(body, self.conflicts, renamed)

    # What stays, and with which words.

    def _merge_entry(self, key: str) -> None:
        b, t, m = self.base.get(key), self.theirs.get(key), self.mine.get(key)
        if key in self.tables.gone:
            return
        if t and t == m == b:
            self.merged[key], self.origin[key] = t, self.theirs
            return
        if t and m:
            self.merged[key] = self._place(b, t, m)
            if t.role != "table":
                self._merge_text(b, t, m)
            return
        side = self.theirs if t else self.mine
        left = side[key]
        if left.role != "table" and (b or key in self.tables.rescued):
            wrote = self._wrote(key, side)
            if not wrote and key not in self.tables.rescued:
                return
            if wrote:
                self._deleted_but_edited(key, t.html if t else "", m.html if m else "")
        self.merged[key] = replace(left)
        self.origin[key] = side

    def _wrote(self, key: str, side: Entries) -> bool:
        """Whether the side put words into the line since the base."""
        entry, before = side.get(key), self.base.get(key)
        if entry is None or not entry.text.strip():
            return False
        return before is None or (
            entry.html != before.html and inline.tokens(entry.html) != inline.tokens(before.html)
        )

    def _merge_text(self, b: Entry | None, t: Entry, m: Entry) -> None:
        merged = self.merged[t.key]
        before = b.html if b else ""
        merged.lang = m.lang if b and t.lang == b.lang else t.lang
        chosen = t
        if t.html == before:
            chosen = m
        elif m.html not in (before, t.html):
            if not t.text.strip() or not m.text.strip():
                chosen = t if t.text.strip() else m
                self._deleted_but_edited(t.key, t.html, m.html)
            else:
                theirs, mine = merge_words(b.html if b else None, t.html, m.html, self._moved)
                chosen = _worded(t, theirs)
                if theirs != mine:
                    self._keep_both(merged, chosen, _worded(m, mine))
        merged.html, merged.text = chosen.html, chosen.text

    def _deleted_but_edited(self, key: str, theirs: str, mine: str) -> None:
        self.conflicts.append(Conflict(key, "deleted_but_edited", theirs, mine))

    def _report_parts(self) -> None:
        """Name the parts of a split line that hold words which the other side deleted."""
        for side, other, heirs in (
            (self.theirs, self.mine, self.seams.heirs_of_theirs),
            (self.mine, self.theirs, self.seams.heirs_of_mine),
        ):
            for key, parts in heirs.items():
                if key in side and key in other:
                    edited = other[key].html != self.base[key].html
                    if key in self.copies or not edited or self.merged[key].html != other[key].html:
                        continue
                elif key not in self.merged:
                    continue
                for part in parts:
                    if part in self.merged and part not in other:
                        html = self.merged[part].html
                        pair = (html, "") if side is self.theirs else ("", html)
                        self._deleted_but_edited(part, *pair)

    def _report_twice_moved(self) -> None:
        """Name lines that hold the same words, since each side moved them there from one line."""
        if not (gone := self._gone):
            return
        taken_by_them, taken_by_me = self._gained(self.theirs), self._gained(self.mine)
        pairs = {
            (there, here): None
            for words in gone
            for there, their_words in taken_by_them.items()
            if words & their_words
            for here, my_words in taken_by_me.items()
            if there != here
            and words & my_words & words_in(self.merged[there]) & words_in(self.merged[here])
        }
        for there, here in pairs:
            theirs, mine = self.merged[there].html, self.merged[here].html
            self.conflicts.append(Conflict(there, "both_changed", theirs, mine, here))

    def _report_rescued(self) -> None:
        """Name lines that stand again in a table, though one side took their words elsewhere."""
        for side, other in ((self.theirs, self.mine), (self.mine, self.theirs)):
            lines = [
                key
                for key in self.tables.rescued
                if key in self.merged and key not in other and not self._wrote(key, side)
            ]
            gained = self._gained(other) if lines else {}
            for key in lines:
                words = words_in(self.merged[key])
                if any(words & taken for taken in gained.values()):
                    html = self.merged[key].html
                    self._deleted_but_edited(
                        key, *((html, "") if side is self.theirs else ("", html))
                    )

    @cached_property
    def _gone(self) -> list[Counter[str]]:
        """Of each line of the base that has any: the words that stand in it on neither side."""
        gone = []
        for key, before in self.base.items():
            t, m = self.theirs.get(key), self.mine.get(key)
            if before.html and not any(side and side.html == before.html for side in (t, m)):
                left = (words_in(t) if t else Counter()) | (words_in(m) if m else Counter())
                if words := words_in(before) - left:
                    gone.append(words)
        return gone

    @cached_property
    def _moved(self) -> set[str]:
        """Words that both sides may have taken elsewhere."""
        return {word for words in self._gone for word in words}

    def _gained(self, side: Entries) -> dict[str, Counter[str]]:
        """Line → the words that the side put there since the base."""
        gained = {}
        for key, entry in side.items():
            before = self.base.get(key)
            if key in self.merged and entry.html and (before is None or entry.html != before.html):
                words = words_in(entry)
                if before:
                    words -= words_in(before)
                if words:
                    gained[key] = words
        return gained

    def _keep_both(self, merged: Entry, t: Entry, m: Entry) -> None:
        copy = derived_id(f"{t.key} {t.html} {m.html}", self.taken)
        self.taken.add(copy)
        self.copies[t.key] = Entry(copy, "", "p", m.html, m.text, m.lang)
        self.conflicts.append(Conflict(t.key, "both_changed", t.html, m.html, copy))

    # Where it stands.

    def _place(self, b: Entry | None, t: Entry, m: Entry) -> Entry:
        they_moved = b is None or (t.parent, t.role) != (b.parent, b.role)
        i_moved = b is not None and (m.parent, m.role) != (b.parent, b.role)
        chosen, self.origin[t.key] = (
            (m, self.mine) if i_moved and not they_moved else (t, self.theirs)
        )
        placed = replace(chosen)
        if b is not None and not they_moved and not i_moved:
            kept = m if (t.kind, t.start) == (b.kind, b.start) else t
            placed.kind, placed.start = kept.kind, kept.start
            placed.apart = m.apart if t.apart == b.apart else t.apart
        return placed

    def _follow_lists(self, side: Entries) -> None:
        """New items of a list whose kind the other side changed take the new kind."""
        kinds = {
            entry.group: (now.kind, now.start)
            for key, entry in side.items()
            if entry.role == "li"
            and key in self.base
            and (now := self.merged.get(key))
            and now.role == "li"
            and (now.kind, now.start) != (entry.kind, entry.start)
            and now.parent == entry.parent
        }
        if kinds:
            for key, entry in side.items():
                if entry.role == "li" and key not in self.base and entry.group in kinds:
                    self.merged[key].kind, self.merged[key].start = kinds[entry.group]

    def _follow_splits(self, side: Entries, heirs: dict[str, list[str]]) -> None:
        """The parts of a split line go where the other side moved the line."""
        for key, parts in heirs.items():
            now, was = self.merged.get(key), side.get(key)
            if now is None or was is None or (now.parent, now.role) == (was.parent, was.role):
                continue
            for part in (self.seams.renamed.get(part, part) for part in parts):
                there = side.get(part)
                if there and (there.parent, there.role) == (was.parent, was.role):
                    self.merged[part] = replace(
                        self.merged[part],
                        parent=now.parent,
                        role=now.role,
                        kind=now.kind,
                        start=now.start,
                        apart=False,
                    )
                    self.origin[part] = self.origin[key]

    def _order(self) -> list[str]:
        for key, entry in list(self.merged.items()):
            lost_cell = isinstance(entry.parent, tuple) and not self.tables.has(entry.parent)
            if lost_cell and entry.role == "p" and not entry.text.strip():
                del self.merged[key]  # an empty line goes with its cell
        order = merged_order(
            list(self.base),
            list(self.theirs),
            list(self.mine),
            self.merged.keys(),
            self._placed(),
            self.seams.heirs_of_theirs,
        )
        return self._with_copies(order) if self.copies else order

    def _with_copies(self, order: list[str]) -> list[str]:
        """Put my text after theirs, each with the parts that it was split into."""
        after: dict[str, list[str]] = {}
        for key, copy in self.copies.items():
            line = self.merged[key]
            # A second line of the same item, so that what stands under the item stays there.
            copy.parent = key if line.role == "li" else line.parent
            self.merged[copy.key], self.origin[copy.key] = copy, self.origin[key]
            theirs = self.seams.heirs_of_theirs.get(key, ())
            mine = self.seams.heirs_of_mine.get(key, ())
            after[key] = [
                *(part for part in theirs if part in self.merged),
                copy.key,
                *(part for part in mine if part in self.merged and part not in self.theirs),
            ]
        along = {part for parts in after.values() for part in parts}
        out: list[str] = []

        def put(key: str) -> None:
            out.append(key)
            for part in after.get(key, ()):
                put(part)

        for key in order:
            if key not in along:
                put(key)
        return out

    def _placed(self) -> Placed:
        """The lines that just one side put under another parent."""
        by: dict[int, set[str]] = {id(self.theirs): set(), id(self.mine): set()}
        for key in self.base:
            b, t, m = self.base[key], self.theirs.get(key), self.mine.get(key)
            if t and m and key in self.merged and t != m:
                side = self.origin[key]
                if (side[key].parent, side[key].role) != (b.parent, b.role):
                    by[id(side)].add(key)
        return Placed(*(frozenset(keys) for keys in by.values()))

    def _parents(self) -> dict[str, Parent]:
        """Each entry's parent among what stays: the nearest there is, and none in a circle."""
        parents = {key: self._living(key) for key in self.merged}
        settled: set[str] = set()
        for key in parents:
            path: list[str] = []
            here: Parent = key
            while here and here not in settled:
                if isinstance(here, tuple):
                    here = here[0]
                    continue
                if here in path:  # each side put one under the other: mine gives way
                    circle = path[path.index(here) :]
                    mine = [k for k in circle if self.origin[k] is self.mine]
                    parents[(mine or circle)[0]] = ""
                    break
                path.append(here)
                here = parents[here]
            settled.update(path)
        return parents

    def _living(self, key: str) -> Parent:
        parent: Parent = self.merged[key].parent
        side = self.origin[key]
        for _ in range(len(self.taken)):
            if not parent:
                break
            if isinstance(parent, tuple) and self.tables.has(parent):
                return parent
            holder = parent[0] if isinstance(parent, tuple) else parent
            entry = self.merged.get(holder)
            if entry is None:
                parent = side[holder].parent
            elif entry.role == "li":
                return parent
            else:
                parent, side = entry.parent, self.origin[holder]
        return ""

    # The tree again.

    def _blocks(self, parent: Parent, level: int, *, in_cell: bool) -> list[Block]:
        blocks: list[Block] = []
        for entry in self.children.get(parent, ()):
            if entry.role == "table":
                self.needs_reading |= in_cell
                blocks.append(self._table(entry.key))
                continue
            text = Text(entry.key, entry.lang, entry.html, entry.text)
            if entry.role == "p":
                blocks.append(text)
                continue
            self.needs_reading |= level == MAX_LEVEL
            item: list[Block] = [text]
            if entry.key in self.children:
                item += self._blocks(entry.key, level + 1, in_cell=in_cell)
            last = blocks[-1] if blocks else None
            if isinstance(last, List) and last.kind == entry.kind and not entry.apart:
                last.items.append(item)
            else:
                blocks.append(List(entry.kind, entry.start, [item]))
        return blocks

    def _table(self, key: str) -> Table:
        return Table(
            [
                [replace(cell, blocks=self._content(place)) for place, cell in row]
                for row in self.tables.rows[key]
            ]
        )

    def _content(self, cell: CellKey) -> list[Block]:
        blocks = self._blocks(cell, 0, in_cell=True)
        if not blocks:
            identity = derived_id(" ".join(cell), self.taken)
            self.taken.add(identity)
            blocks.append(Text(identity))
        return blocks
