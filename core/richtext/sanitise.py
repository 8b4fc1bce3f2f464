"""HTML of any origin to canonical blocks: nh3 takes away what harms, the reader shapes the rest.

nh3 parses as browsers do and writes well-formed HTML, so that its output can be read as a plain
sequence of tags and text. Tags that part text are let through nh3 even where a body can't hold
them, because words on both sides of them would run together otherwise.
"""

import re
from dataclasses import dataclass, field

import nh3

from . import inline
from .nodes import Block, Cell, List, Table, Text, written
from .schema import MAX_LEVEL, MAX_SIZE, SCHEMA, SCHEMES, TooLong, allowed, check_size

_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = _HEADINGS | {"p"}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_DIVIDERS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form header hgroup hr legend main nav optgroup option pre search section "
    "summary caption".split()
)
_ATTRIBUTES = {
    **{tag: {"lang"} for tag in _DIVIDERS | _LISTS | {"li", "td", "th", "tr", "table"}},
    **{tag: {"lang", "data-line"} for tag in _PARAGRAPHS | {"div"}},
    "ol": {"lang", "type", "data-type", "start"},
    "th": {"lang", "colspan", "rowspan", "scope"},
    "td": {"lang", "colspan", "rowspan"},
    "a": {"href"},
}
_TAGS = {*SCHEMA, *_INLINE, *_PARAGRAPHS, *_LISTS, *_DIVIDERS, "thead", "tfoot"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel=None,
)
# nh3 drops elements of SVG and MathML with their text, also where they stand alone, and a browser
# reads what stands in a template, an iframe and the like as no text or as one text. Beforehand,
# therefore, the tags of all but these elements go, and the words stay.
_KNOWN = set(
    "script style html head abbr acronym bdi bdo big button cite code col colgroup data del dfn "
    "font img input ins kbd label link mark meta nobr q s samp select small span strike sub sup "
    "time tt u var wbr".split()
)
_STRANGE = re.compile(
    rf"</?(?!(?:{'|'.join(sorted(_TAGS | _KNOWN))})[\s/>])[a-z][^<>]*>", re.IGNORECASE
)
# A browser's way of reading takes time by the square of the nesting, so nothing nests deeper than
# this; elements whose end tag may be missing close themselves.
_MAX_NESTING = 100
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|tr|t[hd]|dt|dd|option|br|hr|img|input|col|wbr|link|meta)[\s/>])[a-z][^<>]*>",
    re.IGNORECASE,
)


