"""From a file's bytes to text, or a clear reason why not. Pure Python, without Django."""

import codecs
import re
from enum import StrEnum
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
# Control characters that text may hold: tab, line feed, vertical tab, form feed, carriage return.
_TEXT_CONTROLS = frozenset("\t\n\v\f\r")
_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How a few formats people mistake for text begin.
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
)
# What Windows-1252 has for letters there and ISO-8859-15 has for controls, and the other way round:
# signs that no text has (¦ ¨ ´ ¸ ¤) where ISO-8859-15 has Š š Ž ž €.
_ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")
_ONLY_LATIN_9 = re.compile(rb"[\xa4\xa6\xa8\xb4\xb8]")
# In Windows-1252's terms, what the ä and ö of DOS and of old Macintoshes look like within a word.
_WRONG_PAGE = re.compile(r"[a-z][„”†Ž™ŠŒ€‡][a-z]|[A-Z][„”†ŠŒ][a-z]")


class Problem(StrEnum):
    """Why a file cannot be read in."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    ENCODING = "encoding"
    UNRECOGNISED = "unrecognised"  # it is text, but not of the kind that was asked for


class ImportProblem(Exception):
    """The file or text cannot be read; the caller words `code` with what `detail` holds.

    Details: `too_large` has `size` and `limit` in bytes; `encoding` has `encoding`, what it was
    tried as ("utf-16", "windows-1252"), and `offset`, the first byte that did not fit.
    """

    def __init__(self, code: Problem, **detail: Any) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code.value} {self.detail}" if self.detail else self.code.value


def decode(data: bytes, *, limit: int = MAX_BYTES) -> str:
    """The text of a file, without its byte order mark; at most `limit` bytes are read.

    Read are UTF-8, UTF-16 and UTF-32 with their mark, UTF-16 of mostly Latin letters without it,
    and what Windows and old Unix programs save: Windows-1252 and ISO-8859-15. Other code pages of
    one byte cannot be told for certain; a text that would come out garbled is refused.

    Raises ImportProblem: `empty` (nothing but white space), `too_large`, `binary` (a PDF, an office
    file, control characters), `encoding` (none of the above fits).
    """
    if len(data) > limit:
        raise ImportProblem(Problem.TOO_LARGE, size=len(data), limit=limit)
    if not data.strip():
        raise ImportProblem(Problem.EMPTY)
    if data.startswith(_BINARY_STARTS):
        raise ImportProblem(Problem.BINARY)
    text = _decoded(data)
    if _has_controls(text):
        raise ImportProblem(Problem.BINARY)
    if not text.strip():
        raise ImportProblem(Problem.EMPTY)
    return text


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    encoding = encoding or _utf_16(data) or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise ImportProblem(Problem.ENCODING, encoding=encoding, offset=error.start) from None
    return _one_byte(data)


def _one_byte(data: bytes) -> str:
    if _has_controls(data.decode("latin-1")):
        raise ImportProblem(Problem.BINARY)
    latin_9 = _ONLY_LATIN_9.search(data) and not _ONLY_WINDOWS.search(data)
    encoding = "iso-8859-15" if latin_9 else "windows-1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportProblem(Problem.ENCODING, encoding=encoding, offset=error.start) from None
    if garbled := _WRONG_PAGE.search(text):
        offset = garbled.start() + 1  # one byte a character
        raise ImportProblem(Problem.ENCODING, encoding=encoding, offset=offset)
    return text


def _utf_16(data: bytes) -> str | None:
    """Latin text in UTF-16 without its mark: every second byte is zero."""
    start = data[:4096]
    evens, odds = start[0::2].count(0), start[1::2].count(0)
    if max(evens, odds) > 0.4 * len(start) / 2 and min(evens, odds) == 0 and len(start) > 3:
        return "utf-16-be" if evens else "utf-16-le"
    return None


def _has_controls(text: str) -> bool:
    return any(
        (character < " " and character not in _TEXT_CONTROLS) or character == "\x7f"
        for character in set(text)
    )
