"""A list's cells as text, as far as they may be kept, and the reasons why a file is refused.

The page carries the cells from step to step itself; nothing of an unaccepted list is stored.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core import guard

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 300  # rows with something in them; no group is that large
MAX_COLUMNS = 40
_LONGEST = 500  # characters of a cell; a name has 150

# What stands in the place of an identity code; nobody types it.
MASK = "••••••-••••"
_UNSEEN_AND_HARMLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")


class Flaw(StrEnum):
    """What keeps a cell from being read, whatever its column."""

    FORMULA = "formula"  # its program has not stored what it comes to
    ERROR = "error"  # #REF! and the like
    IDENTITY = "identity"  # a personal identity code stood there
    UNSEEN = "unseen"  # control characters, signs that turn the direction of writing
    LONG = "long"


class Refusal(StrEnum):
    """Why a file or a text is not a list that can be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_WIDE = "too_wide"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    PDF = "pdf"
    WEB_PAGE = "web_page"
    BINARY = "binary"
    BROKEN = "broken"
    ENCODING = "encoding"
    QUOTES = "quotes"


class Unreadable(Exception):
    """The list cannot be read; `row` says where, if it is known."""

    def __init__(self, code: Refusal, row: int = 0) -> None:
        super().__init__(code, row)
        self.code = code
        self.row = row


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text without needless white space, and what is wrong with it."""

    text: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it, by its number in the source (from 1, empty rows counted)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a list, and what was left out on the way."""

    rows: tuple[Row, ...]
    hidden: tuple[int, ...] = ()  # numbers of rows that the spreadsheet hides
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row.cells) for row in self.rows), default=0)


def masked(text: str) -> str:
    """The text with each personal identity code in it covered."""
    for found in reversed(guard.identity_codes(text)):
        text = text[: found.start] + MASK + text[found.end :]
    return text


def cell(text: str, flaw: str = "") -> Cell:
    """A cell of this text: composed letters, single spaces, no identity code."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN_AND_HARMLESS))
    text = masked(_SPACES.sub(" ", text).strip())
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        flaw = flaw or Flaw.UNSEEN
        text = "".join("�" if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    if len(text) > _LONGEST:
        flaw = flaw or Flaw.LONG
        text = f"{text[: _LONGEST - 1]}…"
    if MASK in text:
        flaw = Flaw.IDENTITY
    return Cell(text, str(flaw))


class Rows:
    """Rows put together one by one; raises Unreadable as soon as there are too many."""

    def __init__(self) -> None:
        self.found: list[Row] = []

    def add(self, number: int, cells: list[Cell]) -> None:
        """Keep the row, unless it is empty."""
        while cells and cells[-1] == Cell():
            cells.pop()
        if not cells:
            return
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(Refusal.TOO_WIDE, number)
        if len(self.found) == MAX_ROWS:
            raise Unreadable(Refusal.TOO_MANY_ROWS)
        self.found.append(Row(number, tuple(cells)))

    def table(self, **more: Any) -> Table:
        """All of them; raises Unreadable where there are none."""
        if not self.found:
            raise Unreadable(Refusal.EMPTY)
        return Table(tuple(self.found), **more)


def carried(table: Table) -> str:
    """The table as text, for the page to carry to the next step."""
    rows = [
        [row.number, [[one.text, one.flaw] if one.flaw else one.text for one in row.cells]]
        for row in table.rows
    ]
    return json.dumps(
        {
            "rows": rows,
            "hidden": table.hidden,
            "sheet": table.sheet,
            "other": table.other_sheets,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def uncarried(text: str) -> Table:
    """The table that a page has carried; raises Unreadable where it is none of ours."""
    try:
        data = json.loads(text)
        rows = Rows()
        before = 0
        for number, cells in data["rows"]:
            if type(number) is not int or not before < number < 10_000_000:
                raise ValueError(number)
            before = number
            rows.add(number, [_uncarried_cell(one) for one in cells])
        return rows.table(
            hidden=tuple(int(number) for number in data["hidden"]),
            sheet=cell(str(data["sheet"])).text,
            other_sheets=tuple(cell(str(name)).text for name in data["other"]),
        )
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        raise Unreadable(Refusal.BROKEN) from error


def _uncarried_cell(value: Any) -> Cell:
    text, flaw = (value, "") if isinstance(value, str) else value
    return cell(str(text), Flaw(flaw) if flaw else "")