_BARE = re.compile(r"&(?![#\w])")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Signs that neither XML nor PostgreSQL nor a PDF can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
# A paragraph whose content is canonical as it stands, as most are, is one token; else a tag or a
# text. Formatting with neither links nor nesting is seen to be canonical.
_CLEAR = r"[^<\n\r\t\v\f]++"
_TOKEN = re.compile(
    r'<p(?: data-line="([a-z2-7]+)")?(?: lang="(fi|sv|en)")?>'
    rf"((?:{_CLEAR}|<br>|<(?:strong>{_CLEAR}</strong>(?!<strong>)|em>{_CLEAR}</em>(?!<em>)))*+)</p>"
    r"|<(/?)([a-z0-9]+)([^>]*)>|([^<]+)"
)
_FORMATTING = re.compile("</?(?:strong|em)>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_FOLD = re.compile(r"[ \t\v\f]*[\n\r][ \t\v\f\n\r]*")
_TABS = re.compile(r"[\t\v\f]")
_LIST_STYLES = {"lower-alpha": "a", "lower-latin": "a", "lower-roman": "i", "upper-alpha": "a"}


def sanitise(html: str) -> str:
    """`html` in canonical form: allowed tags only, no word lost, the same again when repeated.

    Raises TooLong where the text given or the result is over a megabyte.
    """
    clean = written(blocks_of(html))
    check_size(clean)
    return clean


def blocks_of(html: str) -> list[Block]:
    """The canonical blocks of `html`; raises TooLong where it is over a megabyte."""
    check_size(html)
    if len(_BARE.findall(html)) * len("&amp;") > MAX_SIZE:
        raise TooLong  # sure to be so when written, and slow to parse
    # Word writes o:p inside of words; other strange tags stand between them.
    html = _STRANGE.sub(lambda tag: "" if ":" in tag[0] else " ", html)
    html = _SURROGATE.sub("\ufffd", _without_deep_tags(html))
    return _Reader().read(_FORBIDDEN.sub("", _CLEANER.clean(html)))


def _without_deep_tags(html: str) -> str:
    depth = deepest = 0
    for closing in _NESTING.findall(html):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    if deepest <= _MAX_NESTING:
        return html
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        depth = max(depth + (-1 if tag[1] else 1), 0)
        return " " if depth + bool(tag[1]) > _MAX_NESTING else tag[0]

    return _NESTING.sub(shallow, html)


@dataclass(slots=True)
class _Place:
    """Where blocks go: the body itself, a list (its last item), a cell, or a table.

    What stands in a table outside its cells, such as its caption, goes before the table.
    """

    blocks: list[Block]
    items_of: List | None = None
    table: Table | None = None
    level: int = 0
    in_cell: bool = False

    def add(self, block: Block) -> list[Block]:
        """Put `block` here; where that is."""
        if self.table is not None:
            self.blocks.insert(len(self.blocks) - 1, block)
            return self.blocks
        home = self.blocks
        if self.items_of is not None:
            if not self.items_of.items:
                self.items_of.items.append([])
            home = self.items_of.items[-1]
        home.append(block)
        return home


@dataclass(slots=True)
class _Open:
    """An open tag: what to return to at its end, and where the node it made stands."""

    tag: str
    place: _Place
    lang: str
    marks: inline.Marks
    home: list[Block] = field(default_factory=list)


class _Reader:
    """Reads well-formed HTML into canonical blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.place = _Place(self.blocks)
        self.open: list[_Open] = []
        self.lang = ""
        self.marks = inline.PLAIN
        self.line: Text | None = None
        self.stray = False  # the line was begun by text outside a paragraph
        self.runs: list[inline.Run] = []
        self.next_id = ""  # of a div, for the text in it

    def read(self, html: str) -> list[Block]:
        """The canonical blocks of `html`."""
        self._feed(html)
        self._finish_line()
        while self.blocks and self.blocks[-1] == Text():
            self.blocks.pop()
        return self.blocks

    def _feed(self, html: str) -> None:
        for identity, lang, simple, closing, tag, attributes, text in _TOKEN.findall(html):
            if closing:
                self._end(tag)
            elif tag:
                self._start(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
            elif text:
                self._text(text)
            else:
                self._paragraph(identity, lang, simple)

    def _paragraph(self, identity: str, lang: str, html: str) -> None:
        """A whole paragraph that is canonical as it stands, unless it inherits formatting."""
        if self.marks != inline.PLAIN:
            self._start("p", {"data-line": identity, "lang": lang})
            self._feed(html)
            self._end("p")
            return
        if self.line is not None:
            self._finish_line()
        self.next_id = ""
        html = html.replace("&nbsp;", "\xa0")
        text = html
        if "<" in html:
            text = _FORMATTING.sub("", html.replace("<br>", "\n"))
        identity = allowed("p", "data-line", identity) if identity else ""
        self.place.add(Text(identity, lang or self.lang, html, inline.unescape(text)))

    def _text(self, html: str) -> None:
        # A line break of the source becomes \\r until the line is complete: none at the line's
        # ends, one space inside. \\n is the line break that one sees (br).
        text = inline.unescape(html)
        if "\n" in text or "\r" in text:
            text = _FOLD.sub("\n" if self._preformatted() else "\r", text)
        text = _TABS.sub(" ", text)
        if self.line is None:
            if not text.strip(" \r\n"):
                return
            self._begin_stray_line()
        self.runs.append((text, self.marks))

    def _preformatted(self) -> bool:
        return any(tag.tag == "pre" for tag in self.open)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            if self.line is None:
                self._begin_stray_line()
            self.runs.append(("\n", self.marks))
            return
        if tag == "hr":
            self._finish_line()
            return
        self.open.append(_Open(tag, self.place, self.lang, self.marks))
        if tag in _INLINE:
            self.marks = inline.with_mark(self.marks, _INLINE[tag])
            return
        if tag == "a":
            href = re.sub(r"\s+", "", inline.unescape(attributes.get("href", "")))
            self.marks = self.marks._replace(href=allowed("a", "href", href))
            return
        self._finish_line()
        identity = ""
        if attributes:
            lang = attributes.get("lang", "").lower().partition("-")[0]
            self.lang = allowed("p", "lang", lang) or self.lang
            identity = allowed("p", "data-line", attributes.get("data-line", ""))
        if tag in _PARAGRAPHS:
            if tag in _HEADINGS:
                self.marks = self.marks._replace(strong=True)
            self._begin_line(identity, stray=False)
        elif tag in _LISTS:
            self._start_list(tag, attributes)
        elif tag == "li":
            if self.place.items_of is not None:
                self.place.items_of.items.append([])
        elif tag == "table":
            if not self.place.in_cell:
                self._start_table()
        elif tag == "tr":
            if self.place.table is not None:
                self.place.table.rows.append([])
        elif tag in ("td", "th"):
            if self.place.table is not None:
                self._start_cell(self.place.table, tag, attributes)
        else:
            self.next_id = identity

    def _start_list(self, tag: str, attributes: dict[str, str]) -> None:
        if self.place.level == MAX_LEVEL:
            return  # its items go on in the list around it
        kind, start = "ul", 1
        if tag == "ol":
            style = attributes.get("data-type", "").lower()
            given = attributes.get("type", "").lower() or _LIST_STYLES.get(style, "")
            kind = allowed("ol", "type", given) or "1"
            start = int(allowed("ol", "start", attributes.get("start", "")) or 1)
        new = List(kind, start)
        self.open[-1].home = self.place.add(new)
        self.place = _Place(
            [], items_of=new, level=self.place.level + 1, in_cell=self.place.in_cell
        )

    def _start_table(self) -> None:
        table = Table()
        home = self.open[-1].home = self.place.add(table)
        self.place = _Place(home, table=table)

    def _start_cell(self, table: Table, tag: str, attributes: dict[str, str]) -> None:
        colspan, rowspan = (
            int(allowed(tag, name, attributes.get(name, "")) or 1)
            for name in ("colspan", "rowspan")
        )
        scope = allowed(tag, "scope", attributes.get("scope", "").lower())
        cell = Cell(tag, colspan, rowspan, scope)
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(cell)
        self.place = _Place(cell.blocks, in_cell=True)

    def _end(self, tag: str) -> None:
        opened = self.open.pop()
        if tag not in _INLINE and tag != "a":
            self._finish_line()
            self.next_id = ""
            if self.place is not opened.place:
                self._finish_node(self.place, opened.home)
        self.place, self.lang, self.marks = opened.place, opened.lang, opened.marks

    def _finish_node(self, place: _Place, home: list[Block]) -> None:
        """Complete the list, table or cell of `place`; an empty list or table goes."""
        if place.items_of is not None:
            for item in place.items_of.items:
                if not item or not isinstance(item[0], Text):
                    item.insert(0, Text())
            if not place.items_of.items:
                _take_out(home, place.items_of)
        elif place.table is not None:
            place.table.rows = [row for row in place.table.rows if row]
            if not place.table.rows:
                _take_out(home, place.table)
        elif not place.blocks:
            place.blocks.append(Text())

    def _begin_line(self, identity: str, *, stray: bool) -> None:
        self.line = Text(identity, self.lang)
        self.stray = stray
        self.runs = []

    def _begin_stray_line(self) -> None:
        self._begin_line(self.next_id, stray=True)
        self.next_id = ""

    def _finish_line(self) -> None:
        line = self.line
        if line is None:
            return
        self.line = None
        runs = inline.joined(self.runs) if len(self.runs) > 1 else self.runs
        if self.stray:
            runs = _trimmed(runs, " \r\n")
        elif any("\r" in text for text, _ in runs):
            runs = _trimmed(runs, "\r")
        line.text = "".join(text for text, _ in runs).replace("\r", " ")
        line.html = inline.write(runs).replace("\r", " ")
        if runs or not self.stray:
            self.place.add(line)


def _trimmed(runs: list[inline.Run], signs: str) -> list[inline.Run]:
    """`runs` without any of `signs` at either end."""
    runs = list(runs)
    while runs and not (text := runs[0][0].lstrip(signs)):
        del runs[0]
    if runs:
        runs[0] = (text, runs[0][1])
    while runs and not (text := runs[-1][0].rstrip(signs)):
        del runs[-1]
    if runs:
        runs[-1] = (text, runs[-1][1])
    return runs


def _take_out(home: list[Block], node: Block) -> None:
    """Remove that very node, not one that equals it."""
    del home[next(i for i, block in enumerate(home) if block is node)]
