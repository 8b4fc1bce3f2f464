"""Laws of reading: no line is lost, and none lands in an item that it does not belong to.

Minutes are made with known items and lines, written out in several layouts, and read back.
"""

import contextlib
import textwrap
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.importing import ImportProblem, Place, Reading, read_minutes

HEADER = """Koulupolun vanhempainyhdistyksen hallituksen kokous

Aika: 14.11.2024 klo 17.30–19.00
Paikka: Koulun ruokala

Läsnä: Aarni Pohjonen (pj), Veera Lampi (sihteeri), Otso Kuusela

"""
WORDS = (
    "retki talkoot myyjäiset kahvio piha liikunta kirjasto lukuviikko iltapäivä kevätjuhla bussi"
    " kuljetus ruokailu turvallisuus kiusaaminen viihtyvyys hankinta polku metsä teltta"
).split()
MARKERS = (("•", "o", "-"), ("a.", "i.", "1."), ("-", "•", "o"), ("1)", "a)", "-"))
LAST_WORDS = (
    "Lopuksi puheenjohtaja kiitti kaikkia vilkkaasta keskustelusta ja toivotti " * 3 + "hyvää."
)
HEADINGS = (
    "{n}) {t}",
    "{n}. {t}",
    "§ {n} {t}",
    "{n} § {t}",
    "Kohta {n} {t}",
    "{n} {t}",
    "{n}.  {t}:",
)


@dataclass(frozen=True)
class Planned:
    """A line as planned: its depth (0 is a paragraph) and its words, one of them its own."""

    level: int
    words: str


@dataclass(frozen=True)
class PlannedItem:
    title: str
    lines: tuple[Planned, ...]


@st.composite
def _items(draw: st.DrawFn) -> list[PlannedItem]:
    count = 0

    def words(most: int) -> str:
        nonlocal count
        count += 1
        chosen = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=most))
        return f"{chosen[0].capitalize()} k{count}x {' '.join(chosen[1:])}"

    items = []
    for _ in range(draw(st.integers(1, 5))):
        title = words(4)
        lines: list[Planned] = []
        for _ in range(draw(st.integers(0, 6))):
            deepest = min(3, (lines[-1].level if lines else 0) + 1)
            level = draw(st.integers(0, deepest))
            text = words(18)
            lines.append(Planned(level, f"{text}." if level == 0 else text))
        items.append(PlannedItem(title, tuple(lines)))
    return items


def _marker(kinds: tuple[str, ...], level: int, place: int) -> str:
    kind = kinds[level - 1]
    if kind[0] == "1":
        return f"{place}{kind[1]}"
    if kind[0] == "a":
        return f"{'abcdefg'[place - 1]}{kind[1]}"
    if kind == "i.":
        return f"{('i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii')[place - 1]}."
    return kind


@dataclass(frozen=True)
class Layout:
    """How minutes are written out."""

    heading: str
    markers: tuple[str, ...]
    indent: int  # columns per level
    wrap: int | None
    spacing: int  # empty lines after every line; paragraphs get two more
    page_every: int | None  # lines of a page, with a header and a page number
    links: bool  # pages end with the addresses of their links

    def write(self, items: list[PlannedItem]) -> tuple[str, list[tuple[int, str | None, str]]]:
        """The text, and (level, marker, words) of all lines in order."""
        paragraphs: list[list[str]] = []
        lines: list[tuple[int, str | None, str]] = []
        for number, item in enumerate(items, 1):
            paragraphs.append([self.heading.format(n=number, t=item.title)])
            places = [0, 0, 0, 0]
            for line in item.lines:
                places[line.level] += 1
                places[line.level + 1 :] = [0] * (3 - line.level)
                if line.level == 0:
                    places = [0, 0, 0, 0]
                    marker, written = None, line.words
                else:
                    marker = _marker(self.markers, line.level, places[line.level])
                    written = f"{marker} {line.words}"
                lines.append((line.level, marker, line.words))
                left = " " * (self.indent * line.level)
                hanging = left + " " * (2 if self.indent and marker else 0)
                wrapped = (
                    textwrap.wrap(
                        written,
                        self.wrap,
                        initial_indent=left,
                        subsequent_indent=hanging,
                        break_long_words=False,
                        break_on_hyphens=False,
                    )
                    if self.wrap
                    else [left + written]
                )
                if line.level == 0 or line is item.lines[0]:
                    paragraphs.append(wrapped)
                else:
                    paragraphs[-1] += wrapped
        return self._paged(paragraphs), lines

    def _paged(self, paragraphs: list[list[str]]) -> str:
        if self.spacing and self.wrap:
            # Empty lines everywhere can be told only where sentences go on over them.
            paragraphs = [*paragraphs, textwrap.wrap(LAST_WORDS, self.wrap)]
        written: list[str] = []
        since = page = 0
        for paragraph in paragraphs:
            for at, line in enumerate(paragraph):
                if self.page_every and since >= self.page_every and at > 0:
                    since, page = 0, page + 1
                    written += [""] if self.links else []
                    if self.links:
                        written += [f"https://esimerkki.example/sivu/{page}", ""]
                    else:
                        written += ["", "Vanhempainyhdistys", f"{page} (9)", ""]
                written += [line, *[""] * self.spacing]
                since += 1
            written += ["", ""] if self.spacing else [""]
        return HEADER + "\n".join(written)


