"""From a text of minutes to its reading: the parts put together."""

import re
from collections.abc import Sequence

from core.decoding import ImportProblem, Problem
from meetings.importing import phrases
from meetings.importing.blocks import ATTENDANCE, Block, find_blocks, header_end
from meetings.importing.dates import find_dates, find_times, without
from meetings.importing.header import (
    Header,
    Leader,
    date_in_text,
    leaders_of,
    outside,
    read_header,
)
from meetings.importing.headings import Heading, Headings, find_headings, heading_doubts
from meetings.importing.items import ItemReader
from meetings.importing.known import Known
from meetings.importing.leaders import chair_in, merged, secretary_in, settle_modes, with_role
from meetings.importing.links import LinkReader
from meetings.importing.looks import looks_like_minutes
from meetings.importing.names import Names
from meetings.importing.next_meeting import next_place
from meetings.importing.outcomes import OutcomeReader
from meetings.importing.owners import Owners
from meetings.importing.people import (
    CHAIR_ROLE,
    SECRETARY_ROLE,
    Attendance,
    Entry,
    read_people,
)
from meetings.importing.reading import (
    AgendaItem,
    Attendee,
    Doubt,
    DoubtReason,
    Kind,
    Mode,
    NextMeeting,
    Place,
    Placement,
    Reading,
)
from meetings.importing.source import Source, SourceLine, read_source, starts_list_item
from meetings.importing.tables import Row, find_rows
from meetings.importing.vocabulary import NEXT_MEETING, NEXT_TIME, Label, label_of, language_of

_OPENED = re.compile(
    r"\b(?:avasi|avattiin|öppnade|öppnades|opened|alkoi|började|began|started)\b", re.IGNORECASE
)
_CLOSING_ITEM = re.compile(r"päättämi|päätös|päättymi|avslut|clos|adjourn|end of", re.IGNORECASE)


# More lines of text than any minutes have; keeps memory and time within bounds.
MAX_LINES = 300_000


def read_minutes(text: str, known: Known | None = None) -> Reading:
    """Read a text of minutes.

    `known` are the names of the directory; without them the text alone tells. Raises ImportProblem
    (`empty`, `unrecognised`) for a text that holds none.
    """
    known = known or Known()
    if not text.strip():
        raise ImportProblem(Problem.EMPTY)
    if text.count("\n") > 4 * MAX_LINES:
        raise ImportProblem(Problem.TOO_LARGE, lines=text.count("\n"), limit=MAX_LINES)
    source = read_source(text.removeprefix("\ufeff"))
    if len(source.lines) > MAX_LINES:
        raise ImportProblem(Problem.TOO_LARGE, lines=len(source.lines), limit=MAX_LINES)
    language = language_of(text)
    return _Reader(source, language, known).read()


