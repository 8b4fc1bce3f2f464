"""The flat lines of an item as the nested HTML that the editor writes."""

import re
from dataclasses import dataclass, field
from html import escape

from core.richtext import mint
from meetings.importing.reading import Line, Link

_NUMBER = re.compile(r"\(?(\d+)[.)]?")
_LETTER = re.compile(r"\(?([a-zA-Z])[.)]?")
_ROMAN = re.compile(r"\(?([ivxlc]+)[.)]?", re.IGNORECASE)


@dataclass
class ItemBody:
    """An item's HTML, and the id that each of its lines got, in their order."""

    html: str
    ids: list[str] = field(default_factory=list)


@dataclass
class _Open:
    kind: str  # ul, 1, a, i
    last: str  # the marker of the item that is open


def item_body(lines: list[Line], links: list[Link]) -> ItemBody:
    """Nest the lines by level and marker; each link becomes an anchor on its words."""
    ids: list[str] = []
    parts: list[str] = []
    stack: list[_Open] = []

    def close(down_to: int) -> None:
        while len(stack) > down_to:
            parts.append("</li></ul>" if stack.pop().kind == "ul" else "</li></ol>")

    for line in lines:
        line_id = mint()
        ids.append(line_id)
        block = f'<p data-line="{line_id}">{_text(line, links)}</p>'
        level = min(line.level, len(stack) + 1)
        if line.marker is None:
            # Running text: at level 0 a paragraph, deeper it goes on inside the open list item.
            close(level if level <= len(stack) else len(stack))
        else:
            close(level)
            kind = _kind(line.marker, stack[level - 1] if len(stack) == level else None)
            if len(stack) == level and stack[-1].kind != kind:
                close(level - 1)
            if len(stack) == level:
                parts.append("</li><li>")
                stack[-1].last = line.marker
            else:
                parts.append(_opening(kind, line.marker) + "<li>")
                stack.append(_Open(kind, line.marker))
        parts.append(block)
    close(0)
    return ItemBody("".join(parts), ids)


def _kind(marker: str, current: _Open | None) -> str:
    """ul, 1, a or i; "i." goes on a lettered list after "h.", and is a roman number elsewhere."""
    if _NUMBER.fullmatch(marker):
        return "1"
    letter = _LETTER.fullmatch(marker)
    goes_on = (
        letter
        and current
        and current.kind == "a"
        and (last := _LETTER.fullmatch(current.last))
        and ord(letter[1]) == ord(last[1]) + 1
    )
    # "o" alone is how a hollow bullet looks as text.
    if marker.strip("()") == "o" and not goes_on:
        return "ul"
    if _ROMAN.fullmatch(marker) and not goes_on:
        return "i"
    return "a" if letter else "ul"


def _opening(kind: str, marker: str) -> str:
    if kind == "ul":
        return "<ul>"
    type_ = "" if kind == "1" else f' type="{kind}"'
    number = _NUMBER.fullmatch(marker)
    start = f' start="{number[1]}"' if number and number[1] != "1" else ""
    return f"<ol{start}{type_}>"


def _text(line: Line, links: list[Link]) -> str:
    """The line's words, with the links whose label stands on one of its source lines."""
    text = escape(line.text, quote=False)
    for link in links:
        if link.line not in line.sources:
            continue
        href = escape(link.url)
        for words in filter(None, (link.label, link.url)):
            label = escape(words, quote=False)
            if label in text:
                text = text.replace(label, f'<a href="{href}">{label}</a>', 1)
                break
        else:
            text += f' <a href="{href}">{escape(link.label or link.url, quote=False)}</a>'
    return text
