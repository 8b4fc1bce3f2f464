"""Setting a region up: what its file tells, and the first administrator."""

from dataclasses import dataclass, field
from datetime import datetime

from core.audit import service
from directory.models import Group, LoginInvitation, Organisation, Person
from directory.services import groups, invitations, organisations
from welfare.region.reading import NAMES, Region


class NobodyAdministers(Exception):
    """There is no administrator yet, and none was named."""


class AnotherAdministers(Exception):
    """Somebody else administers the region already; they make others administrators."""


class CannotAdminister(Exception):
    """The person with this address may not log in, or was merged into another."""


@dataclass
class Outcome:
    """What was added and what was there; `invitation` is open where one can still come in by it."""

    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    administrator: Person | None = None
    invitation: LoginInvitation | None = None


def administrators() -> list[Person]:
    """Those who can administer the region, the first one first."""
    found = Person.objects.current().filter(is_administrator=True, is_active=True)
    return list(found.order_by("pk"))


@service
def set_up(
    *, region: Region, name: str, email: str | None, by: Person | None, now: datetime
) -> Outcome:
    """Add what is missing of the region and its first administrator; change nothing else.

    An organisation is there if any was ever called so, whatever it is called or merged into now.
    `name` and `email` are the first administrator's, and count while there is none. Raises
    NobodyAdministers, AnotherAdministers and CannotAdminister.
    """
    outcome = Outcome()
    county = _add_organisations(region, outcome, by)
    _add_group(region, county, outcome, by)
    person = _administrator(name, email, region.group.get("language", "fi"), outcome)
    outcome.administrator = person
    if invitations.can_be_invited(person):
        still_good = person.login_invitations.open().filter(
            expires_at__gt=now, email=str(person.email)
        )
        outcome.invitation = still_good.first() or invitations.invite(person=person, by=by, now=now)
    return outcome


def _add_organisations(region: Region, outcome: Outcome, by: Person | None) -> Organisation:
    """The county, once all are there."""
    known = _names_ever()
    county = None
    for values in region.organisations:
        names = [values[one] for one in NAMES if values.get(one)]
        pk = next((known[one.casefold()] for one in names if one.casefold() in known), None)
        if pk is None:
            one = organisations.add(values=dict(values), pupils={}, by=by)
            outcome.added.append(one.short_fi or one.name_fi)
        else:
            one = Organisation.objects.select_related("merged_into").get(pk=pk)
            outcome.there.append(one.short_fi or one.name_fi)
        if values["kind"] == Organisation.Kind.COUNTY:
            county = one.merged_into or one
    assert county is not None  # a region has one
    return county


def _names_ever() -> dict[str, int]:
    """Each name that an organisation, schools left out, has or has had: from its history."""
    events = Organisation._meta.get_field("events").related_model
    assert isinstance(events, type)
    there = Organisation.objects.exclude(kind=Organisation.Kind.SCHOOL)
    rows = events._default_manager.filter(pgh_obj__in=there).order_by("pgh_id")
    found: dict[str, int] = {}
    for pk, aliases, *names in rows.values_list("pgh_obj", "aliases", *NAMES):
        for name in (*names, *aliases):
            if name:
                found.setdefault(name.casefold(), pk)
    return found


def _add_group(region: Region, county: Organisation, outcome: Outcome, by: Person | None) -> None:
    there = Group.objects.filter(kind=Group.Kind.COOPERATION).order_by("pk").first()
    if there:
        outcome.there.append(there.name_fi)
    else:
        made = groups.add(values={**region.group, "host": county}, by=by)
        outcome.added.append(made.name_fi)


def _administrator(name: str, email: str | None, language: str, outcome: Outcome) -> Person:
    there = administrators()
    email = email.lower() if email else None
    if there:
        first = next((one for one in there if email in (None, one.email)), None)
        if first is None:
            raise AnotherAdministers
        outcome.there.append(first.name)
        return first
    if email is None:
        raise NobodyAdministers
    person = Person.objects.select_for_update().filter(email=email).first()
    if person is None:
        person = Person(name=name, email=email, language=language, is_administrator=True)
        person.set_unusable_password()
        person.clean()
    elif person.merged_into_id or not person.is_active:
        raise CannotAdminister
    else:
        person.is_administrator = True
    person.save()
    outcome.added.append(person.name)
    return person
