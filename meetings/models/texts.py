"""What hangs on an item: its lines and texts, marks, attachments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.models import ActionItem
from core.audit import track
from core.models import StoredFile
from directory.models import Person
from meetings.enums import MarkKind
from meetings.models.meetings import AgendaItem


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
