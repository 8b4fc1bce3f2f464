"""What people change of themselves."""

from core.audit import service
from directory.models import Person


@service
def choose_language(*, person: Person, language: str, by: Person) -> Person:
    """Remember the language that a person reads in and gets mail in."""
    person.language = language
    person.save(update_fields=["language"])
    return person


@service
def change_own(*, person: Person, name: str, language: str, by: Person) -> Person:
    """A person's own name and language, as they want them."""
    person.name = name
    person.language = language
    person.save(update_fields=["name", "language"])
    return person
