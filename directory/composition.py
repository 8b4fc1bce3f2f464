"""Who is missing from a cooperation group by the law's composition (14 a § of 1287/2013)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sorting import alphabetical
from directory.models import Group, Membership, Organisation
from directory.models.naming import name_in_language

_BOTH = frozenset({"fi", "sv"})


@dataclass(frozen=True)
class Gaps:
    """What a cooperation group lacks on a day; everything empty means nothing is lacking."""

    seats: tuple[str, ...] = ()  # values of Membership.Seat that nobody fills
    languages: tuple[str, ...] = ()  # "fi", "sv": national languages nobody stands for
    organisations: tuple[Organisation, ...] = ()  # municipalities and providers without a member


def gaps(group: Group, *, today: date) -> Gaps:
    """The group's gaps on the day, in two queries; none for other kinds than a cooperation group.

    Observers represent nobody. The law wants both national languages in a bilingual county; the
    region counts as bilingual where its municipalities' language statuses name both languages.
    A member stands for the language of the organisation represented, where that has one only, and
    else for their own language: who sits for bilingual Espoo may be of either.
    """
    if group.kind != Group.Kind.COOPERATION:
        return Gaps()
    members = list(
        Membership.objects.filter(Membership.now(today=today), group=group)
        .exclude(role=Membership.Role.OBSERVER)
        .select_related("person", "organisation")
    )
    wanted = list(
        Organisation.objects.valid(today)
        .filter(Q(kind=Organisation.Kind.MUNICIPALITY) | Q(is_provider=True))
        .order_by(alphabetical(name_in_language()), "pk")
    )
    filled = {member.seat for member in members}
    represented = {member.organisation_id for member in members}
    spoken = {_language(member) for member in members}
    region: set[str] = set()
    for one in wanted:
        if one.kind == Organisation.Kind.MUNICIPALITY and one.language_status:
            region |= set(one.language_status.split("-"))
    # A municipality is a provider too, so its member fills the providers' seat as well.
    if any(member.organisation and member.organisation.is_provider for member in members):
        filled.add(Membership.Seat.PROVIDER)
    seats = ("county", "provider", "guardians", "students", "staff")
    return Gaps(
        seats=tuple(seat for seat in seats if seat not in filled),
        languages=tuple(sorted(_BOTH - spoken)) if region >= _BOTH else (),
        organisations=tuple(one for one in wanted if one.pk not in represented),
    )


@dataclass(frozen=True)
class Missing:
    """Something a group lacks, in words, and what a new member would be to fill it."""

    words: Any
    place: dict[str, str]  # values of a membership: role, seat

    @property
    def query(self) -> str:
        """The same as a query of an address, for a form that begins with it."""
        return urlencode(self.place)


_SEATS: dict[str, Any] = {
    "county": _("Nobody sits for the wellbeing services county."),
    "provider": _("Nobody sits for the education providers."),
    "guardians": _("Nobody sits for the guardians."),
    "students": _("Nobody sits for the students."),
    "staff": _("Nobody sits for the student welfare staff."),
}
_LANGUAGES: dict[str, Any] = {
    "fi": _("Nobody stands for Finnish; the law wants both national languages at the table."),
    "sv": _("Nobody stands for Swedish; the law wants both national languages at the table."),
}
_ROLES: dict[str, Any] = {
    Membership.Role.CHAIR: _("The group has no chair."),
    Membership.Role.SECRETARY: _("The group has no secretary."),
}


def missing(found: Gaps) -> list[Missing]:
    """The seats and languages that a group lacks, each with what would fill it."""
    return [
        *(Missing(_SEATS[seat], {"seat": seat}) for seat in found.seats),
        *(Missing(_LANGUAGES[language], {}) for language in found.languages),
    ]


def vacant(group: Group, *, on: date, without: Membership | None = None) -> list[Missing]:
    """Which of chair and secretary nobody is in the group on the day, in one query.

    `without` is left out of account: what if this membership were no more?
    """
    found = group.memberships.filter(Membership.now(today=on), role__in=_ROLES)
    if without:
        found = found.exclude(pk=without.pk)
    filled = set(found.values_list("role", flat=True))
    return [Missing(words, {"role": role}) for role, words in _ROLES.items() if role not in filled]


def seat_of(organisation: Organisation) -> str:
    """The seat that a member from the organisation fills; empty where it may be any."""
    by_kind: dict[str, str] = {
        Organisation.Kind.COUNTY: Membership.Seat.COUNTY,
        Organisation.Kind.MUNICIPALITY: Membership.Seat.MUNICIPALITY,
        Organisation.Kind.GUARDIANS: Membership.Seat.GUARDIANS,
        Organisation.Kind.STUDENTS: Membership.Seat.STUDENTS,
    }
    return by_kind.get(organisation.kind, "provider" if organisation.is_provider else "")


def _language(member: Membership) -> str:
    organisation = member.organisation
    status = (organisation.language_status or organisation.language) if organisation else ""
    return status if status in _BOTH else member.person.language