LAYOUTS = st.builds(
    Layout,
    heading=st.sampled_from(HEADINGS),
    markers=st.sampled_from(MARKERS),
    indent=st.sampled_from([0, 3, 4]),
    wrap=st.sampled_from([None, 58, 72]),
    spacing=st.sampled_from([0, 0, 1]),
    page_every=st.sampled_from([None, 6, 11]),
    links=st.booleans(),
).filter(
    # Nobody could tell "2) Retki", the second item, from the second of a list "1) …" before it.
    lambda layout: layout.indent or ")" not in layout.heading or layout.markers[0] != "1)"
)
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=120)


def _marks(text: str) -> list[str]:
    return [word for word in text.replace(".", " ").split() if word[0] == "k" and word[-1] == "x"]


def _assert_nothing_lost(reading: Reading) -> None:
    """Every line with text has a place, and what went into an item stands there as written."""
    assert [number for number, text in enumerate(reading.source, 1) if text.strip()] == sorted(
        number for number in reading.placements if reading.source[number - 1].strip()
    )
    for number, placement in reading.placements.items():
        written = "".join(reading.source[number - 1].split())
        if placement.place is Place.ITEM_LINE:
            assert placement.item is not None
            assert placement.line is not None
            line = reading.agenda[placement.item].lines[placement.line]
            assert number in line.sources
            assert written in "".join(f"{line.marker or ''}{line.text}".split())
        elif placement.place in (Place.OUTSIDE, Place.FURNITURE):
            assert any(number in doubt.lines for doubt in reading.doubts)


@QUIET
@given(_items(), LAYOUTS)
def test_every_line_is_read_into_its_own_item(items: list[PlannedItem], layout: Layout) -> None:
    text, _ = layout.write(items)
    reading = read_minutes(text)
    _assert_nothing_lost(reading)
    assert [_marks(item.title) for item in reading.agenda] == [_marks(i.title) for i in items]
    assert [item.number for item in reading.agenda] == [str(n + 1) for n in range(len(items))]
    for item, planned in zip(reading.agenda, items, strict=True):
        found = [mark for line in item.lines for mark in _marks(line.text)]
        assert found == [mark for line in planned.lines for mark in _marks(line.words)]


@QUIET
@given(_items(), LAYOUTS)
def test_list_items_keep_level_marker_and_words(items: list[PlannedItem], layout: Layout) -> None:
    text, lines = layout.write(items)
    reading = read_minutes(text)
    found = [
        (line.level, line.marker, line.text)
        for item in reading.agenda
        for line in item.lines
        if line.level
    ]
    assert found == [line for line in lines if line[0]]


@QUIET
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\v"), max_size=90)))
def test_nothing_is_lost_of_any_text(lines: list[str]) -> None:
    reading = read_minutes(HEADER + "1. Avaus\n\nKokous avattiin.\n\n" + "\n".join(lines))
    for number, text in enumerate(reading.source, 1):
        if any(character.isalnum() for character in text):
            assert number in reading.placements
    for number, placement in reading.placements.items():
        if placement.place is Place.ITEM_LINE:
            assert placement.item is not None
            assert placement.line is not None
            assert number in reading.agenda[placement.item].lines[placement.line].sources


PIECES = st.sampled_from(
    [
        "Läsnä: ", "Etänä: Veera Lampi (",
        "Aarni", "Pohjonen", ", ", "(", ")", "1. ", "2) ", "§ 3 ",
        "• ", "o ", "a. ", "i. ", "- ", "Sovittiin, että ", "Veera toimittaa ", "3.12. mennessä",
        "https://esimerkki.example/a", "\n", "\n\n", "\n \n\n", "Seuraava kokous: ", "12.12.2024 ",
        "Päätös:", "Vastuu: VL",
        "Sivu 2 (4)", "2 (4)", "Kokous päättyi klo 19.", "    ", "\t", "\f",
        "Liitteet", "esi-", "ja ", "TH", "klo 13–15", "Muistion laati", "Kohta 4", "2.1 Bussi", "…",
    ]
)  # fmt: skip


@settings(QUIET, max_examples=300)
@given(st.lists(PIECES, max_size=60))
def test_pieces_of_minutes_in_any_order_are_read_without_loss(pieces: list[str]) -> None:
    text = HEADER + "".join(pieces)
    reading = read_minutes(text)
    assert read_minutes(text).as_dict() == reading.as_dict()
    for number, line in enumerate(reading.source, 1):
        if any(character.isalnum() for character in line):
            assert number in reading.placements


@QUIET
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ImportProblem):
        _assert_nothing_lost(read_minutes(text))
