"""Every address of the house, and who may open it: the one table behind the tests that walk it.

An address is known by its URL's name. A new one fails `tests/test_access.py` until it stands here,
and so does one that stands here and no longer exists.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from directory.merging.preview import digest
from meetings.models import Meeting
from meetings.services import web
from tests.scene import (
    CORRECTING,
    HIDDEN,
    LOGGED_IN,
    READERS,
    STATES,
    UNSENT,
    WRITERS,
    Place,
    Role,
    Scene,
)


class Access(StrEnum):
    """Who may open an address. Who may not see it gets 404; who sees but may not do it, 403."""

    PUBLIC = "anyone"
    ENTRANCE = "who has not logged in; who has is led on"
    LOGGED_IN = "anyone who has logged in; what it shows is their own"
    READ = "readers of the group, once something was sent; writers always"
    WRITE = "writers of the group; to its readers refused"
    KEEP = "writers of any group"
    KEEP_OWN = "writers of any group see it; those of the group in question may do it"
    FIND_OWN = "writers of the group in question"
    ADMINISTRATOR = "the administrator; who has logged in is refused"
    ADMINISTRATORS_OWN = "the administrator; to others it does not exist"
    OWNER = "the member whose it is"
    PUBLISHED = "anyone, once it stands on the web"
    INVITED = "the holder of a signed link, who has not logged in"


@dataclass(frozen=True)
class Page:
    """What is at an address, for whom, and how it answers those who may open it."""

    access: Access
    methods: str = "GET"
    of: str = ""  # whose address it is: "meeting", "group"; it gives the arguments their values
    get: int = 200
    post: int = 302
    data: Callable[[Scene, Place], dict[str, Any]] = lambda scene, place: {}
    content_type: str = ""
    asks_itself: bool = False  # its view sends to the login, so it looks at the method first
    # Other answers to those who may open it, by who they are and by the state of the meeting.
    get_by: dict[Role, int] = field(default_factory=dict)
    post_by: dict[Role, int] = field(default_factory=dict)
    get_in: dict[str, int] = field(default_factory=dict)
    post_in: dict[str, int] = field(default_factory=dict)

    def sees(self, role: Role, *, own: bool = True, state: str = "") -> bool:
        """Does it exist for the role: in its own group or another's, in a meeting's state?"""
        match self.access:
            case Access.PUBLIC | Access.ENTRANCE | Access.INVITED:
                return True
            case Access.LOGGED_IN | Access.ADMINISTRATOR:
                return role in LOGGED_IN
            case Access.ADMINISTRATORS_OWN:
                return role == Role.ADMINISTRATOR
            case Access.PUBLISHED:
                return own
            case Access.OWNER:
                return role == Role.MEMBER and own
            case Access.KEEP | Access.KEEP_OWN:
                return role in WRITERS
            case Access.FIND_OWN:
                return role == Role.ADMINISTRATOR or (role == Role.COORDINATOR and own)
        readers = WRITERS if state in HIDDEN else READERS
        return role in readers if own else role == Role.ADMINISTRATOR

    def allows(self, role: Role, *, own: bool = True, state: str = "") -> bool:
        """May the role open it and do there what it is for?"""
        if self.access == Access.WRITE and role not in WRITERS:
            return False
        if self.access == Access.ADMINISTRATOR and role != Role.ADMINISTRATOR:
            return False
        if self.access == Access.KEEP_OWN and role == Role.COORDINATOR and not own:
            return False
        return self.sees(role, own=own, state=state)

    def answer(self, role: Role, method: str, *, own: bool = True, state: str = "") -> int:
        """The status that the role gets; 302 to the login for who has to log in first."""
        to_login = role == Role.ANONYMOUS and not self.sees(role)
        if method not in self.methods.split() and not (to_login and not self.asks_itself):
            return 405
        if to_login:
            return 302
        if not self.allows(role, own=own, state=state):
            return 403 if self.sees(role, own=own, state=state) else 404
        if self.access == Access.ENTRANCE and role in LOGGED_IN:
            return 302
        if self.access == Access.INVITED and role in LOGGED_IN:
            return 409  # someone else is logged in in this browser
        if method == "GET":
            return self.get_by.get(role, self.get_in.get(state, self.get))
        return self.post_by.get(role, self.post_in.get(state, self.post))


# -- In which states -------------------------------------------------------------------------------

S = Meeting.State


def _but(*states: str, answer: int = 302) -> dict[str, int]:
    """In all states but these the answer is another: led back, with words that say why."""
    return dict.fromkeys(set(STATES) - set(states), answer)


_SENT = tuple(state for state in STATES if state not in HIDDEN)
_SHARED = (S.SHARED, S.APPROVED, CORRECTING)
_APPROVED = (S.APPROVED,)  # and on the web
_OPEN = (S.PLANNED, S.AGENDA_SENT, S.IN_SESSION, S.DRAFT, UNSENT, CORRECTING)


# -- What is sent ----------------------------------------------------------------------------------


def _meeting_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {
        "title": "Kokous",
        "date": "2027-02-01",
        "starts": "09:00",
        "language": "fi",
        "document_type": "memo",
    }


def _item_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"title": "Asia", "kind": "discussion", "visibility": "all", "language": "fi"}


def _save(scene: Scene, place: Place) -> dict[str, Any]:
    return {
        "base": place.item.revision,
        "token": "5c1f3a52-7a0e-4f0b-9d15-2d3c8c1f4a10",
        "html": "<p>Uusi teksti</p>",
        "marks": {},
    }


def _publish(scene: Scene, place: Place) -> dict[str, Any]:
    try:
        seen = web.digest(web.made(web.publishable(place.meeting)))
    except web.NotPublic:
        seen = ""
    remove_on = timezone.localdate() + timedelta(days=30)
    return {"seen": seen, "remove_on": remove_on, "checked": "on"}


def _organisation_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"kind": "municipality", "name_fi": "Uusi kunta", "is_provider": "on"}


def _person_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"name": "Uusi Nimi", "email": "uusi.nimi@example.org", "language": "sv"}


def _affiliation_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"organisation": scene.omnia.pk}


def _group_form(scene: Scene, place: Place) -> dict[str, Any]:
    group = place.meeting.group
    return {
        "kind": "subgroup",
        "parent": group.pk,
        "host": group.host_id,
        "name_fi": "Uusi ryhmä",
        "language": "fi",
        "document_type": "memo",
    }


def _own_group_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {**_group_form(scene, place), "kind": "cooperation", "parent": ""}


def _new_member_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"person": scene.people[Role.STRANGER].pk, "role": "member"}


def _contact_form(scene: Scene, place: Place) -> dict[str, Any]:
    group, person = place.meeting.group_id, scene.people[Role.MEMBER].pk
    return {"organisation": scene.omnia.pk, "person": person, "group": group}


def _leave_form(scene: Scene, place: Place) -> dict[str, Any]:
    return {"on": "2030-01-01", f"ends-contactperson-{place.circle.contact.pk}": "on"}


def _people_seen(scene: Scene, place: Place) -> dict[str, Any]:
    return {"seen": digest(place.circle.invited, place.circle.double)}


def _organisations_seen(scene: Scene, place: Place) -> dict[str, Any]:
    return {"seen": digest(place.meeting.group.host, place.circle.host)}


def _with(**data: Any) -> Callable[[Scene, Place], dict[str, Any]]:
    return lambda scene, place: data


# -- The table -------------------------------------------------------------------------------------

_GET_POST = "GET POST"
_APP = {Role.MEMBER: 200}
_HAS = {Role.MEMBER: 302}


def _meeting(access: Access, methods: str = "GET", **more: Any) -> Page:
    return Page(access, methods, of="meeting", **more)


TABLE: dict[str, Page] = {
    # The frame
    "home": Page(Access.LOGGED_IN),
    # Straight to the group of those who are in one only.
    "groups": Page(Access.LOGGED_IN, get_by=dict.fromkeys(READERS - {Role.ADMINISTRATOR}, 302)),
    "group": Page(Access.READ, of="group"),
    "language": Page(Access.PUBLIC, "POST", data=_with(language="sv")),
    "site_page": Page(Access.PUBLIC, of="site"),
    "edit_site_page": Page(
        Access.ADMINISTRATOR, _GET_POST, of="site", data=_with(text_fi="Teksti")
    ),
    "test_mail": Page(Access.ADMINISTRATORS_OWN, "POST"),
    "hide_getting_started": Page(Access.ADMINISTRATORS_OWN, "POST"),
    "resume": Page(Access.LOGGED_IN, get=302),
    # Getting in, one's own account
    "account_login": Page(Access.ENTRANCE, _GET_POST, post=200),
    "account_request_login_code": Page(Access.ENTRANCE, _GET_POST, post=200),
    "account_confirm_login_code": Page(Access.ENTRANCE, _GET_POST, get=302),
    "account_logout": Page(Access.LOGGED_IN, _GET_POST),
    "account_signup": Page(Access.ENTRANCE, _GET_POST, post=200),
    "account_inactive": Page(Access.PUBLIC),
    "account_change_password": Page(Access.LOGGED_IN, _GET_POST, post=200),
    "account_set_password": Page(Access.LOGGED_IN, _GET_POST, get=302),
    "account_reset_password": Page(Access.PUBLIC, _GET_POST, post=200),
    "account_reset_password_done": Page(Access.PUBLIC),
    "account_reset_password_from_key": Page(Access.PUBLIC, _GET_POST, of="key", post=200),
    "account_reset_password_from_key_done": Page(Access.PUBLIC),
    "account": Page(Access.LOGGED_IN, _GET_POST, data=_with(name="Nimi", language="fi")),
    "account_end_session": Page(Access.OWNER, "POST", of="account"),
    "account_end_other_sessions": Page(Access.LOGGED_IN, "POST"),
    "account_reauthenticate": Page(Access.LOGGED_IN, _GET_POST, post=200),
    "mfa_login_webauthn": Page(Access.ENTRANCE, _GET_POST, get=302),
    "mfa_authenticate": Page(Access.ENTRANCE, _GET_POST, get=302),
    # Who has no passkey or no app is led to what they have; the member has both.
    "mfa_reauthenticate": Page(Access.LOGGED_IN, _GET_POST, get=302, get_by=_APP, post_by=_APP),
    "mfa_reauthenticate_webauthn": Page(Access.LOGGED_IN, _GET_POST, get=302, get_by=_APP),
    "mfa_add_webauthn": Page(Access.LOGGED_IN, _GET_POST, post=200),
    "mfa_edit_webauthn": Page(Access.OWNER, _GET_POST, of="account", data=_with(name="Avain")),
    "mfa_remove_webauthn": Page(Access.OWNER, _GET_POST, of="account"),
    "mfa_activate_totp": Page(Access.LOGGED_IN, _GET_POST, post=200, get_by=_HAS, post_by=_HAS),
    "mfa_deactivate_totp": Page(Access.OWNER, _GET_POST),
    "mfa_view_recovery_codes": Page(Access.OWNER),
    "mfa_generate_recovery_codes": Page(Access.LOGGED_IN, _GET_POST, post=200, post_by=_HAS),
    "mfa_download_recovery_codes": Page(Access.OWNER, _GET_POST, post=405),
    "invitation": Page(
        Access.INVITED, _GET_POST, of="token", data=_with(way="code", language="fi")
    ),
    # The directory
    "directory:index": Page(Access.KEEP),
    "directory:organisations": Page(Access.KEEP),
    "directory:add_organisation": Page(Access.KEEP, _GET_POST, data=_organisation_form),
    "directory:organisation": Page(Access.KEEP, of="organisation"),
    "directory:edit_organisation": Page(
        Access.KEEP, _GET_POST, of="organisation", data=_organisation_form
    ),
    "directory:end_organisation": Page(
        Access.KEEP, _GET_POST, of="organisation", data=_with(on="2030-01-01")
    ),
    "directory:reopen_organisation": Page(Access.KEEP, "POST", of="organisation"),
    "directory:groups": Page(Access.KEEP),
    "directory:add_group": Page(Access.KEEP, _GET_POST, data=_group_form),
    "directory:group": Page(Access.FIND_OWN, of="group"),
    "directory:edit_group": Page(Access.FIND_OWN, _GET_POST, of="group", data=_own_group_form),
    "directory:end_group": Page(
        Access.FIND_OWN, _GET_POST, of="group", data=_with(on="2026-01-31")
    ),
    "directory:reopen_group": Page(Access.FIND_OWN, "POST", of="group"),
    "directory:add_member": Page(Access.FIND_OWN, _GET_POST, of="group", data=_new_member_form),
    "directory:import_members": Page(
        Access.FIND_OWN, _GET_POST, of="group", post=200, data=_with(text="Nimi\nUusi Nimi\n")
    ),
    "directory:import_members_template": Page(Access.FIND_OWN, of="group"),
    "directory:edit_member": Page(
        Access.FIND_OWN, _GET_POST, of="membership", data=_with(role="member")
    ),
    "directory:end_member": Page(
        Access.FIND_OWN, _GET_POST, of="membership", data=_with(on="2026-01-31")
    ),
    "directory:merge_organisation": Page(Access.KEEP, of="organisation"),
    "directory:merge_organisations": Page(
        Access.KEEP, _GET_POST, of="organisation", data=_organisations_seen
    ),
    "directory:double_organisations": Page(Access.KEEP),
    "directory:remove_member": Page(Access.FIND_OWN, "POST", of="membership"),
    "directory:people": Page(Access.KEEP),
    "directory:merge_person": Page(Access.KEEP_OWN, of="circle"),
    "directory:merge_people": Page(Access.KEEP_OWN, _GET_POST, of="circle", data=_people_seen),
    "directory:double_people": Page(Access.KEEP),
    "directory:add_person": Page(Access.KEEP, _GET_POST, data=_person_form),
    "directory:person": Page(Access.KEEP, of="circle"),
    "directory:edit_person": Page(Access.KEEP_OWN, _GET_POST, of="circle", data=_person_form),
    "directory:leave": Page(Access.KEEP_OWN, _GET_POST, of="circle", post=200, data=_leave_form),
    "directory:set_login": Page(Access.KEEP_OWN, "POST", of="circle"),
    "directory:set_administrator": Page(
        Access.KEEP_OWN, "POST", of="circle", post=403, post_by={Role.ADMINISTRATOR: 302}
    ),
    "directory:add_affiliation": Page(
        Access.KEEP_OWN, _GET_POST, of="circle", data=_affiliation_form
    ),
    "directory:edit_affiliation": Page(
        Access.KEEP_OWN, _GET_POST, of="circle", data=_affiliation_form
    ),
    "directory:add_contact": Page(Access.KEEP, _GET_POST, data=_contact_form),
    "directory:edit_contact": Page(
        Access.FIND_OWN,
        _GET_POST,
        of="contact",
        data=lambda scene, place: {"group": place.meeting.group_id},
    ),
    "directory:invite": Page(Access.KEEP_OWN, "POST", of="circle"),
    "directory:revoke_invitation": Page(Access.KEEP_OWN, "POST", of="circle"),
    "directory:invite_group": Page(Access.KEEP_OWN, "POST", of="group"),
    "directory:mail": Page(Access.KEEP),
    "directory:retry_mail": Page(Access.FIND_OWN, "POST", of="mail"),
    # A group's; those of a meeting, a person and others stand in tests/core/test_history.py.
    "history": Page(Access.WRITE, of="history"),
    # A group's meetings
    "meetings:create": Page(Access.WRITE, _GET_POST, of="group", data=_meeting_form),
    "meetings:import": Page(
        Access.WRITE, _GET_POST, of="group", data=_with(text="Muistio\n1 Asia\n"), post=422
    ),
    # Looking as another would
    "directory:look": Page(Access.WRITE, _GET_POST, of="group", data=_with(part="member")),
    "directory:stop_looking": Page(Access.LOGGED_IN, "POST"),
    # Reading a meeting
    "meetings:detail": _meeting(Access.READ, get_in=_but(*_SENT)),
    "meetings:version": _meeting(Access.READ, get_in=_but(*_SENT, answer=404)),
    "meetings:version_pdf": _meeting(Access.READ, get_in=_but(*_SENT, answer=404)),
    "meetings:versions": _meeting(Access.READ),
    "meetings:pdf": _meeting(Access.READ, get_in=_but(*_SENT, answer=404)),
    "meetings:file": _meeting(Access.READ, get=302),
    "file": _meeting(Access.READ, asks_itself=True),
    # Preparing and writing
    "meetings:workspace": _meeting(Access.WRITE),
    "meetings:pulse": _meeting(
        Access.WRITE,
        "POST",
        data=_with(tab="a1", item=None),
        content_type="application/json",
        post=200,
    ),
    "meetings:parts": _meeting(Access.WRITE),
    "meetings:pickable": _meeting(Access.WRITE),
    "meetings:settings": _meeting(Access.WRITE, _GET_POST, data=_meeting_form),
    "meetings:cancel": _meeting(Access.WRITE, _GET_POST),
    "meetings:revive": _meeting(Access.WRITE, "POST"),
    "meetings:add_item": _meeting(Access.WRITE, "POST", data=_with(title="Asia")),
    "meetings:edit_item": _meeting(Access.WRITE, _GET_POST, data=_item_form, get_in=_but(*_OPEN)),
    "meetings:rename_item": _meeting(Access.WRITE, "POST", data=_with(title="Asia")),
    "meetings:move_item": _meeting(Access.WRITE, "POST", data=_with(direction="down")),
    "meetings:delete_item": _meeting(Access.WRITE, "POST"),
    "meetings:restore_item": _meeting(Access.WRITE, "POST"),
    "meetings:settle": _meeting(
        Access.WRITE,
        "POST",
        data=_with(line="aaaaaaaaaaaaaaa"),
        content_type="application/json",
        post=200,
        post_in=_but(*_OPEN),
    ),
    "meetings:earlier": _meeting(Access.WRITE),
    "meetings:restore_text": _meeting(Access.WRITE, "POST"),
    "meetings:save_item": _meeting(
        Access.WRITE,
        "POST",
        data=_save,
        content_type="application/json",
        post=200,
        post_in=_but(*_OPEN),
    ),
    "meetings:item_text": _meeting(Access.WRITE),
    "meetings:attach": _meeting(
        Access.WRITE,
        "POST",
        data=_with(**{"attach-title": "Ohje", "attach-url": "https://example.org/"}),
    ),
    "meetings:detach": _meeting(Access.WRITE, "POST"),
    "meetings:check_attachment": _meeting(Access.WRITE, "POST"),
    "meetings:set_mode": _meeting(Access.WRITE, "POST"),
    "meetings:everyone_present": _meeting(Access.WRITE, "POST"),
    "meetings:add_guest": _meeting(
        Access.WRITE, "POST", data=_with(**{"guest-name": "Vieras", "guest-mode": "in_person"})
    ),
    "meetings:remove_guest": _meeting(Access.WRITE, "POST"),
    # Sending and sharing
    "meetings:send_agenda": _meeting(
        Access.WRITE, _GET_POST, get_in=_but(S.PLANNED, S.AGENDA_SENT)
    ),
    "meetings:start": _meeting(Access.WRITE, "POST"),
    "meetings:end": _meeting(Access.WRITE, "POST"),
    "meetings:share": _meeting(
        Access.WRITE, _GET_POST, data=_with(change_note="Nimi"), get_in=_but(*_OPEN)
    ),
    "meetings:correct": _meeting(Access.WRITE, _GET_POST, get_in=_but(*_SHARED)),
    "meetings:close_correction": _meeting(Access.WRITE, "POST"),
    "meetings:approve": _meeting(Access.WRITE, "POST", data=_with(version="1")),
    "meetings:redact": _meeting(
        Access.WRITE, _GET_POST, data=_with(needle="Ajankohtaiset", kind="name", reason="Pyyntö")
    ),
    # Records, and the web
    "meetings:records": _meeting(Access.WRITE, _GET_POST, data=_with(publicity="public")),
    "meetings:archive": _meeting(Access.WRITE),
    "meetings:archive_package": _meeting(Access.WRITE, get_in=_but(*_SHARED)),
    "meetings:publish": _meeting(
        Access.WRITE, _GET_POST, data=_publish, post_in=_but(*_APPROVED, answer=200)
    ),
    "meetings:withdraw": _meeting(Access.WRITE, "POST", post_in=_but(*_APPROVED, answer=404)),
    "public:group": Page(Access.PUBLISHED, of="group"),
    "public:minutes": Page(Access.PUBLISHED, of="meeting", get_in=_but(*_APPROVED, answer=404)),
    "public:pdf": Page(Access.PUBLISHED, of="meeting", get_in=_but(*_APPROVED, answer=404)),
}


# -- Walking it ------------------------------------------------------------------------------------


def patterns(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each address of the resolver by its whole name ("" where it has none)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        else:
            yield (f"{namespace}{entry.name}" if entry.name else ""), entry


FEW = (S.PLANNED, S.DRAFT, S.SHARED, S.APPROVED)  # where who may see what differs most


def places(
    page: Page, scene: Scene, states: Collection[str] = STATES
) -> Iterator[tuple[bool, str, Place]]:
    """Where a page stands in the scene: in the own group or not, in which state, at which meeting.

    What belongs to no meeting stands there once, or once in each group.
    """
    first = scene.places[S.SHARED]
    if page.of == "meeting":
        yield from ((True, state, scene.places[state]) for state in STATES if state in states)
        yield from ((False, state, place) for state, place in scene.elsewhere.items())
    else:
        yield True, "", first
        if page.of not in ("", "site", "key", "token", "organisation"):
            yield False, "", scene.elsewhere[S.SHARED]


def address(name: str, place: Place) -> str:
    """The page's address at this place of the scene."""
    values = _VALUES[TABLE[name].of](place, name)
    return reverse(name, kwargs={key: values[key] for key in arguments()[name]})


