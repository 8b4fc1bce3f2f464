"""Addresses: those inside the text, and bare ones that a page's end put in its way.

A PDF's links come out of it as bare addresses at the end of their page. Each is given back to the
words it stood on, which its own words tell: those of its path, its site, or "linkki", "täältä".
"""

import re
from collections import defaultdict
from functools import cached_property

from core import finnish
from meetings.importing.reading import (
    AgendaItem,
    Alternative,
    Doubt,
    DoubtReason,
    Line,
    Link,
    Place,
    Placement,
)
from meetings.importing.source import URL, Source, clean_url

_WORD = re.compile(r"[^\W_]+")
_HINT_WORDS = frozenset(
    "linkki linkit linkin täältä tästä tänne täällä tässä ks katso ohessa länk länken här härifrån"
    " se link here see".split()
)
_BRACKETED_HINT = re.compile(
    r"\(([^()]{0,60}\b(?:linkki|linkit|linkin|länk|länken|link|links)\b[^()]{0,80})\)",
    re.IGNORECASE,
)
_HINT_BEFORE = re.compile(
    r"(?:\b(?:ks|katso|täältä|tästä|tänne|täällä|see|se|här|here|linkki|länk|link)\b[.:]?|:)\s+$",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s[|–—-]\s(?P<site>[^|]{2,80})$")
_FOLD = str.maketrans("åäöéüøæ", "aaoeuoa")
_NOISE = frozenset(
    "https http www fi sv en com org net pdf html htm php aspx wp content uploads index files"
    " documents download eu se ja och and the".split()
)
# How far back a page's label may stand, in lines of the minutes.
_REACH = 400


class _Spot:
    """A line of an item as a place for a label; what it says is looked at when it is needed."""

    def __init__(self, item: int, words: Line, language: str) -> None:
        self.item = item
        self.words = words
        self._language = language

    @cached_property
    def stems(self) -> set[str]:
        return _stems(self.words.text, self._language)

    @cached_property
    def tokens(self) -> list[tuple[str, int, int]]:
        """The words as they would stand in an address, and where they begin and end."""
        return [
            (match[0].casefold().translate(_FOLD), match.start(), match.end())
            for match in _WORD.finditer(self.words.text[:4000])
        ]

    @cached_property
    def hint(self) -> float:
        """How much the line's words point to an address, whichever it is."""
        bracket = 0.7 if _BRACKETED_HINT.search(self.words.text) else 0.0
        return bracket + (0.0 if _HINT_WORDS.isdisjoint(self.stems) else 0.9)

    @cached_property
    def site(self) -> str | None:
        found = _SITE.search(self.words.text)
        return found["site"] if found else None


class LinkReader:
    """Collects the links of a text."""

    def __init__(self, source: Source, agenda: list[AgendaItem], language: str) -> None:
        self.links: dict[str, Link] = {}
        self.doubts: list[Doubt] = []
        self._source = source
        self._language = language
        self._spots = [
            _Spot(item, line, language) for item, entry in enumerate(agenda) for line in entry.lines
        ]

    def read(self, placements: dict[int, Placement]) -> None:
        """Read the links inside the text, then give the bare ones back to their words."""
        for spot in self._spots:
            if "://" in spot.words.text or "www." in spot.words.text.lower():
                self._read_inside(spot)
        first = 0  # the first spot of the page
        for block in self._source.urls:
            last_number = self._source.lines[block.before - 1].number if block.before else 0
            end = first
            while end < len(self._spots) and self._spots[end].words.sources[0] <= last_number:
                end += 1
            self._read_block(block.urls, self._spots[max(first, end - _REACH) : end], last_number)
            for numbers in block.urls.values():
                for number in numbers:
                    placements[number] = Placement(Place.LINK)
            # A paragraph that goes on after the block belongs to the next page too.
            first = max(0, end - 1)

    def _read_inside(self, spot: _Spot) -> None:
        text = spot.words.text
        for match in URL.finditer(text):
            url = clean_url(match[0])
            label = _label_before(text[max(0, match.start() - 200) : match.start()])
            number = self._line_of(spot.words, match[0][:20])
            self._add(url, label, spot.item, number, [number])

    def _line_of(self, line: Line, words: str) -> int:
        """The source line on which some words of a line begin."""
        for number in line.sources:
            if words in self._source.raw[number - 1]:
                return number
        return line.sources[0]

    def _add(self, url: str, label: str | None, item: int | None, line: int, at: list[int]) -> None:
        if url in self.links:
            self.links[url].sources += at
        else:
            self.links[url] = Link(url, label, item, line, list(at))

    def _read_block(self, urls: dict[str, list[int]], spots: list[_Spot], last_number: int) -> None:
        by_word: dict[str, list[int]] = defaultdict(list)
        if urls.keys() <= self.links.keys():
            spots = []  # nothing to look for
        for at, spot in enumerate(spots):
            for word in spot.stems:
                by_word[word].append(at)
        floor = 0
        for url, numbers in urls.items():
            if url in self.links:
                self.links[url].sources += numbers
                continue
            best = self._best_spot(url, spots, by_word, floor)
            label: str | None = None
            if best is not None:
                floor, spot = best, spots[best]
                label, start = _label_in(spot, url)
                number = self._line_of_offset(spot.words, start)
                self._add(url, label, spot.item, number, numbers)
            elif spots:
                number = spots[-1].words.sources[-1]
                self._add(url, None, spots[-1].item, number, numbers)
            else:
                number = numbers[0]
                self._add(url, None, None, number, numbers)
            self.doubts.append(
                Doubt(
                    DoubtReason.INTERRUPTING_LINK if label else DoubtReason.LINK_WITHOUT_LABEL,
                    numbers[0],
                    url,
                    tuple(numbers),
                    {"url": url, "label": label, "to": number},
                    _other_spots(spots, number),
                )
            )

    def _best_spot(
        self, url: str, spots: list[_Spot], by_word: dict[str, list[int]], floor: int
    ) -> int | None:
        """The line whose words an address shares most; addresses stand in the order of labels."""
        scores: dict[int, float] = defaultdict(float)
        path = _url_words(url)
        stems = {stem for word in path for stem in _stems(word, self._language)}
        for stem in stems:
            places = by_word.get(stem, [])
            for at in places[:60]:
                # A word that few lines have says more.
                scores[at] += 1.0 / min(4, len(places)) + 0.25
        for hint in _HINT_WORDS:
            for at in by_word.get(hint, [])[-60:]:
                scores.setdefault(at, 0.0)
        for at in scores:
            spot = spots[at]
            scores[at] += spot.hint
            if spot.site and _site_fits(spot.site, url):
                scores[at] += 1.5
        ahead = {at: score for at, score in scores.items() if at >= floor} or scores
        if not ahead:
            return None
        best = max(ahead.values())
        return min(at for at, score in ahead.items() if score == best) if best >= 0.75 else None

    def _line_of_offset(self, line: Line, offset: int) -> int:
        """The source line on which the character at `offset` of a line's text stands."""
        position = -len(line.marker) - 1 if line.marker else 0
        for number in line.sources:
            words = " ".join(self._source.raw[number - 1].split())
            position += len(words) + (not words.endswith("-"))
            if offset < position:
                return number
        return line.sources[-1]


def _other_spots(spots: list[_Spot], number: int) -> tuple[Alternative, ...]:
    near = [spot for spot in spots[-12:] if number not in spot.words.sources]
    return tuple(Alternative("link.line", spot.words.sources[0]) for spot in near[-3:])


def _label_before(text: str) -> str | None:
    """The words an address follows: "Opas: https://…", "[Opas](https://…", "opas (https://…"."""
    text = text.rstrip()
    if match := re.search(r"\[([^\[\]]{1,120})\]\($", text):
        return match[1]
    text = text.rstrip(" <(:[–—-")
    text = re.split(r"(?<=[.!?;])\s+|https?://\S+", text)[-1].strip()
    words = text.split()
    while words and words[-1].strip(" ,:.").casefold() in _HINT_WORDS and len(words) > 1:
        words.pop()
    label = " ".join(words[-8:]).strip(" ,")
    return label or None


def _label_in(spot: _Spot, url: str) -> tuple[str | None, int]:
    """The words of a line that an address stood on, and where they begin."""
    text = spot.words.text
    if match := _BRACKETED_HINT.search(text):
        return match[1], match.start(1)
    site = _SITE.search(text)
    run = _longest_run(spot.tokens, url)
    if site and (run is None or run[1] <= site.start() or _site_fits(site["site"], url)):
        start = run[0] if run and (run[2] > 1 or run[0] < site.start()) else None
        if start is None or not _opens_label(text, start):
            start = _label_start(text, site.start())
        return text[start:].strip(), start
    if run and (run[2] > 1 or run[1] - run[0] > 6):
        return text[run[0] : run[1]], run[0]
    for match in re.finditer(r"\w+", text):
        if match[0].casefold() in _HINT_WORDS and match[0].casefold() not in ("se", "ks", "see"):
            return match[0], match.start()
    if run:
        return text[run[0] : run[1]], run[0]
    return None, 0


def _opens_label(text: str, start: int) -> bool:
    """Whether a title may begin here: a capital letter, or after a hint or the line's start."""
    return start == 0 or text[start].isupper() or bool(_HINT_BEFORE.search(text[:start]))


def _label_start(text: str, end: int) -> int:
    """Where a page's title begins that ends before `end`: after a sentence, a colon, "ks."."""
    start = 0
    for match in re.finditer(
        r"(?:[.!?:]|\b(?:ks|katso|täältä|tästä|tänne|see|se|här|here)\b[.:]?)\s+(?=\S)",
        text[:end],
        re.IGNORECASE,
    ):
        start = match.end()
    return start


def _longest_run(tokens: list[tuple[str, int, int]], url: str) -> tuple[int, int, int] | None:
    """The longest run of words that follow each other in the address too.

    Returns where it begins and ends in the text, and how many words it has.
    """
    path = _url_words(url, noise=True)
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(path):
        places[word].append(at)
    best: tuple[int, int, int] | None = None
    open_runs: dict[int, tuple[int, int]] = {}  # end in the path → (start in text, words)
    for word, begin, end in tokens:
        if word not in places:
            open_runs = {}
            continue
        current: dict[int, tuple[int, int]] = {}
        for at in places.get(word, ()):
            start, count = open_runs.get(at - 1, (begin, 0))
            current[at] = (start, count + 1)
            if word in _NOISE and count == 0:
                continue
            if best is None or count + 1 > best[2]:
                best = (start, end, count + 1)
        open_runs = current
    return best


def _url_words(url: str, *, noise: bool = False) -> list[str]:
    words = [
        word.casefold().translate(_FOLD) for word in _WORD.findall(url[:500].replace("_", " "))
    ]
    return [word for word in words if noise or (word not in _NOISE and len(word) > 2)]


def _stems(text: str, language: str) -> set[str]:
    """The words of a text, as they stand in addresses: base forms, without dots over letters."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        lower = word.casefold()
        if len(lower) < 3 and lower not in _HINT_WORDS:
            continue
        found.add(lower.translate(_FOLD))
        if language != "fi" and len(lower) > 7:
            found.add(lower[:7].translate(_FOLD))  # past its endings
        if language == "fi" and len(lower) > 3:
            found.update(form.translate(_FOLD) for form in finnish.base_forms(lower))
    return found - _NOISE


def _site_fits(site: str, url: str) -> bool:
    """Whether a page title's last part names the address's site: "THL" and thl.fi."""
    host = re.sub(r"^https?://(?:www\.)?", "", url).split("/")[0].casefold()
    plain = [word.casefold().translate(_FOLD) for word in _WORD.findall(site)]
    if any(len(word) > 2 and word in host for word in plain):
        return True
    initials = "".join(word[0] for word in plain)
    return len(initials) > 2 and host.startswith(initials)
