"""Tables of tasks: a row that names the columns, then a task per row."""

import re
from dataclasses import dataclass

from meetings.importing.source import SourceLine

_COLUMNS = re.compile(r"\t+|\s{2,}|\s*\|\s*")
_WHAT = frozenset(
    "tehtävä toimenpide asia mitä åtgärd uppgift ärende vad action task what item".split()
)
_WHO = frozenset(
    "vastuu vastuuhenkilö vastuutaho kuka ansvarig ansvar vem owner responsible who".split()
)
_WHEN = frozenset(
    "määräaika aikataulu milloin mennessä tidsfrist tidtabell när senast deadline due when".split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """A task's cells: what is to be done, who does it, by when."""

    what: str
    who: str
    when: str


def find_rows(lines: list[SourceLine]) -> tuple[dict[int, Row], set[int]]:
    """The rows of all tables of tasks by source line, and the positions of tables' lines."""
    rows: dict[int, Row] = {}
    positions: set[int] = set()
    order: list[str] | None = None
    for index, line in enumerate(lines):
        if not ("\t" in line.text or "  " in line.text or "|" in line.text):
            order = None
            continue
        cells = [cell.strip() for cell in _COLUMNS.split(line.text.strip("| "))]
        if head := _head(cells):
            order = head
            positions.add(index)
        elif order and len(cells) > 1 and not (line.new_paragraph and index - 1 not in positions):
            named = dict(zip(order, cells, strict=False))
            rows[line.number] = Row(
                named.get("what", ""), named.get("who", ""), named.get("when", "")
            )
            positions.add(index)
        else:
            order = None
    return rows, positions


def _head(cells: list[str]) -> list[str] | None:
    kinds = [_kind(cell.casefold()) for cell in cells]
    return kinds if "what" in kinds and "who" in kinds else None


def _kind(cell: str) -> str:
    for name, words in (("what", _WHAT), ("who", _WHO), ("when", _WHEN)):
        if cell in words:
            return name
    return ""
