"""Fill an empty database with the demo's region, through the same services as people use."""

import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction

from actions.models import ActionItem, Assignment
from core.audit import acting, house, service
from directory.models import (
    Affiliation,
    ContactPerson,
    Group,
    Membership,
    Organisation,
    Person,
    PupilCount,
    Topic,
)
from meetings.enums import Mode
from meetings.models import AgendaItem, DocumentVersion, Meeting
from meetings.services import agenda, attendance, minutes, planning, publishing
from welfare.demo.outline import NamedMark, body_of
from welfare.region import reading

HERE = Path(__file__).parent
HELSINKI = ZoneInfo("Europe/Helsinki")
PASSWORD = "yhteinen-poyta"  # noqa: S105 (the demo's, for everyone; nothing real is behind it)
# The roles that `--logins` prints, in its order, as people.toml calls them.
LOGINS = {
    "coordinator": "coordinator",
    "municipality": "municipality's representative",
    "provider": "provider's representative",
    "student": "student observer",
    "administrator": "administrator",
}
SETS = ("providers", "municipalities", "members")
# What was agreed before this day has been done, unless answers.toml says otherwise.
SETTLED_BEFORE = date(2026, 3, 1)
TERM_BEGAN = date(2023, 1, 1)

Table = dict[str, Any]


class NotEmpty(Exception):
    """The database holds somebody's data already, and not the demo's."""


def read(name: str) -> Table:
    """One of the demo's files."""
    return tomllib.loads((HERE / f"{name}.toml").read_text())


def meeting_files() -> list[str]:
    """The meetings' files, the oldest first."""
    return sorted(f"meetings/{path.stem}" for path in (HERE / "meetings").glob("*.toml"))


def logins() -> list[tuple[str, str]]:
    """Role and e-mail address of those whom the demo suggests to log in as."""
    emails = {row["login"]: row["email"] for row in read("people")["person"] if "login" in row}
    return [(role, emails[login]) for login, role in LOGINS.items()]


def is_filled() -> bool:
    """Are the demo's data here already?"""
    return Person.objects.filter(email__in=[email for _role, email in logins()]).count() == len(
        LOGINS
    )


@transaction.atomic
@house("demo_data")
def fill() -> Counter[str]:
    """Fill the database, all or nothing; how many of what. Raises `NotEmpty`."""
    if any(model.objects.exists() for model in (Person, Organisation, Group, Meeting, ActionItem)):
        raise NotEmpty
    names = fill_directory(by=None)
    for file in meeting_files():
        fill_meeting(file, names)
    answer_tasks(names, by=None)
    return Counter(
        {
            "organisations": Organisation.objects.count(),
            "people": Person.objects.count(),
            "meetings": Meeting.objects.count(),
            "frozen versions": DocumentVersion.objects.count(),
            "tasks": ActionItem.objects.count(),
        }
    )


class Names:
    """The directory by the names that the demo's files use."""

    def __init__(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}

    def party(self, name: str) -> dict[str, str]:
        """An owner or a recipient as a mark names it; raises KeyError for an unknown name."""
        if name in SETS:
            return {"type": "set", "id": name, "name": name}
        if name in self.groups:
            return {"type": "group", "id": str(self.groups[name].pk), "name": name}
        if name in self.people:
            return {"type": "person", "id": str(self.people[name].pk), "name": name}
        return {"type": "organisation", "id": str(self.organisations[name].pk), "name": name}


# -- The directory --------------------------------------------------------------------------------


@service
def fill_directory(*, by: None) -> Names:
    """Make organisations, groups and people."""
    names = Names()
    region, added = reading.read(reading.LUVN), read("organisations")
    for row in region.organisations:
        _organisation(names, {**row, "mailbox": added["mailboxes"].get(row["short_fi"], "")})
    for row in added["organisation"]:
        _organisation(names, row)
    for row in read("groups")["group"]:
        shared = region.group if row["kind"] == Group.Kind.COOPERATION else {}
        _group(names, {**shared, **row})
    password = make_password(PASSWORD)
    deputies: list[tuple[Membership, str]] = []
    for row in read("people")["person"]:
        deputies += _person(names, row, password)
    for membership, deputed in deputies:
        membership.deputy_for = Membership.objects.get(
            group=membership.group, person=names.people[deputed]
        )
        membership.save(update_fields=["deputy_for"])
    return names


