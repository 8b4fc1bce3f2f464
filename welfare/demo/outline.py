"""Minutes as the demo's files write them: an outline, turned into a body and its marks.

    A paragraph, over as many lines as it takes, until an empty line.
    - a bullet; a list of another kind begins with "1.", "a." or "i."
      - deeper by its indent
      => task Omnia, Luksia > Espoo @ 2025-01
    [sv] A text in another language.
    | a table | its first row the heads |

`=>` marks the block above it: kind, owners, recipient, due (for "agreed": in effect from). Words
may be **strong** or a [link](https://…).
"""

import re
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from itertools import count

_MARKER = re.compile(r"(?P<marker>-|\d+\.|[a-z]\.|[ivx]+\.) (?P<text>.*)")
_LANGUAGE = re.compile(r"\[(?P<language>fi|sv|en)\] (?P<text>.*)")
_MARK = re.compile(
    r"=> (?P<kind>\w+)(?: (?P<owners>[^>@]+?))?(?: > (?P<recipient>[^@]+?))?(?: @ (?P<when>\S+))?"
)


@dataclass(frozen=True)
class NamedMark:
    """A mark whose owners and recipient still are names."""

    kind: str
    owners: list[str]
    recipient: str
    when: str


@dataclass
class Block:
    """A paragraph, a list item or a table's row, as written."""

    text: str
    indent: int = 0
    marker: str = ""
    language: str = ""
    is_row: bool = False
    marks: list[NamedMark] = field(default_factory=list)


def blocks_of(text: str) -> list[Block]:
    """The outline's blocks in order; raises ValueError for what it can't read."""
    blocks: list[Block] = []
    joins = False
    for line in text.splitlines():
        words = line.strip()
        indent = len(line) - len(line.lstrip())
        if not words:
            joins = False
        elif words.startswith("=>"):
            blocks[-1].marks.append(_mark_of(words))
        elif words.startswith("|"):
            blocks.append(Block(words.strip("|"), is_row=True))
            joins = False
        elif item := _MARKER.fullmatch(words):
            blocks.append(_block(item["text"], indent, item["marker"]))
            joins = True
        elif joins:
            blocks[-1].text += f" {words}"
        else:
            blocks.append(_block(words, indent))
            joins = True
    return blocks


def _block(text: str, indent: int, marker: str = "") -> Block:
    if found := _LANGUAGE.fullmatch(text):
        return Block(found["text"], indent, marker, found["language"])
    return Block(text, indent, marker)


def _mark_of(line: str) -> NamedMark:
    found = _MARK.fullmatch(line)
    if not found:
        raise ValueError(line)
    owners = [name.strip() for name in (found["owners"] or "").split(",") if name.strip()]
    return NamedMark(found["kind"], owners, found["recipient"] or "", found["when"] or "")


def body_of(text: str, *, seed: str) -> tuple[str, dict[str, list[NamedMark]]]:
    """The outline as HTML, and its marks by line id.

    The ids follow from `seed` and the place, so that a corrected text of the same shape keeps them.
    """
    numbers = count()
    html: list[str] = []
    marks: dict[str, list[NamedMark]] = {}
    lists: list[tuple[int, str]] = []  # the open lists: indent, tag

    def line(words: str, language: str = "") -> str:
        digest = sha256(f"{seed}/{next(numbers)}".encode()).digest()
        line_id = b32encode(digest)[:14].decode().lower()
        marks[line_id] = []
        lang = f' lang="{language}"' if language else ""
        return f'<p data-line="{line_id}"{lang}>{_inline(words)}</p>'

    def close(deeper_than: int) -> None:
        while lists and lists[-1][0] > deeper_than:
            html.append(f"</li></{lists.pop()[1]}>")

    in_table = False
    for block in blocks_of(text):
        if in_table and not block.is_row:
            html.append("</tbody></table>")
        if block.marker:
            close(block.indent)
            if lists and lists[-1][0] == block.indent:
                html.append("</li><li>")
            else:
                tag, kind = _list_kind(block.marker)
                lists.append((block.indent, tag))
                html.append(f"<{tag}{kind}><li>")
            html.append(line(block.text, block.language))
        elif block.is_row:
            close(-1)
            if not in_table:
                html.append("<table><tbody>")
            cells = [cell.strip() for cell in block.text.split("|")]
            html.append("<tr>")
            for place, cell in enumerate(cells):
                scope = "row" if in_table else "col"
                head = place == 0 or not in_table
                opening, closing = (f'th scope="{scope}"', "th") if head else ("td", "td")
                html.append(f"<{opening}>{line(cell)}</{closing}>")
            html.append("</tr>")
        else:
            close(-1)
            html.append(line(block.text, block.language))
        in_table = block.is_row
        if block.marks:
            marks[next(reversed(marks))] = block.marks
    close(-1)
    if in_table:
        html.append("</tbody></table>")
    return "".join(html), {line_id: found for line_id, found in marks.items() if found}


def _list_kind(marker: str) -> tuple[str, str]:
    """The list that an item with this marker begins."""
    if marker == "-":
        return "ul", ""
    if marker[0].isdigit():
        return "ol", ""
    return "ol", ' type="i"' if marker == "i." else ' type="a"'


def _inline(words: str) -> str:
    html = escape(words, quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    return re.sub(r"\[([^]]+)\]\((\S+?)\)", r'<a href="\2">\1</a>', html)
