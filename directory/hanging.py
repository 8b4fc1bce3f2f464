"""What still hangs on an organisation: said to who ends it, since ending it moves nothing.

Rooms above name what they keep with `register` in `AppConfig.ready`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import ngettext_lazy

from directory.models import Group, Membership, Organisation, Person

# How much of it there is on a day, as far as the person may see it.
type Count = Callable[[Organisation, Person, date], int]

_kinds: list[tuple[Any, Count]] = []


def register(words: Any, count: Count) -> None:
    """Say by `words`, an `ngettext_lazy` of "count", how much there is of something."""
    _kinds.append((words, count))


def on(organisation: Organisation, *, by: Person, today: date) -> list[str]:
    """What hangs on the organisation, in words; one query for each kind."""
    counts = [(words, count(organisation, by, today)) for words, count in _kinds]
    return [str(words % {"count": count}) for words, count in counts if count]


def _schools(organisation: Organisation, by: Person, today: date) -> int:
    return Organisation.objects.valid(today).filter(parent=organisation).count()


def _members(organisation: Organisation, by: Person, today: date) -> int:
    visible = Group.objects.visible_to(by).values("pk")
    found = Membership.objects.filter(Membership.now(today=today), organisation=organisation)
    return found.filter(group__in=visible).count()


def _contacts(organisation: Organisation, by: Person, today: date) -> int:
    return organisation.contacts.count()


def _hosted(organisation: Organisation, by: Person, today: date) -> int:
    return Group.objects.visible_to(by).filter(host=organisation, ended_on=None).count()


register(ngettext_lazy("%(count)d school", "%(count)d schools", "count"), _schools)
register(ngettext_lazy("%(count)d member", "%(count)d members", "count"), _members)
register(ngettext_lazy("%(count)d contact person", "%(count)d contact persons", "count"), _contacts)
register(
    ngettext_lazy(
        "%(count)d group whose documents are its own",
        "%(count)d groups whose documents are its own",
        "count",
    ),
    _hosted,
)
