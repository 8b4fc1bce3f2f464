"""Who cooperates: organisations, people, groups, memberships, topics."""

from directory.models.groups import (
    ContactPerson,
    Group,
    GroupQuerySet,
    Membership,
    Topic,
)
from directory.models.invitations import LoginInvitation, LoginInvitationQuerySet
from directory.models.naming import in_language, lasting, valid_in_order
from directory.models.organisations import Organisation, OrganisationQuerySet, PupilCount
from directory.models.people import (
    Affiliation,
    Person,
    PersonManager,
    PersonQuerySet,
)

__all__ = [
    "Affiliation",
    "ContactPerson",
    "Group",
    "GroupQuerySet",
    "LoginInvitation",
    "LoginInvitationQuerySet",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Person",
    "PersonManager",
    "PersonQuerySet",
    "PupilCount",
    "Topic",
    "in_language",
    "lasting",
    "valid_in_order",
]
