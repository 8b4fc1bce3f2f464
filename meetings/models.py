"""Meetings (kokous, tapaaminen): agenda, attendance, the lines of the minutes, what was shared."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models import ActionItem
from core.audit import track
from core.models import StoredFile
from directory.enums import Language, Publicity
from directory.models import Group, Membership, Organisation, Person
from meetings.enums import Audience, MarkKind, Mode

# Not for observers, and never on the web.
CLOSED = [one for one in Publicity if one.is_closed]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, as lists see them."""

    def visible_to(self, person: Person) -> "MeetingQuerySet":
        """Those of the person's groups: all to those who write in the group, else what was sent."""
        if person.is_administrator:
            return self
        mine = Membership.objects.filter(
            Membership.now(), group=models.OuterRef("group"), person=person
        )
        return self.filter(
            models.Exists(mine.filter(role__in=Membership.COORDINATORS))
            | (
                (
                    models.Exists(mine.exclude(role=Membership.Role.OBSERVER))
                    | (models.Exists(mine) & ~Q(publicity__in=CLOSED))
                )
                & models.Exists(DocumentVersion.objects.of(models.OuterRef("pk")))
            )
        )


@track()
class Meeting(models.Model):
    """One meeting of a group (kokous)."""

    class State(models.TextChoices):
        """How far it has come; who may do what follows from it (`meetings.states`)."""

        PLANNED = "planned", _("planned")
        AGENDA_SENT = "agenda_sent", _("agenda sent")
        IN_SESSION = "in_session", _("in session")
        DRAFT = "draft", _("draft")
        COMMENTS = "comments", _("out for comments")
        SHARED = "shared", _("shared")
        APPROVED = "approved", _("approved")
        CANCELLED = "cancelled", _("cancelled")

    group = models.ForeignKey(Group, models.PROTECT, related_name="meetings")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.FINNISH
    )
    document_type = models.CharField(
        _("kind of minutes"), max_length=10, choices=Group.DocumentType
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    remote_link = models.URLField(_("link for remote participation"), max_length=500, blank=True)
    number = models.PositiveIntegerField(null=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    # Someone is editing minutes that are shared already; readers keep the version they have.
    correcting = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # What is noted about its documents as records, whatever their text.
    publicity = models.CharField(
        _("publicity"),
        max_length=20,
        choices=Publicity,
        default=Publicity.UNTIL_APPROVED,
        db_default=Publicity.UNTIL_APPROVED,
    )
    secrecy = models.CharField(
        _("section of law"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("For a secret document. For example: Act 621/1999, section 24(1)(25)"),
    )
    record_number = models.CharField(
        _("record number"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("The number of the case in your register, if it has one."),
    )
    task_class = models.CharField(
        _("task class"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("From your information management plan, such as 00.01.02 Cooperation"),
    )
    retention_years = models.PositiveSmallIntegerField(
        _("kept for, in years"), null=True, blank=True
    )
    kept_permanently = models.BooleanField(_("kept permanently"), default=False, db_default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "-starts_at", "-id"], name="meeting_of_group")]
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The meeting cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="meeting_number_has_year",
                condition=Q(number__isnull=True, year__isnull=True)
                | Q(number__isnull=False, year__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["group", "year", "number"],
                name="meeting_number_unique_in_year",
                violation_error_message=_("Another meeting has this number."),
            ),
            models.CheckConstraint(
                name="meeting_secret_names_the_law",
                condition=~Q(publicity="secret") | ~Q(secrecy=""),
                violation_error_message=_("A secret document names the section of law."),
            ),
            models.CheckConstraint(
                name="meeting_kept_for_years_or_permanently",
                condition=Q(kept_permanently=False) | Q(retention_years__isnull=True),
                violation_error_message=_("Give the years, or say that it is kept permanently."),
            ),
            models.CheckConstraint(
                name="meeting_corrects_what_is_shared",
                condition=Q(correcting=False) | Q(state__in=["shared", "approved"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {timezone.localtime(self.starts_at).date()}"

    def get_absolute_url(self) -> str:
        """The page that its readers see."""
        return reverse("meetings:detail", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        """Are its documents for members only, or secret: never public?"""
        return Publicity(self.publicity).is_closed

    @property
    def is_shared(self) -> bool:
        """Has the group got its minutes?"""
        return self.state in (self.State.SHARED, self.State.APPROVED)

    @property
    def is_open(self) -> bool:
        """May its agenda and minutes be edited now?"""
        return self.state != self.State.CANCELLED and (not self.is_shared or self.correcting)

    @property
    def full_number(self) -> str:
        """The number as it is written, 3/2024; nothing where the group gives none."""
        return f"{self.number}/{self.year}" if self.number else ""


@track()
class Attendance(models.Model):
    """Someone at a meeting, with name, organisation and role as of that day (läsnäolo)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="attendances")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="attendances"
    )
    name = models.CharField(_("name"), max_length=150)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role, blank=True)
    mode = models.CharField(_("attendance"), max_length=20, choices=Mode, default=Mode.UNSPECIFIED)
    is_guest = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="attendance_once_a_meeting",
                violation_error_message=_("This person is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.mode}"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Agenda items, as lists see them."""

    def current(self) -> "AgendaItemQuerySet":
        """Those that have not been taken off the agenda."""
        return self.filter(removed_at__isnull=True)


@track(exclude=("body", "marks", "revision", "redacted_revision"))
class AgendaItem(models.Model):
    """An item of the agenda (asia, käsittelykohta), with its part of the minutes."""

    class Kind(models.TextChoices):
        """What the item is for."""

        INFORMATION = "information", _("information")
        DISCUSSION = "discussion", _("discussion")
        DECISION = "decision", _("decision")
        WORKSHOP = "workshop", _("workshop")
        ROUND = "round", _("round of organisations")

    class Visibility(models.TextChoices):
        """Who may read it once it is sent or shared."""

        ALL = "all", _("all readers")
        MEMBERS = "members", _("members of the group")
        SECRET = "secret", _("secret by law")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveIntegerField()
    title = models.CharField(_("heading"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DISCUSSION)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.ALL
    )
    secrecy = models.CharField(
        _("section of law"),
        max_length=200,
        blank=True,
        help_text=_("For example: Act 621/1999, section 24(1)(25)"),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.FINNISH
    )
    presenter = models.CharField(_("presenter"), max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes reserved"), null=True, blank=True)
    body = models.TextField(blank=True)
    marks = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    # A text that stands on an older revision holds what was removed for good, and is not saved.
    redacted_revision = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["meeting", "position"], name="item_in_order")]
        constraints = [
            models.CheckConstraint(
                name="item_secret_names_the_law",
                condition=~Q(visibility="secret") | ~Q(secrecy=""),
                violation_error_message=_("A secret item names the section of law."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def readers(self) -> str:
        """Who may read it: what stands under a restricted item is as restricted."""
        own = self.Visibility(self.visibility)
        if not self.parent:
            return own
        order = list(self.Visibility)
        return max(own, self.Visibility(self.parent.visibility), key=order.index)


class Line(models.Model):
    """A text block of a body; what marks, comments and topics point at. Rewritten with its body."""

    id = models.CharField(primary_key=True, max_length=20)
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:80]


class ItemRevision(models.Model):
    """Every acknowledged text of an item: history, and the base of later merges."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    token = models.UUIDField()
    body = models.TextField(blank=True)
    marks = models.JSONField(default=dict)
    conflicts = models.JSONField(default=list)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="itemrevision_in_order"),
            models.UniqueConstraint(fields=["item", "token"], name="itemrevision_saved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} r{self.number}"


@track()
class Mark(models.Model):
    """What a line is (merkintä): agreed, a task … Hidden with its line, never deleted."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="mark_records")
    line_id = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=MarkKind)
    text = models.TextField()
    # The mark as the editor sends it: owners, recipient, due, effective date.
    data = models.JSONField(default=dict)
    action = models.OneToOneField(ActionItem, models.PROTECT, null=True, related_name="mark")
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line_id", "kind"], name="mark_once_a_line"),
            models.CheckConstraint(
                name="mark_of_action_has_it",
                condition=Q(kind__in=["task", "request"], action__isnull=False)
                | (~Q(kind__in=["task", "request"]) & Q(action__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"


@track()
class Attachment(models.Model):
    """A file or a link on an item (liite)."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    # Someone has looked whether everyone can read the file (act 306/2019).
    checked_at = models.DateTimeField(_("accessibility checked"), null=True, editable=False)
    checked_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_checked_is_a_file",
                condition=Q(checked_at__isnull=True) | Q(file__isnull=False),
            ),
            models.CheckConstraint(
                name="attachment_file_or_link",
                condition=(Q(url="") & Q(file__isnull=False) & ~Q(filename=""))
                | (~Q(url="") & Q(file__isnull=True) & Q(filename="")),
                violation_error_message=_("Give a file or an address, one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unchecked(self) -> bool:
        """Is it a file whose accessibility nobody has checked?"""
        return self.file_id is not None and self.checked_at is None


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
        return self.filter(withdrawn_at__isnull=True, remove_on__gt=today)


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
    remove_on = models.DateField(_("removed from the web on"))
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
        return self.withdrawn_at is None and today < self.remove_on


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
