"""What was sent and shared, and what came of it; what was read in."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.enums import Language
from directory.models import Person
from meetings.enums import Audience
from meetings.models.meetings import Meeting


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    """Frozen versions, as pages look them up."""

    def of(self, meeting: object) -> "DocumentVersionQuerySet":
        """The versions of one meeting, or of the outer query's."""
        return self.filter(meeting=meeting)

    def latest_of(self, kind: str) -> "DocumentVersionQuerySet":
        """Each meeting's newest version of one kind of document."""
        return self.filter(kind=kind).order_by("meeting", "-number").distinct("meeting")


class DocumentVersion(models.Model):
    """The frozen, numbered result of sending an agenda or sharing minutes, as data (versio).

    Everything shown or printed later comes from it, never from live rows. The app's database role
    can only add and read; `meetings.redact` is the one way in.
    """

    class Kind(models.TextChoices):
        """What was frozen."""

        AGENDA = "agenda", _("agenda")
        MINUTES = "minutes", _("minutes")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveIntegerField()
    data = models.JSONField()
    change_note = models.TextField(blank=True)
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "number"], name="documentversion_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Rendition(models.Model):
    """One output of a version, with its bytes (esitysmuoto). Only ever added; the newest counts."""

    class Format(models.TextChoices):
        """The output's format."""

        PDF = "pdf", "PDF"
        HTML = "html", "HTML"
        JSON = "json", "JSON"

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="renditions")
    format = models.CharField(max_length=10, choices=Format)
    audience = models.CharField(max_length=20, choices=Audience)
    language = models.CharField(max_length=2, choices=Language)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["version", "format", "audience", "-id"], name="rendition_newest_first"
            )
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.audience} {self.sha256[:8]}"


class PublicCopyQuerySet(models.QuerySet["PublicCopy"]):
    """Web copies, as public pages look them up."""

    def live(self, today: date) -> "PublicCopyQuerySet":
        """Those that can be read on that day."""
        return self.filter(withdrawn_at__isnull=True, remove_on__gte=today)


class Approval(models.Model):
    """The group has approved a version (hyväksyminen); appended, the version stays as it is."""

    version = models.OneToOneField(DocumentVersion, models.PROTECT, related_name="approval")
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.version_id}"


@track(exclude=("html", "pdf", "files"))
class PublicCopy(models.Model):
    """The minutes as anyone may read them on the web, until a day (verkkokopio).

    Made at the press of a button, apart from sharing and approving; student and guardian
    representatives stand in it by role. It is no rendition: it may be taken down at once, and its
    content is erased then, so that only who published it and when is left.
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="public_copy")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+")
    html = models.TextField(blank=True)
    pdf = models.BinaryField(blank=True)
    # The attached files that go with it: [sum, name] each.
    files = models.JSONField(default=list)
    noindex = models.BooleanField(_("search engines are asked not to list it"), default=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    remove_on = models.DateField(_("last day on the web"))
    withdrawn_at = models.DateTimeField(_("taken down"), null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = PublicCopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publiccopy_taken_down_is_erased",
                condition=Q(withdrawn_at__isnull=True) | Q(html="", pdf=b"", files=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} – {self.remove_on}"

    def get_absolute_url(self) -> str:
        """Its stable address."""
        return reverse("public:minutes", args=[self.meeting_id])

    def is_live(self, today: date) -> bool:
        """Can it be read on that day?"""
        return self.withdrawn_at is None and today <= self.remove_on


class Redaction(models.Model):
    """That something was removed from a meeting's documents (poisto), not what it was."""

    class Kind(models.TextChoices):
        """What was removed."""

        IDENTITY_CODE = "identity_code", _("a personal identity code")
        NAME = "name", _("a name")
        OTHER = "other", _("other text")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="redactions")
    kind = models.CharField(_("what is removed"), max_length=20, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300)
    places = models.PositiveIntegerField()
    redacted_at = models.DateTimeField()
    redacted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind}: {self.places}"


class ImportSource(models.Model):
    """The old minutes that a meeting was read from, and the doubts that a person left open."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="import_source")
    # Of the page on which it was accepted: pressing the button twice reads it in once.
    token = models.UUIDField(unique=True)
    text = models.TextField()
    doubts = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting_id}"
