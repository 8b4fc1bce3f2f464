"""Ending what lets a person in: after a change of address, at a handing over, when someone left."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from core.audit import service
from directory.models import Person
from directory.services.invitations import revoke


@service
def end_sessions(*, person: Person, by: Person | None, now: datetime) -> Person:
    """Log the person out everywhere, and void invitations and codes that are on their way.

    To be called in the service that changes a person's address or `is_active`, after the change.
    Codes that went to an address which is no longer the person's are refused by `directory.login`;
    links to a new password depend on the address. Passkeys, password and app stay.
    """
    person.sessions_ended_at = now
    person.save(update_fields=["sessions_ended_at"])
    for session in UserSession.objects.filter(user=person):
        session.end()
    # allauth notes addresses that were proven, and would let one in by an earlier one.
    EmailAddress.objects.filter(user=person).delete()
    revoke(person=person, by=by, now=now)
    return person


@service
def end_session(*, session: UserSession, by: Person) -> None:
    """Log a person out in one browser."""
    session.end()


@service
def end_other_sessions(*, person: Person, session_key: str, by: Person) -> int:
    """Log a person out everywhere but in the browser with this session; returns from how many."""
    others = list(UserSession.objects.filter(user=person).exclude(session_key=session_key))
    for session in others:
        session.end()
    return len(others)
