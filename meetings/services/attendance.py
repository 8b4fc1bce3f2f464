"""Who was there: everyone, then the exceptions; guests by name and organisation."""

from django.db.models import Max

from core.audit import service
from directory.models import Person
from meetings.enums import Mode
from meetings.models import Attendance, Meeting
from meetings.states import lock_open


@service
def everyone_present(*, meeting: Meeting, by: Person | None) -> int:
    """Mark as present in person everyone of whom nothing is recorded yet; how many that was."""
    lock_open(meeting)
    return meeting.attendances.filter(mode=Mode.UNSPECIFIED).update(mode=Mode.IN_PERSON)


@service
def set_mode(*, attendance: Attendance, mode: str, by: Person | None) -> Attendance:
    """Record how one person attended."""
    lock_open(attendance.meeting)
    attendance.mode = mode
    attendance.full_clean(exclude=["meeting", "person", "organisation"])
    attendance.save(update_fields=["mode"])
    return attendance


@service
def add_guest(
    *,
    meeting: Meeting,
    name: str,
    organisation_name: str = "",
    role: str = "",
    mode: str = Mode.IN_PERSON,
    person: Person | None = None,
    organisation_id: int | None = None,
    is_guest: bool = True,
    by: Person | None,
) -> Attendance:
    """Put someone on the list by name; a guest is no person of the directory until made one."""
    lock_open(meeting)
    last = meeting.attendances.aggregate(last=Max("position"))["last"]
    attendance = Attendance(
        meeting=meeting,
        person=person,
        organisation_id=organisation_id,
        name=name,
        organisation_name=organisation_name,
        role=role,
        mode=mode,
        is_guest=is_guest,
        position=0 if last is None else last + 1,
    )
    attendance.full_clean(exclude=["meeting", "person", "organisation"])
    attendance.save()
    return attendance


@service
def remove_attendance(*, attendance: Attendance, by: Person | None) -> None:
    """Take someone off the list."""
    lock_open(attendance.meeting)
    attendance.delete()
