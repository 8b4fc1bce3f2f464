"""Meetings, who was there, and the items of the agenda."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.enums import Language, Publicity
from directory.models import Group, Membership, Organisation, Person
from meetings.enums import Mode

# Not for observers, and never on the web.
CLOSED = [one for one in Publicity if one.is_closed]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, as lists see them."""

    def visible_to(self, person: Person) -> "MeetingQuerySet":
        """Those of the person's groups: all to those who write in the group, else what was sent."""
        from meetings.models.documents import DocumentVersion  # whose rows point at meetings

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


@track(exclude=("body", "marks", "conflicts", "revision", "redacted_revision"))
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
    # What two people changed at once and nobody has settled yet: lines, who and when, no words.
    conflicts = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )
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

    @property
    def told_to(self) -> str:
        """Who is told of its tasks: its readers, and no observers where the documents are closed.

        The item's `meeting` is to be at hand.
        """
        closed = self.meeting.is_closed and self.readers == self.Visibility.ALL
        return self.Visibility.MEMBERS if closed else self.readers
