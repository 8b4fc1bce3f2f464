"""What a plan is made of: acts, problems, notes and questions, each of a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from directory.members_import.columns import Column
from directory.members_import.known import Known
from directory.members_import.table import Row

NEW, OUT, NONE, BARE = "new", "out", "none", "bare"  # answers that name nobody
MAX_QUESTIONS = 200  # each is a field of the page's form


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"  # a new person becomes a member
    JOINS = "joins"  # a person of the directory becomes a member
    CHANGES = "changes"
    NOTHING = "nothing"
    WRONG = "wrong"
    ASKS = "asks"
    OUT = "out"  # a person chose to leave it out


class Snag(StrEnum):
    """What is wrong with a row among the others and beside the directory."""

    DOUBLED_EMAIL = "doubled_email"
    DOUBLED_PERSON = "doubled_person"
    SPENT_EMAIL = "spent_email"
    ENDS_FIRST = "ends_first"
    HAS_ENDED = "has_ended"
    NO_DEPUTY = "no_deputy"  # deputy of someone, in another role
    UNKNOWN_DEPUTED = "unknown_deputed"
    SEVERAL_DEPUTED = "several_deputed"
    DEPUTED_LEFT_OUT = "deputed_left_out"
    DEPUTED_IS_DEPUTY = "deputed_is_deputy"
    DEPUTED_IS_SELF = "deputed_is_self"
    SEVERAL_PLACES = "several_places"
    OWN_RIGHT = "own_right"


class Note(StrEnum):
    """What a row says that is not done, and does not keep the rest of it from being done."""

    EMAIL_STAYS = "email_stays"
    EMAIL_NOT_YOURS = "email_not_yours"
    EMAIL_LEFT = "email_left"
    TITLE_NOT_YOURS = "title_not_yours"
    TITLE_WITHOUT_ORGANISATION = "title_without_organisation"
    NAME_STAYS = "name_stays"


class Doubt(StrEnum):
    """Why a person is asked."""

    ORGANISATION_UNKNOWN = "organisation_unknown"
    ORGANISATION_SEVERAL = "organisation_several"
    NAMESAKES = "namesakes"
    NAMESAKE_IN_LIST = "namesake_in_list"
    OTHER_EMAIL = "other_email"  # one of the same name has another address
    EMAIL_OF_OTHER = "email_of_other"  # one of another name has the address
    SAME = "same"  # one of the same name: taken to be the same unless told otherwise


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at which cell; `row` is another row that it is about."""

    code: str
    column: Column | None
    text: str = ""
    row: int = 0
    place: int = -1  # of the column, where it is none that is read


@dataclass(frozen=True, slots=True)
class Question:
    """What must be chosen: one of `options`, which are keys of persons, organisations, or words."""

    key: str
    doubt: Doubt
    text: str
    options: tuple[str, ...]
    rows: tuple[int, ...]
    chosen: str = ""
    row: int = 0

    @property
    def is_open(self) -> bool:
        """Nothing that is offered has been chosen, and something must be."""
        return self.doubt != Doubt.SAME and self.chosen not in self.options


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a membership with what it has and what it gets."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Act:
    """What a row does. Persons, organisations and memberships are named by their keys."""

    row: int
    person: int | None = None  # None: a new one
    name: str = ""
    email: str = ""  # a new person's, or one to be filled in
    place: int | None = None  # the membership to change; None: a new one
    role: str = ""
    organisation: int | None = None
    seat: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    changes: tuple[Change, ...] = ()
    # Whom a deputy stands in for: a membership's key, or the number of a row.
    deputy_for: int | None = None
    deputy_for_row: int | None = None
    title: str = ""
    title_of: int | None = None  # the organisation the title is in
    tie: int | None = None  # the affiliation that gets it; None: a new one
    old_title: str = ""

    @property
    def digest(self) -> str:
        """The same for the same act only."""
        return sha256(repr(self).encode()).hexdigest()[:12]


@dataclass
class Outcome:
    """A row, and what becomes of it."""

    row: Row
    kind: Kind
    name: str = ""
    act: Act | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[tuple[Note, str]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The row's number in the source."""
        return self.row.number


@dataclass
class Plan:
    """All outcomes, in the order of the rows, and the questions about more than one row."""

    outcomes: list[Outcome]
    organisations: list[Question]
    known: Known

    @property
    def acts(self) -> list[Act]:
        """What would be done."""
        return [one.act for one in self.outcomes if one.act]

    @property
    def questions(self) -> list[Question]:
        """What is asked, organisations first."""
        rows = [question for one in self.outcomes for question in one.questions]
        return [*self.organisations, *rows]

    @property
    def open_questions(self) -> list[Question]:
        """What must be answered before anything is done."""
        return [question for question in self.questions if question.is_open]

    def seen(self) -> dict[int, str]:
        """The digest of each act, by its row: what a person confirms."""
        return {act.row: act.digest for act in self.acts}


@dataclass(frozen=True)
class Choices:
    """What a person chose: answers by the questions' keys, and rows to leave out."""

    answers: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[int] = frozenset()
