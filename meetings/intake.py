"""From a reading to the house's own words: who is who in the directory, what a person settled."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

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

    @classmethod
    def of(cls, group: Group) -> "Directory":
        """Read it for the group's minutes; the group's own members come first among namesakes."""
        found = cls(group)
        for row in Organisation.objects.order_by("pk"):
            for name in _names(row):
                found.organisations.setdefault(_folded(name), row)
        members = set(Membership.objects.filter(group=group).values_list("person_id", flat=True))
        for person in sorted(Person.objects.order_by("pk"), key=lambda p: p.pk not in members):
            found.persons.setdefault(_folded(person.name), []).append(person)
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

    def party(self, name: str, people: Mapping[str, Person]) -> dict[str, str] | None:
        """An owner or recipient as marks name it, or None where nobody of the name is known.

        `people` are those whom the person who reads the minutes in has matched, by name as read.
        """
        key = _folded(name)
        person = people.get(key) or self.person(name)
        organisation = self.organisation(name)
        if key in _SETS:
            kind, id_ = "set", _SETS[key].value
        elif organisation:
            kind, id_ = "organisation", str(organisation.pk)
        elif key in self.groups:
            kind, id_ = "group", str(self.groups[key].pk)
        elif person:
            kind, id_ = "person", str(person.pk)
        else:
            return None
        return {"type": kind, "id": id_, "name": name}


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


def _action_of(reading: Reading, doubt: Doubt) -> Action | None:
    return next((action for action in reading.actions if action.text == doubt.text), None)