def _organisation(names: Names, row: Table) -> None:
    pupils: dict[str, str] = row.pop("pupils", {})
    parent = names.organisations.get(row.pop("parent", ""))
    municipality = names.organisations.get(row.pop("municipality", ""))
    if parent and parent.kind == Organisation.Kind.MUNICIPALITY:
        municipality = parent
    row.setdefault("is_provider", row["kind"] == Organisation.Kind.PROVIDER)
    organisation = Organisation(**row, parent=parent, municipality=municipality)
    organisation.full_clean()
    organisation.save()
    names.organisations[organisation.short_fi or organisation.name_fi] = organisation
    names.organisations[organisation.name_fi] = organisation
    PupilCount.objects.bulk_create(
        PupilCount(school=organisation, counted_on=date(int(year), 9, 20), count=number)
        for year, number in pupils.items()
    )


def _group(names: Names, row: Table) -> None:
    topics = row.pop("topics")
    parent = names.groups.get(row.pop("parent", ""))
    group = Group(**row, parent=parent, host=names.organisations["LUVN"])
    group.full_clean()
    group.save()
    names.groups[group.slug] = group
    Topic.objects.bulk_create(Topic(group=group, title=title) for title in topics)


def _person(names: Names, row: Table, password: str) -> list[tuple[Membership, str]]:
    """Make a person with memberships; those that are a deputy's, with the name of the deputed."""
    organisation = names.organisations[row["organisation"]]
    person = Person(
        name=row["name"],
        email=row.get("email"),
        language=row.get("language", "fi"),
        is_administrator=row.get("login") == "administrator",
        password=password if "email" in row else make_password(None),
    )
    person.full_clean()
    person.save()
    names.people[person.name] = person
    Affiliation.objects.create(person=person, organisation=organisation, title=row.get("title", ""))
    deputies = []
    for slug, seat in row.get("groups", {}).items():
        group = names.groups[slug]
        membership = Membership(
            group=group,
            person=person,
            role=seat.get("role", Membership.Role.MEMBER),
            organisation=organisation,
            seat=seat["seat"],
            valid_from=seat.get("from", TERM_BEGAN),
            valid_to=seat.get("until"),
        )
        membership.full_clean()
        membership.save()
        if "deputy_for" in seat:
            deputies.append((membership, seat["deputy_for"]))
    if row.get("contact"):
        ContactPerson.objects.create(
            organisation=organisation, person=person, group=names.groups["yhteistyoryhma"]
        )
    return deputies


# -- Meetings -------------------------------------------------------------------------------------


def fill_meeting(file: str, names: Names) -> Meeting:
    """Take a meeting as far as its file says: planned, sent, held, shared, corrected, approved."""
    row = read(file)
    group = names.groups[row["group"]]
    secretary = Person.objects.get(
        memberships__group=group, memberships__role=Membership.Role.SECRETARY
    )
    prepared_at = _at(row.get("sent", row["starts"] - timedelta(days=120))) - timedelta(days=3)
    meeting = planning.create_meeting(
        group=group,
        title=row["title"],
        starts_at=_at(row["starts"]),
        ends_at=_at(row["ends"]),
        place=row["place"],
        remote_link=row.get("remote_link", ""),
        language=row.get("language", ""),
        by=secretary,
        now=prepared_at,
    )
    items = [(_item(meeting, one, secretary, prepared_at), one) for one in row["items"]]
    if "sent" not in row:
        return meeting
    publishing.send_agenda(meeting=meeting, by=secretary, now=_at(row["sent"]))
    if "remote" not in row and "everyone_remote" not in row:
        return meeting
    meeting = publishing.start_meeting(meeting=meeting, by=secretary)
    _attendance(meeting, row, names, secretary)
    for place, (item, one) in enumerate(items):
        if "text" in one:
            _text(item, one["text"], f"{file}/{place}", names, secretary, meeting.starts_at)
    meeting = publishing.end_meeting(meeting=meeting, by=secretary)
    if "shared" not in row:
        return meeting
    version = publishing.share(meeting=meeting, by=secretary, now=_at(row["shared"]))
    if "correction" in row:
        at = _at(row["correction"]["at"])
        meeting = publishing.open_correction(meeting=meeting, by=secretary)
        for place, (item, one) in enumerate(items):
            if "corrected_text" in one:
                _text(item, one["corrected_text"], f"{file}/{place}", names, secretary, at)
        version = publishing.share(
            meeting=meeting, by=secretary, now=at, change_note=row["correction"]["note"]
        )
    if "approved" in row:
        publishing.approve(version=version, by=secretary, now=_at(row["approved"]))
    return meeting


def _at(local: datetime) -> datetime:
    return local.replace(tzinfo=HELSINKI).astimezone(UTC)


