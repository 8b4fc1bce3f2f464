"""What the import of a members' list says: refusals, problems, questions, and what will happen."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags import house
from directory.members_import.columns import Column, Layout
from directory.members_import.outcome import (
    Act,
    Doubt,
    Kind,
    Note,
    Outcome,
    Plan,
    Problem,
    Question,
    Snag,
)
from directory.members_import.table import MAX_COLUMNS, MAX_ROWS, Flaw, Refusal, Unreadable
from directory.members_import.values import Fault
from directory.models import Membership, Organisation

_REFUSALS = {
    Refusal.EMPTY: gettext_lazy("There is nothing in it."),
    Refusal.TOO_LARGE: gettext_lazy(
        "It is too large for a members' list: a file may have 5 MB, and a workbook 20 MB once it "
        "is unpacked. Copy the list itself into a file of its own."
    ),
    Refusal.TOO_MANY_ROWS: gettext_lazy(
        "It has more than %(rows)d rows. Give it in parts, each in a file of its own. Nothing was "
        "read in."
    ),
    Refusal.TOO_WIDE: gettext_lazy(
        "Row %(row)d has more than %(columns)d columns. Leave only those that are about members."
    ),
    Refusal.OLD_EXCEL: gettext_lazy(
        "This is a workbook of an old or binary kind (.xls, .xlsb), or one that is locked by a "
        "password. Open it, save it as an Excel workbook (.xlsx) without a password, and give that."
    ),
    Refusal.OPEN_DOCUMENT: gettext_lazy(
        "This is an OpenDocument file (.ods). Open it, save it as an Excel workbook (.xlsx) or as "
        "CSV, and give that."
    ),
    Refusal.PDF: gettext_lazy(
        "This is a PDF. Ask for the list as a spreadsheet, or copy its cells and paste them here."
    ),
    Refusal.WEB_PAGE: gettext_lazy(
        "This is a web page or XML, whatever it is called. Open it in a spreadsheet program, save "
        "it as an Excel workbook (.xlsx), and give that."
    ),
    Refusal.BINARY: gettext_lazy(
        "This is neither an Excel workbook (.xlsx) nor a text file (.csv, .txt)."
    ),
    Refusal.BROKEN: gettext_lazy(
        "This list is damaged and cannot be read. Open it in the program it was made with, save it "
        "anew, and give that."
    ),
    Refusal.ENCODING: gettext_lazy(
        "The letters of this file can't be read for certain. Save it anew as an Excel workbook "
        "(.xlsx) or as CSV with the encoding UTF-8."
    ),
    Refusal.QUOTES: gettext_lazy(
        "The quotation marks do not match on row %(row)d or somewhat above it. Mend that row, or "
        "give the list as an Excel workbook (.xlsx)."
    ),
}
_PROBLEMS = {
    Flaw.FORMULA: gettext_lazy(
        "The cell has a formula whose result is not in the file. Write the result itself."
    ),
    Flaw.ERROR: gettext_lazy("The spreadsheet itself has an error in this cell."),
    Flaw.IDENTITY: gettext_lazy(
        "There is a personal identity code. It is not kept here: take it out of the list."
    ),
    Flaw.UNSEEN: gettext_lazy("It has signs that cannot be seen (shown as �). Type it anew."),
    Flaw.LONG: gettext_lazy("It is far too long."),
    Fault.MISSING_NAME: gettext_lazy("The name is missing."),
    Fault.FORMULA_SIGN: gettext_lazy(
        "It begins with a sign that makes a formula of it in spreadsheets (=, +, - or @)."
    ),
    Fault.NOT_A_NAME: gettext_lazy("This is not a name."),
    Fault.TOO_LONG: gettext_lazy("It is too long."),
    Fault.EMAIL: gettext_lazy("This is not an e-mail address."),
    Fault.ROLE: gettext_lazy("There is no such role. There are: %(roles)s."),
    Fault.SEAT: gettext_lazy("There is no such seat. There are: %(seats)s."),
    Fault.DAY: gettext_lazy("This is not a day. Write it as 31.1.2026."),
    Snag.DOUBLED_EMAIL: gettext_lazy("Row %(row)d has the same address."),
    Snag.DOUBLED_PERSON: gettext_lazy(
        "Row %(row)d is about the same person. A second place is added on the group's page."
    ),
    Snag.SPENT_EMAIL: gettext_lazy(
        "The address belongs to a person of the directory who was merged into another."
    ),
    Snag.ENDS_FIRST: gettext_lazy("It cannot end before it begins."),
    Snag.HAS_ENDED: gettext_lazy("It has ended already. Nobody is added for a time that is over."),
    Snag.NO_DEPUTY: gettext_lazy("Only a deputy member stands in for someone."),
    Snag.UNKNOWN_DEPUTED: gettext_lazy("Nobody of that name is in the group or in this list."),
    Snag.SEVERAL_DEPUTED: gettext_lazy(
        "It fits several members. Write the e-mail address instead."
    ),
    Snag.DEPUTED_LEFT_OUT: gettext_lazy("That member, on row %(row)d, does not go in."),
    Snag.DEPUTED_IS_DEPUTY: gettext_lazy("That member is a deputy, too."),
    Snag.DEPUTED_IS_SELF: gettext_lazy("Nobody stands in for themselves."),
    Snag.SEVERAL_PLACES: gettext_lazy(
        "The person has several places in the group, and it is not clear which one is meant. "
        "Change them on the group's page."
    ),
    Snag.OWN_RIGHT: gettext_lazy(
        "This would take your own right to keep the group away. Let another coordinator do it."
    ),
}
_NOTES = {
    Note.EMAIL_STAYS: gettext_lazy("The address in the directory stays: %(text)s."),
    Note.EMAIL_NOT_YOURS: gettext_lazy(
        "The address is not filled in: the person is in others' groups too, so only an "
        "administrator may do that."
    ),
    Note.EMAIL_LEFT: gettext_lazy("The address is left out."),
    Note.TITLE_NOT_YOURS: gettext_lazy(
        "The job title is not changed: the person is in others' groups too, so only an "
        "administrator may do that."
    ),
    Note.TITLE_WITHOUT_ORGANISATION: gettext_lazy(
        "The job title is left out: it needs an organisation."
    ),
    Note.NAME_STAYS: gettext_lazy("The name in the directory stays: %(text)s."),
}
_QUESTIONS = {
    Doubt.ORGANISATION_UNKNOWN: gettext_lazy("“%(text)s” is not in the directory. Which is it?"),
    Doubt.ORGANISATION_SEVERAL: gettext_lazy("“%(text)s” fits several organisations. Which is it?"),
    Doubt.NAMESAKES: gettext_lazy("The directory has several of the name %(text)s. Who is it?"),
    Doubt.NAMESAKE_IN_LIST: gettext_lazy(
        "Row %(row)d has the same name, %(text)s. Are they two people?"
    ),
    Doubt.OTHER_EMAIL: gettext_lazy(
        "The directory has %(text)s with another e-mail address. Is it the same person?"
    ),
    Doubt.EMAIL_OF_OTHER: gettext_lazy(
        "The address %(text)s belongs to someone of another name. Who is it?"
    ),
    Doubt.SAME: gettext_lazy("Is it someone else?"),
}
_HAPPENS = {
    Kind.NEW: gettext_lazy("New person, becomes a member"),
    Kind.JOINS: gettext_lazy("Known person, becomes a member"),
    Kind.CHANGES: gettext_lazy("Member already, changes"),
    Kind.NOTHING: gettext_lazy("Member already, nothing changes"),
    Kind.OUT: gettext_lazy("Left out"),
}


def refusal_words(problem: Unreadable) -> str:
    """Why a file or a text is refused."""
    return str(_REFUSALS[problem.code]) % {
        "row": problem.row,
        "rows": MAX_ROWS,
        "columns": MAX_COLUMNS,
    }


@dataclass
class Trouble:
    """What is wrong at a cell: its column's name, what stands there, and why that won't do."""

    column: str
    text: str
    words: str


@dataclass
class Option:
    """An answer that can be chosen."""

    value: str
    words: str


@dataclass
class Ask:
    """A question with its answers."""

    key: str
    words: str
    rows: tuple[int, ...]
    options: list[Option]
    others: list[Option]
    chosen: str
    is_open: bool


@dataclass
class Line:
    """A row as the preview shows it."""

    number: int
    kind: Kind
    name: str
    happens: str
    facts: list[tuple[str, str, str]]  # what, as it was, as it will be
    notes: list[str]
    troubles: list[Trouble] = field(default_factory=list)
    same: Ask | None = None


class Wording:
    """A plan in words of the reader's language."""

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.plan = plan
        self.known = plan.known
        self.layout = layout
        self.names = {one.number: one.name for one in plan.outcomes}

    def lines(self, *kinds: Kind) -> list[Line]:
        """The rows of these kinds."""
        return [self._line(one) for one in self.plan.outcomes if one.kind in kinds]

    def asked(self) -> list[Ask]:
        """What must be chosen, organisations first; answers stay visible."""
        return [self._ask(one) for one in self.plan.questions if one.doubt != Doubt.SAME]

    def _line(self, outcome: Outcome) -> Line:
        same = next((one for one in outcome.questions if one.doubt == Doubt.SAME), None)
        return Line(
            number=outcome.number,
            kind=outcome.kind,
            name=outcome.name,
            happens=str(_HAPPENS.get(outcome.kind, "")),
            facts=self._facts(outcome.act) if outcome.act else [],
            notes=[str(_NOTES[note]) % {"text": text} for note, text in outcome.notes],
            troubles=[self._trouble(problem) for problem in outcome.problems],
            same=self._ask(same) if same else None,
        )

    def _trouble(self, problem: Problem) -> Trouble:
        words = str(_PROBLEMS[problem.code]) % {  # type: ignore[index]
            "row": problem.row,
            "roles": ", ".join(str(label) for label in Membership.Role.labels),
            "seats": ", ".join(str(label) for label in Membership.Seat.labels),
        }
        place = problem.place
        if place < 0 and problem.column:
            place = self.layout.columns.get(problem.column, -1)
        caption = self.layout.caption(place) if place >= 0 else ""
        if not caption:
            caption = (
                capfirst(str(problem.column.label))
                if problem.column
                else _("Column %(number)d") % {"number": place + 1}
            )
        return Trouble(caption, problem.text, words)

    # ---- What will happen ------------------------------------------------------------------------

    def _facts(self, act: Act) -> list[tuple[str, str, str]]:
        facts: list[tuple[str, str, str]] = []
        if act.place is None:
            fields: list[tuple[str, Any, Any]] = [
                (name, None, getattr(act, name))
                for name in ("role", "organisation", "seat", "deputy_for", "valid_from", "valid_to")
            ]
        else:
            fields = [(change.field, change.old, change.new) for change in act.changes]
        for name, old, new in fields:
            was = self._value(name, old)
            is_to_be = self._value(name, new)
            if name == "deputy_for" and act.deputy_for_row:
                is_to_be = self.names[act.deputy_for_row]
            if was or is_to_be:
                facts.append((str(Column(name).label), was, is_to_be or "–"))
        if act.email:
            facts.append((str(Column.EMAIL.label), "", act.email))
        if act.title:
            facts.append((str(Column.TITLE.label), act.old_title, act.title))
        return facts

    def _value(self, name: str, value: Any) -> str:
        if not value:
            return ""
        match name:
            case "role":
                return str(Membership.Role(value).label)
            case "seat":
                return str(Membership.Seat(value).label)
            case "organisation":
                found = self.known.organisations.get(value)
                return found.name if found else _("one that has ended")
            case "deputy_for":
                place = self.known.places.get(value)
                return self.known.people[place.person].name if place else _("a former member")
        return house.day(value)

    # ---- Questions -------------------------------------------------------------------------------

    def _ask(self, question: Question) -> Ask:
        is_organisation = question.key.startswith("organisation-")
        return Ask(
            key=question.key,
            words=str(_QUESTIONS[question.doubt]) % {"text": question.text, "row": question.row},
            rows=question.rows,
            options=[Option(value, self._option(question, value)) for value in question.options],
            others=self._other_organisations(question) if is_organisation else [],
            chosen=question.chosen,
            is_open=question.is_open,
        )

    def _option(self, question: Question, value: str) -> str:
        match value:
            case "new":
                words = {
                    Doubt.NAMESAKE_IN_LIST: _("Yes, two people of one name"),
                    Doubt.SAME: _("Yes: a new person of the same name"),
                }
                return words.get(question.doubt, _("Someone new of the same name"))
            case "bare":
                return _("Someone else: go on without the address")
            case "none":
                return _("Go on without an organisation")
            case "out":
                count = len(question.rows)
                return _("Leave the row out") if count == 1 else _("Leave these rows out")
        if question.key.startswith("organisation-"):
            return self.known.organisations[int(value)].name
        return self._person(int(value))

    def _person(self, pk: int) -> str:
        """Someone of the directory, with what tells them from others of the name."""
        person = self.known.people[pk]
        places = self.known.places_of.get(pk, [])
        more = [person.email] if person.email else []
        more += [str(Membership.Role(place.role).label) for place in places]
        more += [
            self.known.organisations[organisation].name
            for one, organisation in self.known.ties
            if one == pk and organisation in self.known.organisations
        ]
        return f"{person.name} ({', '.join(more)})" if more else person.name

    def _other_organisations(self, question: Question) -> list[Option]:
        """The region's organisations but schools, of which there are many."""
        return [
            Option(str(pk), one.name)
            for pk, one in self.known.organisations.items()
            if one.kind != Organisation.Kind.SCHOOL and str(pk) not in question.options
        ]
