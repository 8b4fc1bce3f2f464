"""What the directory has that a list may speak of, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher, get_close_matches

from core import finnish
from core.sorting import alphabetical
from directory.members_import.columns import plain
from directory.members_import.values import name_key
from directory.models import Affiliation, Group, Organisation, Person, lasting
from directory.models.naming import name_in_language
from directory.permissions import manageable

_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Someone of the directory."""

    pk: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """A membership of the group that goes on or is to come."""

    pk: int
    person: int
    role: str
    organisation: int | None
    seat: str
    deputy_for: int | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Tie:
    """That a person works in an organisation."""

    pk: int
    title: str


@dataclass
class Known:
    """The directory around one group, on one day, as far as `by` may change it."""

    today: date
    # Who acts, where a list could take their own right away; an administrator's it cannot.
    own: int | None = None
    people: dict[int, KnownPerson] = field(default_factory=dict)
    by_email: dict[str, int] = field(default_factory=dict)
    by_name: Mapping[tuple[str, ...], list[int]] = field(default_factory=dict)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    by_organisation: dict[str, list[int]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    places_of: Mapping[int, list[Place]] = field(default_factory=dict)
    ties: dict[tuple[int, int], Tie] = field(default_factory=dict)
    manageable: set[int] = field(default_factory=set)
    # Addresses of rows that were merged into a person who has another one, or that is no more.
    spent: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, group: Group, *, by: Person, today: date) -> "Known":
        """Read it."""
        found = cls(today, own=None if by.is_administrator else by.pk)
        found._read_people(by)
        found._read_organisations()
        found._read_group(group)
        return found

    def organisation_named(self, text: str) -> list[int]:
        """Those that have the name, a short one, another one or an inflected form."""
        return self.by_organisation.get(plain(text), [])

    def suggestions(self, text: str) -> list[int]:
        """Those whose names look like it, the likeliest first; also by the words' base forms."""
        wanted = plain(text)
        words = [word for word in wanted.split() if len(word) > 2]
        based = " ".join(finnish.base_forms(word)[0] for word in wanted.split())
        best: dict[int, float] = {}
        for form in dict.fromkeys((wanted, based, *words)):
            for name in get_close_matches(form, self.by_organisation, n=_SUGGESTED, cutoff=0.7):
                likeness = SequenceMatcher(None, form, name).ratio()
                for pk in self.by_organisation[name]:
                    best[pk] = max(best.get(pk, 0), likeness)
        return sorted(best, key=lambda pk: (-best[pk], pk))[:_SUGGESTED]

    def _read_people(self, by: Person) -> None:
        by_name = defaultdict(list)
        rows = Person.objects.order_by("pk").values_list("pk", "name", "email", "merged_into")
        merged = []
        for pk, name, email, into in rows:
            if into is not None:
                merged.append((email, into))
                continue
            self.people[pk] = KnownPerson(pk, name, email or "")
            by_name[name_key(name)].append(pk)
            if email:
                self.by_email[email] = pk
        for email, into in merged:
            if email and into in self.people:
                self.by_email.setdefault(email, into)
                self.spent.add(email)
            elif email:
                self.spent.add(email)
        self.by_name = by_name
        self.manageable = set(manageable(by).values_list("pk", flat=True))

    def _read_organisations(self) -> None:
        found = defaultdict(list)
        order = alphabetical(name_in_language())
        for one in Organisation.objects.valid(self.today).order_by(order, "pk"):
            self.organisations[one.pk] = one
            names = (
                one.name_fi,
                one.name_sv,
                one.short_fi,
                one.short_sv,
                *one.aliases,
                *one.inflections,
            )
            for name in dict.fromkeys(plain(name) for name in names):
                if name:
                    found[name].append(one.pk)
        self.by_organisation = dict(found)

    def _read_group(self, group: Group) -> None:
        places_of = defaultdict(list)
        rows = group.memberships.filter(lasting(self.today)).order_by("pk")
        for row in rows:
            place = Place(
                pk=row.pk,
                person=row.person_id,
                role=row.role,
                organisation=row.organisation_id,
                seat=row.seat,
                deputy_for=row.deputy_for_id,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            self.places[row.pk] = place
            places_of[row.person_id].append(place)
        self.places_of = places_of
        ties = Affiliation.objects.filter(lasting(self.today)).order_by("-pk")
        for tie in ties.values_list("pk", "person", "organisation", "title"):
            self.ties[tie[1], tie[2]] = Tie(tie[0], tie[3])
