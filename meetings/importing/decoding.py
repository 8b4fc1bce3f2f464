"""From a file's bytes to text, or a clear reason why not."""

import codecs
from enum import StrEnum
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
# Control characters that text may hold: tab, line feed, vertical tab, form feed, carriage return.
_TEXT_CONTROLS = frozenset("\t\n\v\f\r")
_UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# How a few formats people mistake for text begin.
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
)


class Problem(StrEnum):
    """Why a file cannot be read in as minutes."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    ENCODING = "encoding"
    NOT_MINUTES = "not_minutes"


class ImportProblem(Exception):
    """The file or text cannot be read; the caller words `code` with what `detail` holds.

    Details: `too_large` has `size` and `limit` in bytes; `encoding` has `encoding`, the likely
    name of it ("utf-16", "latin-1"), and `offset`, the first byte that is not UTF-8.
    """

    def __init__(self, code: Problem, **detail: Any) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code.value} {self.detail}" if self.detail else self.code.value


def decode(data: bytes) -> str:
    """The text of a UTF-8 file, without its byte order mark.

    Raises ImportProblem: `empty` (nothing but white space), `too_large` (over 20 MB), `binary`
    (a PDF, an office file, control characters), `encoding` (not UTF-8).
    """
    if len(data) > MAX_BYTES:
        raise ImportProblem(Problem.TOO_LARGE, size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise ImportProblem(Problem.EMPTY)
    if data.startswith(_BINARY_STARTS):
        raise ImportProblem(Problem.BINARY)
    if data.startswith(_UTF_16_OR_32) or _looks_utf_16(data):
        raise ImportProblem(Problem.ENCODING, encoding="utf-16", offset=0)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _has_controls(data.decode("latin-1")):
            raise ImportProblem(Problem.BINARY) from None
        raise ImportProblem(Problem.ENCODING, encoding="latin-1", offset=error.start) from None
    if _has_controls(text):
        raise ImportProblem(Problem.BINARY)
    if not text.strip():
        raise ImportProblem(Problem.EMPTY)
    return text


def _looks_utf_16(data: bytes) -> bool:
    """Latin text in UTF-16 without its mark: every second byte is zero."""
    start = data[:4096]
    evens, odds = start[0::2].count(0), start[1::2].count(0)
    return max(evens, odds) > 0.4 * len(start) / 2 and min(evens, odds) == 0 and len(start) > 3


def _has_controls(text: str) -> bool:
    return any(
        (character < " " and character not in _TEXT_CONTROLS) or character == "\x7f"
        for character in set(text)
    )