@cache
def arguments() -> dict[str, list[str]]:
    """What each address takes, by the name of its URL."""
    return {name: list(pattern.pattern.regex.groupindex) for name, pattern in patterns()}


def _of_meeting(place: Place, name: str) -> dict[str, Any]:
    file = place.attachment.file
    assert file
    return {
        "pk": place.meeting.pk,
        "item": place.item.pk,
        "attachment": place.attachment.pk,
        "attendance": place.attendance.pk,
        "kind": "minutes" if place.is_shared else "agenda",
        "number": 1,
        "sha256": file.sha256,
        "filename": place.attachment.filename,
        "place": "meeting",
        "key": place.meeting.pk,
    }


def _of_account(place: Place, name: str) -> dict[str, Any]:
    circle = place.circle
    return {"pk": circle.session.pk if "session" in name else circle.passkey.pk}


_VALUES: dict[str, Callable[[Place, str], dict[str, Any]]] = {
    "": lambda place, name: {},
    "meeting": _of_meeting,
    "group": lambda place, name: {"slug": place.meeting.group.slug},
    "organisation": lambda place, name: {
        "pk": place.meeting.group.host_id,
        "other": place.circle.host.pk,
    },
    "history": lambda place, name: {"kind": "group", "pk": place.meeting.group.pk},
    "circle": lambda place, name: {
        "pk": place.circle.invited.pk,
        "affiliation": place.circle.affiliation.pk,
        "other": place.circle.double.pk,
    },
    "mail": lambda place, name: {"pk": place.circle.mail.pk},
    "membership": lambda place, name: {
        "slug": place.meeting.group.slug,
        "pk": place.circle.invited.memberships.get().pk,
    },
    "contact": lambda place, name: {"pk": place.circle.contact.pk},
    "account": _of_account,
    "site": lambda place, name: {"slug": "accessibility"},
    "token": lambda place, name: {"token": place.circle.token},
    "key": lambda place, name: {"uidb36": "1", "key": "not-a-key"},
}
