"""What pages of the directory read across models."""

from datetime import date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from core.sorting import alphabetical
from directory.models import Affiliation, ContactPerson, Group, Membership, Person

LASTING_FIRST = F("valid_to").desc(nulls_first=True)


def open_sessions(person: Person, *, now: datetime) -> QuerySet[UserSession]:
    """Where the person is logged in, the newest first; those that ran out are left out."""
    running = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    found = UserSession.objects.filter(Exists(running), user=person)
    return found.order_by("-created_at", "-pk")


def memberships_of(person: Person, groups: QuerySet[Group]) -> QuerySet[Membership]:
    """The person's places in these groups, with their deputies of today; what goes on comes first.

    Whom a deputy stands in for comes with it.
    """
    deputies = Membership.objects.filter(Membership.now()).select_related("person").order_by("pk")
    return (
        person.memberships.filter(group__in=groups)
        .select_related("group", "organisation", "deputy_for__person")
        .prefetch_related(Prefetch("deputies", deputies))
        .order_by(LASTING_FIRST, "pk")
    )


def affiliations_of(person: Person) -> QuerySet[Affiliation]:
    """The person's ties to organisations; what goes on comes first."""
    return person.affiliations.select_related("organisation").order_by(LASTING_FIRST, "-pk")


def contacts_of(groups: QuerySet[Group], **of: object) -> QuerySet[ContactPerson]:
    """Contact persons for all groups or one of these; `of` says whose: person, organisation, group.

    What goes on comes first.
    """
    found = ContactPerson.objects.filter(Q(group=None) | Q(group__in=groups), **of)
    return found.select_related("person", "organisation", "group").order_by(LASTING_FIRST, "pk")


def roster(group: Group, *, today: date) -> QuerySet[Membership]:
    """A group's members: by seat those who are in it, or will be; then those whose time is over.

    Each has `place`, the number of its seat (no seat comes after all seats, over last), and its
    deputies of today.
    """
    deputies = Membership.objects.filter(Membership.now(today=today)).select_related("person")
    seats = [When(seat=seat, then=Value(number)) for number, seat in enumerate(Membership.Seat)]
    place = Case(
        When(valid_to__lt=today, then=Value(len(seats) + 1)),
        *seats,
        default=Value(len(seats)),
        output_field=IntegerField(),
    )
    return (
        group.memberships.annotate(place=place)
        .select_related("person", "organisation", "deputy_for__person")
        .prefetch_related(Prefetch("deputies", deputies.order_by("pk")))
        .order_by("place", alphabetical("person__name"), "pk")
    )
