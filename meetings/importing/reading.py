"""What was read out of a text of minutes."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """How someone took part."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    ABSENT = "absent"
    UNSPECIFIED = "unspecified"


class Kind(StrEnum):
    """What minutes call themselves: a memo (muistio, promemoria) or formal minutes (with §)."""

    MEMO = "memo"
    MINUTES = "minutes"


class Place(StrEnum):
    """Where a line of the source went."""

    TITLE = "title"
    BODY = "body"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    PLACE = "place"
    CHAIR = "chair"
    SECRETARY = "secretary"
    ATTENDANCE = "attendance"
    CONTENTS = "contents"
    ITEM_HEADING = "item_heading"
    ITEM_LINE = "item_line"
    LINK = "link"
    NEXT_MEETING = "next_meeting"
    FURNITURE = "furniture"
    RULE = "rule"
    OUTSIDE = "outside"


class DoubtReason(StrEnum):
    """Why a person should look at a line. What `detail` holds is said beside each."""

    UNCLOSED_BRACKET = "unclosed_bracket"  # name: whose bracket
    NAME_UNCLEAR = "name_unclear"  # piece: what in the list of attendance was not understood
    INTERRUPTING_LINK = "interrupting_link"  # url, label, to: the line it was given to
    LINK_WITHOUT_LABEL = "link_without_label"  # url, to
    # heading, rest: where it may end; heading: may be text; text: may be a heading
    HEADING_UNCLEAR = "heading_unclear"
    NUMBERING_JUMPS = "numbering_jumps"  # number, expected
    OWNER_UNKNOWN = "owner_unknown"  # owner: initials or a name that the text does not explain
    OWNER_AMBIGUOUS = "owner_ambiguous"  # owner: what fits several people
    DUE_UNCLEAR = "due_unclear"  # due: the words
    DATE_UNCLEAR = "date_unclear"  # dates: those found
    PAGE_FURNITURE = "page_furniture"  # left out: a page's header, footer or number
    OUTSIDE_ITEMS = "outside_items"  # left out: belongs to no item


@dataclass(slots=True)
class Attendee:
    """Someone in the list of attendance; `organisation` and `role` as written."""

    name: str
    organisation: str | None = None
    role: str | None = None
    mode: Mode = Mode.UNSPECIFIED
    sources: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "organisation": self.organisation,
            "role": self.role,
            "mode": self.mode.value,
        }


@dataclass(slots=True)
class Line:
    """A paragraph (level 0) or a list item (level 1 and deeper, with its marker as written)."""

    level: int
    marker: str | None
    text: str
    sources: list[int]

    def as_dict(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "marker": self.marker,
            "text": self.text,
            "sources": list(self.sources),
        }


@dataclass(slots=True)
class AgendaItem:
    """An item: its number without bracket, dot or §; none where headings carry no numbers."""

    number: str | None
    title: str
    lines: list[Line] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What decisions, tasks and links name their item by: its number, else its title."""
        return self.number or self.title

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "lines": [line.as_dict() for line in self.lines],
        }


@dataclass(slots=True)
class Decision:
    """An agreement that the text words as such. `line` is None where it stands in the heading."""

    item: int
    line: int | None
    text: str


@dataclass(slots=True)
class Action:
    """A task: `owners` and `recipient` in base form, `due` as a code (see `dates.Due`)."""

    item: int
    line: int | None
    text: str
    owners: list[str]
    recipient: str | None = None
    due: str | None = None


@dataclass(slots=True)
class Link:
    """An address, once. `line` is the source line of its label, `sources` those of the address."""

    url: str
    label: str | None
    item: int | None
    line: int
    sources: list[int]


@dataclass(slots=True)
class NextMeeting:
    """When and where the group meets next, as far as the text says."""

    date: datetime.date | None = None
    start: datetime.time | None = None
    end: datetime.time | None = None
    place: str | None = None
    sources: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "date": self.date.isoformat() if self.date else None,
            "start": _clock(self.start),
            "end": _clock(self.end),
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to read a doubtful place: `change` names the field, `value` what it would be."""

    change: str
    value: Any


@dataclass(slots=True)
class Doubt:
    """A place that a person should look at; `lines` are all the source lines it is about."""

    reason: DoubtReason
    line: int
    text: str
    lines: tuple[int, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"line": self.line, "text": self.text, "reason": self.reason.value}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a source line went: a field, or an item's heading or line, by their positions."""

    place: Place
    item: int | None = None
    line: int | None = None


@dataclass(slots=True)
class Reading:
    """Everything read, and for each line of `source` that is not blank, where it went.

    `source[n - 1]` is source line n, the count that `sources` and `line` use everywhere.
    """

    source: list[str]
    language: str
    title: str | None = None
    body: str | None = None
    number: str | None = None  # the document's, as in "Pöytäkirja 5/2024"
    kind: Kind | None = None  # None where the text does not say
    date: datetime.date | None = None
    start: datetime.time | None = None
    end: datetime.time | None = None
    place: str | None = None
    chair: str | None = None
    secretary: str | None = None
    attendees: list[Attendee] = field(default_factory=list)
    absent: list[Attendee] = field(default_factory=list)
    agenda: list[AgendaItem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    next_meeting: NextMeeting | None = None
    doubts: list[Doubt] = field(default_factory=list)
    placements: dict[int, Placement] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain data, ready for JSON."""
        return {
            "language": self.language,
            "title": self.title,
            "body": self.body,
            "number": self.number,
            "date": self.date.isoformat() if self.date else None,
            "start": _clock(self.start),
            "end": _clock(self.end),
            "place": self.place,
            "chair": self.chair,
            "secretary": self.secretary,
            "attendees": [person.as_dict() for person in self.attendees],
            "absent": [person.as_dict() for person in self.absent],
            "agenda": [item.as_dict() for item in self.agenda],
            "decisions": [
                {"item": self.agenda[decision.item].label, "text": decision.text}
                for decision in self.decisions
            ],
            "actions": [
                {
                    "item": self.agenda[action.item].label,
                    "text": action.text,
                    "owners": list(action.owners),
                    "recipient": action.recipient,
                    "due": action.due,
                }
                for action in self.actions
            ],
            "links": [
                {
                    "url": link.url,
                    "label": link.label,
                    "item": self.agenda[link.item].label if link.item is not None else None,
                    "line": link.line,
                }
                for link in self.links
            ],
            "next_meeting": self.next_meeting.as_dict() if self.next_meeting else None,
            "doubts": [doubt.as_dict() for doubt in self.doubts],
        }


def _clock(moment: datetime.time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None
