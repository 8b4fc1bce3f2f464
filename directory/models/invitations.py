"""Invitations (kutsut) to come in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.models.people import Person


class LoginInvitationQuerySet(models.QuerySet["LoginInvitation"]):
    """Invitations, as services and lists see them."""

    def open(self) -> "LoginInvitationQuerySet":
        """Those neither accepted nor withdrawn; some may be too old."""
        return self.filter(accepted_at=None, revoked_at=None)


@track()
class LoginInvitation(models.Model):
    """That a person was asked to come in (kutsu), by a mail whose link is good once."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="login_invitations")
    email = models.EmailField(_("e-mail"))
    group = models.ForeignKey("Group", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("good until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = LoginInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="logininvitation_one_open",
                violation_error_message=_("This person has an open invitation already."),
            ),
            models.CheckConstraint(
                name="logininvitation_accepted_or_revoked",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
            ),
            models.CheckConstraint(
                name="logininvitation_ends_after_it_begins",
                condition=Q(expires_at__gt=models.F("sent_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.email
