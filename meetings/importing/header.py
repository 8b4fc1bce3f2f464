"""The top of the minutes: title, time, place, chair, secretary, and who was there."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core import finnish
from meetings.importing.dates import WEEKDAY, find_dates, find_times, without
from meetings.importing.headings import has_finite_verb, join
from meetings.importing.known import Known
from meetings.importing.people import Entry, Names, find_mode
from meetings.importing.reading import Doubt, DoubtReason, Mode, Place
from meetings.importing.source import (
    ENDS_WITH_PAGE,
    Source,
    SourceLine,
    ends_sentence,
    starts_list_item,
    starts_lower,
)
from meetings.importing.vocabulary import (
    BARE_DOCUMENT,
    BODY_WORDS,
    DOCUMENT_WORDS,
    Label,
    label_of,
)

ATTENDANCE = frozenset({Label.PRESENT, Label.PARTICIPANTS, Label.REMOTE, Label.ABSENT})
_LABEL = re.compile(
    r"(?:^(?P<first>[^\W\d_][^:;\t()]{0,44}?(?:\s?\([^):]{1,30}\))?)"
    r"|(?:[;,.)]\s{1,4}|\s{2,}|\t)(?P<later>[^\W\d_][^:;,.\t()]{0,30}?(?:\s?\([^):]{1,30}\))?))"
    r"\s?:(?=\s|$)"
)
_COLUMN_LABEL = re.compile(r"(?P<words>\S[^:\t]{0,44}?)(?:\t+|\s{2,})(?P<value>\S.*)")
# Tells names by their looks alone.
_LOOKS = Names(Known())
_SEPARATORS = " \t,;.:/|–—-"
_TIME_WORDS = re.compile(
    rf"\b(?:klo|kello|kl\.?|at|on|from|den|{WEEKDAY}|ma|ti|ke|to|pe|la|su|o'clock)\b\.?",
    re.IGNORECASE,
)
_NAME_COLUMN = re.compile(
    r"(?:nimi|osallistuja|jäsen|namn|deltagare|medlem|name|participant|member|attendee)",
    re.IGNORECASE,
)
_REMOTE_PLACE = re.compile(
    r"teams|zoom|google meet|webex|skype|etänä|etäkokous|etäyhteydellä|verkkokokous|online|virtual"
    r"|distansmöte|på distans|webbmöte|remote|video",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A label with its value, as they stand on one line; no label for what goes on before one."""

    label: Label | None
    words: str
    value: str


@dataclass(slots=True)
class Block:
    """A labelled stretch of lines: the positions it covers, and its label's value in pieces."""

    label: Label
    words: str
    first: int
    last: int
    pieces: list[tuple[str, int]] = field(default_factory=list)  # text, source line

    @property
    def value(self) -> str:
        text = ""
        for piece, _ in self.pieces:
            text = join(text, piece)
        return text.strip()


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


def segments(text: str, *, header: bool) -> list[Segment]:
    """A line cut at its labels; one segment without a label for a line that has none.

    In the header a label needs no colon: columns do, and before a date or a name a blank.
    """
    found: list[tuple[int, int, Label, str]] = []
    for match in _LABEL.finditer(text[:2000]):
        words = match["first"] or match["later"]
        label = label_of(words, colon=True)
        if label and (match["first"] or label in _INLINE):
            found.append((match.start(match.lastgroup or 0), match.end(), label, words))
    if found:
        result = []
        if found[0][0] > 0:
            result.append(Segment(None, "", text[: found[0][0]].strip()))
        ends = [start for start, *_ in found[1:]] + [len(text)]
        for (_, end, label, words), until in zip(found, ends, strict=True):
            result.append(Segment(label, words, text[end:until].strip()))
        return result
    if label := label_of(text):
        return [Segment(label, text, "")]
    if match := _COLUMN_LABEL.fullmatch(text):
        if label := label_of(match["words"]):
            return [Segment(label, match["words"], match["value"])]
    if header and (spaced := _spaced(text)):
        return [spaced]
    return [Segment(None, "", text)]


_INLINE = frozenset(
    {Label.PLACE, Label.TIME, Label.CHAIR, Label.SECRETARY, Label.PRESENT, Label.PARTICIPANTS,
     Label.REMOTE, Label.ABSENT}
)  # fmt: skip


