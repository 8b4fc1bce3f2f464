"""Lists as text: CSV as programs save it, and cells pasted from a spreadsheet."""

import csv
import io
import re
from collections import Counter
from typing import Literal

from core.decoding import ImportProblem, Problem, decode
from directory.members_import.columns import recognised
from directory.members_import.table import (
    MAX_BYTES,
    Refusal,
    Rows,
    Table,
    Unreadable,
    cell,
)

_DELIMITERS = ("\t", ";", ",")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|table|meta)\b", re.IGNORECASE)
_REFUSALS = {
    Problem.EMPTY: Refusal.EMPTY,
    Problem.TOO_LARGE: Refusal.TOO_LARGE,
    Problem.BINARY: Refusal.BINARY,
    Problem.ENCODING: Refusal.ENCODING,
}
_LOOKED_AT = 20  # records from which the delimiter is guessed


def read_bytes(data: bytes) -> Table:
    """The list in a text file; raises Unreadable."""
    try:
        return read_text(decode(data, limit=MAX_BYTES))
    except ImportProblem as problem:
        raise Unreadable(_REFUSALS[problem.code]) from problem


def read_text(text: str) -> Table:
    """The list in a text; raises Unreadable.

    The delimiter is the one by which most headings are known, or else by which rows come out
    equally long. Excel's first line "sep=;" names it. Row numbers are those of a spreadsheet: a
    line break within quotation marks does not count.
    """
    if not text.strip(' \t\r\n;,"'):
        raise Unreadable(Refusal.EMPTY)
    if _MARKUP.match(text):
        raise Unreadable(Refusal.WEB_PAGE)
    first = 1
    if named := _SEPARATOR_LINE.match(text):
        text, first = text[named.end() :], 2
    delimiter = named[1] if named else _delimiter(text)
    try:
        return _read(text, delimiter, csv.QUOTE_MINIMAL, first)
    except Unreadable as problem:
        # What is copied from a spreadsheet has quotation marks that mean themselves.
        if problem.code != Refusal.QUOTES or delimiter != "\t":
            raise
        return _read(text, delimiter, csv.QUOTE_NONE, first)


def _read(text: str, delimiter: str, quoting: Literal[0, 3], first: int) -> Table:
    rows = Rows()
    number = first - 1
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True
    )
    try:
        for number, values in enumerate(lines, first):
            rows.add(number, [cell(value) for value in values])
    except csv.Error as error:
        raise Unreadable(Refusal.QUOTES, number + 1) from error
    return rows.table()


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _fitness(text, delimiter))


def _fitness(text: str, delimiter: str) -> tuple[int, int]:
    """How many headings are known by this delimiter, and how many rows are of one length."""
    headings, lengths = 0, Counter[int]()
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if not any(values):
                continue
            headings = max(headings, recognised(values)) if len(values) > 1 else headings
            lengths[len(values)] += len(values) > 1
            if lengths.total() >= _LOOKED_AT:
                break
    except csv.Error:  # a "cell" larger than any: not by this delimiter
        pass
    return headings, max(lengths.values(), default=0)
