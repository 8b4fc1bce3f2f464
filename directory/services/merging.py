"""Merging two rows that are the same person or organisation (see `directory.merging`)."""

from datetime import datetime
from typing import Any

from django.db.models import F, Model

from core.audit import service
from directory.merging import Mergeable, registry, rules
from directory.merging.outcome import outcome
from directory.merging.preview import digest
from directory.models import Group, Membership, Organisation, Person
from directory.services.sessions import end_sessions


class AlreadyMerged(Exception):
    """One of the two has been merged a moment ago; `into` is the one that stays."""

    def __init__(self, into: Any) -> None:
        super().__init__(into.pk)
        self.into = into


class Changed(Exception):
    """What would move, or what is known of the two, is not what was looked at."""


@service
def merge_people(*, kept: Person, double: Person, seen: str, by: Person, now: datetime) -> Person:
    """Make `double` one with `kept`: everything that is the double's is the other's.

    `seen` is the digest of the preview. The double cannot log in any more. Raises AlreadyMerged,
    `rules.Refused`, Changed; then nothing has happened.
    """
    kept, double = _locked(Person, kept, double)
    rules.check(kept, double, by)
    if digest(kept, double) != seen:
        raise Changed
    after = outcome(kept, double)
    double.email = None
    double.is_active = False
    double.is_administrator = False
    double.merged_into = kept
    double.set_unusable_password()
    double.save()
    end_sessions(person=double, by=by, now=now)
    for model, name in registry.ending(Person):
        model._base_manager.filter(**{name: double}).delete()
    _settle(kept, after)
    _fold(double, kept)
    # One does not stand in for oneself.
    own = Membership.objects.filter(person=kept, deputy_for__person=F("person"))
    own.update(deputy_for=None)
    return kept


@service
def merge_organisations(
    *, kept: Organisation, double: Organisation, seen: str, by: Person, now: datetime
) -> Organisation:
    """Make `double` one with `kept`, which is found by the names of both from now on.

    `seen` is the digest of the preview. Raises AlreadyMerged, `rules.Refused`, Changed; then
    nothing has happened.
    """
    # Whoever changes a group's members holds the group first, then looks at the organisation.
    hosted = Group.objects.filter(host__in=[kept, double]).order_by("pk")
    list(hosted.select_for_update().values_list("pk"))
    kept, double = _locked(Organisation, kept, double)
    rules.check(kept, double, by)
    if digest(kept, double) != seen:
        raise Changed
    after = outcome(kept, double)
    double.merged_into = kept
    double.save(update_fields=["merged_into"])
    _settle(kept, after)
    _fold(double, kept)
    return kept


def _locked[M: Mergeable](model: type[M], kept: M, double: M) -> tuple[M, M]:
    """Both as they are now; two who merge the same at once wait for each other, none for ever."""
    rows: Any = model._default_manager.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, double.pk])}
    for row in (found[double.pk], found[kept.pk]):
        if row.merged_into_id:
            raise AlreadyMerged(row.merged_into)
    return found[kept.pk], found[double.pk]


def _settle(kept: Model, after: dict[str, Any]) -> None:
    for name, value in after.items():
        setattr(kept, name, value)
    if after:
        kept.save(update_fields=list(after))


def _fold(double: Model, kept: Model) -> None:
    """Let everything that points at `double` and may be changed point at `kept`.

    Two rows that then say the same become one, and what points at the one that goes moves in the
    same way.
    """
    for one in registry.moving(type(double)):
        combine = registry.combiner(one.model)
        if combine is None:
            one.rows(double).update(**{one.field: kept})
            continue
        for pk in list(one.rows(double).order_by("pk").values_list("pk", flat=True)):
            row = one.model._base_manager.filter(pk=pk).first()
            if row is None:  # it has become one with another on the way
                continue
            setattr(row, one.field, kept)
            twin = registry.twin(row)
            if twin is None:
                row.save(update_fields=[one.field])
                continue
            combine(twin, row)
            twin.save()
            _fold(row, twin)
            row.delete()
