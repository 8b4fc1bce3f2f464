"""Who is missing from a cooperation group by the law's composition (14 a § of 1287/2013)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.sorting import alphabetical
from directory.models import Group, Membership, Organisation

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
        .order_by(alphabetical("name_fi"), "pk")
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


def _language(member: Membership) -> str:
    organisation = member.organisation
    status = (organisation.language_status or organisation.language) if organisation else ""
    return status if status in _BOTH else member.person.language
