"""A house with everyone in it: two groups, a meeting in each state, a login for each role.

`build()` fills an empty database by the real services; `tests.addresses` says of each address who
may open it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from actions.models import ActionItem, Assignment
from core.links import sign
from core.models import OutgoingMail
from core.richtext.lines import mint
from directory.models import Affiliation, ContactPerson, Group, Membership, Organisation, Person
from directory.services import invitations
from meetings.models import AgendaItem, Attachment, Attendance, DocumentVersion, Meeting
from meetings.services import agenda, planning, publishing, web
from meetings.services.minutes import save_item
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)


class Role(StrEnum):
    """Who knocks: each of them has one login (or none), and a part in the scene's own group."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    MEMBER = "member"
    DEPUTY = "deputy"
    OBSERVER = "observer"
    CONTACT = "contact"  # of an organisation that has a task, without a membership
    ENDED = "ended"  # a member until yesterday
    STRANGER = "stranger"  # has a login, belongs to no group
    ANONYMOUS = "anonymous"


READERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.MEMBER, Role.DEPUTY, Role.OBSERVER})
WRITERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
LOGGED_IN = frozenset(Role) - {Role.ANONYMOUS}

# States of a meeting, and two that cut across them: minutes that are written without an agenda
# having been sent, and shared minutes that are being corrected.
UNSENT = "comments"
CORRECTING = "correcting"
STATES = (*Meeting.State.values, CORRECTING)
HIDDEN = frozenset({Meeting.State.PLANNED, UNSENT})  # nothing was sent: only writers know of them


class Word(StrEnum):
    """A word that stands in one place only, so that a page which shows it shows that place."""

    PUBLIC = "ZQPUBLICZQ"  # minutes on the web
    EVERYONE = "ZQEVERYONEZQ"  # shared minutes
    MEMBERS = "ZQMEMBERSZQ"  # an item of theirs that is for members
    SECRET = "ZQSECRETZQ"  # an item that is secret by law
    DRAFT = "ZQDRAFTZQ"  # minutes not shared yet
    UNSENT = "ZQUNSENTZQ"  # the title of a meeting of which nothing was sent
    TASK = "ZQTASKZQ"  # a task for two organisations, in shared minutes
    ANSWER = "ZQANSWERZQ"  # why one of them does not do it
    MEMBERS_TASK = "ZQMTASKZQ"  # a task in the item for members
    SECRET_TASK = "ZQSTASKZQ"  # a task in the secret item
    FOREIGN = "ZQFOREIGNZQ"  # the title of another group's shared minutes
    FOREIGN_TASK = "ZQFTASKZQ"  # a task in them
    MAIL = "ZQMAILZQ"  # the subject of a mail about the group
    FOREIGN_MAIL = "ZQFMAILZQ"  # and of one about another group


@dataclass(frozen=True)
class Circle:
    """What a group has besides meetings."""

    group: Group
    invited: Person  # a member who has not come in yet
    affiliation: Affiliation  # of the same
    double: Person  # the same once more, in no group
    host: Organisation  # the group's host once more
    contact: ContactPerson  # the same, for the group
    token: str  # of the link in their invitation
    mail: OutgoingMail  # that failed
    session: UserSession  # of a member
    passkey: Authenticator  # of the same


@dataclass(frozen=True)
class Place:
    """A meeting with what hangs on it, in its group."""

    circle: Circle
    meeting: Meeting
    item: AgendaItem
    attachment: Attachment
    attendance: Attendance
    is_shared: bool


