"""What changes organisations."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from core.audit import service
from directory.models import Organisation, Person, PupilCount

# The statistical reference date (tilastointipäivä).
COUNTED_ON = (9, 20)


@service
def add(*, values: dict[str, Any], pupils: dict[int, str], by: Person | None) -> Organisation:
    """Make an organisation; `pupils` are counts on 20 September by their year."""
    organisation = Organisation(**values)
    organisation.save()
    _set_pupils(organisation, pupils)
    return organisation


@service
def change(
    *,
    organisation: Organisation,
    values: dict[str, Any],
    pupils: dict[int, str],
    by: Person | None,
) -> Organisation:
    """Note what is known of the organisation now."""
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(values))
    _set_pupils(organisation, pupils)
    return organisation


def hold(keys: Iterable[int | None]) -> dict[int, int | None]:
    """Keep organisations from being merged meanwhile; each with the one it is merged into, if any.

    Whoever lets a row point at an organisation asks here in the same transaction: looking alone
    would not see a merging that is being done. It keeps nobody else from holding them, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, merged_into_id FROM directory_organisation WHERE id = ANY(%s)"
            " ORDER BY id FOR KEY SHARE",
            [[key for key in keys if key]],
        )
        return dict(cursor.fetchall())


def _set_pupils(organisation: Organisation, pupils: dict[int, str]) -> None:
    known = {row.counted_on: row for row in organisation.pupil_counts.all()}
    for year, count in pupils.items():
        row = known.pop(date(year, *COUNTED_ON), None)
        if row is None:
            PupilCount.objects.create(
                school=organisation, counted_on=date(year, *COUNTED_ON), count=count
            )
        elif row.count != count:
            row.count = count
            row.save(update_fields=["count"])
    for row in known.values():
        row.delete()


@service
def end(*, organisation: Organisation, on: date, by: Person) -> Organisation:
    """The day is the organisation's last; what hangs on it stays as it is."""
    organisation.valid_to = on
    organisation.save(update_fields=["valid_to"])
    return organisation


@service
def reopen(*, organisation: Organisation, by: Person) -> Organisation:
    """The organisation has not ended after all."""
    organisation.valid_to = None
    organisation.save(update_fields=["valid_to"])
    return organisation
