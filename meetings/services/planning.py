"""A meeting is made, copied, moved, cancelled."""

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.audit import service
from directory.enums import Publicity
from directory.models import Group, Membership, Person
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.states import become, lock_open

# In the order of a list of attendance: who leads, who writes, the members, their deputies.
_ROLE_ORDER = {role: place for place, role in enumerate(Membership.Role)}


@service
def create_meeting(
    *,
    group: Group,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
    remote_link: str = "",
    language: str = "",
    document_type: str = "",
    with_members: bool = True,
    by: Person | None,
    now: datetime,
) -> Meeting:
    """Make a meeting, with the group's members of that day on its list of attendance.

    Language and kind of minutes are the group's where nothing else is said; so is what is noted of
    its documents as records.
    """
    meeting = Meeting(
        group=group,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        remote_link=remote_link,
        language=language or group.language,
        document_type=document_type or group.document_type,
        created_at=now,
        publicity=group.publicity or Publicity.UNTIL_APPROVED,
        task_class=group.task_class,
        retention_years=None if group.kept_permanently else group.retention_years,
        kept_permanently=group.kept_permanently,
    )
    meeting.full_clean(exclude=["group"])
    meeting.save()
    if with_members:
        _list_members(meeting, timezone.localtime(starts_at).date())
    return meeting


def _list_members(meeting: Meeting, day: date) -> None:
    memberships = sorted(
        Membership.objects.filter(Membership.now(today=day), group=meeting.group)
        .select_related("person", "organisation")
        .order_by("pk"),
        key=lambda m: (_ROLE_ORDER[Membership.Role(m.role)], m.pk),
    )
    once = {m.person_id: m for m in reversed(memberships)}
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            person=m.person,
            organisation=m.organisation,
            name=m.person.name,
            organisation_name=_name_on_list(m, meeting.language),
            role=m.role,
            position=position,
        )
        for position, m in enumerate(m for m in memberships if once[m.person_id] is m)
    )


def _name_on_list(membership: Membership, language: str) -> str:
    organisation = membership.organisation
    if not organisation:
        return ""
    if language == "sv":
        return organisation.short_sv or organisation.name_sv or organisation.name_fi
    return organisation.short_fi or organisation.name_fi


@service
def copy_agenda(
    *,
    source: Meeting,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
    remote_link: str = "",
    by: Person | None,
    now: datetime,
) -> Meeting:
    """Make a meeting with the headings of an earlier one; its text stays where it was."""
    meeting = create_meeting(
        group=source.group,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        remote_link=remote_link,
        language=source.language,
        document_type=source.document_type,
        by=by,
        now=now,
    )
    copies: dict[int, AgendaItem] = {}
    for item in source.items.current().order_by(
        F("parent").asc(nulls_first=True), "position", "pk"
    ):
        copies[item.pk] = AgendaItem.objects.create(
            meeting=meeting,
            parent=copies.get(item.parent_id) if item.parent_id else None,
            position=item.position,
            title=item.title,
            kind=item.kind,
            visibility=item.visibility,
            secrecy=item.secrecy,
            language=item.language,
            presenter=item.presenter,
            minutes=item.minutes,
        )
    return meeting


@service
def update_meeting(*, meeting: Meeting, by: Person | None, **fields: Any) -> Meeting:
    """Change title, times, place, link, language or kind of minutes."""
    lock_open(meeting)
    allowed = {
        "title",
        "starts_at",
        "ends_at",
        "place",
        "remote_link",
        "language",
        "document_type",
    }
    if unknown := fields.keys() - allowed:
        raise TypeError(f"not a meeting's own fields: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.full_clean(exclude=["group"])
    meeting.save(update_fields=list(fields))
    return meeting


@service
def cancel_meeting(*, meeting: Meeting, by: Person | None) -> Meeting:
    """The meeting will not be held; its agenda stays and can be copied."""
    return become(meeting, Meeting.State.CANCELLED)


@service
def revive_meeting(*, meeting: Meeting, by: Person | None) -> Meeting:
    """Undo a cancellation."""
    return become(meeting, Meeting.State.PLANNED)