def _spaced(text: str) -> Segment | None:
    """ "Aika 22.10.2024 klo 9", "Paikka Kaupungintalo": a label and a blank."""
    words = text.split()
    for count in (3, 2, 1):
        head, value = " ".join(words[:count]), " ".join(words[count:])
        label = label_of(head)
        if not label or not value:
            continue
        if label in (Label.TIME, Label.TIME_AND_PLACE):
            fits = bool(find_dates(value) or find_times(value, bare_hours=True))
        elif label in (Label.PLACE, Label.CHAIR, Label.SECRETARY, *ATTENDANCE):
            fits = (
                value[0].isupper() and not has_finite_verb(value, "fi") and not ends_sentence(text)
            )
            if label is not Label.PLACE:
                fits = fits and _LOOKS.starts_with_person(value)
        else:
            fits = False
        if fits:
            return Segment(label, head, value)
    return None


def find_blocks(source: Source, names: Names) -> list[Block]:
    """All labelled stretches: labels with what belongs to them, over the whole text."""
    blocks: list[Block] = []
    lines = source.lines
    index = 0
    in_header = True
    while index < len(lines):
        line = lines[index]
        if in_header and index > 80:
            in_header = False
        if table := _table_end(lines, index, names):
            pieces = [(lines[at].text, lines[at].number) for at in range(index + 1, table)]
            blocks.append(Block(Label.PARTICIPANTS, "", index, table - 1, pieces))
            index = table
            continue
        parts = segments(line.text, header=in_header)
        if parts[0].label is None and len(parts) == 1:
            index += 1
            continue
        made = [
            Block(part.label, part.words, index, index, [(part.value, line.number)])
            for part in parts
            if part.label
        ]
        end = index + 1
        if made[-1].label in ATTENDANCE:
            end = _attendance_end(lines, index, made[-1], names)
        else:
            end = _value_end(lines, index, made[-1])
        for further in range(index + 1, end):
            made[-1].pieces.append((lines[further].text, lines[further].number))
        made[-1].last = end - 1
        # "Etänä: …" in the middle of a running list belongs to that list.
        if parts[0].label is None and blocks and blocks[-1].last == index - 1:
            blocks[-1].pieces.append((parts[0].value, line.number))
            blocks[-1].last = index
        blocks += made
        index = end
    return blocks


def _table_end(lines: list[SourceLine], start: int, names: Names) -> int | None:
    """The position after a table of people: a row of column names, then rows that begin with one."""
    columns = re.split(r"\t+|\s{2,}|\s*\|\s*", lines[start].text.strip("| "))
    if len(columns) < 2 or not _NAME_COLUMN.fullmatch(columns[0].strip()):
        return None
    end = start + 1
    if end == len(lines) or not names.starts_with_person(lines[end].text.lstrip("| ")):
        return None
    while end < len(lines) and not (end > start + 1 and lines[end].new_paragraph):
        if len(re.split(r"\t+|\s{2,}|\s*\|\s*", lines[end].text.strip("| "))) < 2:
            break
        end += 1
    return end


def _attendance_end(lines: list[SourceLine], start: int, block: Block, names: Names) -> int:
    """The position after the last line of a list of attendance."""
    text = block.pieces[0][0]
    index = start + 1
    while index < len(lines):
        line = lines[index]
        parts = segments(line.text, header=False)
        if parts[0].label or len(parts) > 1:
            if parts[0].label is None and not line.new_paragraph and text.strip():
                return index
            break
        person = names.starts_with_person(line.text)
        empty = not text.strip(" -–")
        if line.new_paragraph and not line.interrupted:
            if not (person or (empty and _could_be_people(line.text, names))):
                break
            if starts_list_item(line.text) and not person:
                break
        elif not person:
            if starts_list_item(line.text) and not text.rstrip().endswith(","):
                break
            unfinished = text.rstrip().endswith((",", "(", "-", " ja", " och", " and"))
            unfinished = unfinished or text.count("(") > text.count(")")
            unfinished = unfinished or _ends_in_name_half(text, line.text)
            if not (unfinished or "(" in line.text or _could_be_people(line.text, names)):
                break
            if ends_sentence(line.text) and has_finite_verb(line.text, "fi"):
                break
        text = line.text
        index += 1
    return index


