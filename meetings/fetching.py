"""The two questions that every reading page asks, each as one prepared statement.

A page of shared minutes is to cost no more than a bare table of fifty rows (`bin/bench minutes`).
Put together by the ORM at each request these two would take a third of that page's time, though
they never change; so they are written out. Tests hold them to what the ORM answers, among it
`Meeting.objects.visible_to` and `directory.permissions.role_in`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils import timezone

from directory.models import Group, Membership, Person
from meetings.enums import Audience
from meetings.models import Meeting

_AUDIENCES = [Audience.ALL, Audience.MEMBERS, Audience.COORDINATORS]  # each wider


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _meeting_statement() -> str:
    columns = [
        f"{alias}.{connection.ops.quote_name(str(field.column))}"
        for alias, model in (("m", Meeting), ("g", Group))
        for field in model._meta.concrete_fields
    ]
    return f"""
        SELECT {", ".join(columns)}, ARRAY(
            SELECT role FROM directory_membership
            WHERE group_id = g.id AND person_id = %s
                AND (valid_from IS NULL OR valid_from <= %s)
                AND (valid_to IS NULL OR valid_to >= %s)
        )
        FROM meetings_meeting m JOIN directory_group g ON g.id = m.group_id
        WHERE m.id = %s
    """  # noqa: S608  made of the models' own columns


def meeting_and_role(pk: int, person: Person) -> tuple[Meeting | None, str | None]:
    """The meeting with its group, and the person's role in that group today."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_meeting_statement(), [person.pk, today, today, pk])
        row = cursor.fetchone()
    if row is None:
        return None, None
    width = len(_names(Meeting))
    meeting = Meeting.from_db(connection.alias, _names(Meeting), row[:width])
    meeting.group = Group.from_db(connection.alias, _names(Group), row[width:-1])
    roles = row[-1]
    return meeting, next((role for role in Membership.Role if role in roles), None)


@dataclass(frozen=True)
class Stored:
    """An output as it was frozen, and which version it is of."""

    kind: str
    number: int
    sha256: str
    content: bytes


_STORED = """
    SELECT v.kind, v.number, r.sha256, r.content
    FROM meetings_rendition r JOIN meetings_documentversion v ON v.id = r.version_id
    WHERE v.meeting_id = %(meeting)s AND r.format = %(format)s AND r.audience = ANY(%(audiences)s)
        AND (%(kind)s = '' OR v.kind = %(kind)s)
        AND (%(number)s = 0 OR v.number = %(number)s)
    ORDER BY v.kind DESC, v.number DESC, array_position(%(audiences)s, r.audience) DESC, r.id DESC
    LIMIT 1
"""


def stored(
    meeting: Meeting, *, audience: str, format: str, kind: str = "", number: int = 0
) -> Stored | None:
    """The newest and widest output that `audience` may read; minutes before the agenda."""
    audiences = [str(one) for one in _AUDIENCES[: _AUDIENCES.index(Audience(audience)) + 1]]
    values: dict[str, Any] = {
        "meeting": meeting.pk,
        "format": format,
        "audiences": audiences,
        "kind": kind,
        "number": number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORED, values)
        row = cursor.fetchone()
    return Stored(row[0], row[1], row[2], bytes(row[3])) if row else None
