"""Reads that span models: the workspace, who can be picked, what a reader is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import translation

from directory.enums import OwnerSet
from directory.merging.heirs import heirs
from directory.models import Group, Organisation, Person
from meetings.enums import Mode
from meetings.marks import Marks, parties
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    DocumentVersion,
    ItemRevision,
    Meeting,
)


@dataclass
class NumberedItem:
    """An item with its number as read: "2", "2.1"."""

    item: AgendaItem
    number: str
    depth: int


def agenda(meeting: Meeting) -> list[NumberedItem]:
    """The meeting's items in order with their numbers; two queries, attachments included."""
    rows = list(
        meeting.items.current()
        .prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("file").order_by("position"))
        )
        .order_by("position", "pk")
    )
    for row in rows:
        row.meeting = meeting
    children: dict[int, list[AgendaItem]] = {}
    for row in rows:
        if row.parent_id:
            children.setdefault(row.parent_id, []).append(row)
    numbered = []
    for place, top in enumerate((row for row in rows if row.parent_id is None), start=1):
        numbered.append(NumberedItem(top, str(place), 0))
        numbered += [
            NumberedItem(child, f"{place}.{under}", 1)
            for under, child in enumerate(children.get(top.pk, []), start=1)
        ]
    return numbered


def attendance(meeting: Meeting) -> list[Attendance]:
    """The list of attendance in its order."""
    return list(meeting.attendances.order_by("position", "pk"))


@dataclass(frozen=True)
class Headcount:
    """How many were there: "Läsnä 16, joista etänä 3"."""

    present: int
    remote: int
    away: int
    unknown: int

    @classmethod
    def of(cls, rows: list[Attendance]) -> "Headcount":
        """Count the rows of one list."""
        modes = [Mode(row.mode) for row in rows]
        return cls(
            present=sum(mode.is_present for mode in modes),
            remote=modes.count(Mode.REMOTE),
            away=modes.count(Mode.APOLOGIES) + modes.count(Mode.ABSENT),
            unknown=modes.count(Mode.UNSPECIFIED),
        )

    @property
    def taken(self) -> bool:
        """Has attendance been recorded at all?"""
        return self.present + self.away > 0


def last_change(meeting: Meeting) -> datetime:
    """When the meeting's text was last saved; when the meeting was made, if it has none."""
    return (
        ItemRevision.objects.filter(item__meeting=meeting).aggregate(last=Max("at"))["last"]
        or meeting.created_at
    )


# -- Owners and recipients ------------------------------------------------------------------------


def _organisations(meeting: Meeting) -> QuerySet[Organisation]:
    day = meeting.starts_at.date()
    return Organisation.objects.current().filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    )


def _persons(meeting: Meeting) -> QuerySet[Person]:
    return (
        Person.objects.current()
        .filter(Q(memberships__group__in=_groups(meeting)) | Q(attendances__meeting=meeting))
        .distinct()
    )


def _groups(meeting: Meeting) -> QuerySet[Group]:
    group = meeting.group
    return Group.objects.filter(
        Q(pk=group.pk) | Q(parent=group) | Q(pk=group.parent_id), ended_on__isnull=True
    )


def named_parties(marks: Marks, *, meeting: Meeting, trusted: Marks) -> None:
    """Give each owner and recipient its name from the directory, in the meeting's language.

    Those that stand in `trusted` (marks saved before) keep their name without a query. Someone who
    can't be picked in this meeting, or no longer, is left out: the text is saved all the same. In
    place of one who was merged into another (a browser may still have the old id) comes the other.
    """
    known = {(p["type"], p["id"]): p["name"] for p in parties(trusted)}
    wanted = {(p["type"], p["id"]) for p in parties(marks)} - known.keys()
    with translation.override(meeting.language):
        for kind, rows in (
            ("organisation", _organisations),
            ("person", _persons),
            ("group", _groups),
        ):
            ids = {key for type_, key in wanted if type_ == kind}
            if not ids:
                continue
            found = {str(row.pk): str(row) for row in rows(meeting).filter(pk__in=ids)}
            if others := heirs(kind, ids - found.keys()):
                _put_in_place(marks, kind, others)
                for row in rows(meeting).filter(pk__in=others.values()):
                    found[str(row.pk)] = str(row)
            for key, name in found.items():
                known.setdefault((kind, key), name)
        for one in OwnerSet:
            known["set", one.value] = str(one.label)
    for line in marks.values():
        for mark in line:
            for party in parties({"": [mark]}):
                party["name"] = known.get((party["type"], party["id"]), "")
            if "owners" in mark:
                mark["owners"] = [owner for owner in mark["owners"] if owner["name"]]
            if mark.get("recipient") and not mark["recipient"]["name"]:
                mark["recipient"] = None


def _put_in_place(marks: Marks, kind: str, others: dict[str, str]) -> None:
    """Name others in place of these, each owner once."""
    for party in parties(marks):
        if party["type"] == kind:
            party["id"] = others.get(party["id"], party["id"])
    for line in marks.values():
        for mark in line:
            if "owners" in mark:
                mark["owners"] = list({(p["type"], p["id"]): p for p in mark["owners"]}.values())


def pickable(meeting: Meeting) -> dict[str, list[dict[str, Any]]]:
    """Everyone who can be made an owner or a recipient, with the words that find them."""
    with translation.override(meeting.language):
        return {
            "sets": [{"id": one.value, "name": str(one.label), "also": []} for one in OwnerSet],
            "organisations": [
                {
                    "id": str(row.pk),
                    "name": row.short_name,
                    "also": [
                        word
                        for word in (row.name_fi, row.name_sv, row.short_fi, row.short_sv)
                        if word
                    ]
                    + row.aliases
                    + row.inflections,
                }
                for row in _organisations(meeting).order_by("short_fi", "name_fi", "pk")
            ],
            "persons": [
                {"id": str(row.pk), "name": row.name, "also": []}
                for row in _persons(meeting).order_by("name", "pk")
            ],
            "groups": [
                {"id": str(row.pk), "name": row.name, "also": [row.name_fi, row.name_sv]}
                for row in _groups(meeting).order_by("name_fi", "pk")
            ],
        }


# -- What a reader is given -----------------------------------------------------------------------


def versions(meeting: Meeting) -> list[DocumentVersion]:
    """The meeting's frozen versions without their data, newest first."""
    return list(
        DocumentVersion.objects.of(meeting)
        .select_related("shared_by", "approval")
        .defer("data")
        .order_by("-kind", "-number")
    )
