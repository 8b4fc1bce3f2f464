"""Rich text on the server: cleaning, lines and their ids, the three-way merge. No database."""

from .compare import Compared, compare, shortened
from .lines import Body, Line, ensure_ids, is_line_id, lines_of, mint, plain_text
from .merge import Conflict, Merged, merge
from .sanitise import sanitise
from .schema import LANGUAGES, LINE_ID, LIST_TYPES, MAX_LEVEL, SCHEMA, SCHEMES, TooLong

__all__ = [
    "LANGUAGES",
    "LINE_ID",
    "LIST_TYPES",
    "MAX_LEVEL",
    "SCHEMA",
    "SCHEMES",
    "Body",
    "Compared",
    "Conflict",
    "Line",
    "Merged",
    "TooLong",
    "compare",
    "ensure_ids",
    "is_line_id",
    "lines_of",
    "merge",
    "mint",
    "plain_text",
    "sanitise",
    "shortened",
]
