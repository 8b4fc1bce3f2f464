"""The lines of an item: paragraphs and list items, each at its depth."""

import re
from dataclasses import dataclass

from meetings.importing.headings import glue
from meetings.importing.reading import Line
from meetings.importing.source import Source, SourceLine, ends_sentence, starts_lower
from meetings.importing.vocabulary import INNER_LABELS

_BULLET = re.compile(
    r"(?P<mark>\*{2,3}|[•●▪◦‣·○■□➢❖→»✓\uf0b7\uf0a7\uf0d8–—*+-]|o)(?:\s+(?P<rest>\S.*)|(?P<tight>[A-ZÅÄÖ].*))"
)
_ORDERED = re.compile(
    r"(?P<mark>\(?(?P<value>\d{1,3}(?:\.\d{1,2}){0,3}|[ivxlIVXL]{1,6}|[a-zA-Z])[.)]|\d{1,2}\.\d{1,2})"
    r"\s+(?P<rest>\S.*)"
)
_LONE = re.compile(r"[•●▪◦‣·○■□➢❖\uf0b7\uf0a7\uf0d8]|o|-|\*")
# A line that ends so goes on.
_UNFINISHED = re.compile(
    r"\s(?:ja|sekä|tai|että|och|samt|eller|att|för|med|till|and|or|the|of|to|with|for)$"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


# Lines are joined into paragraphs of at most so many characters; real ones are far shorter.
_LONGEST = 4000


@dataclass(slots=True)
class _Open:
    """A list that is open: the kind of its markers, its column, its last value."""

    kind: str
    indent: int
    value: int


@dataclass(frozen=True, slots=True)
class _Marker:
    text: str
    kind: str
    value: int
    rest: str


class ItemReader:
    """Builds the lines of one item, fed with its source lines in order.

    Depth comes from indentation where the item's markers are indented unequally. In text without
    indentation it comes from the kinds of markers: a new kind opens a list inside the one before,
    a kind that is open already goes on with that list.
    """

    def __init__(
        self, source: Source, lines: list[SourceLine], own_lines: frozenset[int] = frozenset()
    ) -> None:
        """`own_lines` are source lines that begin a line whatever the layout says."""
        self._own_lines = own_lines
        self.lines: list[Line] = []
        self._source = source
        self._open: list[_Open] = []
        self._last: SourceLine | None = None
        # The pieces of the line in the making; joined at its end, so that length costs no time.
        self._pieces: list[str] = []
        self._length = 0
        self._letters = {
            line.text[0] for line in lines if len(line.text) > 2 and line.text[1] in ".)"
        }
        indents = {
            line.indent for line in lines if _BULLET.match(line.text) or _ORDERED.match(line.text)
        }
        self._indented = bool(indents) and max(indents) - min(indents) >= 2

    def feed(self, line: SourceLine, text: str | None = None) -> None:
        """Add a source line, or only `text` of it where the rest was the heading."""
        words = line.text if text is None else text
        marker = self._marker(line, words) if text is None else None
        if marker:
            level = self._level(marker, line.indent)
            self._begin(level, marker.text, marker.rest, line)
        elif self._continues(line, words):
            more = " ".join(words.split())
            self._pieces += [glue(self._pieces[-1], more), more]
            self._length += len(more)
            if line.number != self.lines[-1].sources[-1]:
                self.lines[-1].sources.append(line.number)
        else:
            self._begin(self._paragraph_level(line), None, words, line)
        self._last = line

    def finish(self) -> list[Line]:
        """The lines, when everything is fed."""
        if self.lines:
            self.lines[-1].text = "".join(self._pieces)
        return self.lines

    def _begin(self, level: int, marker: str | None, words: str, line: SourceLine) -> None:
        self.finish()
        text = " ".join(words.split())
        self._pieces, self._length = [text], len(text)
        self.lines.append(Line(level, marker, text, [line.number]))

    def _continues(self, line: SourceLine, text: str) -> bool:
        if not self.lines or self._last is None:
            return False
        before, wrapped, width = self._last, self._source.wrapped, self._source.width
        sofar = self._pieces[-1]
        if not sofar:
            return True
        if self._length > _LONGEST:
            return False
        if starts_with_label(text) or line.number in self._own_lines:
            return False
        finished = ends_sentence(sofar) or sofar.endswith("…")
        length = len(before.text) + before.indent
        if line.interrupted:
            return starts_lower(text) or (wrapped and not finished and length > 0.6 * width)
        hangs = bool(self._open) and line.indent > self._open[-1].indent and line.gap < 2
        if hangs and starts_lower(text) and not finished:
            return True
        if line.new_paragraph and self._source.spaced:
            return starts_lower(text) and not finished and length > 60
        if line.new_paragraph:
            return wrapped and starts_lower(text) and not finished and length > 0.8 * width
        if starts_lower(text) or sofar.endswith((",", "-")) or _UNFINISHED.search(sofar):
            return True
        if not wrapped:
            return False
        word = text.split(None, 1)[0]
        return length + 1 + len(word) >= (0.8 if finished else 0.6) * width

    def _paragraph_level(self, line: SourceLine) -> int:
        if self._indented or (self._open and line.indent > self._open[-1].indent):
            while self._open and line.indent <= self._open[-1].indent:
                self._open.pop()
        else:
            self._open.clear()
        return len(self._open)

    def _level(self, marker: _Marker, indent: int) -> int:
        if self._indented:
            while self._open and indent < self._open[-1].indent - 1:
                self._open.pop()
            same = [o for o in self._open if abs(o.indent - indent) <= 1]
            kinds = [o.kind for o in same]
            if marker.kind in kinds:
                while self._open[-1].kind != marker.kind or abs(self._open[-1].indent - indent) > 1:
                    self._open.pop()
                self._open[-1].value = marker.value
                return len(self._open)
        else:
            kinds = [o.kind for o in self._open]
            if marker.kind in kinds:
                del self._open[kinds.index(marker.kind) + 1 :]
                self._open[-1].value = marker.value
                return len(self._open)
        self._open.append(_Open(marker.kind, indent, marker.value))
        return len(self._open)

    def _marker(self, line: SourceLine, text: str) -> _Marker | None:
        if _LONE.fullmatch(text):
            return _Marker(text, text, 0, "")
        if match := _BULLET.fullmatch(text):
            if match["tight"] and (match["mark"] not in "-–•·*" or self._in_sentence(line)):
                return None
            return _Marker(match["mark"], match["mark"], 0, match["rest"] or match["tight"])
        if not (match := _ORDERED.fullmatch(text)):
            return None
        value, closing = match["value"] or match["mark"], match["mark"][-1]
        rest = match["rest"]
        if closing.isdigit() and starts_lower(rest):
            return None  # "27.1 kl 12.10" is a day
        found = self._ordered(value, closing, match["mark"])
        if found is None:
            return None
        kind, number = found
        known = next((o for o in reversed(self._open) if o.kind == kind), None)
        # "2. luokan oppilaat" is no list, unless the layout sets it off as one.
        set_off = (line.new_paragraph or line.indent) and not starts_lower(rest)
        if known is None and number != 1 and not (set_off and value.isdigit()):
            return None
        if known is not None and number != 1 and not known.value < number <= known.value + 3:
            return None
        if (
            starts_lower(rest)
            and self._in_sentence(line)
            and number != (known.value + 1 if known else 0)
        ):
            return None
        return _Marker(match["mark"], kind, number, rest)

    def _in_sentence(self, line: SourceLine) -> bool:
        """Whether this line may only go on with the sentence of the line before."""
        if self._last is None or line.new_paragraph or not self.lines:
            return False
        length = len(self._last.text) + self._last.indent
        return (
            self._source.wrapped
            and not ends_sentence(self._pieces[-1])
            and length > 0.75 * self._source.width
        )

    def _ordered(self, value: str, closing: str, mark: str) -> tuple[str, int] | None:
        opening = "(" if mark.startswith("(") else ""
        if value.isdigit():
            return f"{opening}1{closing}", int(value)
        if value[0].isdigit():
            pieces = value.split(".")
            return f"1.{len(pieces)}", int(pieces[-1])
        case = "A" if value.isupper() else "a"
        letter, roman = (
            f"{opening}{case}{closing}",
            f"{opening}{'I' if case == 'A' else 'i'}{closing}",
        )
        if len(value) > 1 and not (value.islower() or value.isupper()):
            return None
        romans = _roman(value.lower())
        letters = ord(value.lower()) - ord("a") + 1 if len(value) == 1 else None
        for open_list in reversed(self._open):
            if open_list.kind == letter and letters == open_list.value + 1:
                return letter, letters
            if open_list.kind == roman and romans == open_list.value + 1:
                return roman, romans
        if romans == 1:
            return roman, 1
        if letters == 1:
            # "A. Virtanen" is a name unless a "B." follows.
            if case == "A" and "B" not in self._letters:
                return None
            return letter, 1
        if romans is not None and any(open_list.kind == roman for open_list in self._open):
            return roman, romans
        return None


def starts_with_label(text: str) -> bool:
    """Whether a line begins with a label of minutes: "Päätös:", "Ansvarig:", "Action (JD):"."""
    head, colon, _ = text[:60].partition(":")
    if not colon:
        return text.strip(" .").casefold() in INNER_LABELS
    return re.sub(r"\s*\([^)]*\)$", "", head.strip()).casefold() in INNER_LABELS


def _roman(text: str) -> int | None:
    """The value of a roman number up to 39 and some, as lists use them."""
    total = 0
    for character, following in zip(text, [*text[1:], ""], strict=True):
        if character not in _ROMAN:
            return None
        value = _ROMAN[character]
        total += -value if _ROMAN.get(following, 0) > value else value
    return total