def _could_be_people(text: str, names: Names) -> bool:
    """Whether a line holds names further on, or first names, or columns."""
    fields = re.split(r"[,;\t(]|\s{2,}", text)
    return any(
        names.is_person(piece) or names.is_first_name(piece.strip()) for piece in fields
    ) or (find_mode(text) is not None)


def _ends_in_name_half(before: str, after: str) -> bool:
    last = re.split(r"[,;)]", before)[-1].strip()
    first = re.split(r"[,;(]", after)[0].strip()
    return (
        bool(last and first)
        and len(last.split()) == 1
        and len(first.split()) == 1
        and last[0].isupper()
        and first[0].isupper()
        and len(before) > 30
    )


def _value_end(lines: list[SourceLine], start: int, block: Block) -> int:
    """The position after the lines that go on with a label's value."""
    index = start + 1
    empty = not block.pieces[0][0]
    limit = 2 if empty else 3
    while index < len(lines) and index <= start + limit:
        line = lines[index]
        if segments(line.text, header=False)[0].label or starts_list_item(line.text):
            break
        if empty and index == start + 1:
            if block.label is Label.NEXT_MEETING and find_dates(line.text):
                index += 1
                continue
            if block.label in (
                Label.NEXT_MEETING,
                Label.OUTSIDE,
                Label.AGENDA,
                Label.BODY,
                Label.TITLE,
            ):
                break
            index += 1
            continue
        goes_on = starts_lower(line.text) or line.indent > lines[start].indent + 3
        if line.new_paragraph or not goes_on or ends_sentence(lines[index - 1].text):
            break
        index += 1
    return index


def read_header(source: Source, blocks: list[Block], first_item: int, language: str) -> Header:
    """Read what stands before the first item."""
    header = Header()
    lines = source.lines
    free: list[int] = []
    covered: set[int] = set()
    for block in blocks:
        if block.first >= first_item:
            break
        covered.update(range(block.first, block.last + 1))
        _read_block(header, block, lines)
    for index in range(first_item):
        if index not in covered:
            free.append(index)
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
                header.place = header.place or strip_time_words(without(rest, times)) or None
                header.placed[index] = Place.DATE
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
        else:
            texts.append((column, [index]))
    header.placed.setdefault(index, Place.BODY)
    return True


def _goes_on(before: SourceLine, line: SourceLine) -> bool:
    return not line.new_paragraph and starts_lower(line.text) and not ends_sentence(before.text)


def _choose_title(header: Header, texts: list[tuple[str, list[int]]], language: str) -> None:
    early = [(text, at) for text, at in texts[:8] if len(text) <= 200 and not text.endswith(".")]
    named = [entry for entry in early if DOCUMENT_WORDS.search(entry[0])]
    rich = [entry for entry in named if not BARE_DOCUMENT.fullmatch(_undated(entry[0]))]
    bodies = [
        entry
        for entry in early
        if BODY_WORDS.search(entry[0]) and not DOCUMENT_WORDS.search(entry[0])
    ]
    if header.title is None:
        # "Muistio" alone is no title where something else can be one.
        numbered = [entry for entry in named if any(map(str.isdigit, _undated(entry[0])))]
        chosen = next(iter(rich or numbered or [e for e in early if e not in named] or named), None)
        if chosen:
            header.title = chosen[0]
            for index in chosen[1]:
                header.placed[index] = Place.TITLE
    if header.body is None:
        entry = next((entry for entry in bodies if entry[0] != header.title), None)
        if entry:
            header.body = entry[0]
            for index in entry[1]:
                header.placed.setdefault(index, Place.BODY)
        elif header.title:
            plain = BODY_WORDS.search(header.title) and not DOCUMENT_WORDS.search(header.title)
            header.body = header.title if plain else body_of(header.title, language)
    for text, at in named:
        if BARE_DOCUMENT.fullmatch(_undated(text)):
            for index in at:
                header.placed.setdefault(index, Place.TITLE)


def _undated(text: str) -> str:
    return without(text, find_dates(text)).strip()


