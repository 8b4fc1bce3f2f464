"""Inviting people to come in: a mail with a link that is good once, for a fortnight."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.audit import service
from core.links import BrokenLink, read, sign
from directory.models import Group, LoginInvitation, Membership, Person

GOOD_FOR = timedelta(days=14)
PURPOSE = "invitation"
_READABLE_FOR = timedelta(days=366)  # so long an old link is told from a broken one


class CannotInvite(Exception):
    """The person has no e-mail address, may not log in, or has logged in already."""


class NoSuchInvitation(Exception):
    """The link is none of ours."""


class ClosedInvitation(Exception):
    """The invitation has been used or withdrawn, or is too old: it lets nobody in."""


def can_be_invited(person: Person) -> bool:
    """Whether an invitation makes sense: there is an address, and nobody has come in with it."""
    return bool(
        person.email
        and person.is_active
        and person.last_login is None
        and person.merged_into_id is None
    )


def uninvited(group: Group, *, now: datetime) -> QuerySet[Person]:
    """The group's members of today who can be invited and have no invitation that is good still."""
    invited = LoginInvitation.objects.open().filter(expires_at__gt=now)
    return (
        Person.objects.current()
        .filter(
            pk__in=Membership.objects.filter(
                Membership.now(today=timezone.localdate(now)), group=group
            ).values("person"),
            email__isnull=False,
            is_active=True,
            last_login=None,
        )
        .exclude(pk__in=invited.values("person"))
    )


@service
def invite(
    *, person: Person, group: Group | None = None, by: Person | None, now: datetime
) -> LoginInvitation:
    """Send the person an invitation; one sent before is withdrawn by it.

    `group` is named in the mail, as that which the person is asked to take part in.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not can_be_invited(person):
        raise CannotInvite
    return _send(person, group, by=by, now=now)


@service
def invite_all(*, group: Group, by: Person, now: datetime) -> Sequence[LoginInvitation]:
    """Invite those of the group who have not been invited, or whose invitation is too old."""
    people = uninvited(group, now=now).select_for_update(of=["self"]).order_by("pk")
    return [_send(person, group, by=by, now=now) for person in people]


@service
def revoke(*, person: Person, by: Person | None, now: datetime) -> int:
    """Withdraw the person's open invitation, if there is one: its link is dead."""
    return person.login_invitations.open().update(revoked_at=now)


def find(token: str) -> LoginInvitation:
    """The invitation behind a link, whatever has become of it."""
    try:
        data = read(token, PURPOSE, _READABLE_FOR)
        found = LoginInvitation.objects.select_related("person", "group", "sent_by")
        return found.get(pk=data["pk"])
    except (BrokenLink, KeyError, LoginInvitation.DoesNotExist) as error:
        raise NoSuchInvitation from error


def check_open(invitation: LoginInvitation, *, now: datetime) -> None:
    """Raise ClosedInvitation unless the invitation lets its person in now.

    It does not where the address has become another, or where the person has turned on two-step
    verification meanwhile, which a link in a mail must not go around.
    """
    person = invitation.person
    is_open = (
        invitation.accepted_at is None
        and invitation.revoked_at is None
        and invitation.expires_at > now
        and invitation.email == person.email
        and person.is_active
    )
    has_app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP)
    if not is_open or has_app.exists():
        raise ClosedInvitation


@service
def accept(
    *,
    invitation: LoginInvitation,
    language: str,
    password: str = "",
    credential: dict[str, Any] | None = None,
    passkey_name: str = "",
    by: Person,
    now: datetime,
) -> Person:
    """Let the invited person in: `by` is they, since the link came to their mailbox.

    `credential` is a passkey that the browser has made and that has been verified. Without it and
    without a password one comes in by codes.
    """
    invitation = LoginInvitation.objects.select_for_update().get(pk=invitation.pk)
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    invitation.person = person
    check_open(invitation, now=now)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    person.language = language
    if password:
        person.set_password(password)
    person.save(update_fields=["language", "password"])
    if credential:
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": passkey_name, "credential": credential},
        )
    return person


def address_of(invitation: LoginInvitation) -> str:
    """The whole address that lets its person in; nobody else is to see it."""
    path = reverse("invitation", args=[sign(PURPOSE, pk=invitation.pk)])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _send(
    person: Person, group: Group | None, *, by: Person | None, now: datetime
) -> LoginInvitation:
    person.login_invitations.open().update(revoked_at=now)
    invitation = LoginInvitation.objects.create(
        person=person,
        email=str(person.email),
        group=group,
        sent_at=now,
        sent_by=by,
        expires_at=now + GOOD_FOR,
    )
    mail.queue(
        key=f"invitation:{invitation.pk}",
        to=invitation.email,
        language=person.language,
        template="directory/mail/invitation",
        context={
            "invitation": invitation,
            "person": person,
            "inviter": by,
            "group": group,
            "link": address_of(invitation),
        },
        group=group.pk if group else None,
        is_secret=True,
        expires_at=invitation.expires_at,
    )
    return invitation
