"""What templates ask about people."""

from django import template

from directory.models import Person
from directory.permissions import is_coordinator

register = template.Library()


@register.filter
def keeps_directory(person: Person) -> bool:
    """Whether the way to the directory is shown; asked once a request, kept on the person."""
    known: bool | None = getattr(person, "_keeps_directory", None)
    if known is None:
        known = is_coordinator(person)
        person._keeps_directory = known  # type: ignore[attr-defined]
    return known
