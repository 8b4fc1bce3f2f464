"""A members' list goes in: what a person was shown is done, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from core.audit import service
from directory.members_import import plan as plans
from directory.members_import.columns import Layout
from directory.members_import.known import Known
from directory.members_import.outcome import Act, Choices, Kind, Plan
from directory.models import Affiliation, Group, Membership, Organisation, Person
from directory.permissions import may_keep_members
from directory.services import memberships, organisations, people


class NotAsShown(Exception):
    """What would be done is not what was shown: someone has changed something meanwhile."""


class NotKept(Exception):
    """Whoever acts does not keep the group's members, or not any more."""


@dataclass
class Done:
    """What was done: the keys of persons, and the numbers of rows with which nothing was done."""

    new: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def preview(*, group: Group, layout: Layout, choices: Choices, by: Person, now: datetime) -> Plan:
    """What the list would do now. Nothing is saved; the number of queries is always the same."""
    known = Known.of(group, by=by, today=timezone.localdate(now))
    return plans.make(layout, known, choices)


@service
def accept(
    *,
    group: Group,
    layout: Layout,
    choices: Choices,
    seen: Mapping[int, str],
    by: Person,
    now: datetime,
) -> Done:
    """Do what the plan says, where that is what `seen` tells: each row's act by its digest.

    Rows that were left out after they were seen do not count. Raises NotAsShown, also where
    questions are open, and NotKept.
    """
    # Whoever changes members of the group meanwhile waits, and so does another list.
    group = Group.objects.select_for_update().get(pk=group.pk)
    if not may_keep_members(by, group):
        raise NotKept
    plan = preview(group=group, layout=layout, choices=choices, by=by, now=now)
    wanted = {row: digest for row, digest in seen.items() if row not in choices.left}
    if plan.open_questions or not plan.acts or plan.seen() != wanted:
        raise NotAsShown
    try:
        return _Doing(group, plan, by=by, now=now).all()
    except (
        memberships.Refused,
        people.EmailTaken,
        people.NotYours,
        ObjectDoesNotExist,
    ) as error:
        raise NotAsShown from error


class _Doing:
    """One plan being done."""

    def __init__(self, group: Group, plan: Plan, *, by: Person, now: datetime) -> None:
        self.group, self.plan, self.by, self.now = group, plan, by, now
        self.today = timezone.localdate(now)
        acts = plan.acts
        # Two lists of the same people, and who merges some of them, take them in the same order.
        people = Person.objects.select_for_update().order_by("pk")
        self.people = people.in_bulk([act.person for act in acts if act.person])
        organisations.hold(pk for act in acts for pk in _of(act))
        self.organisations = Organisation.objects.in_bulk()
        places = {pk for act in acts for pk in (act.place, act.deputy_for, *_deputed(act)) if pk}
        self.places = Membership.objects.in_bulk(places)
        if len(self.places) < len(places):  # removed a moment ago
            raise NotAsShown
        self.made: dict[int, Membership] = {}  # by row

    def all(self) -> Done:
        """Do it, those last who stand in for another of the list."""
        aside = (Kind.WRONG, Kind.OUT)
        done = Done(left=[one.number for one in self.plan.outcomes if one.kind in aside])
        kinds = {one.number: one.kind for one in self.plan.outcomes}
        lists = {Kind.NEW: done.new, Kind.JOINS: done.joined, Kind.CHANGES: done.changed}
        for act in sorted(self.plan.acts, key=_is_deputy):
            person = self._person(act)
            self._place(act, person)
            lists[kinds[act.row]].append(person.pk)
        return done

    def _person(self, act: Act) -> Person:
        if act.person is None:
            return people.add_person(
                name=act.name,
                email=act.email or None,
                language=self.group.language,
                organisation=self._organisation(act.organisation),
                title=act.title,
                today=self.today,
                by=self.by,
            )
        person = self.people[act.person]
        if act.email:
            person = people.change_person(
                person=person,
                name=person.name,
                email=act.email,
                language=person.language,
                by=self.by,
                now=self.now,
            )
        if act.title:
            if act.tie:
                tie = Affiliation.objects.select_for_update().get(pk=act.tie)
                tie.title = act.title
            else:
                tie = Affiliation(
                    person=person,
                    organisation=self._organisation(act.title_of),
                    title=act.title,
                    valid_from=self.today,
                )
            people.save_affiliation(affiliation=tie, by=self.by)
        return person

    def _place(self, act: Act, person: Person) -> None:
        deputy_for = self.made[act.deputy_for_row] if act.deputy_for_row else None
        if act.place is None:
            self.made[act.row] = memberships.add(
                group=self.group,
                person=person,
                role=act.role,
                organisation=self._organisation(act.organisation),
                seat=act.seat,
                deputy_for=deputy_for or self.places.get(act.deputy_for or 0),
                valid_from=act.valid_from,
                valid_to=act.valid_to,
                by=self.by,
            )
        elif act.changes:
            values = {change.field: change.new for change in act.changes}
            if "organisation" in values:
                values["organisation"] = self._organisation(values["organisation"])
            if "deputy_for" in values:
                values["deputy_for"] = deputy_for or self.places.get(values["deputy_for"] or 0)
            self.places[act.place] = memberships.change(
                membership=self.places[act.place], values=values, by=self.by
            )

    def _organisation(self, pk: int | None) -> Organisation | None:
        return self.organisations[pk] if pk else None


def _deputed(act: Act) -> list[int]:
    return [change.new for change in act.changes if change.field == "deputy_for" and change.new]


def _of(act: Act) -> list[int | None]:
    changed = [change.new for change in act.changes if change.field == "organisation"]
    return [act.organisation, act.title_of, *changed]


def _is_deputy(act: Act) -> bool:
    return bool(act.deputy_for or act.deputy_for_row or _deputed(act))
