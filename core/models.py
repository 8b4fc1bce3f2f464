"""What every room may use: a stored file, a mail on its way."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import track


class StoredFile(models.Model):
    """A file by its content: two uploads of the same bytes are one file on disk."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=120)
    content = models.FileField(upload_to="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


LONGEST_PAGE = 40_000  # characters


@track(exclude=("text_fi", "text_sv", "text_en"))
class SitePage(models.Model):
    """A page that the law wants of every public service, as an administrator has worded it.

    Until one has been saved, the text that comes with the house is shown (`core.site_pages`). The
    texts are plain, with a few marks for headings and lists.
    """

    class Key(models.TextChoices):
        """Which page."""

        ACCESSIBILITY = "accessibility", _("Accessibility statement")
        PRIVACY = "privacy", _("Privacy notice")
        FEEDBACK = "feedback", pgettext_lazy("page", "Feedback")

    key = models.CharField(max_length=20, choices=Key, unique=True)
    text_fi = models.TextField(_("in Finnish"), max_length=LONGEST_PAGE)
    text_sv = models.TextField(_("in Swedish"), max_length=LONGEST_PAGE, blank=True)
    text_en = models.TextField(_("in English"), max_length=LONGEST_PAGE, blank=True)
    updated_at = models.DateTimeField(_("updated"))

    def __str__(self) -> str:
        return self.key


class OutgoingMail(models.Model):
    """A mail (lähtevä viesti), made in the transaction that causes it; `core.mail` sends it.

    `key` says what it is about and is given once, so that the same cause never makes two mails. The
    Message-ID is fixed here: a mail that is sent again since nobody knows whether it was taken is
    recognised by the receiver's server.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", pgettext_lazy("mail", "waiting")
        SENDING = "sending", pgettext_lazy("mail", "being sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        UNKNOWN = "unknown", pgettext_lazy("mail", "unclear whether it was sent")
        FAILED = "failed", pgettext_lazy("mail", "not sent")

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=100)
    to = models.EmailField(_("receiver"))
    language = models.CharField(max_length=2)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    # Whom it concerns: the id of a group, which this floor does not know.
    group = models.BigIntegerField(null=True, blank=True, db_index=True)
    # It holds a code or a link that lets one in: its words are shown to nobody and kept no longer
    # than it takes to send them.
    is_secret = models.BooleanField(default=False)
    # When it is of no use any more.
    expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outgoingmail_sent_when_sent",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="outgoingmail_waits_until",
                condition=Q(state__in=["waiting", "unknown"], next_attempt_at__isnull=False)
                | Q(state__in=["sending", "sent", "failed"], next_attempt_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoingmail_due",
                condition=Q(state__in=["waiting", "unknown", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.key
