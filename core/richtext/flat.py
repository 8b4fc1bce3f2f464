"""A body as a flat sequence of entries that know their parent, the form in which bodies merge.

An item of a list is known by its first line: that line is the parent of whatever else stands in
the item. Indenting an item therefore changes one entry, and what the other side puts under it
comes along. A table is an entry too; its cells are the parents of the lines in them, and know
themselves again in another version by the lines they hold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain

from .nodes import Block, Cell, List, Table, Text, texts
from .schema import ALPHABET

type CellKey = tuple[str, str, str]
"""Table, row, column; in a table that isn't a plain grid the row is empty and the column says
which cell it is."""
type Parent = str | CellKey
"""The key of an item's first line, a cell, or an empty string for the body itself."""


@dataclass(slots=True)
class Entry:
    """A line or a table, and where it stands.

    `role` is `li` for the first line of an item, `p` for any other line, or `table`. Of an item,
    `kind` and `start` are its list's, `group` numbers its list within the body, and `apart` says
    that it begins a list though a list of the same kind stands right before.
    """

    key: str
    parent: Parent
    role: str
    html: str = ""
    text: str = ""
    lang: str = ""
    kind: str = ""
    start: int = 1
    apart: bool = False
    group: int = field(default=0, compare=False)


@dataclass(slots=True)
class Shape:
    """A table without what stands in its cells; `lines` are the keys of each cell's lines."""

    key: str
    grid: bool
    rows: list[list[tuple[CellKey, Cell]]]
    lines: dict[CellKey, list[str]] = field(default_factory=dict)

    @property
    def row_keys(self) -> list[str]:
        """Of a grid: its rows in order."""
        return [row[0][0][1] for row in self.rows]

    @property
    def column_keys(self) -> list[str]:
        """Of a grid: its columns in order."""
        return [key[2] for key, _ in self.rows[0]]

    def rows_alike(self, other: "Shape") -> bool:
        """Whether the other version has the same cells, spanning alike."""
        return [
            [(key, cell.tag, cell.colspan, cell.rowspan, cell.scope) for key, cell in row]
            for row in self.rows
        ] == [
            [(key, cell.tag, cell.colspan, cell.rowspan, cell.scope) for key, cell in row]
            for row in other.rows
        ]

    @property
    def cells(self) -> dict[CellKey, Cell]:
        """Each cell by its key."""
        return {key: cell for row in self.rows for key, cell in row}


@dataclass(slots=True)
class Flat:
    """A body flattened: its entries by key, in order, and its tables by key."""

    entries: dict[str, Entry]
    tables: dict[str, Shape]


def derived_id(seed: str, taken: Iterable[str] = ()) -> str:
    """A line id that depends on `seed` alone, so that a merge repeated gives the same."""
    while True:
        digest = sha256(seed.encode("utf-8", "surrogatepass")).digest()
        identity = "".join(ALPHABET[byte & 31] for byte in digest[:15])
        if identity not in taken:
            return identity
        seed += "+"


def flatten(*versions: list[Block]) -> list[Flat]:
    """The versions of one body, oldest first, with tables and cells known by the same keys."""
    named = [_with_ids(blocks) for blocks in versions]
    shapes = _matched_tables([(list(_tables(blocks)), keys) for blocks, keys in named])
    return [
        _Flattener(keys, shape).flat(blocks)
        for (blocks, keys), shape in zip(named, shapes, strict=True)
    ]


type _Keys = dict[int, str]
"""Identity of a Text node → its key."""


def _with_ids(blocks: list[Block]) -> tuple[list[Block], _Keys]:
    """Each line's key: its id, or where it has none of its own, one that its words give."""
    keys: _Keys = {}
    seen: set[str] = set()
    for text, *_ in texts(blocks):
        key = text.id
        if not key or key in seen:
            key = derived_id(f"line {text.html}", seen)
        seen.add(key)
        keys[id(text)] = key
    return blocks, keys


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, List):
            for item in block.items:
                yield from _tables(item)


