"""The form of handing over: which ties end, who takes over, where work in hand goes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.sorting import alphabetical
from directory import handover
from directory.forms.days import DayField
from directory.models import Affiliation, Membership, Organisation, Person, lasting
from directory.permissions import known_groups
from directory.services.leaving import Ending, Passing, Plan, Tie, ties

type Choices = list[tuple[str, Any]]
TAKER = "taker"


class TieRow(NamedTuple):
    """A tie with its two fields, as the page shows them."""

    tie: Tie
    ends: BoundField
    taker: BoundField


class WorkRow(NamedTuple):
    """What is in hand in a group, with its field."""

    work: handover.InHand
    to: BoundField


def _of(words: Any, what: str) -> str:
    """A label that sighted readers see beside what it is of, and others hear with it."""
    return format_html('{}<span class="visually-hidden">: {}</span>', words, what)


class LeavingForm(forms.Form):
    """The last day; for each tie whether it ends, and who takes over; to whom work in hand goes."""

    on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, person: Person, by: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.ties = ties(person, today=today)
        self.work = handover.of(person, by=by)
        people = Person.objects.current().exclude(pk=person.pk).order_by(alphabetical("name"), "pk")
        self._people = {one.pk: one for one in people}
        self._colleagues = self._of_organisations(by, today)
        for tie in self.ties:
            self.fields[f"ends-{tie.key}"] = forms.BooleanField(
                label=tie.words, required=False, initial=True
            )
            self.fields[f"taker-{tie.key}"] = forms.ChoiceField(
                label=_of(_("Who takes over"), tie.words),
                required=False,
                choices=self._takers(tie),
            )
        members = self._members(today) if self.work else {}
        for work in self.work:
            choices, first = self._receivers(work, members[work.group.pk])
            self.fields[f"work-{work.key}"] = forms.ChoiceField(
                label=_of(_("Goes to"), f"{work.group.name}, {work.count}"),
                required=False,
                choices=choices,
                initial=first,
            )

    # -- What is shown ----------------------------------------------------------------------------

    def tie_rows(self) -> Iterator[TieRow]:
        """The ties, as the page shows them."""
        for tie in self.ties:
            yield TieRow(tie, self[f"ends-{tie.key}"], self[f"taker-{tie.key}"])

    def work_rows(self) -> Iterator[WorkRow]:
        """What is in hand, as the page shows it."""
        for work in self.work:
            yield WorkRow(work, self[f"work-{work.key}"])

    def _of_organisations(self, by: Person, today: date) -> dict[int | None, set[int]]:
        """Who belongs to the organisations of the ties, as far as `by` knows."""
        wanted = {tie.row.organisation_id for tie in self.ties}
        found: dict[int | None, set[int]] = defaultdict(set)
        of_groups = Membership.objects.filter(group__in=known_groups(by))
        for rows in (of_groups, Affiliation.objects.all()):
            here = rows.filter(lasting(today), organisation__in=wanted - {None})
            for organisation, one in here.values_list("organisation", "person"):
                found[organisation].add(one)
        return found

    def _members(self, today: date) -> dict[int, set[int]]:
        """Who can take work over in each group."""
        found: dict[int, set[int]] = defaultdict(set)
        groups = [work.group for work in self.work]
        rows = Membership.objects.filter(lasting(today), group__in=groups)
        for group, one in rows.exclude(role=Membership.Role.OBSERVER).values_list(
            "group", "person"
        ):
            found[group].add(one)
        return found

    def _named(self, keys: set[int], prefix: str = "") -> Choices:
        return [(f"{prefix}{pk}", one.name) for pk, one in self._people.items() if pk in keys]

    def _takers(self, tie: Tie) -> Choices:
        """Deputies first, then those of the same organisation, then all others."""
        deputies: set[int] = set()
        if isinstance(tie.row, Membership):
            deputies = {one.person_id for one in tie.row.deputies.all()}
        same = self._colleagues[tie.row.organisation_id] if tie.row.organisation_id else set()
        near, rest = same - deputies, set(self._people) - same - deputies
        parts = [
            (gettext("Deputies"), self._named(deputies)),
            (gettext("Of the same organisation"), self._named(near)),
            (gettext("Others"), self._named(rest)),
        ]
        return [("", gettext("Nobody")), *((label, named) for label, named in parts if named)]

    def _receivers(self, work: handover.InHand, members: set[int]) -> tuple[Choices, str]:
        """To whom work can go, and what is suggested: the organisation that the person is of."""
        rows = [tie.row for tie in self.ties]
        places = [
            row for row in rows if isinstance(row, Membership) and row.group_id == work.group.pk
        ]
        found = [row.organisation for row in places]
        found += [row.organisation for row in rows if isinstance(row, Affiliation)]
        own = {one.pk: one for one in found if one}
        organisations = [(f"organisation-{pk}", one.name) for pk, one in own.items()]
        stays = gettext("Stays with %(name)s") % {"name": self.person.name}
        choices: Choices = [("", stays)]
        if places:
            choices.append((TAKER, gettext("Who takes over the place in the group")))
        parts = [
            (gettext("Back to the organisation"), organisations),
            (gettext("Members of the group"), self._named(members, "person-")),
        ]
        choices += [(label, named) for label, named in parts if named]
        return choices, organisations[0][0] if organisations else ""

    # -- What is chosen ---------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Whoever takes over takes over what ends, and something is chosen."""
        cleaned = super().clean() or self.cleaned_data
        for tie in self.ties:
            if cleaned.get(f"taker-{tie.key}") and not cleaned.get(f"ends-{tie.key}"):
                words = _("This goes on, so nobody takes it over. Tick it, or choose nobody.")
                self.add_error(f"taker-{tie.key}", words)
        for work in self.work:
            if cleaned.get(f"work-{work.key}") == TAKER and not self._taker_in(work):
                words = _("Nobody takes over the place in the group. Choose to whom it goes.")
                self.add_error(f"work-{work.key}", words)
        chosen = [cleaned.get(name) for name in self.fields if name != "on"]
        if self.fields.keys() != {"on"} and not any(chosen):
            self.add_error(None, _("Choose what ends, or to whom the work goes."))
        return cleaned

    def _taker_in(self, work: handover.InHand) -> Person | None:
        for tie in self.ties:
            if isinstance(tie.row, Membership) and tie.row.group_id == work.group.pk:
                taker = self.cleaned_data.get(f"taker-{tie.key}")
                if taker:
                    return self._people[int(taker)]
        return None

    def plan(self) -> Plan:
        """What was chosen."""
        data = self.cleaned_data
        endings = []
        for tie in self.ties:
            if data[f"ends-{tie.key}"]:
                taker = data[f"taker-{tie.key}"]
                endings.append(Ending(tie.key, self._people[int(taker)] if taker else None))
        chosen = [(work.key, self._to(work)) for work in self.work]
        return Plan(data["on"], tuple(endings), tuple(Passing(key, to) for key, to in chosen if to))

    def _to(self, work: handover.InHand) -> Person | Organisation | None:
        chosen: str = self.cleaned_data[f"work-{work.key}"]
        if chosen == TAKER:
            return self._taker_in(work)
        kind, _dash, pk = chosen.partition("-")
        if kind == "person":
            return self._people[int(pk)]
        for tie in self.ties:
            if kind == "organisation" and str(tie.row.organisation_id) == pk:
                return tie.row.organisation
        return None
