"""The scene with nothing, with three or with three hundred rows in each list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.models import ActionItem, Assignment, Origin, Owner
from core.models import OutgoingMail
from core.richtext.lines import mint
from directory.models import Affiliation, ContactPerson, Group, Membership, Organisation, Person
from meetings.models import AgendaItem, Attendance, DocumentVersion, Meeting, PublicCopy
from meetings.services import agenda, publishing
from meetings.services.minutes import save_item
from tests.addresses import TABLE, Access, arguments, places
from tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    OriginFactory,
    PersonFactory,
)
from tests.scene import HIDDEN, Place, Role, Scene, build

LIVE = (*HIDDEN, Meeting.State.IN_SESSION, Meeting.State.DRAFT)  # what they show is not frozen


@dataclass
class Stage:
    """A scene, and where its pages stand."""

    scene: Scene
    bare: dict[str, Place]  # by state, where there is nothing; "" for what is no meeting's

    def place(self, name: str, state: str, role: Role) -> Place:
        """Where the page stands: where there is least, if it opens there for the role."""
        page = TABLE[name]
        found = next(place for own, s, place in places(page, self.scene) if s == state)
        is_shown = page.access in (Access.READ, Access.PUBLISHED) and name != "group"
        needs_more = arguments()[name] not in (["pk"], ["slug"])
        if is_shown or needs_more or role != Role.ADMINISTRATOR:
            return found
        return self.bare.get(state, found)


def staged(rows: int) -> Stage:
    """Fill the empty database; takes five to fifteen seconds, since documents are rendered."""
    scene = build()
    if rows:
        _fill(scene, rows)
        return Stage(scene, {})
    OutgoingMail.objects.all().delete()
    return Stage(scene, dict(_bare(scene)))


def _bare(scene: Scene) -> Iterator[tuple[str, Place]]:
    """A group without meetings and members, a person without anything, meetings without items."""
    first = scene.places[Meeting.State.SHARED]
    circle = replace(first.circle, invited=PersonFactory(email=None))
    yield "", replace(first, circle=circle, meeting=MeetingFactory.build(group=GroupFactory()))
    for state in LIVE:
        meeting = MeetingFactory(group=scene.own, state=state, place="")
        yield state, replace(scene.places[state], meeting=meeting)


def _fill(scene: Scene, rows: int) -> None:
    """So many of everything, in the own group and around it."""
    group, many = scene.own, range(rows)
    organisations = Organisation.objects.bulk_create(OrganisationFactory.build_batch(rows))
    people = Person.objects.bulk_create(PersonFactory.build_batch(rows))
    pairs = list(zip(people, organisations, strict=True))
    Membership.objects.bulk_create(
        MembershipFactory.build(group=group, person=person, organisation=organisation)
        for person, organisation in pairs
    )
    Group.objects.bulk_create(GroupFactory.build(host=group.host, parent=group) for _ in many)
    ContactPerson.objects.bulk_create(
        ContactPerson(organisation=organisation, person=person, group=group)
        for person, organisation in pairs
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=person, organisation=organisation, title="Rehtori")
        for person, organisation in pairs
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            key=f"mail-{n}",
            template="test",
            to=f"someone.with.a.long.name{n}@example.org",
            language="fi",
            subject=f"Viesti {n}",
            message_id=f"<mail-{n}@example.org>",
            group=group.pk,
            state=OutgoingMail.State.FAILED,
            next_attempt_at=None,
            error="550 5.1.1 <someone@example.org>: Recipient address rejected",
        )
        for n in many
    )
    UserSession.objects.bulk_create(
        UserSession(
            user=scene.people[Role.MEMBER],
            session_key=f"session-{n}",
            ip="127.0.0.1",
            user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0",
        )
        for n in many
    )
    _tasks(scene, rows)
    _meetings(scene, rows)


def _tasks(scene: Scene, rows: int) -> None:
    """Tasks of the member's organisation, each of which is late."""
    due = timezone.localdate() - timedelta(days=3)
    origins = Origin.objects.bulk_create(OriginFactory.build_batch(rows, group=scene.own))
    items = ActionItem.objects.bulk_create(
        ActionItemFactory.build(origin=origin, due_on=due, due=due.isoformat())
        for origin in origins
    )
    owners = Owner.objects.bulk_create(
        Owner(action=item, organisation=scene.espoo, position=0) for item in items
    )
    Assignment.objects.bulk_create(
        Assignment(owner=owner, organisation=scene.espoo) for owner in owners
    )


def _meetings(scene: Scene, rows: int) -> None:
    """More meetings, each on the web; and so many items and people in those that one writes.

    In place of the scene's shared meeting, one that was shared with as many.
    """
    group, by = scene.own, scene.people[Role.COORDINATOR]
    now, today = timezone.now(), timezone.localdate()
    made = Meeting.objects.bulk_create(
        MeetingFactory.build_batch(rows, group=group, state=Meeting.State.APPROVED)
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(
            meeting=meeting, kind="minutes", number=1, data={}, shared_at=now, shared_by=by
        )
        for meeting in made
    )
    PublicCopy.objects.bulk_create(
        PublicCopy(
            meeting=version.meeting,
            version=version,
            html="<p>Teksti</p>",
            pdf=b"%PDF",
            published_at=now,
            published_by=by,
            remove_on=today + timedelta(days=30),
        )
        for version in versions
    )
    shared = scene.places[Meeting.State.SHARED]
    meeting = MeetingFactory(group=group, state=Meeting.State.DRAFT, starts_at=now)
    for one in [*(scene.places[state].meeting for state in LIVE), meeting]:
        AgendaItem.objects.bulk_create(AgendaItemFactory.build_batch(rows, meeting=one))
        Attendance.objects.bulk_create(AttendanceFactory.build_batch(rows, meeting=one))
    item = meeting.items.order_by("position")[0]
    _write(item, rows, by)
    upload = SimpleUploadedFile("liite.txt", b"Liite")
    attachment = agenda.attach_file(item=item, title="Liite", upload=upload, by=by, now=now)
    publishing.share(meeting=meeting, by=by, now=now)
    meeting.refresh_from_db()
    attendance = meeting.attendances.order_by("position")[0]
    scene.places[Meeting.State.SHARED] = replace(
        shared, meeting=meeting, item=item, attachment=attachment, attendance=attendance
    )


def _write(item: AgendaItem, lines: int, by: Person) -> None:
    """So many lines, each a decision."""
    ids = [mint() for _ in range(lines)]
    html = "".join(f'<p data-line="{one}">Sovittiin yhteistyöstä.</p>' for one in ids)
    save_item(
        item=item,
        base=item.revision,
        token=uuid4(),
        html=html,
        marks={one: [{"kind": "agreed"}] for one in ids},
        by=by,
        now=timezone.now(),
    )