class _Reader:
    """One reading in the making."""

    def __init__(self, source: Source, language: str, known: Known) -> None:
        self.source = source
        self.language = language
        self.known = known
        self.names = Names(known)
        self.reading = Reading(source.raw, language)
        self.doubts: list[Doubt] = []
        self.own_lines: frozenset[int] = frozenset()
        self.rows: dict[int, Row] = {}

    def read(self) -> Reading:
        lines = self.source.lines
        blocks = find_blocks(self.source, self.names)
        self.rows, in_tables = find_rows(lines)
        masked = in_tables | {
            index
            for block in blocks
            if block.label in ATTENDANCE
            for index in range(block.first, block.last + 1)
        }
        self.own_lines = frozenset(lines[at].number for at in in_tables) | frozenset(
            number
            for block in blocks
            if block.label in ATTENDANCE
            for text, number in block.pieces[1:]
            if self.names.starts_with_person(text)
            and all(self.names.starts_with_person(piece) for piece, _ in block.pieces[1:])
        )
        top = header_end(self.source, blocks, self.language)
        headings = find_headings(self.source, masked, top, self.language)
        self._follow_contents(headings)
        first = headings.found[0].index if headings.found else top
        first = min([first, *headings.contents]) if headings.contents else first
        header = read_header(self.source, blocks, first, self.language)
        tail = self._tail_start(headings, blocks, first)
        attendance = self._read_attendance(header, blocks, tail)
        if not looks_like_minutes(
            self.source, header, blocks, len(headings.found), len(attendance.people)
        ):
            raise ImportProblem(Problem.UNRECOGNISED)
        self._place_header(header)
        for index in headings.contents:
            self._put(lines[index], Placement(Place.CONTENTS))
        if any("§" in lines[heading.index].text[:12] for heading in headings.found):
            self.reading.kind = self.reading.kind or Kind.MINUTES
        self._read_items(header, headings, first, tail)
        self.doubts += heading_doubts(lines, headings)
        self._read_tail(header, blocks, tail)
        self._settle_people(header, attendance)
        self._read_outcomes(attendance)
        self._read_links()
        self._next_meeting_from_items()
        self._place_furniture()
        self.reading.doubts = sorted(
            [*self.doubts, *attendance.doubts], key=lambda doubt: (doubt.line, doubt.reason)
        )
        return self.reading

    # ---- Header ------------------------------------------------------------------------------

    def _place_header(self, header: Header) -> None:
        reading = self.reading
        for index, place in header.placed.items():
            self._put(self.source.lines[index], Placement(place))
        reading.title, reading.body = header.title, header.body
        reading.number, reading.kind = header.number, header.kind
        reading.date, reading.place = header.date, header.place
        reading.start, reading.end = header.start, header.end
        self.doubts += header.doubts
        if reading.date is None and (found := date_in_text(self.source.lines)):
            reading.date, doubt = found
            self.doubts.append(doubt)

    def _follow_contents(self, headings: Headings) -> None:
        """A list of contents may go on past the lines that its headings matched."""
        if headings.contents:
            start, end = min(headings.contents), headings.found[0].index
            headings.contents = [
                index
                for index in range(start, end)
                if index in set(headings.contents)
                or starts_list_item(self.source.lines[index].text)
            ]

    # ---- Items -------------------------------------------------------------------------------

    def _read_items(self, header: Header, headings: Headings, first: int, tail: int) -> None:
        lines = self.source.lines
        agenda = self.reading.agenda
        found: Sequence[Heading] = headings.found
        if not found and first < tail:
            title = self.reading.title or ""
            agenda.append(AgendaItem(None, title))
            self._fill(agenda[0], 0, lines[first:tail], None)
            return
        for position, heading in enumerate(found):
            end = found[position + 1].index if position + 1 < len(found) else tail
            item = AgendaItem(
                heading.number, heading.title, [], [lines[at].number for at in heading.lines]
            )
            agenda.append(item)
            for at in heading.lines:
                self._put(lines[at], Placement(Place.ITEM_HEADING, position))
            body = [lines[at] for at in range(heading.index, end) if at not in heading.lines]
            self._fill(item, position, body, heading)

    def _fill(
        self, item: AgendaItem, position: int, body: list[SourceLine], heading: Heading | None
    ) -> None:
        reader = ItemReader(self.source, body, self.own_lines)
        if heading and heading.inline:
            reader.feed(self.source.lines[heading.index], heading.inline)
        for source_line in body:
            reader.feed(source_line)
        item.lines = reader.finish()
        for at, line in enumerate(item.lines):
            for number in line.sources:
                self.reading.placements.setdefault(number, Placement(Place.ITEM_LINE, position, at))

    # ---- Tail --------------------------------------------------------------------------------

    def _tail_start(self, headings: Headings, blocks: list[Block], first: int) -> int:
        """The position of the first line that comes after the items and belongs to none."""
        lines = self.source.lines
        last = headings.found[-1] if headings.found else None
        begin = (last.lines[-1] + 1) if last else first
        tail = len(lines)
        for block in blocks:
            if block.first < begin or block.first >= tail:
                continue
            line = lines[block.first]
            alone = line.new_paragraph or line.interrupted or block.first > begin
            if block.label in _TAIL_LABELS and alone and not starts_list_item(line.text):
                if (
                    block.label is Label.NEXT_MEETING
                    and last
                    and label_of(last.title) is block.label
                ):
                    continue
                tail = block.first
        closing_item = bool(last and _CLOSING_ITEM.search(last.title))
        if not closing_item:
            for index in range(begin + 1, tail):
                line = lines[index]
                if line.new_paragraph and _is_closing(line.text):
                    heads = _CLOSING_ITEM.search(lines[index - 1].text)
                    tail = index - 1 if heads and len(lines[index - 1].text) < 40 else index
                    break
        while tail > begin and self._is_signature(tail - 1, begin):
            tail -= 1
        return tail

    def _is_signature(self, index: int, begin: int) -> bool:
        line = self.source.lines[index]
        columns = [piece for piece in re.split(r"\t+|\s{2,}|,\s", line.text) if piece.strip()]
        return bool(columns) and all(
            self.names.is_person(piece) or bool(_SIGNED_AS.fullmatch(piece.strip()))
            for piece in columns
        )

    def _read_tail(self, header: Header, blocks: list[Block], tail: int) -> None:
        lines = self.source.lines
        covered: set[int] = set()
        left: list[int] = []
        for block in blocks:
            if block.first < tail:
                continue
            place = Place.OUTSIDE
            numbers = tuple(lines[at].number for at in range(block.first, block.last + 1))
            if block.label is Label.NEXT_MEETING and block.value:
                self.reading.next_meeting = self._next_meeting(block.value, numbers, labelled=True)
                place = Place.NEXT_MEETING
            elif block.label is Label.SECRETARY and self.names.starts_with_person(block.value):
                header.leaders += leaders_of(block, Mode.ABSENT)
                place = Place.SECRETARY
            elif block.label in ATTENDANCE and block.value:
                place = Place.ATTENDANCE
            else:
                continue
            for at in range(block.first, block.last + 1):
                covered.add(at)
                self._put(lines[at], Placement(place))
        for index in range(tail, len(lines)):
            if index in covered:
                continue
            line = lines[index]
            heads = _CLOSING_ITEM.search(line.text) and len(line.text) < 40
            if heads or phrases.CLOSING.search(line.text):
                self._put(line, Placement(Place.TIME))
                self._take_end(line.text)
            else:
                left.append(index)
        self._leave_out(left)

    def _leave_out(self, indexes: list[int]) -> None:
        """Lines that belong nowhere, as one doubt for each stretch of them."""
        lines = self.source.lines
        start = 0
        for at, index in enumerate(indexes):
            self._put(lines[index], Placement(Place.OUTSIDE))
            following = indexes[at + 1] if at + 1 < len(indexes) else None
            if following != index + 1 or lines[following].new_paragraph:
                self.doubts.append(outside([lines[i] for i in indexes[start : at + 1]]))
                start = at + 1

    def _take_end(self, text: str) -> None:
        if self.reading.end is None:
            times = find_times(without(text, find_dates(text)))
            if times:
                self.reading.end = times[-1].last or times[-1].first

    # ---- People ------------------------------------------------------------------------------

    def _read_attendance(self, header: Header, blocks: list[Block], tail: int) -> Attendance:
        """Those in the lists of attendance: at the top or the end, else inside the items."""
        at_end = [block for block in blocks if block.first >= tail and block.value]
        inside = [block for block in blocks if block.first < tail]
        entries = header.entries + _entries(at_end)
        return read_people(entries or _entries(inside), self.names)

    def _settle_people(self, header: Header, attendance: Attendance) -> None:
        reading = self.reading
        people = merged(attendance.people)
        for named in header.leaders:
            self._add_leader(named, people)
        reading.chair = reading.chair or with_role(people, CHAIR_ROLE)
        reading.secretary = reading.secretary or with_role(people, SECRETARY_ROLE)
        self._leaders_from_items()
        settle_modes(people, header)
        reading.attendees = [person for person in people if person.mode is not Mode.ABSENT]
        reading.absent = [person for person in people if person.mode is Mode.ABSENT]

    def _add_leader(self, named: Leader, people: list[Attendee]) -> None:
        """Chair or secretary by a line of their own; at the top they are among those present."""
        reading = self.reading
        for leader in read_people([named.entry], self.names).people[:1]:
            if named.label is Label.CHAIR:
                reading.chair = reading.chair or leader.name
            else:
                reading.secretary = reading.secretary or leader.name
            listed = next((one for one in people if one.name == leader.name), None)
            if listed is not None:
                listed.organisation = listed.organisation or leader.organisation
                if leader.mode is not Mode.ABSENT:
                    listed.role = listed.role or named.role
            elif leader.mode is not Mode.ABSENT:
                leader.role = leader.role or named.role
                people.insert(0 if named.label is Label.CHAIR else min(1, len(people)), leader)

    def _leaders_from_items(self) -> None:
        """ "Puheenjohtajaksi valittiin …": chair and secretary where only the text names them."""
        reading = self.reading
        if reading.chair and reading.secretary:
            return
        texts = [
            text[:600]
            for item in reading.agenda[:4]
            for text in (item.title, *(line.text for line in item.lines[:6]))
        ]
        reading.chair = reading.chair or chair_in(texts)
        reading.secretary = reading.secretary or secretary_in(texts)

    # ---- Outcomes, links, next meeting -------------------------------------------------------

    def _read_outcomes(self, attendance: Attendance) -> None:
        reading = self.reading
        owners = Owners(
            self.language,
            [*reading.attendees, *reading.absent],
            self.known,
            attendance.initials,
            reading.chair,
            reading.secretary,
        )
        outcomes = OutcomeReader(self.language, owners, reading.date, self.rows)
        for number, item in enumerate(reading.agenda):
            outcomes.read(number, item)
        reading.decisions, reading.actions = outcomes.decisions, outcomes.actions
        self.doubts += outcomes.doubts

    def _read_links(self) -> None:
        links = LinkReader(self.source, self.reading.agenda, self.language)
        links.read(self.reading.placements)
        self.reading.links = list(links.links.values())
        self.doubts += links.doubts

    def _next_meeting_from_items(self) -> None:
        reading = self.reading
        for item in reversed(reading.agenda):
            about = bool(NEXT_MEETING.search(item.title) or NEXT_TIME.match(item.title))
            if reading.next_meeting is None and about:
                self._next_from(item.title, item.sources, labelled=True)
            for line in item.lines:
                if _OPENED.search(line.text) and reading.start is None:
                    self._take_start(line.text)
                if reading.end is None and phrases.CLOSING.search(line.text[:400]):
                    self._take_end(line.text)
                if reading.next_meeting is None and (about or NEXT_MEETING.search(line.text)):
                    self._next_from(line.text, line.sources, labelled=about)

    def _take_start(self, text: str) -> None:
        times = find_times(without(text, find_dates(text)))
        if times:
            self.reading.start = times[0].first

    def _next_from(self, text: str, sources: list[int], *, labelled: bool) -> None:
        for sentence in phrases.sentences(text):
            if labelled or NEXT_MEETING.search(sentence):
                found = self._next_meeting(sentence, tuple(sources), labelled=labelled)
                if found and found.date:
                    self.reading.next_meeting = found
                    return

    def _next_meeting(
        self, text: str, sources: tuple[int, ...], *, labelled: bool
    ) -> NextMeeting | None:
        dates = find_dates(text)
        rest = without(text, dates)
        times = find_times(rest, bare_hours=bool(dates))
        day = dates[0].resolved(self.reading.date) if dates else None
        if day is None and not labelled:
            return None
        first = times[0] if times else None
        return NextMeeting(
            day,
            first.first if first else None,
            first.last if first else None,
            next_place(without(rest, times), self.language) if day or first else None,
            sources,
        )

    # ---- Lines -------------------------------------------------------------------------------

    def _put(self, line: SourceLine, placement: Placement) -> None:
        self.reading.placements.setdefault(line.number, placement)

    def _place_furniture(self) -> None:
        for number in self.source.rules:
            self.reading.placements[number] = Placement(Place.RULE)
        for block in self.source.furniture:
            for number in block.lines:
                self.reading.placements[number] = Placement(Place.FURNITURE)
            self.doubts.append(
                Doubt(
                    DoubtReason.PAGE_FURNITURE,
                    block.lines[0],
                    "\n".join(self.source.raw[number - 1].strip() for number in block.lines),
                    tuple(block.lines),
                )
            )


_TAIL_LABELS = frozenset(
    {Label.OUTSIDE, Label.NEXT_MEETING, Label.SECRETARY, Label.CHAIR, *ATTENDANCE}
)
_MODES = {
    Label.PRESENT: Mode.IN_PERSON,
    Label.PARTICIPANTS: Mode.UNSPECIFIED,
    Label.REMOTE: Mode.REMOTE,
    Label.ABSENT: Mode.ABSENT,
}
_SIGNED_AS = re.compile(
    r"(?:puheenjohtaja|sihteeri|pöytäkirjanpitäjä|pöytäkirjantarkastaja|ordförande|sekreterare"
    r"|protokolljusterare|chair|secretary|chairperson|varapuheenjohtaja)\.?",
    re.IGNORECASE,
)


def _entries(blocks: list[Block]) -> list[Entry]:
    return [
        Entry(text, number, _MODES[block.label])
        for block in blocks
        if block.label in ATTENDANCE
        for text, number in block.pieces
        if text
    ]


def _is_closing(text: str) -> bool:
    return len(text) < 120 and phrases.CLOSING.search(text[:60]) is not None
