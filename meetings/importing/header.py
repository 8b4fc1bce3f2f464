"""The top of the minutes: title, time, place, chair, secretary, and who was there."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import pairwise

from meetings.importing.blocks import ATTENDANCE, Block
from meetings.importing.dates import WEEKDAY, find_dates, find_times, without
from meetings.importing.headings import join
from meetings.importing.kinds import is_number, kind_in, number_in
from meetings.importing.people import Entry
from meetings.importing.reading import Doubt, DoubtReason, Kind, Mode, Place
from meetings.importing.source import (
    ENDS_WITH_PAGE,
    Source,
    SourceLine,
    ends_sentence,
    starts_lower,
)
from meetings.importing.titles import body_of, undated
from meetings.importing.vocabulary import (
    BARE_DOCUMENT,
    BODY_WORDS,
    DOCUMENT_WORDS,
    Label,
)

_SEPARATORS = " \t,;.:/|–—-"
_TIME_WORDS = re.compile(
    rf"\b(?:klo|kello|kl\.?|at|on|from|den|{WEEKDAY}|ma|ti|ke|to|pe|la|su|o'clock)\b\.?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s+(?:nro|nr|no\.?)?\s*\d{1,3}\s?/\s?\d{2,4}$", re.IGNORECASE)
_REMOTE_PLACE = re.compile(
    r"teams|zoom|google meet|webex|skype|etänä|etäkokous|etäyhteydellä|verkkokokous|online|virtual"
    r"|distansmöte|på distans|webbmöte|remote|video",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Leader:
    """Chair or secretary, named on a line of their own; `role` is that line's label."""

    label: Label
    role: str
    entry: Entry


@dataclass(slots=True)
class Header:
    """What the top of the minutes says."""

    title: str | None = None
    body: str | None = None
    number: str | None = None
    kind: Kind | None = None
    date: datetime.date | None = None
    start: datetime.time | None = None
    end: datetime.time | None = None
    place: str | None = None
    chair: str | None = None
    secretary: str | None = None
    entries: list[Entry] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)
    placed: dict[int, Place] = field(default_factory=dict)  # by position
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def is_remote(self) -> bool:
        """Whether the place is a remote connection and nothing else."""
        if not self.place or not _REMOTE_PLACE.search(self.place):
            return False
        rest = _REMOTE_PLACE.sub("", self.place)
        words = re.findall(r"[^\W\d_]{3,}", rest)
        return not any(word[0].isupper() for word in words)


def read_header(source: Source, blocks: list[Block], first_item: int, language: str) -> Header:
    """Read what stands before the first item."""
    header = Header()
    lines = source.lines
    covered: set[int] = set()
    for block in blocks:
        if block.first >= first_item:
            break
        covered.update(range(block.first, block.last + 1))
        _read_block(header, block, lines)
    free = [index for index in range(first_item) if index not in covered]
    named = [lines[index].text for index in free]
    named += [header.title or "", header.body or ""]
    header.number = next(filter(None, map(number_in, named)), None)
    header.kind = next(filter(None, map(kind_in, named)), None)
    _read_free(header, lines, free, language)
    return header


def _read_block(header: Header, block: Block, lines: list[SourceLine]) -> None:
    value = block.value
    place: Place = Place.OUTSIDE
    if block.label in ATTENDANCE:
        mode = {
            Label.PRESENT: Mode.IN_PERSON,
            Label.PARTICIPANTS: Mode.UNSPECIFIED,
            Label.REMOTE: Mode.REMOTE,
            Label.ABSENT: Mode.ABSENT,
        }[block.label]
        if block.label is Label.REMOTE and "://" in value:
            place = Place.PLACE
        else:
            header.entries += [Entry(text, number, mode) for text, number in block.pieces if text]
            place = Place.ATTENDANCE
    elif block.label in (Label.TIME, Label.TIME_AND_PLACE):
        rest = _take_time(header, value)
        if block.label is Label.TIME_AND_PLACE or (rest and not header.place and len(rest) > 3):
            header.place = header.place or rest or None
        place = Place.TIME
    elif block.label is Label.PLACE:
        rest = _take_time(header, value) if header.date is None and find_dates(value) else value
        header.place = " ".join(rest.split()).strip(_SEPARATORS) or header.place
        place = Place.PLACE
    elif block.label in (Label.CHAIR, Label.SECRETARY):
        header.leaders += leaders_of(block, Mode.UNSPECIFIED)
        place = Place.CHAIR if block.label is Label.CHAIR else Place.SECRETARY
    elif block.label is Label.BODY:
        header.body = value or header.body
        place = Place.BODY
    elif block.label is Label.TITLE:
        header.title = value or header.title
        place = Place.TITLE
    elif block.label is Label.AGENDA:
        place = Place.CONTENTS
    elif block.label is Label.NEXT_MEETING:
        place = Place.NEXT_MEETING
    for index in range(block.first, block.last + 1):
        header.placed.setdefault(index, place)
    if place is Place.OUTSIDE:
        header.doubts.append(outside(lines[block.first : block.last + 1]))


