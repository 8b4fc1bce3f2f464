"""A row as read, while a plan settles it."""

from dataclasses import dataclass
from datetime import date

from directory.members_import.columns import Column
from directory.members_import.known import Place
from directory.members_import.outcome import OUT, Kind, Outcome, Problem, Question
from directory.models import Membership


@dataclass
class Draft:
    """A row as read, while it is being settled."""

    outcome: Outcome
    name: str = ""
    email: str = ""
    role: str = ""
    seat: str = ""
    title: str = ""
    deputy_for: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    organisation_text: str = ""
    organisation: int | None = None
    person: int | None = None
    place: Place | None = None
    # The membership stood in for, or the row that makes it.
    deputed: tuple[int | None, int | None] = (None, None)

    @property
    def number(self) -> int:
        """The row's number in the source."""
        return self.outcome.number

    def is_settled(self) -> bool:
        """Nothing wrong, nothing to ask, not left out."""
        return self.outcome.kind == Kind.NOTHING

    def wrong(self, code: str, column: Column | None, text: str = "", row: int = 0) -> None:
        """Note what is wrong; the row will not be done."""
        self.outcome.problems.append(Problem(str(code), column, text, row))
        if self.outcome.kind != Kind.OUT:
            self.outcome.kind = Kind.WRONG

    def ask(self, question: Question) -> None:
        """Note a question, and what its answer makes of the row."""
        self.outcome.questions.append(question)
        if self.outcome.kind == Kind.NOTHING:
            if question.chosen == OUT:
                self.outcome.kind = Kind.OUT
            elif question.is_open:
                self.outcome.kind = Kind.ASKS

    @property
    def final_role(self) -> str:
        """The role once the row is done."""
        return self.role or (self.place.role if self.place else Membership.Role.MEMBER)
