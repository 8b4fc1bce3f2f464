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


class Publicity(models.TextChoices):
    """Who may read a document (julkisuusluokka, 621/1999).

    Minutes become public when they have been checked and approved (section 6(1)(6)), which is what
    `UNTIL_APPROVED` says.
    """

    PUBLIC = "public", _("public")
    UNTIL_APPROVED = "until_approved", _("internal until approved")
    MEMBERS = "members", _("only for members of the group")
    SECRET = "secret", _("secret by law")

    @property
    def is_closed(self) -> bool:
        """Is it never public, approved or not?"""
        return self in (Publicity.MEMBERS, Publicity.SECRET)


class Part(models.TextChoices):
    """As whom a coordinator can look at the house (näytä kuten)."""

    MEMBER = "member", _("member")
    DEPUTY = "deputy", _("deputy member")
    OBSERVER = "observer", _("observer")
    CONTACT = "contact", _("contact person of an organisation, not in the group")
