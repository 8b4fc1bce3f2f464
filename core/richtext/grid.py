"""Tables in a three-way merge: their rows, columns and cells; the lines in them merge by id."""

from collections.abc import Callable
from dataclasses import replace

from .flat import CellKey, Flat, Shape
from .nodes import Cell
from .order import merged_order
from .seams import Entries


class MergedTables:
    """The tables of the merged body.

    In plain grids rows and columns merge as lines do. A table with spanning cells, in any of its
    versions, takes its cells from the side that changed them (theirs where both did); lines whose
    cell is not there stand after the table then. What one side deleted stays whole, table, row or
    column, where the other wrote into it: `rescued` are the lines in it.
    """

    def __init__(
        self, base: Flat, theirs: Flat, mine: Flat, wrote: Callable[[str, Entries], bool]
    ) -> None:
        """`wrote` tells whether a side put words into a line since the base."""
        self.sides = (base, theirs, mine)
        self.wrote = wrote
        self.rescued: set[str] = set()
        self.rows: dict[str, list[list[tuple[CellKey, Cell]]]] = {}
        self.gone: set[str] = set()  # tables that aren't in the merged body
        for key in {**theirs.tables, **mine.tables}:
            rows = self._merged(key) if self._stays(key) else []
            if rows and rows[0]:
                self.rows[key] = rows
            else:
                self.gone.add(key)
        self._cells = {key for rows in self.rows.values() for row in rows for key, _ in row}

    def has(self, cell: CellKey) -> bool:
        """Whether the cell is in the merged body."""
        return cell in self._cells

    def _stays(self, key: str) -> bool:
        b, t, m = (side.tables.get(key) for side in self.sides)
        if b is None or (t and m):
            return True
        left = t or m
        assert left is not None
        side = self.sides[1] if t else self.sides[2]
        return self._rescue(side, [line for lines in left.lines.values() for line in lines])

    def _rescue(self, side: Flat, lines: list[str]) -> bool:
        if not any(self.wrote(line, side.entries) for line in lines):
            return False
        self.rescued.update(lines)
        return True

    def _merged(self, key: str) -> list[list[tuple[CellKey, Cell]]]:
        b, t, m = (side.tables.get(key) for side in self.sides)
        if not (t and m):
            return (t or m).rows  # type: ignore[union-attr]
        if not t.grid:
            return m.rows if b and t.rows_alike(b) else t.rows
        rows = self._axis(b, t, m, lambda shape: shape.row_keys, 1)
        columns = self._axis(b, t, m, lambda shape: shape.column_keys, 2)
        cells = [shape.cells if shape else {} for shape in (b, t, m)]
        return [
            [((key, row, column), _cell((key, row, column), *cells)) for column in columns]
            for row in rows
        ]

    def _axis(
        self, b: Shape | None, t: Shape, m: Shape, names: Callable[[Shape], list[str]], axis: int
    ) -> list[str]:
        base, theirs, mine = names(b) if b else [], names(t), names(m)
        keep = set()
        for shape, side, other in ((t, self.sides[1], mine), (m, self.sides[2], theirs)):
            for name in names(shape):
                if name in other or name not in base:
                    keep.add(name)
                else:
                    lines = [
                        x for cell, xs in shape.lines.items() if cell[axis] == name for x in xs
                    ]
                    if self._rescue(side, lines):
                        keep.add(name)
        return merged_order(base, theirs, mine, keep)


def _cell(
    key: CellKey,
    base: dict[CellKey, Cell],
    theirs: dict[CellKey, Cell],
    mine: dict[CellKey, Cell],
) -> Cell:
    """The cell without its content; one that neither side has fills a gap of the grid."""
    b, t, m = base.get(key), theirs.get(key), mine.get(key)
    theirs_as_before = t and m and b and (t.tag, t.scope) == (b.tag, b.scope)
    chosen = (m if theirs_as_before else t) or m or Cell("td")
    return replace(chosen, blocks=[])