_MEETING_OF = re.compile(
    r"(?:minutes of (?:the )?)?(?:(?:\w+\s){0,2}meeting of (?:the )?)(?P<en>[^,.:–]+)"
    r"|minutes of (?:the )?(?P<en3>[^,.:–]+?)(?:\s+(?:held|meeting).*)?$"
    r"|(?P<en2>[^,.:–]+?)\s+meeting\b"
    r"|(?:möte|sammanträde|träff|protokoll|promemoria|anteckningar)\s+"
    r"(?:med|i|för|från|vid)\s+(?P<sv>[^,.:–\d]+)|(?P<sv2>[^,.:–]+?)s\s+(?:\w+)?(?:möte|sammanträde|träff)",
    re.IGNORECASE,
)


def body_of(title: str, language: str) -> str | None:
    """The body that met, from the title: "Alueellisen työryhmän kokous" → alueellinen työryhmä."""
    text = _undated(title)
    pieces = [piece.strip() for piece in re.split(r"[,:|]\s|\s[–—-]\s", text)]
    if len(pieces) > 1:
        for piece in pieces:
            if BODY_WORDS.search(piece) and not DOCUMENT_WORDS.search(piece):
                return piece
    if language != "fi":
        match = _MEETING_OF.search(text)
        found = next((group for group in match.groups() if group), None) if match else None
        return " ".join(found.split()) if found else None
    words = re.sub(r"\d+\s*/\s*\d+", "", text).split()
    end = next((at for at, word in enumerate(words) if at and DOCUMENT_WORDS.search(word)), None)
    if end is None:
        return None
    if DOCUMENT_WORDS.search(words[0]) and end > 1:
        words, end = words[1:], end - 1
    head = _nominative(words[end - 1])
    if head is None:
        return None
    phrase = words[:end]
    phrase[-1] = head
    # The adjectives that open the phrase agree with its head: alueellisen … ryhmän.
    for at, word in enumerate(phrase[:-1]):
        base = _nominative(word, word_class="laatusana")
        if base is None:
            break
        phrase[at] = base
    return " ".join(phrase)


def _nominative(word: str, word_class: str | None = None) -> str | None:
    """The base form of a word in the genitive, written with the capitals that it had."""
    for form in finnish.forms(word):
        if form.case != "omanto" or form.plural or not form.base:
            continue
        if word_class and form.word_class not in (word_class, "nimisana_laatusana"):
            continue
        if word_class is None and form.word_class in ("teonsana",):
            continue
        if word.isupper():
            return form.base.upper()
        return form.base[:1].upper() + form.base[1:] if word[0].isupper() else form.base
    return None


def outside(lines: list[SourceLine]) -> Doubt:
    """The doubt about lines that belong to no item and to no field."""
    return Doubt(
        DoubtReason.OUTSIDE_ITEMS,
        lines[0].number,
        "\n".join(line.text for line in lines),
        tuple(line.number for line in lines),
    )


def header_end(source: Source, blocks: list[Block], language: str) -> int:
    """The position after the labelled lines at the top; after title and day where none are."""
    end = 0
    for block in blocks:
        if block.label in (Label.NEXT_MEETING, Label.OUTSIDE):
            break
        if block.first > end + (8 if end else 25) or any(
            _is_prose(source.lines[index], language) for index in range(end, block.first)
        ):
            break
        if block.label in (Label.SECRETARY, Label.AGENDA) and not block.value:
            break
        end = block.last + 1
    if end == 0:
        for index in _opening(source.lines):
            if find_dates(source.lines[index].text):
                end = index + 1
        end = end or min(1, len(source.lines))
    return end


def _opening(lines: list[SourceLine]) -> Iterator[int]:
    for index, line in enumerate(lines[:8]):
        if len(line.text) > 120 or starts_list_item(line.text):
            return
        yield index


def _is_prose(line: SourceLine, language: str) -> bool:
    text = line.text
    return len(text) > 40 and text.endswith(".") and has_finite_verb(text, language)


def strip_time_words(text: str) -> str:
    """A text from which day and time were blanked out, without the words that went with them."""
    return " ".join(_TIME_WORDS.sub(" ", text).split()).strip(_SEPARATORS)
