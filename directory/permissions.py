"""Who may do what: one table of roles and verbs, asked through `has_permission`."""

from enum import StrEnum

from django.db.models import Q, QuerySet

from directory.models import ContactPerson, Group, Membership, Person


class Verb(StrEnum):
    """What a person wants to do to something that belongs to a group."""

    READ = "read"  # sent agendas, shared minutes, the group's page
    WRITE = "write"  # prepare, take minutes, share, send
    KEEP = "keep"  # the directory's pages: not of one group, see `is_coordinator`


_ROLES: dict[str, frozenset[Verb]] = {
    role: frozenset({Verb.READ, Verb.WRITE})
    if role in Membership.COORDINATORS
    else frozenset({Verb.READ})
    for role in Membership.Role
}


def role_in(person: Person, group: Group) -> str | None:
    """The person's role in the group today, the most able one where there are several."""
    roles = set(
        Membership.objects.filter(Membership.now(), group=group, person=person).values_list(
            "role", flat=True
        )
    )
    return next((role for role in Membership.Role if role in roles), None)


def has_permission(person: Person, verb: Verb, group: Group) -> bool:
    """May the person do this in the group? An administrator may do everything everywhere."""
    if person.is_administrator:
        return True
    return allows(role_in(person, group), verb)


def allows(role: str | None, verb: Verb) -> bool:
    """May one with this role in a group do this there?"""
    return role is not None and verb in _ROLES[role]


def coordinated_by(person: Person) -> list[int]:
    """Ids of the groups in which the person writes."""
    return list(
        Membership.objects.filter(
            Membership.now(), person=person, role__in=Membership.COORDINATORS
        ).values_list("group_id", flat=True)
    )


def is_coordinator(person: Person) -> bool:
    """Does the person see the directory: an administrator, or one who writes in some group?"""
    return person.is_administrator or bool(coordinated_by(person))


def may_invite(by: Person, person: Person) -> bool:
    """May `by` ask the person to come in: someone of a group of theirs, or of none yet?"""
    if by.is_administrator:
        return True
    groups = set(
        Membership.objects.filter(Membership.now(), person=person).values_list("group", flat=True)
    )
    return not groups or not groups.isdisjoint(coordinated_by(by))


def speaks_for(person: Person, *, group: object = None) -> QuerySet[ContactPerson]:
    """Whose contact person one is today, in `group` (an outer query's field) or anywhere.

    A contact person who is no member gets what the organisation is to do, in the words that were
    shared with everyone (`Origin.excerpt`), and neither the minutes nor the group's page. An
    organisation that has ended has none.
    """
    found = ContactPerson.objects.filter(
        Membership.now("organisation__"),
        ContactPerson.now(),
        person=person,
    )
    if group is None:
        return found
    return found.filter(Q(group__isnull=True) | Q(group=group))


def may_keep_members(person: Person, group: Group) -> bool:
    """May the person add and end members: who writes in the group, or in the one above it?"""
    if person.is_administrator:
        return True
    return bool({group.pk, group.parent_id} & set(coordinated_by(person)))
