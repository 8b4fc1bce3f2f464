"""Words shared by the meetings' models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(models.TextChoices):
    """How someone attended (läsnäolo)."""

    IN_PERSON = "in_person", _("in person")
    REMOTE = "remote", _("remotely")
    APOLOGIES = "apologies", _("apologies")
    ABSENT = "absent", _("absent")
    UNSPECIFIED = "unspecified", _("not recorded")

    @property
    def is_present(self) -> bool:
        """Was the person at the table or on the line?"""
        return self in (Mode.IN_PERSON, Mode.REMOTE)


class MarkKind(models.TextChoices):
    """What a line of the minutes is, besides text. A line may be several things at once."""

    AGREED = "agreed", _("Agreed")
    TASK = "task", pgettext_lazy("mark", "Task")
    REQUEST = "request", pgettext_lazy("mark", "Request")
    QUESTION = "question", _("Open question")
    MILESTONE = "milestone", _("Milestone")
    AWAITING = "awaiting", _("Awaiting information")
    JOINING = "joining", pgettext_lazy("mark", "Joining")

    @property
    def is_action(self) -> bool:
        """Does it become an action item?"""
        return self in (MarkKind.TASK, MarkKind.REQUEST)


class Audience(models.TextChoices):
    """Who reads a rendition; each wider than the one before."""

    ALL = "all", _("everyone who may read")
    MEMBERS = "members", _("members of the group")
    COORDINATORS = "coordinators", _("coordinators")
