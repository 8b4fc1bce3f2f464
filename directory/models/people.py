"""People (henkilöt), and the organisations they belong to."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.enums import Language
from directory.models.naming import valid_in_order
from directory.models.organisations import Organisation


class PersonQuerySet(models.QuerySet["Person"]):
    """People, as lists see them."""

    def current(self) -> "PersonQuerySet":
        """Those that still are their own: not merged into another."""
        return self.filter(merged_into__isnull=True)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)["Person"]):  # type: ignore[misc]
    """Makes people, with or without a login."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this e-mail address, whatever its capitals."""
        return self.get(email__iexact=username)


@track(exclude=("password", "last_login", "sessions_ended_at"))
class Person(AbstractBaseUser):
    """A person (henkilö): a name, and an account where there is an e-mail address."""

    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(
        _("e-mail"),
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("Someone has this e-mail address already.")},
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.FINNISH
    )
    is_administrator = models.BooleanField(_("administrator of the region"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    # The last day, for one who leaves; then the login is closed unless other ties have come.
    login_until = models.DateField(_("may log in until"), null=True, blank=True, editable=False)
    # What was logged in before this is logged out.
    sessions_ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The row stays when it turns out to be another's double: frozen documents may point at it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged"
    )

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_email_lower_case", condition=Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the address in lower case, and none as none."""
        super().clean()
        self.email = self.email.lower() if self.email else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to be the person's: also that it began after the last end."""
        known = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        ended = self.sessions_ended_at
        return known if ended is None else f"{known}:{ended.timestamp():.6f}"

    @property
    def initials(self) -> str:
        """Two letters at most, for where one is writing: "Anna-Liisa Mäki" is AM."""
        words = self.name.split() or ["?"]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@track()
class Affiliation(models.Model):
    """A person's tie to an organisation for a time (kuuluminen organisaatioon)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="affiliations")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            valid_in_order("affiliation_valid_in_order"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.person_id}–{self.organisation_id}"