def leaders_of(block: Block, mode: Mode) -> list[Leader]:
    """Those whom a line like "Puheenjohtaja: …" names."""
    return [
        Leader(block.label, block.words.strip(" :"), Entry(text, number, mode))
        for text, number in block.pieces
        if text
    ]


def _take_time(header: Header, value: str) -> str:
    """Take day and clock times out of a value; what is left is the place, if anything."""
    dates = find_dates(value)
    if dates and header.date is None:
        header.date = dates[0].resolved(None)
    rest = without(value, dates)
    times = find_times(rest, bare_hours=True)
    if times and header.start is None:
        header.start, header.end = times[0].first, times[0].last
        if header.end is None and len(times) > 1:
            header.end = times[1].last or times[1].first
    rest = without(rest, times)
    if dates or times:
        rest = _TIME_WORDS.sub(" ", rest) if not re.search(r"[^\W\d]{9,}", rest) else rest
    return re.sub(r"\(\s*\)", "", " ".join(rest.split())).strip(_SEPARATORS)


def _read_free(header: Header, lines: list[SourceLine], free: list[int], language: str) -> None:
    """Title, body and day among the lines that have no label."""
    texts: list[tuple[str, list[int]]] = []
    for index in free:
        line = lines[index]
        if read_columns(header, texts, index, line):
            continue
        if is_number(line.text):
            header.placed[index] = Place.NUMBER
            continue
        dates = find_dates(line.text)
        rest = without(line.text, dates)
        times = find_times(rest, bare_hours=bool(dates))
        words = re.findall(r"[^\W\d_]{3,}", _TIME_WORDS.sub(" ", without(rest, times)))
        if (dates or times) and not ends_sentence(line.text.rstrip(".")):
            before = header.date
            if dates:
                header.date = header.date or dates[0].resolved(None)
            if times and header.start is None and (dates or len(words) < 6):
                header.start, header.end = times[0].first, times[0].last
            if not words:
                header.placed[index] = Place.DATE
                continue
            if dates and times and header.place is None:
                header.place = _place_after(line.text, max(dates[-1].end, times[-1].end))
                opening = line.text[: min(dates[0].start, times[0].start)]
                if header.place and not re.search(r"[^\W\d_]{3,}", _TIME_WORDS.sub("", opening)):
                    header.placed[index] = Place.DATE
                    continue
            short = before is None and dates and times and len(words) < 6
            if short and not DOCUMENT_WORDS.search(line.text):
                header.place = header.place or _place_beside(without(rest, times))
                header.placed[index] = Place.DATE
                continue
        if header.place is None and len(line.text) < 40 and _REMOTE_PLACE.match(line.text):
            header.place = line.text
            header.placed[index] = Place.PLACE
            continue
        if texts and texts[-1][1][-1] == index - 1 and _goes_on(lines[index - 1], line):
            texts[-1] = (join(texts[-1][0], line.text), [*texts[-1][1], index])
        else:
            texts.append((" ".join(line.text.lstrip("# ").split()), [index]))
    _choose_title(header, texts, language)
    left = [(text, at) for text, at in texts if at[0] not in header.placed]
    group: list[int] = []
    for _, at in left:
        if group and at[0] != group[-1] + 1:
            header.doubts.append(outside([lines[index] for index in group]))
            group = []
        group += at
        for index in at:
            header.placed[index] = Place.OUTSIDE
    if group:
        header.doubts.append(outside([lines[index] for index in group]))


def _place_beside(text: str) -> str | None:
    """The place on a line of day and time: "Omnia 22.10.2024", "Held on … at the Theatre"."""
    if match := re.search(r"\b(?:at|in|i|på)\s+(?:the\s+)?([A-ZÅÄÖ][^,;()]{2,50})", text):
        return match[1].strip()
    return strip_time_words(text) or None


