"""What coordinators do about mails: those that did not come through, and a test to oneself."""

from datetime import datetime

from core import mail as outgoing
from core.audit import service
from core.models import OutgoingMail
from directory.models import Person

TEST = "directory/mail/test"


@service
def send_test_mail(*, by: Person, now: datetime) -> OutgoingMail:
    """Send a mail to oneself, to see whether mail works; one a minute at most."""
    return outgoing.queue(
        key=f"test:{by.pk}:{now:%Y-%m-%dT%H:%M}",
        to=str(by.email),
        language=by.language,
        template=TEST,
        context={"person": by},
    )


@service
def retry_mail(*, mail: OutgoingMail, by: Person, now: datetime) -> OutgoingMail:
    """Try anew to send a mail that failed; raises `core.mail.CannotRetry`."""
    return outgoing.retry(mail=mail, now=now)
