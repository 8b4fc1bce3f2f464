"""Someone who could be: made for one page, and never kept."""

from core.audit import service
from directory.enums import Part
from directory.models import ContactPerson, Group, Membership, Organisation, Person


@service
def stand_in(*, group: Group, part: str, organisation: Organisation | None, by: Person) -> Person:
    """Make a person who has this part in the group and in nothing else.

    For a transaction that is rolled back, see `directory.looking`: the house's own rules then say
    what such a person sees.
    """
    person = Person.objects.create(name=by.name, language=by.language)
    if part != Part.CONTACT:
        Membership.objects.create(
            group=group, person=person, role=Membership.Role(part), organisation=organisation
        )
    elif organisation:
        ContactPerson.objects.create(organisation=organisation, person=person, group=group)
    return person
