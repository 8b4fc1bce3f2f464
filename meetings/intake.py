"""From a reading to the house's own words: who is who in the directory, what a person settled."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from django.db.models import Q

from directory.enums import OwnerSet
from directory.models import Group, Membership, Organisation, Person
from meetings.importing import (
    Action,
    Alternative,
    Attendee,
    Decision,
    Doubt,
    Known,
    KnownOrganisation,
    Line,
    Reading,
)

# How minutes call the sets that own a task together (koulutuksen järjestäjät, kunnat, jäsenet).
_SETS = {
    "koulutuksen järjestäjät": OwnerSet.PROVIDERS,
    "utbildningsanordnarna": OwnerSet.PROVIDERS,
    "utbildningsanordnare": OwnerSet.PROVIDERS,
    "education providers": OwnerSet.PROVIDERS,
    "kunnat": OwnerSet.MUNICIPALITIES,
    "kommunerna": OwnerSet.MUNICIPALITIES,
    "kommuner": OwnerSet.MUNICIPALITIES,
    "municipalities": OwnerSet.MUNICIPALITIES,
    "jäsenet": OwnerSet.MEMBERS,
    "medlemmarna": OwnerSet.MEMBERS,
    "medlemmar": OwnerSet.MEMBERS,
    "members": OwnerSet.MEMBERS,
}
_SUBGROUP = {"alatyöryhmä", "underarbetsgruppen", "underarbetsgrupp", "sub-group", "subgroup"}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass
class Directory:
    """The directory by the names that minutes use; three queries, whatever its size."""

    group: Group
    organisations: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, list[Person]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    # Members of the group, of its sub-groups and of the group it is in.
    near: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, group: Group) -> "Directory":
        """Read it for the group's minutes; the group's own members come first among namesakes."""
        found = cls(group)
        for row in Organisation.objects.current().order_by("pk"):
            for name in _names(row):
                found.organisations.setdefault(_folded(name), row)
        around = Q(group=group) | Q(group__parent=group) | Q(group=group.parent_id)
        rows = Membership.objects.filter(around, group__ended_on=None)
        belongs = list(rows.values_list("person_id", "group_id"))
        found.near = {person for person, _ in belongs}
        members = {person for person, where in belongs if where == group.pk}
        people = Person.objects.select_related("merged_into").order_by("pk")
        # A merged person's name leads to the one that stays.
        names = [(row.name, row.merged_into or row) for row in people]
        for name, person in sorted(names, key=lambda one: one[1].pk not in members):
            namesakes = found.persons.setdefault(_folded(name), [])
            if person not in namesakes:
                namesakes.append(person)
        family = Group.objects.filter(parent=group) | Group.objects.filter(pk=group.pk)
        subgroups = []
        for one in family.order_by("pk"):
            for name in filter(None, (one.name_fi, one.name_sv)):
                found.groups[_folded(name)] = one
            if one.pk != group.pk:
                subgroups.append(one)
        if len(subgroups) == 1:  # "the sub-group" is that one
            found.groups |= dict.fromkeys(_SUBGROUP, subgroups[0])
        return found

    def known(self) -> Known:
        """The same names for the reader."""
        rows = {row.pk: row for row in self.organisations.values()}
        return Known(
            organisations=tuple(
                KnownOrganisation(
                    name=row.short_fi or row.name_fi,
                    aliases=tuple(_names(row)),
                    forms=tuple(row.inflections),
                )
                for row in rows.values()
            ),
            persons=tuple(people[0].name for people in self.persons.values()),
            groups=tuple(row.name_fi for row in {g.pk: g for g in self.groups.values()}.values()),
        )

    def organisation(self, name: str | None) -> Organisation | None:
        """The organisation of that name, alias or form."""
        return self.organisations.get(_folded(name or ""))

    def person(self, name: str) -> Person | None:
        """The person of that name; of namesakes the group's own."""
        found = self.persons.get(_folded(name), [])
        return found[0] if found else None

    def find(self, name: str, people: Mapping[str, Person]) -> "Party | None":
        """Whom an owner's or recipient's name means; None if nobody who can be chosen for it.

        `people` are those whom the person who reads the minutes in has matched, by name as read.
        Others must belong to the group or near it: who can be picked in the editor, no more.
        """
        key = _folded(name)
        if key in _SETS:
            return Party("set", _SETS[key].value, name, str(_SETS[key].label))
        if organisation := self.organisation(name):
            return Party("organisation", str(organisation.pk), name, organisation.name)
        if group := self.groups.get(key):
            return Party("group", str(group.pk), name, group.name)
        person = people.get(key)
        if person is None:
            near = (one for one in self.persons.get(key, []) if one.pk in self.near)
            person = next(near, None)
        return Party("person", str(person.pk), name, person.name) if person else None


@dataclass(frozen=True)
class Party:
    """An owner or recipient: the kind and key that marks name it by, its name as read and known."""

    type: str
    id: str
    name: str
    known: str

    def as_mark(self) -> dict[str, str]:
        """As marks carry it."""
        return {"type": self.type, "id": self.id, "name": self.name}


def _names(row: Organisation) -> Iterable[str]:
    names = (row.short_fi, row.name_fi, row.short_sv, row.name_sv, *row.aliases)
    return [name for name in names if name]


def everyone(reading: Reading) -> list[Attendee]:
    """All who are named: those present, then those absent."""
    return [*reading.attendees, *reading.absent]


def settled(reading: Reading, choices: Mapping[int, Alternative]) -> Reading:
    """The reading with the chosen alternatives (doubt's place → alternative) put in."""
    reading = deepcopy(reading)
    for place, alternative in choices.items():
        _apply(reading, reading.doubts[place], alternative)
    return reading


def _apply(reading: Reading, doubt: Doubt, alternative: Alternative) -> None:
    match alternative.change:
        case "link.line":
            for link in reading.links:
                if link.url == doubt.detail["url"]:
                    link.line = alternative.value
                    link.label = None
        case "action.owner":
            action = _action_of(reading, doubt)
            if action and alternative.value not in action.owners:
                action.owners.append(alternative.value)
        case "item.title":
            for item in reading.agenda:
                if item.title == doubt.detail["heading"]:
                    rest = doubt.detail["rest"]
                    item.title = alternative.value
                    item.lines.insert(0, Line(0, None, rest, list(doubt.lines)))
                    outcomes: list[Action | Decision] = [*reading.actions, *reading.decisions]
                    for found in outcomes:
                        if reading.agenda[found.item] is item and found.line is not None:
                            found.line += 1
        case "item.join":
            _join(reading, doubt)


def _join(reading: Reading, doubt: Doubt) -> None:
    """Put an item that is none into the one before, its heading as a line of text."""
    place = next(at for at, item in enumerate(reading.agenda) if doubt.line in item.sources)
    item, before = reading.agenda.pop(place), reading.agenda[place - 1]
    offset = len(before.lines)
    before.lines += [Line(0, None, item.title, list(item.sources)), *item.lines]
    outcomes: list[Action | Decision] = [*reading.actions, *reading.decisions]
    for found in outcomes:
        if found.item == place:  # in the heading itself, or in a line below it
            found.line = offset if found.line is None else offset + 1 + found.line
    for moved in (*outcomes, *reading.links):
        if moved.item is not None and moved.item >= place:
            moved.item -= 1


def _action_of(reading: Reading, doubt: Doubt) -> Action | None:
    return next((action for action in reading.actions if action.text == doubt.text), None)