def _item(meeting: Meeting, row: Table, by: Person, now: datetime) -> AgendaItem:
    parent = meeting.items.get(title=row["under"]) if "under" in row else None
    fields = {
        key: row[key] for key in ("kind", "language", "presenter", "minutes", "visibility")
        if key in row
    }  # fmt: skip
    item = agenda.add_item(meeting=meeting, title=row["title"], parent=parent, by=by, **fields)
    for attached in row.get("attachments", []):
        if "url" in attached:
            agenda.attach_link(item=item, title=attached["title"], url=attached["url"], by=by)
        else:
            content = (HERE / "files" / attached["file"]).read_bytes()
            agenda.attach_file(
                item=item,
                title=attached["title"],
                upload=ContentFile(content, name=attached["file"]),
                by=by,
                now=now,
            )
    return item


def _attendance(meeting: Meeting, row: Table, names: Names, by: Person) -> None:
    """Everyone is present but the exceptions; a deputy is on the list only when standing in."""
    everyone = {one.name: one for one in meeting.attendances.all()}
    for name, one in everyone.items():
        if one.role == Membership.Role.DEPUTY and name not in row.get("deputies", []):
            attendance.remove_attendance(attendance=one, by=by)
    attendance.everyone_present(meeting=meeting, by=by)
    modes = {
        **dict.fromkeys(row.get("remote", []), Mode.REMOTE),
        **dict.fromkeys(row.get("apologies", []), Mode.APOLOGIES),
        **dict.fromkeys(row.get("absent", []), Mode.ABSENT),
    }
    if row.get("everyone_remote"):
        modes = {one.name: Mode.REMOTE for one in meeting.attendances.all()} | modes
    for name, mode in modes.items():
        attendance.set_mode(attendance=everyone[name], mode=mode, by=by)
    for guest in row.get("guests", []):
        organisation = names.organisations.get(guest["organisation"])
        attendance.add_guest(
            meeting=meeting,
            name=guest["name"],
            organisation_name=guest["organisation"],
            organisation_id=organisation.pk if organisation else None,
            person=names.people.get(guest["name"]),
            mode=guest.get("mode", Mode.IN_PERSON),
            by=by,
        )


def _text(item: AgendaItem, text: str, seed: str, names: Names, by: Person, now: datetime) -> None:
    html, marks = body_of(text, seed=seed)
    item.refresh_from_db()
    minutes.save_item(
        item=item,
        base=item.revision,
        token=uuid5(NAMESPACE_URL, f"{seed}/{item.revision}"),
        html=html,
        marks={line: [_mark(mark, names) for mark in found] for line, found in marks.items()},
        by=by,
        now=now,
    )


def _mark(mark: NamedMark, names: Names) -> Table:
    """A mark as the editor sends it."""
    return {
        "kind": mark.kind,
        "owners": [names.party(name) for name in mark.owners],
        "recipient": names.party(mark.recipient) if mark.recipient else None,
        "effective" if mark.kind == "agreed" else "due": mark.when,
    }


# -- Answers --------------------------------------------------------------------------------------


@service
def answer_tasks(names: Names, *, by: None) -> None:
    """Answer what has been answered by now: by the owner, or by the organisation's contact."""
    contacts = {c.organisation_id: c.person for c in ContactPerson.objects.select_related("person")}
    told = read("answers")["answer"]
    shared = ActionItem.objects.filter(origin__live_from__isnull=False)
    rows = Assignment.objects.filter(owner__action__in=shared).select_related(
        "owner__action__origin", "person", "organisation__parent", "group"
    )
    for row in rows.order_by("pk"):
        action = row.owner.action
        owner = row.person or row.organisation or row.group
        own = next(
            (
                answer
                for answer in told
                if action.text.startswith(answer["text"])
                and names.party(answer["owner"])["id"] == str(owner.pk if owner else "")
            ),
            None,
        )
        agreed_on = action.origin.occasion_on
        if own:
            row.state, row.reason, day = own["state"], own.get("reason", ""), own["on"]
        elif agreed_on and agreed_on < SETTLED_BEFORE:
            row.state, day = Assignment.State.DONE, agreed_on + timedelta(days=24)
        else:
            continue
        row.answered_at = _at(datetime(day.year, day.month, day.day, 10, 30))  # noqa: DTZ001  _at adds the zone
        row.answered_by = row.person or _speaker(row, contacts)
        with acting(row.answered_by):
            row.save()


def _speaker(row: Assignment, contacts: dict[int, Person]) -> Person:
    """Who answers for an organisation or a group."""
    if row.group_id:
        return Person.objects.get(
            memberships__group=row.group_id, memberships__role=Membership.Role.CHAIR
        )
    organisation = row.organisation
    assert organisation is not None
    candidates = (organisation.pk, organisation.parent_id)
    return next(contacts[key] for key in candidates if key in contacts)