def _place_after(text: str, end: int) -> str | None:
    """ "… 12 March 2024 at 7:30 pm in the Village Hall": the place that follows day and time."""
    match = re.match(
        r"(?:,\s*|\s+)(?:(?:in|at)\s(?:the\s)?|i\s|på\s|paikka:?\s)?(?P<place>[^,.;:]{3,60}(?:,\s[^.;:]{3,40})?)$",
        text[end:].rstrip("."),
    )
    return match["place"].strip() if match and not find_times(match["place"]) else None


def read_columns(
    header: Header, texts: list[tuple[str, list[int]]], index: int, line: SourceLine
) -> bool:
    """A letterhead in columns: "Kunta   PÖYTÄKIRJA 5/2024   1 (4)"."""
    text = ENDS_WITH_PAGE.sub("", line.text)
    columns = [piece.strip() for piece in re.split(r"\t+|\s{3,}", text) if piece.strip()]
    if len(columns) < 2 and text == line.text:
        return False
    for column in columns:
        dates = find_dates(column)
        if dates and not re.search(r"[^\W\d_]{3,}", without(column, dates)):
            header.date = header.date or dates[0].resolved(None)
        elif not is_number(column):
            texts.append((column, [index]))
    header.placed.setdefault(index, Place.BODY)
    return True


def _goes_on(before: SourceLine, line: SourceLine) -> bool:
    return not line.new_paragraph and starts_lower(line.text) and not ends_sentence(before.text)


def _choose_title(header: Header, texts: list[tuple[str, list[int]]], language: str) -> None:
    early = [(text, at) for text, at in texts[:8] if len(text) <= 200 and not text.endswith(".")]
    named = [entry for entry in early if DOCUMENT_WORDS.search(entry[0])]
    rich = [entry for entry in named if not BARE_DOCUMENT.fullmatch(undated(entry[0]))]
    bodies = [
        entry
        for entry in early
        if BODY_WORDS.search(entry[0]) and not DOCUMENT_WORDS.search(entry[0])
    ]
    if header.title is None:
        # "Muistio" alone is no title where something else can be one.
        numbered = [entry for entry in named if any(map(str.isdigit, undated(entry[0])))]
        others = bodies or [entry for entry in early if entry not in named]
        if numbered and not rich and not bodies:  # "Protokoll 3/2023", then what it is about
            rich = [entry for entry in others if entry[1] > numbered[0][1]]
        chosen = next(iter(rich or numbered or (others if named else early) or named), None)
        if chosen:
            header.title = chosen[0]
            for index in chosen[1]:
                header.placed[index] = Place.TITLE
    if header.body is None:
        entry = next((entry for entry in bodies if entry[0] != header.title), None)
        entry = entry or _above(early, named)
        if entry and entry[0] != header.title:
            header.body = entry[0]
            for index in entry[1]:
                header.placed.setdefault(index, Place.BODY)
        elif header.title:
            plain = BODY_WORDS.search(header.title) and not DOCUMENT_WORDS.search(header.title)
            header.body = header.title if plain else body_of(header.title, language)
        if header.body:
            header.body = _NUMBER.sub("", header.body)
    for text, at in named:
        if BARE_DOCUMENT.fullmatch(undated(text)):
            for index in at:
                header.placed.setdefault(index, Place.TITLE)


def _above(
    early: list[tuple[str, list[int]]], named: list[tuple[str, list[int]]]
) -> tuple[str, list[int]] | None:
    """What stands right above "Protokoll 3/2023": whose minutes they are."""
    for before, entry in pairwise(early):
        if entry in named and BARE_DOCUMENT.fullmatch(undated(entry[0])):
            return before if before not in named else None
    return None


def date_in_text(lines: list[SourceLine]) -> tuple[datetime.date, Doubt] | None:
    """The day from the running text, where the top has none, with a doubt about it."""
    for line in lines[:60]:
        for found in find_dates(line.text):
            if found.year and (day := found.resolved(None)):
                detail = {"dates": [day.isoformat()]}
                numbers = (line.number,)
                return day, Doubt(DoubtReason.DATE_UNCLEAR, line.number, line.text, numbers, detail)
    return None


def outside(lines: list[SourceLine]) -> Doubt:
    """The doubt about lines that belong to no item and to no field."""
    return Doubt(
        DoubtReason.OUTSIDE_ITEMS,
        lines[0].number,
        "\n".join(line.text for line in lines),
        tuple(line.number for line in lines),
    )


def strip_time_words(text: str) -> str:
    """A text from which day and time were blanked out, without the words that went with them."""
    return " ".join(_TIME_WORDS.sub(" ", text).split()).strip(_SEPARATORS)
