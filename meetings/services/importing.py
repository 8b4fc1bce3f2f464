"""Old minutes that a person has checked become a meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core.audit import service
from directory.models import Group, Membership, Person
from meetings.enums import MarkKind, Mode
from meetings.import_words import stranger_words
from meetings.importing import Action, DoubtReason, Line, Reading
from meetings.importing.bodies import item_body
from meetings.intake import Directory
from meetings.marks import Marks
from meetings.models import Attendance, ImportSource, Meeting
from meetings.services.agenda import add_item
from meetings.services.minutes import save_item
from meetings.services.planning import create_meeting

# Titles of items are shorter than what may stand in a heading; the rest goes to its text.
TITLE_LENGTH = 300


@dataclass(frozen=True)
class Guest:
    """Someone on the list of attendance, as the person who checked the reading left it."""

    name: str
    organisation_name: str
    role: str
    mode: str
    person: Person | None


@dataclass(frozen=True)
class Particulars:
    """The meeting's own fields, as checked."""

    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    language: str
    document_type: str


@service
def accept(
    *,
    group: Group,
    reading: Reading,
    particulars: Particulars,
    guests: Iterable[Guest],
    decisions: Iterable[int],
    tasks: Iterable[int],
    doubts: list[dict[str, Any]],
    token: UUID,
    by: Person | None,
    now: datetime,
) -> Meeting:
    """Save a checked reading as a meeting whose minutes are a draft; once for each `token`.

    `decisions` and `tasks` are the places of those in the reading that become marks; `doubts` are
    left open and come up again as remarks, and with them everyone named for a task who could not be
    found in the directory. The source is kept with the meeting, every line of it.
    """
    Group.objects.select_for_update().get(pk=group.pk)  # one at a time
    again = ImportSource.objects.select_related("meeting").filter(token=token).first()
    if again and again.meeting.group_id == group.pk:
        return again.meeting
    directory = Directory.of(group)
    meeting = create_meeting(
        group=group,
        title=particulars.title,
        starts_at=particulars.starts_at,
        ends_at=particulars.ends_at,
        place=particulars.place,
        language=particulars.language,
        document_type=particulars.document_type,
        with_members=False,
        by=by,
        now=now,
    )
    people = _list(meeting, guests, directory)
    strangers: list[dict[str, Any]] = []
    for place, item in enumerate(reading.agenda):
        title = item.title[:TITLE_LENGTH] or (item.number or "–")
        row = add_item(meeting=meeting, title=title, by=by)
        body = item_body(item.lines, reading.links)
        marks: Marks = {}
        for index in decisions:
            found = reading.decisions[index]
            if found.item == place and found.line is not None:
                marks.setdefault(body.ids[found.line], []).append({"kind": MarkKind.AGREED})
        for index in tasks:
            task = reading.actions[index]
            if task.item == place and task.line is not None:
                mark, missing = _task(task, item.lines[task.line], directory, people)
                marks.setdefault(body.ids[task.line], []).append(mark)
                strangers += missing
        if body.html:
            save_item(item=row, base=0, token=uuid4(), html=body.html, marks=marks, by=by, now=now)
    ImportSource.objects.create(
        meeting=meeting,
        token=token,
        text="\n".join(reading.source),
        doubts=[*doubts, *strangers],
        imported_at=now,
        imported_by=by,
    )
    meeting.state = Meeting.State.DRAFT
    meeting.save(update_fields=["state"])
    return meeting


def _task(
    task: Action, line: Line, directory: Directory, people: Mapping[str, Person]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The mark of a task, and a doubt for each of its parties whom the directory does not have."""
    doubts = []

    def found(name: str, *, recipient: bool = False) -> dict[str, str] | None:
        if party := directory.find(name, people):
            return party.as_mark()
        words = stranger_words(name, task.text, recipient=recipient)
        reason = DoubtReason.OWNER_UNKNOWN.value
        doubts.append({"line": line.sources[0], "text": words, "reason": reason})
        return None

    mark = {
        "kind": MarkKind.TASK,
        "owners": [owner for owner in map(found, task.owners) if owner],
        "recipient": found(task.recipient, recipient=True) if task.recipient else None,
        "due": task.due or "",
    }
    return mark, doubts


def _list(meeting: Meeting, guests: Iterable[Guest], directory: Directory) -> dict[str, Person]:
    """Write the list of attendance; the people on it by their names as written."""
    memberships = {
        m.person_id: m for m in Membership.objects.filter(group=meeting.group).order_by("pk")
    }
    people: dict[str, Person] = {}
    rows = []
    listed: set[int] = set()
    for position, guest in enumerate(guests):
        # One person is on a list once, however often the text names them.
        person = guest.person if guest.person and guest.person.pk not in listed else None
        if person:
            listed.add(person.pk)
            people[guest.name.casefold()] = person
        rows.append(
            Attendance(
                meeting=meeting,
                person=person,
                organisation=directory.organisation(guest.organisation_name),
                name=guest.name,
                organisation_name=guest.organisation_name,
                role=guest.role
                or (memberships[person.pk].role if person and person.pk in memberships else ""),
                mode=guest.mode or Mode.UNSPECIFIED,
                is_guest=not (person and person.pk in memberships),
                position=position,
            )
        )
    Attendance.objects.bulk_create(rows)
    return people
