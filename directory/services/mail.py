"""What coordinators do about mails that did not come through."""

from datetime import datetime

from core import mail as outgoing
from core.audit import service
from core.models import OutgoingMail
from directory.models import Person


@service
def retry_mail(*, mail: OutgoingMail, by: Person, now: datetime) -> OutgoingMail:
    """Try anew to send a mail that failed; raises `core.mail.CannotRetry`."""
    return outgoing.retry(mail=mail, now=now)
