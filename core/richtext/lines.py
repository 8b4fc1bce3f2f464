"""A body read once: its HTML, its lines, their ids."""

import re
import secrets
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from .nodes import Block, Text, changed, texts, written
from .sanitise import blocks_of
from .schema import ALPHABET, LINE_ID, check_size

_WELL_FORMED = re.compile(LINE_ID)


@dataclass(frozen=True, slots=True)
class Line:
    """A text block as the rest of the product sees it.

    `position` counts from 0 over the body. `level` is the depth of list nesting, 0 for a
    paragraph (a cell of a table starts again from 0). `marker` is the list's kind (`ul`, `1`,
    `a`, `i`) on the first line of an item and empty elsewhere. `text` has a line feed for `br`.
    """

    id: str
    position: int
    level: int
    marker: str
    text: str
    html: str
    lang: str
    in_table: bool


@dataclass(frozen=True)
class Body:
    """A canonical body. `Body.parse` reads one from HTML of any origin."""

    blocks: list[Block]

    @classmethod
    def parse(cls, html: str) -> Self:
        """Clean and read `html`; raises TooLong as `sanitise` does."""
        body = cls(blocks_of(html))
        check_size(body.html)
        return body

    @cached_property
    def html(self) -> str:
        """The canonical HTML."""
        return written(self.blocks)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines in the order in which they are read."""
        return [
            Line(t.id, position, level, marker, t.text, t.html, t.lang, in_table)
            for position, (t, level, marker, in_table) in enumerate(texts(self.blocks))
        ]

    @property
    def ids(self) -> list[str]:
        """The lines' ids in order, an empty string where a line has none."""
        return [line.id for line in self.lines]

    @property
    def text(self) -> str:
        """The words, each line of the body on a line of its own."""
        return "\n".join(line.text for line in self.lines)

    def ensure_ids(
        self, *, known: Container[str] | None = None, mine: Container[str] = ()
    ) -> tuple[Self, dict[int, tuple[str, str]]]:
        """The function `ensure_ids` for a body that is parsed already."""
        lines = self.lines
        holders: dict[str, int] = {}
        for line in lines:
            if line.id and (
                line.id not in holders or (line.text and not lines[holders[line.id]].text)
            ):
                holders[line.id] = line.position
        minted: dict[int, tuple[str, str]] = {}
        for line in lines:
            foreign = known is not None and line.id in known and line.id not in mine
            if foreign or holders.get(line.id) != line.position:
                minted[line.position] = (line.id, mint())
        if not minted:
            return self, minted
        positions = iter(range(len(lines)))

        def with_id(text: Text) -> Text:
            new = minted.get(next(positions))
            return replace(text, id=new[1]) if new else text

        return type(self)(changed(self.blocks, with_id)), minted


def mint() -> str:
    """A new line id: 15 random characters of a–z and 2–7 (75 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(15))


def is_line_id(value: str) -> bool:
    """Whether `value` is formed as line ids are."""
    return bool(_WELL_FORMED.fullmatch(value))


def lines_of(html: str) -> list[Line]:
    """The lines of `html`, cleaned first; raises TooLong."""
    return Body.parse(html).lines


def plain_text(html: str) -> str:
    """The words of `html`, each line on a line of its own; raises TooLong."""
    return Body.parse(html).text


def ensure_ids(
    html: str, *, known: Container[str] | None = None, mine: Container[str] = ()
) -> tuple[str, dict[int, tuple[str, str]]]:
    """Give every line an id of its own; the canonical HTML, and position → (old id, new id).

    `known` are the ids (of those in `html`) that exist anywhere in the database; `mine` those of
    them that may stand in this body: the lines of the item itself, also deleted ones that undo
    brings back, and the lines of the same meeting's other items, which cut and paste moves here
    (perhaps before the old item is saved; the caller sees a move where an id that stayed belongs
    to another item). A known id that isn't mine was pasted from elsewhere and is minted anew, as
    are missing, malformed and repeated ones: the first line with words keeps a repeated id. Ids
    that aren't known come from the editor and stay. `known=None` trusts every id.

    Marks of a line whose id was minted anew are not the line's: the caller drops them.
    Raises TooLong.
    """
    body, minted = Body.parse(html).ensure_ids(known=known, mine=mine)
    return body.html, minted
