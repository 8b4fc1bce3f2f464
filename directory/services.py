"""What changes the directory."""

from core.audit import service
from directory.models import Person


@service
def choose_language(*, person: Person, language: str, by: Person) -> Person:
    """Remember the language that a person reads in and gets mail in."""
    person.language = language
    person.save(update_fields=["language"])
    return person