@dataclass
class Scene:
    """Everyone and everything."""

    own: Group
    foreign: Group
    circles: dict[Group, Circle]
    espoo: Organisation  # the member represents it
    omnia: Organisation  # the contact person is its
    people: dict[Role, Person]
    foreign_secretary: Person
    places: dict[str, Place] = field(default_factory=dict)  # of the own group, by state
    elsewhere: dict[str, Place] = field(default_factory=dict)  # of the other group

    def browser(self, role: Role) -> Client:
        """A browser in which the role's person is logged in, in English."""
        client = Client(raise_request_exception=False)
        if role in self.people:
            client.force_login(self.people[role])
            request = HttpRequest()
            request.session = client.session
            # No page asks again who one is.
            record_authentication(request, self.people[role], "password", reauthenticated=True)
            request.session.save()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever is done meanwhile is undone afterwards, in the browser too."""
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)


def build() -> Scene:
    """Fill the database; takes about five seconds, since documents are rendered."""
    today = timezone.localdate()
    own, foreign = GroupFactory(), GroupFactory()
    espoo = OrganisationFactory(name_fi="Espoo", name_sv="Esbo")
    omnia = OrganisationFactory(name_fi="Omnia", name_sv="Omnia", kind="provider")
    secretary = Membership.Role.SECRETARY
    member = MembershipFactory(group=own, organisation=espoo)
    people = {
        Role.ADMINISTRATOR: PersonFactory(is_administrator=True),
        Role.COORDINATOR: MembershipFactory(group=own, role=secretary).person,
        Role.MEMBER: member.person,
        Role.DEPUTY: MembershipFactory(
            group=own, organisation=espoo, role=Membership.Role.DEPUTY, deputy_for=member
        ).person,
        Role.OBSERVER: MembershipFactory(group=own, role=Membership.Role.OBSERVER).person,
        Role.CONTACT: PersonFactory(),
        Role.ENDED: MembershipFactory(group=own, valid_to=today - timedelta(days=1)).person,
        Role.STRANGER: PersonFactory(),
    }
    ContactPerson.objects.create(organisation=omnia, person=people[Role.CONTACT], group=own)
    scene = Scene(
        own=own,
        foreign=foreign,
        espoo=espoo,
        omnia=omnia,
        circles={},
        people=people,
        foreign_secretary=MembershipFactory(group=foreign, role=secretary).person,
    )
    _circle(scene, own, member.person, Word.MAIL, by=people[Role.COORDINATOR])
    foreigner = MembershipFactory(group=foreign).person
    _circle(scene, foreign, foreigner, Word.FOREIGN_MAIL, by=scene.foreign_secretary)
    for number, state in enumerate(STATES):
        scene.places[state] = _place(scene, own, state, today + timedelta(weeks=number - 4))
    for state in (Meeting.State.PLANNED, Meeting.State.SHARED):
        scene.elsewhere[state] = _place(scene, foreign, state, today)
    refused = Assignment.objects.get(organisation=espoo, owner__action__text__contains=Word.TASK)
    refused.state = Assignment.State.DECLINED
    refused.reason = f"Ei {Word.ANSWER}"
    refused.answered_at, refused.answered_by = timezone.now(), people[Role.MEMBER]
    refused.save()
    return scene


def _circle(scene: Scene, group: Group, member: Person, word: str, *, by: Person) -> None:
    """What the group has besides its meetings."""
    invited = MembershipFactory(group=group, person__password="!").person
    invitation = invitations.invite(person=invited, group=group, by=by, now=timezone.now())
    scene.circles[group] = Circle(
        group=group,
        invited=invited,
        double=PersonFactory(name=invited.name, email=None),
        host=OrganisationFactory(
            kind=group.host.kind, is_provider=False, name_fi=group.host.name_fi, name_sv=""
        ),
        affiliation=Affiliation.objects.create(person=invited, organisation=scene.espoo),
        contact=ContactPerson.objects.create(organisation=scene.espoo, person=invited, group=group),
        token=sign(invitations.PURPOSE, pk=invitation.pk),
        mail=OutgoingMail.objects.create(
            key=word,
            template="test",
            to="someone@example.org",
            language="fi",
            subject=f"Viesti {word}",
            text="Teksti",
            message_id=f"<{word}@example.org>",
            group=group.pk,
            state=OutgoingMail.State.FAILED,
            next_attempt_at=None,
        ),
        session=UserSession.objects.create(
            user=member, session_key=word, ip="127.0.0.1", user_agent="Selain"
        ),
        passkey=WebAuthn.add(member, "Puhelin", credential()).instance,
    )
    TOTP.activate(member, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(member)


def credential() -> dict[str, Any]:
    """A passkey as a browser hands it over when it has made one."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(
        bytes(32), flags, 0, AttestedCredentialData.create(Aaguid.NONE, b"key", key)
    )
    asked = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "id": websafe_encode(b"key"),
        "rawId": websafe_encode(b"key"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(asked),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _place(scene: Scene, group: Group, state: str, day: date) -> Place:
    """A meeting brought to the state by those who do so in life."""
    by = scene.people[Role.COORDINATOR] if group == scene.own else scene.foreign_secretary
    now = timezone.now()
    starts = timezone.localtime(now).replace(
        year=day.year, month=day.month, day=day.day, hour=13, minute=0
    )
    title = f"Kokous {state}"
    if group == scene.own and state in HIDDEN:
        title += f" {Word.UNSENT}"
    if group == scene.foreign:
        title += f" {Word.FOREIGN}"
    meeting = MeetingFactory(
        group=group, title=title, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    item = AgendaItemFactory(meeting=meeting, title="Ajankohtaiset asiat")
    _write(item, "Keskusteltiin kouluista.", "", scene, by)
    upload = SimpleUploadedFile("liite.txt", f"Liite {state}".encode())
    attachment = agenda.attach_file(item=item, title="Liite", upload=upload, by=by, now=now)
    attendance = AttendanceFactory(meeting=meeting)
    is_shared = state in (Meeting.State.SHARED, Meeting.State.APPROVED, CORRECTING)
    place = Place(scene.circles[group], meeting, item, attachment, attendance, is_shared)
    if state not in HIDDEN:
        publishing.send_agenda(meeting=meeting, by=by, now=now)
    _take_minutes(scene, place, state, by)
    meeting.refresh_from_db()
    item.refresh_from_db()
    return place


def _take_minutes(scene: Scene, place: Place, state: str, by: Person) -> None:
    """From the agenda on."""
    meeting, now, states = place.meeting, timezone.now(), Meeting.State
    if state == states.CANCELLED:
        planning.cancel_meeting(meeting=meeting, by=by)
    if state in (states.PLANNED, states.AGENDA_SENT, states.CANCELLED):
        return
    publishing.start_meeting(meeting=meeting, by=by)
    if meeting.group == scene.foreign:
        _write(place.item, "Päätettiin kirjeestä.", Word.FOREIGN_TASK, scene, by)
    elif state in (states.DRAFT, UNSENT):
        _write(place.item, f"Luonnosteltiin {Word.DRAFT}.", "", scene, by)
    elif state == states.APPROVED:
        _write(place.item, f"Todettiin {Word.PUBLIC}.", "", scene, by)
    elif state == states.SHARED:
        _write(place.item, f"Sovittiin {Word.EVERYONE}.", Word.TASK, scene, by)
        for visibility, word, task in (
            (AgendaItem.Visibility.MEMBERS, Word.MEMBERS, Word.MEMBERS_TASK),
            (AgendaItem.Visibility.SECRET, Word.SECRET, Word.SECRET_TASK),
        ):
            law = "621/1999 24 §" if visibility == AgendaItem.Visibility.SECRET else ""
            item = AgendaItemFactory(meeting=meeting, visibility=visibility, secrecy=law)
            _write(item, f"Puhuttiin {word}.", task, scene, by)
    if state == states.IN_SESSION:
        return
    publishing.end_meeting(meeting=meeting, by=by)
    if state == UNSENT:
        Meeting.objects.filter(pk=meeting.pk).update(state=UNSENT)
    if state in (states.DRAFT, UNSENT):
        return
    meeting.refresh_from_db()
    version = publishing.share(meeting=meeting, by=by, now=now)
    if state == states.APPROVED:
        publishing.approve(version=DocumentVersion.objects.get(pk=version.pk), by=by, now=now)
        _put_on_web(meeting, by)
    if state == CORRECTING:
        publishing.open_correction(meeting=meeting, by=by)


def _put_on_web(meeting: Meeting, by: Person) -> None:
    meeting.refresh_from_db()
    now = timezone.now()
    web.publish(
        meeting=meeting,
        seen=web.digest(web.made(web.publishable(meeting))),
        files=[],
        remove_on=now.date() + timedelta(days=30),
        noindex=False,
        by=by,
        now=now,
    )


def _write(item: AgendaItem, text: str, task: str, scene: Scene, by: Person) -> None:
    """Give the item a paragraph, and a task for both organisations where it is named."""
    line = mint()
    html, marks = f"<p>{text}</p>", {}
    if task:
        html += f'<p data-line="{line}">Tehdään {task}.</p>'
        owners = [
            {"type": "organisation", "id": str(one.pk), "name": str(one)}
            for one in (scene.espoo, scene.omnia)
        ]
        marks = {line: [{"kind": ActionItem.Kind.TASK, "owners": owners, "due": ""}]}
    item.refresh_from_db()
    save_item(
        item=item,
        base=item.revision,
        token=uuid4(),
        html=html,
        marks=marks,
        by=by,
        now=timezone.now(),
    )
