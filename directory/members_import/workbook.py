"""Lists as Excel workbooks (.xlsx), read without trusting them: sizes are looked at before content.

A formula counts as what its program stored as its value; nothing is ever computed.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from directory.members_import.table import (
    MAX_COLUMNS,
    Cell,
    Flaw,
    Refusal,
    Rows,
    Table,
    Unreadable,
    cell,
)

MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 1000
_LAST_ROW = 20_000  # a row further down belongs to no members' list


def read(data: bytes) -> Table:
    """The list on the first sheet that has anything on it; raises Unreadable.

    Hidden sheets are passed by, hidden rows left out and named, and each row of cells that are
    merged from top to bottom has their value.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check(package)
            return _read(data, package)
    except Unreadable:
        raise
    # A damaged workbook makes the libraries raise nearly anything; to the reader it is all one.
    except Exception as error:
        raise Unreadable(Refusal.BROKEN) from error


def _check(package: zipfile.ZipFile) -> None:
    """Raise Unreadable for other packages than workbooks, and for those that unpack too large."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    # zipfile reads no more of a part than the size that is written here.
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(Refusal.TOO_LARGE)
    if "mimetype" in names and b"opendocument" in package.read("mimetype")[:200]:
        raise Unreadable(Refusal.OPEN_DOCUMENT)
    if "xl/workbook.bin" in names:
        raise Unreadable(Refusal.OLD_EXCEL)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Unreadable(Refusal.BINARY)
    for name in names:
        # No workbook defines entities, which could unfold without end.
        if name.endswith((".xml", ".rels")):
            with package.open(name) as part:
                if b"<!DOCTYPE" in part.read(65_536):
                    raise Unreadable(Refusal.BROKEN)


def _read(data: bytes, package: zipfile.ZipFile) -> Table:
    values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    full = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible" and _any(sheet)]
    if not full:
        raise Unreadable(Refusal.EMPTY)
    sheet = full[0]
    hidden, merged = _structure(package, sheet)
    rows = Rows()
    left = []
    above: dict[tuple[int, int], Cell] = {}
    for number, found in _cells(sheet, formulas[sheet.title]):
        for column, (top, bottom) in merged.get(number, {}).items():
            here = found[column] if column < len(found) else Cell()
            if number == top:
                above[column, bottom] = here
            else:
                found += [Cell()] * (column + 1 - len(found))
                found[column] = above.get((column, bottom), here)
        if number in hidden:
            if any(one != Cell() for one in found):
                left.append(number)
        else:
            rows.add(number, found)
    return rows.table(
        hidden=tuple(left),
        sheet=cell(sheet.title).text,
        other_sheets=tuple(cell(other.title).text for other in full[1:]),
    )


def _any(sheet: Any) -> bool:
    sheet.reset_dimensions()  # which a file may give wrongly
    return any(
        value is not None
        for row in sheet.iter_rows(max_row=_LAST_ROW, values_only=True)
        for value in row
    )


def _cells(values: Any, formulas: Any) -> Iterator[tuple[int, list[Cell]]]:
    formulas.reset_dimensions()
    both = zip(
        values.iter_rows(max_col=MAX_COLUMNS + 1),
        formulas.iter_rows(max_col=MAX_COLUMNS + 1),
        strict=True,
    )
    for number, (row, with_formulas) in enumerate(both, 1):
        if number > _LAST_ROW:
            raise Unreadable(Refusal.TOO_MANY_ROWS)
        yield number, [_cell(*pair) for pair in zip(row, with_formulas, strict=True)]


def _cell(found: Any, formula: Any) -> Cell:
    value = found.value
    if value is None:
        return Cell(flaw=Flaw.FORMULA) if formula.data_type == "f" else Cell()
    if found.data_type == "e":
        return cell(str(value), Flaw.ERROR)
    return cell(_text(value))


def _text(value: Any) -> str:
    match value:
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _structure(
    package: zipfile.ZipFile, sheet: Any
) -> tuple[set[int], dict[int, dict[int, tuple[int, int]]]]:
    """Numbers of hidden rows; and by row and column (from 0) the first and last row merged there.

    The library does not tell these without reading all of the sheet into memory.
    """
    hidden: set[int] = set()
    merged: dict[int, dict[int, tuple[int, int]]] = {}
    with package.open(sheet._worksheet_path.lstrip("/")) as part:
        tags = ("{*}row", "{*}mergeCell")
        number = 0
        for _, element in etree.iterparse(part, tag=tags, resolve_entities=False):
            if etree.QName(element).localname == "row":
                number = int(element.get("r", number + 1))
                if element.get("hidden") in ("1", "true"):
                    hidden.add(number)
            else:
                column, top, _right, bottom = range_boundaries(element.get("ref", "A1:A1"))
                if bottom > top and column <= MAX_COLUMNS:
                    for at in range(top, min(bottom, _LAST_ROW) + 1):
                        merged.setdefault(at, {})[column - 1] = (top, bottom)
            element.clear()
    return hidden, merged
