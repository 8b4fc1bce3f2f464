"""What coordinators change of people: their data, their access, their ties to organisations."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from core.audit import service
from directory.models import Affiliation, Organisation, Person
from directory.permissions import may_manage
from directory.services import organisations
from directory.services.sessions import end_sessions


class EmailTaken(Exception):
    """Someone has this e-mail address already."""


class LastAdministrator(Exception):
    """The region would be left without an administrator who may log in."""


class NotYours(Exception):
    """Whoever acts may not do this to the person, or not any more."""


@service
def add_person(
    *,
    name: str,
    email: str | None,
    language: str,
    organisation: Organisation | None,
    title: str,
    today: date,
    by: Person,
) -> Person:
    """Add a person, who cannot log in before an invitation, and their tie to an organisation."""
    person = Person(name=name, email=email, language=language)
    person.set_unusable_password()
    _save(person)
    if organisation:
        affiliation = Affiliation(
            person=person, organisation=organisation, title=title, valid_from=today
        )
        _save_tie(affiliation)
    return person


@service
def change_person(
    *, person: Person, name: str, email: str | None, language: str, by: Person, now: datetime
) -> Person:
    """Change a person's name, address and language; another address logs them out everywhere."""
    person = locked(person, by)
    was = person.email
    person.name, person.email, person.language = name, email, language
    _save(person)
    if person.email != was:
        end_sessions(person=person, by=by, now=now)
    return person


@service
def set_login(*, person: Person, may: bool, by: Person, now: datetime) -> Person:
    """Let a person log in or not; who may not is logged out at once."""
    person = locked(person, by)
    if not may:
        _keep_an_administrator(person)
    person.is_active, person.login_until = may, None
    person.save(update_fields=["is_active", "login_until"])
    if not may:
        end_sessions(person=person, by=by, now=now)
    return person


@service
def set_administrator(*, person: Person, is_administrator: bool, by: Person) -> Person:
    """Make a person an administrator of the region, or one no longer."""
    if not by.is_administrator:
        raise NotYours
    person = locked(person, by)
    if not is_administrator:
        _keep_an_administrator(person)
    person.is_administrator = is_administrator
    person.save(update_fields=["is_administrator"])
    return person


@service
def save_affiliation(*, affiliation: Affiliation, by: Person) -> Affiliation:
    """Keep a tie to an organisation, a new one or one that was changed or ended."""
    locked(affiliation.person, by)
    _save_tie(affiliation)
    return affiliation


def locked(person: Person, by: Person) -> Person:
    """The person as they are now, whom nobody else changes meanwhile; `by` must still manage them.

    Raises NotYours.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.merged_into_id or not may_manage(by, person):
        raise NotYours
    return person


def _save(person: Person) -> None:
    person.clean()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise EmailTaken from error


def _save_tie(affiliation: Affiliation) -> None:
    """Save it, at the organisation that stays where the one it names was just merged."""
    key = affiliation.organisation_id
    affiliation.organisation_id = organisations.hold([key])[key] or key
    affiliation.save()


def _keep_an_administrator(person: Person) -> None:
    """Raise LastAdministrator where nobody else administers; two at once wait for each other."""
    found = Person.objects.current().filter(is_administrator=True, is_active=True)
    administrators = set(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    if person.is_administrator and not administrators - {person.pk}:
        raise LastAdministrator
