"""What changes contact persons: who gets what is an organisation's to do."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from core.audit import service
from directory.models import ContactPerson, Group, Organisation, Person
from directory.permissions import may_keep_contacts
from directory.services import organisations


class AlreadyContact(Exception):
    """The person is the organisation's contact person for this group and purpose already."""


class NotKept(Exception):
    """Whoever acts may not say, or not any more, who is contact person there."""


class Merged(Exception):
    """The person or the organisation was merged into another a moment ago."""


@service
def add(
    *,
    organisation: Organisation,
    person: Person,
    group: Group | None,
    purpose: str,
    valid_to: date | None,
    today: date,
    by: Person,
) -> ContactPerson:
    """Make a person an organisation's contact person, for one group or (None) for all.

    One who was it before, and until a day that has passed, is it again.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.merged_into_id or organisations.hold([organisation.pk])[organisation.pk]:
        raise Merged
    _check(by, group)
    same = {"organisation": organisation, "person": person, "group": group, "purpose": purpose}
    known = ContactPerson.objects.select_for_update().filter(**same).first()
    if known is None:
        return ContactPerson.objects.create(**same, valid_to=valid_to)
    if known.valid_to is None or known.valid_to >= today:
        raise AlreadyContact
    known.valid_to = valid_to
    known.save(update_fields=["valid_to"])
    return known


@service
def change(*, contact: ContactPerson, values: dict[str, Any], by: Person) -> ContactPerson:
    """Change for which group, for what and until when one is contact person."""
    contact = ContactPerson.objects.select_for_update().get(pk=contact.pk)
    _check(by, contact.group)
    for name, value in values.items():
        setattr(contact, name, value)
    _check(by, contact.group)
    try:
        with transaction.atomic():
            contact.save(update_fields=list(values))
    except IntegrityError as error:
        raise AlreadyContact from error
    return contact


@service
def end(*, contact: ContactPerson, on: date, by: Person) -> ContactPerson:
    """The day is the last on which one is contact person."""
    return change(contact=contact, values={"valid_to": on}, by=by)


def _check(by: Person, group: Group | None) -> None:
    if not may_keep_contacts(by, group):
        raise NotKept
