"""What stands inside a line: runs of text with their formatting, and their one way to be written.

A run's text has a line feed where the HTML has `br`. Formatting is written in the editor's order,
link outside strong outside em, and shared between neighbouring runs, as ProseMirror does.
"""

import re
from itertools import groupby
from typing import NamedTuple


class Marks(NamedTuple):
    """The formatting of a run."""

    href: str = ""
    strong: bool = False
    em: bool = False


type Run = tuple[str, Marks]

PLAIN = Marks()
_TAG = re.compile(r'([^<]+)|<(/?)(\w+)(?: href="([^"]*)")?>')
_TOKEN = re.compile(r"\w+|[^\w\s]")


def escape(text: str) -> str:
    """`text` for HTML, outside and inside of quoted attributes."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def unescape(html: str) -> str:
    """The reverse of `escape`, also for the no-break space as nh3 writes it."""
    if "&" not in html:
        return html
    return (
        html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&nbsp;", "\xa0")
        .replace("&amp;", "&")
    )


def write(runs: list[Run]) -> str:
    """The canonical HTML of `runs`."""
    if len(runs) == 1 and runs[0][1] == PLAIN:
        return _text(runs[0][0])
    out: list[str] = []
    open_tags: list[tuple[str, str]] = []
    for text, marks in runs:
        wanted: list[tuple[str, str]] = []
        if marks is PLAIN:
            out.extend([f"</{tag}>" for tag, _ in reversed(open_tags)])
            open_tags = wanted
            out.append(_text(text))
            continue
        if marks.href:
            wanted.append(("a", f'<a href="{escape(marks.href)}">'))
        if marks.strong:
            wanted.append(("strong", "<strong>"))
        if marks.em:
            wanted.append(("em", "<em>"))
        keep = 0
        while keep < min(len(wanted), len(open_tags)) and wanted[keep] == open_tags[keep]:
            keep += 1
        out.extend(f"</{tag}>" for tag, _ in reversed(open_tags[keep:]))
        out.extend(start for _, start in wanted[keep:])
        open_tags = wanted
        out.append(_text(text))
    out.extend(f"</{tag}>" for tag, _ in reversed(open_tags))
    return "".join(out)


def _text(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", "<br>")


def read(html: str) -> list[Run]:
    """The runs of canonical inner HTML."""
    runs: list[Run] = []
    marks = PLAIN
    for text, closing, tag, href in _TAG.findall(html):
        if text:
            runs.append((unescape(text), marks))
        elif tag == "br":
            runs.append(("\n", marks))
        elif tag == "a":
            marks = marks._replace(href="" if closing else unescape(href))
        elif tag == "strong":
            marks = marks._replace(strong=not closing)
        else:
            marks = marks._replace(em=not closing)
    return joined(runs)


def with_mark(marks: Marks, tag: str) -> Marks:
    """`marks` and the formatting of `strong` or `em`."""
    return marks._replace(strong=True) if tag == "strong" else marks._replace(em=True)


def joined(runs: list[Run]) -> list[Run]:
    """Neighbours of the same formatting as one run, empty ones dropped."""
    return [
        (text, marks)
        for marks, group in groupby(runs, key=lambda run: run[1])
        if (text := "".join(run[0] for run in group))
    ]


def characters(html: str) -> list[Run]:
    """Canonical inner HTML as single characters, each with its formatting."""
    return [(character, marks) for text, marks in read(html) for character in text]


def plain(html: str) -> str:
    """The text of canonical inner HTML, a line feed where it has `br`."""
    return "".join(text for text, _ in read(html))


def tokens(html: str) -> list[Run]:
    """Words and signs with their formatting, white space left out."""
    return [(token, marks) for text, marks in read(html) for token in _TOKEN.findall(text)]
