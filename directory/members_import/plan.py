"""What each row of a list would do, what is wrong with it, and what must be asked first.

Pure: from a layout, the directory as known, and what a person has chosen, to a plan. The same
three give the same plan, so what was shown can be compared with what would be done.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.keys import as_key
from directory.members_import import values
from directory.members_import.columns import Column, Layout, plain
from directory.members_import.draft import Draft
from directory.members_import.known import Known, Place
from directory.members_import.outcome import (
    BARE,
    NEW,
    NONE,
    OUT,
    Act,
    Change,
    Choices,
    Doubt,
    Kind,
    Note,
    Outcome,
    Plan,
    Question,
    Snag,
)
from directory.members_import.table import Cell, Flaw, Row
from directory.members_import.values import Wrong, name_key
from directory.models import Membership

_DEPUTY = Membership.Role.DEPUTY


def make(layout: Layout, known: Known, choices: Choices) -> Plan:
    """The plan for the rows of a layout."""
    return _Planner(layout, known, choices).plan()


class _Planner:
    """One plan in the making."""

    def __init__(self, layout: Layout, known: Known, choices: Choices) -> None:
        self.layout = layout
        self.known = known
        self.choices = choices
        self.organisations: list[Question] = []

    def plan(self) -> Plan:
        drafts = [self._read(row) for row in self.layout.data]
        self._find_organisations(drafts)
        self._find_people(drafts)
        for draft in drafts:
            if draft.is_settled():
                self._find_place(draft)
        self._find_deputed(drafts)
        for draft in drafts:
            if draft.is_settled():
                self._settle(draft)
        return Plan([draft.outcome for draft in drafts], self.organisations, self.known)

    # ---- Cells -----------------------------------------------------------------------------------

    def _read(self, row: Row) -> Draft:
        left = row.number in self.choices.left
        draft = Draft(Outcome(row, Kind.OUT if left else Kind.NOTHING))
        read = {place: column for column, place in self.layout.columns.items()}
        for place, cell in enumerate(row.cells):
            column = read.get(place)
            if cell.flaw == Flaw.IDENTITY or (cell.flaw and column):
                draft.wrong(cell.flaw, column, cell.text)
                draft.outcome.problems[-1] = replace(draft.outcome.problems[-1], place=place)
        draft.name = self._name(draft, row)
        draft.outcome.name = draft.name
        for column, reader in (
            (Column.EMAIL, values.email),
            (Column.ROLE, values.role),
            (Column.SEAT, values.seat),
            (Column.TITLE, values.title),
            (Column.VALID_FROM, values.day),
            (Column.VALID_TO, values.last_day),
        ):
            self._value(draft, row, column, reader)
        draft.organisation_text = self._text(row, Column.ORGANISATION)
        draft.deputy_for = self._text(row, Column.DEPUTY_FOR)
        if draft.deputy_for and not draft.role:
            draft.role = _DEPUTY
        elif draft.deputy_for and draft.role != _DEPUTY:
            draft.wrong(Snag.NO_DEPUTY, Column.DEPUTY_FOR, draft.deputy_for)
        if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
            draft.wrong(Snag.ENDS_FIRST, Column.VALID_TO, self._text(row, Column.VALID_TO))
        return draft

    def _cell(self, row: Row, column: Column) -> Cell:
        place = self.layout.columns.get(column, len(row.cells))
        return row.cells[place] if place < len(row.cells) else Cell()

    def _text(self, row: Row, column: Column) -> str:
        cell = self._cell(row, column)
        return "" if cell.flaw or values.is_nothing(cell.text) else cell.text

    def _name(self, draft: Draft, row: Row) -> str:
        parts = (Column.NAME,)
        text = self._text(row, Column.NAME)
        if not text:
            parts = (Column.FIRST, Column.LAST)  # type: ignore[assignment]
            text = " ".join(filter(None, (self._text(row, part) for part in parts)))
        if any(self._cell(row, part).flaw for part in parts):
            return text
        try:
            return values.name(text)
        except Wrong as wrong:
            at = next((part for part in parts if part in self.layout.columns), Column.NAME)
            draft.wrong(wrong.fault, at, text)
            return text

    def _value(self, draft: Draft, row: Row, column: Column, reader: Any) -> None:
        if text := self._text(row, column):
            try:
                setattr(draft, column.value, reader(text))
            except Wrong as wrong:
                draft.wrong(wrong.fault, column, text)

    # ---- Organisations ---------------------------------------------------------------------------

    def _find_organisations(self, drafts: Sequence[Draft]) -> None:
        """Match each name once; what has no match or several is asked once for all its rows."""
        named: dict[str, list[Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.organisation_text:
                named[plain(draft.organisation_text)].append(draft)
        for rows in named.values():
            matches = self.known.organisation_named(rows[0].organisation_text)
            if len(matches) == 1:
                for draft in rows:
                    draft.organisation = matches[0]
                continue
            wanted = [draft for draft in rows if draft.is_settled()]
            if not wanted:
                continue
            question = self._organisation_question(wanted, rows[0], matches)
            self.organisations.append(question)
            for draft in wanted:
                if question.is_open:
                    draft.outcome.kind = Kind.ASKS
                elif question.chosen == OUT:
                    draft.outcome.kind = Kind.OUT
                elif question.chosen != NONE:
                    draft.organisation = int(question.chosen)

    def _organisation_question(
        self, rows: Sequence[Draft], first: Draft, matches: list[int]
    ) -> Question:
        key, text = f"organisation-{first.number}", first.organisation_text
        chosen = self.choices.answers.get(key, "")
        options = [str(pk) for pk in matches or self.known.suggestions(text)]
        if as_key(chosen) in self.known.organisations:
            options = list(dict.fromkeys([*options, chosen]))
        return Question(
            key=key,
            doubt=Doubt.ORGANISATION_SEVERAL if matches else Doubt.ORGANISATION_UNKNOWN,
            text=text,
            options=(*options, NONE, OUT),
            rows=tuple(draft.number for draft in rows),
            chosen=chosen,
        )

    # ---- People ----------------------------------------------------------------------------------

    def _find_people(self, drafts: Sequence[Draft]) -> None:
        emails: dict[str, int] = {}
        taken: dict[int, int] = {}
        new: dict[tuple[str, ...], int] = {}
        for draft in drafts:
            if not draft.is_settled():
                continue
            if draft.email and (other := emails.get(draft.email)):
                draft.wrong(Snag.DOUBLED_EMAIL, Column.EMAIL, draft.email, other)
                continue
            self._find_person(draft)
            if draft.is_settled() and draft.person is None:
                self._ask_of_namesake(draft, new)
            if not draft.is_settled():
                continue
            if draft.person is not None:
                if other := taken.get(draft.person):
                    draft.wrong(Snag.DOUBLED_PERSON, self._name_column, draft.name, other)
                    continue
                taken[draft.person] = draft.number
            if draft.email:
                emails[draft.email] = draft.number

    @property
    def _name_column(self) -> Column:
        return Column.NAME if Column.NAME in self.layout.columns else Column.LAST

    def _find_person(self, draft: Draft) -> None:
        known = self.known
        namesakes = known.by_name.get(name_key(draft.name), [])
        holder = known.by_email.get(draft.email) if draft.email else None
        if holder is not None:
            if holder in namesakes:
                draft.person = holder
            else:
                self._ask(draft, Doubt.EMAIL_OF_OTHER, [holder], BARE, draft.email)
                if draft.outcome.questions[-1].chosen == BARE:
                    draft.email = ""
                    draft.outcome.notes.append((Note.EMAIL_LEFT, ""))
                elif draft.person is not None:
                    draft.outcome.notes.append((Note.NAME_STAYS, known.people[holder].name))
        elif draft.email and draft.email in known.spent:
            draft.wrong(Snag.SPENT_EMAIL, Column.EMAIL, draft.email)
        elif not namesakes:
            return
        else:
            self._find_among(draft, namesakes)

    def _find_among(self, draft: Draft, namesakes: list[int]) -> None:
        """One of the same name is taken to be the same person, unless something speaks for two."""
        members = [pk for pk in namesakes if self.known.places_of.get(pk)]
        likely = members if len(members) == 1 else namesakes
        if len(likely) > 1:
            self._ask(draft, Doubt.NAMESAKES, namesakes, NEW, draft.name)
        elif draft.email and self.known.people[likely[0]].email:
            self._ask(draft, Doubt.OTHER_EMAIL, namesakes, NEW, draft.name)
        else:
            likeliest_first = sorted(namesakes, key=lambda pk: pk != likely[0])
            self._ask(draft, Doubt.SAME, likeliest_first, NEW, draft.name)
            if draft.is_settled() and draft.outcome.questions[-1].chosen not in (
                NEW,
                *map(str, namesakes),
            ):
                draft.person = likely[0]

    def _ask(
        self, draft: Draft, doubt: Doubt, people: Sequence[int], other: str, text: str
    ) -> None:
        key = f"person-{draft.number}"
        question = Question(
            key=key,
            doubt=doubt,
            text=text,
            # What is taken for granted is left out by its row's own tick.
            options=(*map(str, people), other, *(() if doubt == Doubt.SAME else (OUT,))),
            rows=(draft.number,),
            chosen=self.choices.answers.get(key, ""),
        )
        draft.ask(question)
        if draft.is_settled() and question.chosen in map(str, people):
            draft.person = int(question.chosen)

    def _ask_of_namesake(self, draft: Draft, new: dict[tuple[str, ...], int]) -> None:
        """Two new people of one name without addresses of their own may be one and the same."""
        key = name_key(draft.name)
        other = new.setdefault(key, draft.number)
        if other == draft.number or draft.email:
            return
        chosen = self.choices.answers.get(f"namesake-{draft.number}", "")
        draft.ask(
            Question(
                key=f"namesake-{draft.number}",
                doubt=Doubt.NAMESAKE_IN_LIST,
                text=draft.name,
                options=(NEW, OUT),
                rows=(draft.number,),
                chosen=chosen,
                row=other,
            )
        )

    # ---- Places in the group ---------------------------------------------------------------------

    def _find_place(self, draft: Draft) -> None:
        """Which of a person's places the row is about: the one most like it."""
        places = self.known.places_of.get(draft.person, []) if draft.person else []
        if not places:
            if draft.valid_to and draft.valid_to < self.known.today:
                draft.wrong(Snag.HAS_ENDED, Column.VALID_TO, str(draft.valid_to))
            return

        def likeness(place: Place) -> tuple[bool, bool]:
            return (
                bool(draft.organisation) and place.organisation == draft.organisation,
                bool(draft.role) and place.role == draft.role,
            )

        best = max(map(likeness, places))
        likely = [place for place in places if likeness(place) == best]
        if len(likely) > 1:
            draft.wrong(Snag.SEVERAL_PLACES, self._name_column, draft.name)
            return
        draft.place = likely[0]
        begins = draft.valid_from or draft.place.valid_from
        ends = draft.valid_to or draft.place.valid_to
        if begins and ends and ends < begins:
            at = Column.VALID_TO if draft.valid_to else Column.VALID_FROM
            draft.wrong(Snag.ENDS_FIRST, at, str(draft.valid_to or draft.valid_from))
        elif draft.person == self.known.own and draft.place.role in Membership.COORDINATORS:
            self._keep_own_right(draft)

    def _keep_own_right(self, draft: Draft) -> None:
        """Whoever reads the list in must be able to go on keeping the group."""
        if draft.final_role not in Membership.COORDINATORS:
            at = Column.ROLE if Column.ROLE in self.layout.columns else Column.DEPUTY_FOR
            draft.wrong(Snag.OWN_RIGHT, at, draft.role)
        elif draft.valid_to and draft.valid_to < self.known.today:
            draft.wrong(Snag.OWN_RIGHT, Column.VALID_TO, str(draft.valid_to))

    def _find_deputed(self, drafts: Sequence[Draft]) -> None:
        """Find those who are stood in for: in the list, or else among the group's members."""
        rows: dict[Any, list[Draft]] = defaultdict(list)
        for draft in drafts:
            rows[name_key(draft.name)].append(draft)
            if draft.email:
                rows[draft.email].append(draft)
        for draft in drafts:
            if draft.is_settled() and draft.deputy_for:
                self._find_one_deputed(draft, rows)

    def _find_one_deputed(self, draft: Draft, rows: Mapping[Any, list[Draft]]) -> None:
        text = draft.deputy_for

        def wrong(snag: Snag, row: int = 0) -> None:
            draft.wrong(snag, Column.DEPUTY_FOR, text, row)

        address = _address(text)
        key = address or name_key(text)
        people = (
            [self.known.by_email[address]]
            if address and address in self.known.by_email
            else self.known.by_name.get(name_key(text), [])
        )
        inside = [one for one in rows.get(key, []) if one is not draft]
        listed = {one.person for one in inside}
        outside = [
            place for pk in people for place in self.known.places_of.get(pk, []) if pk not in listed
        ]
        going = [one for one in inside if one.is_settled() or one.place]
        if draft in rows.get(key, []) and not inside and not outside:
            return wrong(Snag.DEPUTED_IS_SELF)
        if len(going) + len(outside) > 1:
            outside = [place for place in outside if place.role != _DEPUTY]
            going = [one for one in going if one.final_role != _DEPUTY]
        if len(going) + len(outside) > 1:
            return wrong(Snag.SEVERAL_DEPUTED)
        if going:
            return self._deputise_row(draft, going[0])
        if outside:
            if outside[0].role == _DEPUTY:
                return wrong(Snag.DEPUTED_IS_DEPUTY)
            if outside[0].person == draft.person:
                return wrong(Snag.DEPUTED_IS_SELF)
            draft.deputed = outside[0].pk, None
            return None
        if inside:
            return wrong(Snag.DEPUTED_LEFT_OUT, inside[0].number)
        return wrong(Snag.UNKNOWN_DEPUTED)

    def _deputise_row(self, draft: Draft, other: Draft) -> None:
        if other.final_role == _DEPUTY:
            draft.wrong(Snag.DEPUTED_IS_DEPUTY, Column.DEPUTY_FOR, draft.deputy_for)
        elif other.place:
            draft.deputed = other.place.pk, None
        else:
            draft.deputed = None, other.number

    # ---- What is done ----------------------------------------------------------------------------

    def _settle(self, draft: Draft) -> None:
        """Make the row's act, or find that there is nothing to do."""
        act = Act(row=draft.number, person=draft.person, name=draft.name, email=draft.email)
        if draft.person is not None:
            act = replace(act, email=self._email_to_fill(draft))
        act = self._with_title(draft, act)
        act = self._with_change(draft, act) if draft.place else self._with_place(draft, act)
        outcome = draft.outcome
        if not draft.place:
            outcome.kind = Kind.NEW if draft.person is None else Kind.JOINS
        elif act.changes or act.email or act.title:
            outcome.kind = Kind.CHANGES
        else:
            return
        outcome.act = act

    def _email_to_fill(self, draft: Draft) -> str:
        """The address for one who has none yet; a known one is never replaced by a list."""
        assert draft.person is not None
        has = self.known.people[draft.person].email
        notes = draft.outcome.notes
        if not draft.email or has == draft.email:
            return ""
        if has:
            notes.append((Note.EMAIL_STAYS, has))
        elif draft.email in self.known.spent:
            notes.append((Note.EMAIL_LEFT, ""))
        elif draft.person not in self.known.manageable:
            notes.append((Note.EMAIL_NOT_YOURS, ""))
        else:
            return draft.email
        return ""

    def _with_title(self, draft: Draft, act: Act) -> Act:
        """The job title in the organisation that is represented, where it is another than known."""
        if not draft.title:
            return act
        of = draft.organisation or (draft.place.organisation if draft.place else None)
        if of is None:
            draft.outcome.notes.append((Note.TITLE_WITHOUT_ORGANISATION, ""))
            return act
        tie = self.known.ties.get((draft.person, of)) if draft.person is not None else None
        if tie and tie.title == draft.title:
            return act
        if draft.person is not None and draft.person not in self.known.manageable:
            draft.outcome.notes.append((Note.TITLE_NOT_YOURS, ""))
            return act
        return replace(
            act,
            title=draft.title,
            title_of=of,
            tie=tie.pk if tie else None,
            old_title=tie.title if tie else "",
        )

    def _with_place(self, draft: Draft, act: Act) -> Act:
        membership, row = draft.deputed
        return replace(
            act,
            role=draft.role or Membership.Role.MEMBER.value,
            organisation=draft.organisation,
            seat=draft.seat,
            valid_from=draft.valid_from or self.known.today,
            valid_to=draft.valid_to,
            deputy_for=membership,
            deputy_for_row=row,
        )

    def _with_change(self, draft: Draft, act: Act) -> Act:
        """What the cells say otherwise than the membership; an empty cell says nothing."""
        place = draft.place
        assert place
        changes = []
        for name in ("role", "organisation", "seat", "valid_from", "valid_to"):
            old, new = getattr(place, name), getattr(draft, name)
            if new and new != old:
                changes.append(Change(name, old, new))
        membership, row = draft.deputed
        if row or (membership and membership != place.deputy_for):
            changes.append(Change("deputy_for", place.deputy_for, membership))
        elif place.deputy_for and draft.final_role != _DEPUTY:
            changes.append(Change("deputy_for", place.deputy_for, None))
        return replace(act, place=place.pk, changes=tuple(changes), deputy_for_row=row)


def _address(text: str) -> str:
    """The address that a cell has instead of a name, if it has one."""
    try:
        return values.email(text) if "@" in text else ""
    except Wrong:
        return ""
