"""Outgoing mail: a row made in the transaction that causes it, sent by the worker afterwards.

A mail is sent at most once after the server has acknowledged it (250) and that is committed. Where
the connection was lost after the text had been handed over, nobody knows: it is sent again under
the same Message-ID, by which the receiver's server recognises it. What the server refuses for good
is not tried again and is shown to the coordinators.
"""

import smtplib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.jobs import defer
from core.models import OutgoingMail
from core.smtp import UnknownOutcome

# How long to wait after the first, the second … attempt; after the last one it has failed.
DELAYS = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, 720)]
# A conversation ends sooner (each of its steps by MAIL_TIMEOUT); its worker was killed.
LOST_AFTER = timedelta(minutes=15)
EXPIRED = "expired"  # the error of a mail that came too late to be sent
# So long a mail's words can be looked up; they are personal data.
KEPT = timedelta(weeks=6)
SWEPT = 50  # mails at a time: the worker has other work too

_State = OutgoingMail.State
_WAITS = [_State.WAITING, _State.UNKNOWN]


class CannotRetry(Exception):
    """The mail is on its way or sent, is of no use any more, or its words are gone."""


def queue(
    *,
    key: str,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    group: int | None = None,
    is_secret: bool = False,
    expires_at: datetime | None = None,
) -> OutgoingMail:
    """Write a mail, in the caller's transaction; the worker sends it once that is committed.

    `template` names three files, `template_subject.txt`, `template.txt` and `template.html`, which
    are rendered in the receiver's `language`. They get `site_url`, without a slash at its end, for
    addresses. A `key` that is there already makes no second mail. `group` is the id of the group
    that the mail is about, whose coordinators see whether it came through.
    """
    with transaction.atomic(), translation.override(language):
        found = {"site_url": settings.SITE_URL.rstrip("/"), "language": language, **context}
        mail, created = OutgoingMail.objects.get_or_create(
            key=key,
            defaults={
                "template": template,
                "to": to,
                "language": language,
                "subject": " ".join(render_to_string(f"{template}_subject.txt", found).split()),
                "text": render_to_string(f"{template}.txt", found).strip() + "\n",
                "html": render_to_string(f"{template}.html", found),
                "message_id": _message_id(),
                "group": group,
                "is_secret": is_secret,
                "expires_at": expires_at,
            },
        )
        if created:
            defer("core.send_mail", mail=mail.pk)
    return mail


def deliver(pk: int, *, now: datetime) -> OutgoingMail | None:
    """Send a mail if it is due and nobody else does, and record how it went.

    Three transactions: it is taken, sent, and its outcome is recorded; so a worker that is killed
    leaves it as being sent, and `sweep` finds it.
    """
    mail = _take(pk, now=now)
    if mail is None:
        return None
    if mail.expires_at and mail.expires_at <= now:
        _end(mail, _State.FAILED, error=EXPIRED)
        return mail
    try:
        _message(mail).send()
    except UnknownOutcome as error:
        _later(mail, _State.UNKNOWN, error=error, now=now)
    except Exception as error:  # whatever it is, it must not stay as being sent
        if _is_final(error):
            _end(mail, _State.FAILED, error=_words(error))
        else:
            _later(mail, _State.WAITING, error=error, now=now)
    else:
        mail.sent_at = timezone.now()
        _end(mail, _State.SENT)
    return mail


def due(*, now: datetime) -> list[int]:
    """The ids of mails whose time has come, and of those whose worker was killed, oldest first."""
    return list(
        OutgoingMail.objects.filter(_is_due(now))
        .order_by("created_at", "pk")
        .values_list("pk", flat=True)[:SWEPT]
    )


def retry(*, mail: OutgoingMail, now: datetime) -> OutgoingMail:
    """Try anew to send a mail that has failed."""
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        is_useless = mail.expires_at is not None and mail.expires_at <= now
        if mail.state != _State.FAILED or is_useless or not mail.text:
            raise CannotRetry
        mail.state = _State.WAITING
        mail.attempts = 0
        mail.next_attempt_at = now
        mail.save(update_fields=["state", "attempts", "next_attempt_at"])
        defer("core.send_mail", mail=mail.pk)
    return mail


def forget(*, now: datetime) -> int:
    """Empty the words of mails that ended long ago, or are of no use any more; returns how many."""
    old = OutgoingMail.objects.filter(
        Q(created_at__lt=now - KEPT) | Q(is_secret=True, expires_at__lt=now),
        state__in=[_State.SENT, _State.FAILED],
    ).exclude(text="", html="")
    return old.update(text="", html="")


def _is_due(now: datetime) -> Q:
    return Q(state__in=_WAITS, next_attempt_at__lte=now) | Q(
        state=_State.SENDING, started_at__lt=now - LOST_AFTER
    )


def _take(pk: int, *, now: datetime) -> OutgoingMail | None:
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(_is_due(now), pk=pk)
            .first()
        )
        if mail:
            mail.state = _State.SENDING
            mail.attempts += 1
            mail.started_at = now
            mail.next_attempt_at = None
            mail.save(update_fields=["state", "attempts", "started_at", "next_attempt_at"])
    return mail


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _is_final(error: Exception) -> bool:
    """Whether the server, or the mail itself, leaves no hope for another attempt."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code >= 500
    # The rest of SMTP's errors is of the server and its settings, which somebody will mend.
    return not isinstance(error, OSError)


def _later(mail: OutgoingMail, state: str, *, error: Exception, now: datetime) -> None:
    if mail.attempts > len(DELAYS):
        _end(mail, _State.FAILED, error=_words(error))
        return
    mail.state = state
    mail.error = _words(error)
    mail.next_attempt_at = now + DELAYS[mail.attempts - 1]
    mail.save(update_fields=["state", "error", "next_attempt_at"])


def _end(mail: OutgoingMail, state: str, *, error: str = "") -> None:
    mail.state = state
    mail.error = error
    if mail.is_secret and (state == _State.SENT or error == EXPIRED):
        mail.subject = mail.text = mail.html = ""
    mail.save(update_fields=["state", "error", "sent_at", "subject", "text", "html"])


def _words(error: Exception) -> str:
    """What the server said, or what is wrong, for people who know mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_answer(code, said) for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}".strip(" :")


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def _message_id() -> str:
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>"
