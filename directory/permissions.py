"""Who may do what: one table of roles and verbs, asked through `has_permission`."""

from enum import StrEnum

from django.db.models import Q, QuerySet

from directory.models import ContactPerson, Group, Membership, Person, lasting


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


def may_add_group(person: Person, parent: Group | None) -> bool:
    """May the person make a new group: an administrator; a sub-group, who writes above it?"""
    if person.is_administrator:
        return True
    return parent is not None and parent.pk in coordinated_by(person)


def may_manage(by: Person, person: Person) -> bool:
    """May `by` change how `person` gets in, merge them, or hand their work over?

    An administrator may. A coordinator may where they coordinate every group in which the person
    has a say, as a member (from a coming day, too) or as an organisation's contact person; else one
    group's secretary could take over the account of another's. Nobody but an administrator may
    touch an administrator's account.
    """
    if by.is_administrator:
        return True
    if person.is_administrator:
        return False
    mine = coordinated_by(by)
    if not mine or person.memberships.filter(lasting()).exclude(group__in=mine).exists():
        return False
    contacts = set(
        person.contact_for.filter(ContactPerson.now()).values_list("group", flat=True)
    ) - set(mine)
    return not contacts or (contacts == {None} and may_keep_contacts(by, None))


def manageable(by: Person) -> QuerySet[Person]:
    """Everybody whom `by` may manage, by the same rule as `may_manage`."""
    if by.is_administrator:
        return Person.objects.all()
    mine = coordinated_by(by)
    if not mine:
        return Person.objects.none()
    elsewhere = Membership.objects.filter(lasting()).exclude(group__in=mine)
    contacts = ContactPerson.objects.filter(ContactPerson.now())
    if may_keep_contacts(by, None):
        contacts = contacts.exclude(group=None)
    contacts = contacts.exclude(group__in=mine)
    return (
        Person.objects.filter(is_administrator=False)
        .exclude(pk__in=elsewhere.values("person"))
        .exclude(pk__in=contacts.values("person"))
    )


def may_keep_contacts(person: Person, group: Group | None) -> bool:
    """May the person say who is an organisation's contact person for the group, or for all groups?

    For all only who keeps the members of all: a contact person sees tasks of each.
    """
    if group is not None:
        return may_keep_members(person, group)
    mine = coordinated_by(person)
    others = Group.objects.filter(ended_on=None).exclude(Q(pk__in=mine) | Q(parent__in=mine))
    return person.is_administrator or (bool(mine) and not others.exists())


def kept_groups(person: Person) -> QuerySet[Group]:
    """The groups whose members the person keeps (see `may_keep_members`)."""
    if person.is_administrator:
        return Group.objects.all()
    mine = coordinated_by(person)
    return Group.objects.filter(Q(pk__in=mine) | Q(parent__in=mine))


def known_groups(person: Person) -> QuerySet[Group]:
    """The groups of whose members one knows in the directory: those one is in or keeps."""
    kept = kept_groups(person).values("pk")
    return Group.objects.filter(
        Q(pk__in=Group.objects.visible_to(person).values("pk")) | Q(pk__in=kept)
    )
