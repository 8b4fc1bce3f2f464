"""What changes memberships: who is in a group, as what, for whom, and how long."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import service
from directory.models import Group, Membership, Organisation, Person
from directory.permissions import may_keep_members
from directory.services import organisations, people

FIELDS = ("role", "organisation", "seat", "deputy_for", "valid_from", "valid_to")


class Refused(Exception):
    """A membership cannot be so; `words` say why to a reader, `field` names what is wrong."""

    field: str | None = None
    words: Any = ""

    def __str__(self) -> str:
        return str(self.words)


class NotKept(Refused):
    """Whoever acts does not keep the group's members, or not any more."""

    words = _("You do not keep this group's members.")


class Gone(Refused):
    """The person or the organisation was merged into another a moment ago."""

    words = _("The person or the organisation was just merged into another. Choose again.")


class GroupHasEnded(Refused):
    """Nobody new comes into a group that has ended."""

    words = _("The group has ended. Take it into use again first.")


class HasBeen(Refused):
    """The membership was in force before today, so it is not as if it had never been."""

    words = _("The person has been in the group before today. Give a last day instead.")


class AlreadyMember(Refused):
    """The person is in the group already, in the same role for the same organisation."""

    field = "role"
    words = _("The person is in the group already, in this role and for this organisation.")


class EndsBeforeItBegins(Refused):
    """The last day is before the first."""

    field = "valid_to"
    words = _("It cannot end before it begins.")


class NotADeputy(Refused):
    """Only a deputy member stands in for someone (`deputy_for` with another role)."""

    field = "deputy_for"
    words = _("Only a deputy member stands in for someone.")


class CannotDeputise(Refused):
    """The one stood in for is of another group, a deputy too, or the same person."""

    field = "deputy_for"
    words = _("A deputy stands in for another member of the same group who is no deputy.")


@service
def add(
    *,
    group: Group,
    person: Person,
    role: str,
    organisation: Organisation | None = None,
    seat: str = "",
    deputy_for: Membership | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Person | None,
) -> Membership:
    """Take a person into a group; raises a `Refused`.

    One may be in a group more than once: in two roles, or for two organisations.
    """
    membership = Membership(
        group=group,
        person=person,
        role=role,
        organisation=organisation,
        seat=seat,
        deputy_for=deputy_for,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if _check(membership, by).ended_on:
        raise GroupHasEnded
    membership.save()
    return membership


@service
def add_newcomer(
    *,
    group: Group,
    name: str,
    email: str | None,
    language: str,
    place: dict[str, Any],
    today: date,
    by: Person,
) -> Membership:
    """Take someone into a group who is not in the directory yet; `place` is the rest for `add`.

    They belong to the organisation they represent from today. Raises a `Refused` and
    `people.EmailTaken`.
    """
    person = people.add_person(
        name=name,
        email=email,
        language=language,
        organisation=place.get("organisation"),
        title="",
        today=today,
        by=by,
    )
    return add(group=group, person=person, **place, by=by)


@service
def change(*, membership: Membership, values: dict[str, Any], by: Person | None) -> Membership:
    """Change some of `FIELDS`; raises a `Refused`. Without a last day, it goes on."""
    membership = held(membership, values.get("organisation"))
    for name, value in values.items():
        setattr(membership, name, value)
    _check(membership, by)
    membership.save(update_fields=[name for name in values if name in FIELDS])
    return membership


@service
def end(*, membership: Membership, on: date, by: Person | None) -> Membership:
    """The day is the last of the membership; raises a `Refused`."""
    return change(membership=membership, values={"valid_to": on}, by=by)


@service
def remove(*, membership: Membership, today: date, by: Person) -> None:
    """Take away a membership that was a mistake, before its first day is over; raises a `Refused`.

    One in force before today has let someone see things: it is ended instead.
    """
    group = Group.objects.select_for_update().get(pk=membership.group_id)
    if not may_keep_members(by, group):
        raise NotKept
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if not is_new(membership, today):
        raise HasBeen
    membership.delete()


def held(membership: Membership, organisation: Organisation | None = None) -> Membership:
    """The membership as it is now, which nobody changes meanwhile.

    Everybody locks in this order, so that nobody waits for one who waits for them: the group, the
    person, the organisations (also the one that is to be), the membership. Raises
    `Membership.DoesNotExist`.
    """
    known = Membership.objects.get(pk=membership.pk)
    Group.objects.select_for_update().get(pk=known.group_id)
    Person.objects.select_for_update().get(pk=known.person_id)
    organisations.hold([known.organisation_id, organisation.pk if organisation else None])
    return Membership.objects.select_for_update().get(pk=known.pk)


def is_new(membership: Membership, today: date) -> bool:
    """Whether a membership begins today or later."""
    return membership.valid_from is not None and membership.valid_from >= today


def _check(membership: Membership, by: Person | None) -> Group:
    # Two who add the same member at once wait for each other here.
    group = Group.objects.select_for_update().get(pk=membership.group_id)
    if by is not None and not may_keep_members(by, group):
        raise NotKept
    person = Person.objects.select_for_update().get(pk=membership.person_id)
    merged = membership.organisation_id and organisations.hold([membership.organisation_id])
    if person.merged_into_id or (merged and any(merged.values())):
        raise Gone
    begins, ends = membership.valid_from, membership.valid_to
    if begins and ends and ends < begins:
        raise EndsBeforeItBegins
    if deputed := membership.deputy_for:
        if membership.role != Membership.Role.DEPUTY:
            raise NotADeputy
        same_group = deputed.group_id == group.pk
        if (
            not same_group
            or deputed.person_id == person.pk
            or deputed.role == Membership.Role.DEPUTY
        ):
            raise CannotDeputise
    if _same(membership).exists():
        raise AlreadyMember
    return group


def _same(membership: Membership) -> Any:
    """Others that say the same of days that this one covers, too."""
    found = Membership.objects.filter(
        group=membership.group_id,
        person=membership.person_id,
        role=membership.role,
        organisation=membership.organisation_id,
    ).exclude(pk=membership.pk)
    if membership.role == Membership.Role.DEPUTY:
        found = found.filter(deputy_for=membership.deputy_for)
    if membership.valid_from:
        found = found.filter(Q(valid_to=None) | Q(valid_to__gte=membership.valid_from))
    if membership.valid_to:
        found = found.filter(Q(valid_from=None) | Q(valid_from__lte=membership.valid_to))
    return found
