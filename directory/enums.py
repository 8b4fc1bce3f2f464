"""Words shared by the directory's models."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """A language of the region's documents and of the interface."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class OwnerSet(models.TextChoices):
    """A set that owns a task as one; each of its members answers for itself."""

    PROVIDERS = "providers", _("education providers")
    MUNICIPALITIES = "municipalities", _("municipalities")
    MEMBERS = "members", _("members of the group")
