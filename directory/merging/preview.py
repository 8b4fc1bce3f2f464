"""What a merging would do, in words, before it is done."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Max, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.templatetags import house
from directory.merging import Mergeable, registry
from directory.merging.outcome import outcome
from directory.models import Organisation, Person

_SHOWN: dict[type[Model], tuple[str, ...]] = {
    Person: ("name", "email", "language", "is_active", "is_administrator"),
    Organisation: (
        "name_fi",
        "name_sv",
        "short_fi",
        "short_sv",
        "aliases",
        "inflections",
        "kind",
        "parent",
        "municipality",
        "is_provider",
        "is_private",
        "language_status",
        "language",
        "levels",
        "mailbox",
        "valid_from",
        "valid_to",
    ),
}


@dataclass(frozen=True)
class Fact:
    """One thing that is known of the two, and of the one that stays afterwards, in words."""

    label: str
    kept: str
    double: str
    after: str


@dataclass(frozen=True)
class Preview:
    """The two side by side, what moves as far as the reader knows of it, and the digest of it."""

    facts: list[Fact]
    moving: list[str]
    digest: str


def preview(kept: Mergeable, double: Mergeable, *, by: Person) -> Preview:
    """Look at what merging `double` into `kept` would do; a fixed number of queries."""
    after = outcome(kept, double)
    facts = [
        Fact(
            str(capfirst(_field(kept, name).verbose_name)),
            _words(kept, name, getattr(kept, name)),
            _words(double, name, getattr(double, name)),
            _words(kept, name, after.get(name, getattr(kept, name))),
        )
        for name in _SHOWN[type(kept)]
    ]
    counts = [
        (one.words, one.known(double, by).count())
        for one in registry.moving(type(double))
        if one.words
    ]
    return Preview(
        facts=[one for one in facts if one.kept or one.double],
        moving=[str(words % {"count": count}) for words, count in counts if count],
        digest=digest(kept, double),
    )


def digest(kept: Mergeable, double: Mergeable) -> str:
    """A sum of what the preview rests on: where it is another, someone changed something."""
    state = [
        [(name, str(getattr(row, _field(row, name).attname))) for name in _SHOWN[type(row)]]
        for row in (kept, double)
    ]
    moving = [
        tuple(one.rows(double).aggregate(count=Count("pk"), last=Max("pk")).values())
        for one in registry.moving(type(double))
    ]
    return sha256(repr((kept.pk, double.pk, state, moving)).encode()).hexdigest()[:16]


def _field(row: Mergeable, name: str) -> Any:
    return type(row)._meta.get_field(name)


def _words(row: Mergeable, name: str, value: Any) -> str:
    """A value as a reader reads it; nothing where there is none."""
    field = _field(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return house.day(value)
    if isinstance(field, ArrayField):
        choices = dict(field.base_field.flatchoices)
        return ", ".join(str(choices.get(one, one)) for one in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value or "")
