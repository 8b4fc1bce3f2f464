"""What templates ask about people."""

from django import template

from directory.models import Person
from directory.permissions import is_coordinator

register = template.Library()


@register.filter
def keeps_directory(person: Person) -> bool:
    """Whether the way to the directory is shown; the session's person knows it (see `backend`)."""
    known: bool | None = getattr(person, "coordinates", None)
    return is_coordinator(person) if known is None else known or person.is_administrator