class _Names:
    """Gives the tables, rows, columns or cells of each version names that last over versions.

    A thing is the one that most of its lines stood in before.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.homes: dict[str, str] = {}  # line → name
        self.version = 0

    def name(self, groups: list[list[str]], version: int) -> list[str]:
        """The names of `groups`, each the lines of one thing, in one version."""
        names: list[str] = []
        for number, lines in enumerate(groups):
            votes = Counter(self.homes[line] for line in lines if line in self.homes)
            known = [name for name, _ in votes.most_common() if name not in names]
            names.append(known[0] if known else f"{self.kind}:{version}.{number}")
        for name, lines in zip(names, groups, strict=True):
            for line in lines:
                self.homes.setdefault(line, name)
        return names


def _matched_tables(versions: list[tuple[list[Table], _Keys]]) -> list[dict[int, Shape]]:
    """For each version: identity of a Table node → its shape."""
    names = _Names("table")
    keys = [
        names.name([_lines_in(_cells(table), lines) for table in tables], version)
        for version, (tables, lines) in enumerate(versions)
    ]
    no_grid = {
        key
        for (tables, _), named in zip(versions, keys, strict=True)
        for table, key in zip(tables, named, strict=True)
        if not table.is_grid
    }
    inner: dict[tuple[str, str], _Names] = {}
    shapes: list[dict[int, Shape]] = []
    for version, (tables, lines) in enumerate(versions):
        shapes.append({})
        for table, key in zip(tables, keys[version], strict=True):
            cell_lines = [[_lines_in([cell], lines) for cell in row] for row in table.rows]
            if key in no_grid:
                groups = list(chain.from_iterable(cell_lines))
                cells = iter(inner.setdefault((key, "cell"), _Names("cell")).name(groups, version))
                cell_keys = [[(key, "", next(cells)) for _ in row] for row in table.rows]
            else:
                by_row = [list(chain.from_iterable(row)) for row in cell_lines]
                by_column = [
                    list(chain.from_iterable(column)) for column in zip(*cell_lines, strict=True)
                ]
                rows = inner.setdefault((key, "row"), _Names("row")).name(by_row, version)
                columns = inner.setdefault((key, "column"), _Names("column")).name(
                    by_column, version
                )
                cell_keys = [[(key, row, column) for column in columns] for row in rows]
            shapes[-1][id(table)] = Shape(
                key,
                key not in no_grid,
                [list(zip(*pair, strict=True)) for pair in zip(cell_keys, table.rows, strict=True)],
                {
                    cell: group
                    for keys_row, lines_row in zip(cell_keys, cell_lines, strict=True)
                    for cell, group in zip(keys_row, lines_row, strict=True)
                },
            )
    return shapes


def _cells(table: Table) -> list[Cell]:
    return [cell for row in table.rows for cell in row]


def _lines_in(cells: Iterable[Cell], keys: _Keys) -> list[str]:
    return [keys[id(text)] for cell in cells for text, *_ in texts(cell.blocks)]


class _Flattener:
    def __init__(self, keys: _Keys, shapes: Mapping[int, Shape]) -> None:
        self.keys = keys
        self.shapes = shapes
        self.entries: dict[str, Entry] = {}
        self.groups = 0

    def flat(self, blocks: list[Block]) -> Flat:
        self._blocks(blocks, "")
        return Flat(self.entries, {shape.key: shape for shape in self.shapes.values()})

    def _blocks(self, blocks: Iterable[Block], parent: Parent) -> None:
        before = ""  # the kind of the list that stands right before
        for block in blocks:
            if isinstance(block, Text):
                self._line(block, parent, "p")
                before = ""
            elif isinstance(block, List):
                self.groups += 1
                group = self.groups
                for number, item in enumerate(block.items):
                    first = item[0]
                    assert isinstance(first, Text)
                    entry = self._line(first, parent, "li")
                    entry.kind, entry.start, entry.group = block.kind, block.start, group
                    entry.apart = not number and before == block.kind
                    if len(item) > 1:
                        self._blocks(item[1:], entry.key)
                before = block.kind
            else:
                shape = self.shapes[id(block)]
                self.entries[shape.key] = Entry(shape.key, parent, "table")
                for row in shape.rows:
                    for key, cell in row:
                        self._blocks(cell.blocks, key)
                before = ""

    def _line(self, text: Text, parent: Parent, role: str) -> Entry:
        key = self.keys[id(text)]
        entry = Entry(key, parent, role, text.html, text.text, text.lang)
        self.entries[key] = entry
        return entry
