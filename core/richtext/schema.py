"""What a body may hold: the allow list of the sanitiser, which is the editor's schema.

A body is HTML in one canonical form. Text stands only in paragraphs (`p`); each paragraph is a
*line* and carries the line's id. Lists hold items, an item begins with a paragraph and may go on
with further paragraphs, nested lists and a table; a table's cells hold paragraphs and lists.
"""

import re
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("fi", "sv", "en")
LIST_TYPES: Final = ("1", "a", "i")
SCHEMES: Final = ("http", "https", "mailto")
MAX_LEVEL: Final = 5
"""Deepest nesting of lists; a cell of a table starts again from zero."""
MAX_SIZE: Final = 1_000_000
"""Most bytes (UTF-8) of a body; the longest real memo is under 30 kB."""

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
LINE_ID: Final = r"[a-z2-7]{14,15}"
_SPAN = r"[2-9]|[1-9][0-9]"

SCHEMA: Final[Mapping[str, Mapping[str, str]]] = {
    "p": {"data-line": LINE_ID, "lang": "|".join(LANGUAGES)},
    "ul": {},
    "ol": {"type": "|".join(LIST_TYPES), "start": r"[1-9][0-9]{0,3}"},
    "li": {},
    "table": {},
    "tbody": {},
    "tr": {},
    "th": {"colspan": _SPAN, "rowspan": _SPAN, "scope": "col|row"},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
    "strong": {},
    "em": {},
    "a": {"href": rf"(?:{'|'.join(SCHEMES)}):\S+"},
    "br": {},
}
"""Tag → attribute → the pattern its whole value matches. What is a default is never written
(`type="1"`, `start="1"`, spans of one), so that equal bodies are equal strings."""

_PATTERNS: Final = {
    (tag, name): re.compile(pattern, re.IGNORECASE if name == "href" else 0)
    for tag, attributes in SCHEMA.items()
    for name, pattern in attributes.items()
}


def allowed(tag: str, name: str, value: str) -> str:
    """`value` where the schema lets it stand in that attribute, else an empty string."""
    pattern = _PATTERNS.get((tag, name))
    return value if pattern and pattern.fullmatch(value) else ""


class TooLong(ValueError):
    """The text is over MAX_SIZE; nothing of it was changed or dropped."""


def check_size(html: str) -> None:
    """Raise TooLong where `html` is over MAX_SIZE."""
    if len(html) > MAX_SIZE or (
        len(html) * 4 > MAX_SIZE and len(html.encode("utf-8", "surrogatepass")) > MAX_SIZE
    ):
        raise TooLong
