"""What of the directory itself moves, and how two of the same become one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils.translation import ngettext_lazy

from directory.merging.registry import combines, ends, moves, stays
from directory.models import (
    Affiliation,
    ContactPerson,
    Group,
    LoginInvitation,
    Membership,
    Organisation,
    Person,
    PupilCount,
)
from directory.permissions import known_groups


def _lasting_longer(into: Any, other: Any) -> None:
    """In force as long as either was; no day means without beginning, without end."""
    if hasattr(into, "valid_from"):
        both = into.valid_from and other.valid_from
        into.valid_from = min(into.valid_from, other.valid_from) if both else None
    both = into.valid_to and other.valid_to
    into.valid_to = max(into.valid_to, other.valid_to) if both else None


def _meeting(rows: QuerySet[Any], row: Any) -> QuerySet[Any]:
    """Those of the rows whose days meet this one's."""
    if row.valid_from:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
    if row.valid_to:
        rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=row.valid_to))
    return rows


def _same_membership(row: Membership) -> QuerySet[Membership]:
    """The same person in the same group, role and seat, for the same organisation, meanwhile."""
    same = Membership.objects.filter(
        group=row.group_id,
        person=row.person_id,
        role=row.role,
        organisation=row.organisation_id,
        seat=row.seat,
        deputy_for=row.deputy_for_id,
    )
    return _meeting(same, row)


def _same_affiliation(row: Affiliation) -> QuerySet[Affiliation]:
    """The same person at the same organisation meanwhile, with no other title."""
    same = Affiliation.objects.filter(person=row.person_id, organisation=row.organisation_id)
    if row.title:
        same = same.filter(Q(title__iexact=row.title) | Q(title=""))
    return _meeting(same, row)


def _combine_affiliations(into: Affiliation, other: Affiliation) -> None:
    _lasting_longer(into, other)
    into.title = into.title or other.title


def _keep_count(into: PupilCount, other: PupilCount) -> None:
    """The number of the one that stays holds; history keeps the other."""


combines(Membership, _lasting_longer, same=_same_membership)
combines(Affiliation, _combine_affiliations, same=_same_affiliation)
combines(ContactPerson, _lasting_longer)
combines(PupilCount, _keep_count)

_IN_GROUPS = ngettext_lazy("%(count)d place in a group", "%(count)d places in groups", "count")
_MEMBERS = ngettext_lazy("%(count)d member", "%(count)d members", "count")
_TIES = ngettext_lazy(
    "%(count)d tie to an organisation", "%(count)d ties to organisations", "count"
)
_PEOPLE = ngettext_lazy("%(count)d tie of a person", "%(count)d ties of people", "count")
_SPEAKS = ngettext_lazy(
    "contact person for %(count)d organisation",
    "contact person for %(count)d organisations",
    "count",
)
_CONTACTS = ngettext_lazy("%(count)d contact person", "%(count)d contact persons", "count")


def _of_known(rows: QuerySet[Any], by: Person) -> QuerySet[Any]:
    """Contact persons for all groups, and for those that one knows."""
    return rows.filter(Q(group=None) | Q(group__in=known_groups(by).values("pk")))


moves(Membership, "person", words=_IN_GROUPS, group="group")
moves(Membership, "organisation", words=_MEMBERS, group="group")
moves(Affiliation, "person", words=_TIES)
moves(Affiliation, "organisation", words=_PEOPLE)
moves(ContactPerson, "person", words=_SPEAKS, group="group", seen=_of_known)
moves(ContactPerson, "organisation", words=_CONTACTS, group="group", seen=_of_known)
moves(
    Group,
    "host",
    words=ngettext_lazy(
        "%(count)d group whose documents are its own",
        "%(count)d groups whose documents are its own",
        "count",
    ),
    group="pk",
)
moves(
    Organisation,
    "parent",
    words=ngettext_lazy("%(count)d school or unit", "%(count)d schools or units", "count"),
)
moves(
    Organisation,
    "municipality",
    words=ngettext_lazy(
        "%(count)d organisation in the municipality",
        "%(count)d organisations in the municipality",
        "count",
    ),
)
moves(
    PupilCount,
    "school",
    words=ngettext_lazy("%(count)d number of pupils", "%(count)d numbers of pupils", "count"),
)
# Who was merged into the double is merged into the one that stays: no chains.
moves(Person, "merged_into")
moves(Organisation, "merged_into")
moves(LoginInvitation, "sent_by")
stays(LoginInvitation, "person", "it asked the double's own account in, and is withdrawn")
ends(EmailAddress, "user", "an address by which the double came in")
ends(Authenticator, "user", "a passkey, an app or a recovery code of the double")
ends(UserSession, "user", "where the double is logged in")
