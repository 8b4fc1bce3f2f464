"""Who cooperates: organisations, people, groups, memberships, topics."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import track
from directory.enums import Language, Publicity


def in_language(finnish: str, swedish: str) -> str:
    """The name in the reader's language; Finnish where the other is missing, or in English."""
    return (swedish if translation.get_language() == "sv" else finnish) or finnish or swedish


def valid_in_order(name: str) -> models.CheckConstraint:
    """The constraint that `valid_to` is not before `valid_from`, where both are given."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_to__isnull=True)
        | Q(valid_from__isnull=True)
        | Q(valid_to__gte=models.F("valid_from")),
        violation_error_message=_("It cannot end before it begins."),
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, as lists see them."""

    def current(self) -> "OrganisationQuerySet":
        """Those that still are their own: not merged into another."""
        return self.filter(merged_into__isnull=True)

    def valid(self, today: date) -> "OrganisationQuerySet":
        """Current ones that exist on the day."""
        return self.current().filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=today),
            Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        )

    def other_names(self) -> "OrganisationQuerySet":
        """With their other names and inflected forms as one text, `other_names`, to search in."""
        both = models.Func("aliases", "inflections", function="array_cat")
        text = models.Func(
            both,
            models.Value("\n"),
            function="array_to_string",
            output_field=models.TextField(),
        )
        return self.alias(other_names=text)


@track()
class Organisation(models.Model):
    """An organisation that takes part (organisaatio): a county, municipality, provider, school …

    Whether it is an education provider (koulutuksen järjestäjä) does not depend on its kind: each
    municipality is one too.
    """

    class Kind(models.TextChoices):
        """What the organisation is by law or by its work."""

        COUNTY = "county", _("wellbeing services county")
        MUNICIPALITY = "municipality", _("municipality")
        PROVIDER = "provider", _("education provider")
        SCHOOL = "school", _("school or unit")
        STUDENTS = "students", _("student body")
        GUARDIANS = "guardians", _("guardians' body")
        PARTNER = "partner", _("partner")

    class LanguageStatus(models.TextChoices):
        """A municipality's languages by the Language Act (423/2003) and the Government's decree."""

        FINNISH = "fi", _("Finnish-speaking")
        SWEDISH = "sv", _("Swedish-speaking")
        BILINGUAL_FI = "fi-sv", _("bilingual, Finnish the majority")
        BILINGUAL_SV = "sv-fi", _("bilingual, Swedish the majority")

    class Level(models.TextChoices):
        """A level of education that a school gives (opetusaste)."""

        PRE_PRIMARY = "pre_primary", _("pre-primary education")
        BASIC = "basic", _("basic education")
        GENERAL = "general", _("general upper secondary education")
        VOCATIONAL = "vocational", _("vocational education")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    is_provider = models.BooleanField(_("education provider"), default=False)
    is_private = models.BooleanField(_("private"), default=False)
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    short_fi = models.CharField(_("short name in Finnish"), max_length=40, blank=True)
    short_sv = models.CharField(_("short name in Swedish"), max_length=40, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("other names"), default=list, blank=True
    )
    inflections = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("inflected forms"),
        default=list,
        blank=True,
        help_text=_("As they stand in minutes: Hangosta, Omnialta, LUVNin."),
    )
    language_status = models.CharField(
        _("language status"), max_length=5, choices=LanguageStatus, blank=True
    )
    language = models.CharField(
        _("language of instruction"), max_length=2, choices=Language, blank=True
    )
    levels = ArrayField(
        models.CharField(max_length=20, choices=Level),
        verbose_name=_("levels"),
        default=list,
        blank=True,
    )
    municipality = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        related_name="located",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("provider"),
        null=True,
        blank=True,
        related_name="schools",
    )
    mailbox = models.EmailField(_("mailbox"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    # The row stays when it turns out to be another's double: frozen documents may point at it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            valid_in_order("organisation_valid_in_order"),
            models.CheckConstraint(
                name="organisation_school_has_provider",
                condition=~Q(kind="school") | Q(parent__isnull=False),
                violation_error_message=_("A school needs its education provider."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def name(self) -> str:
        """The full name in the reader's language."""
        return in_language(self.name_fi, self.name_sv)

    @property
    def short_name(self) -> str:
        """The name people use: "Espoo", "LUVN"; the full one where there is no shorter."""
        return in_language(self.short_fi or self.name_fi, self.short_sv or self.name_sv)


@track()
class PupilCount(models.Model):
    """A school's pupils on the statistical reference date (tilastointipäivä 20.9.), as published.

    Kept as text: the source shows numbers from one to four as "1–4" (vipunen.fi).
    """

    school = models.ForeignKey(Organisation, models.CASCADE, related_name="pupil_counts")
    counted_on = models.DateField(_("counted on"))
    count = models.CharField(_("pupils"), max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "counted_on"], name="pupilcount_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.counted_on}: {self.count}"


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
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


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


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups, as lists see them."""

    def visible_to(self, person: Person) -> "GroupQuerySet":
        """The groups a person takes part in today; an administrator sees all."""
        if person.is_administrator:
            return self
        return self.filter(Membership.now("memberships__"), memberships__person=person).distinct()


@track()
class Group(models.Model):
    """A group that meets (ryhmä): the cooperation group, its sub-groups, a network's group."""

    class Kind(models.TextChoices):
        """What kind of group it is."""

        COOPERATION = "cooperation", _("cooperation group")
        SUBGROUP = "subgroup", _("sub-group")
        NETWORK = "network", _("network")

    class DocumentType(models.TextChoices):
        """What its minutes are (document conventions: a memo has no § and no decisions)."""

        MEMO = "memo", pgettext_lazy("document type", "memo")
        MINUTES = "minutes", pgettext_lazy("document type", "minutes")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("part of"),
        null=True,
        blank=True,
        related_name="subgroups",
    )
    host = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation whose documents its minutes are"),
        related_name="hosted_groups",
    )
    language = models.CharField(
        _("language of meetings"), max_length=2, choices=Language, default=Language.FINNISH
    )
    document_type = models.CharField(
        _("kind of minutes"), max_length=10, choices=DocumentType, default=DocumentType.MEMO
    )
    numbers_meetings = models.BooleanField(_("numbers its meetings (3/2024)"), default=False)
    # Where its new meetings start from.
    publicity = models.CharField(
        _("publicity of its documents"),
        max_length=20,
        choices=[one for one in Publicity.choices if one[0] != Publicity.SECRET],
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Each new meeting begins with it. Nothing chosen means internal until approved."
        ),
    )
    task_class = models.CharField(
        _("task class of its documents"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("From your information management plan, such as 00.01.02 Cooperation"),
    )
    retention_years = models.PositiveSmallIntegerField(
        _("its documents are kept for, in years"), null=True, blank=True
    )
    kept_permanently = models.BooleanField(
        _("its documents are kept permanently"), default=False, db_default=False
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_fi, self.name_sv)


@track()
class Membership(models.Model):
    """A person's place in a group (jäsenyys): role, organisation represented, seat it fills."""

    class Role(models.TextChoices):
        """What one does in the group."""

        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice-chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")
        DEPUTY = "deputy", _("deputy member")
        OBSERVER = "observer", _("observer")

    class Seat(models.TextChoices):
        """Whom the law wants at the table (1287/2013, 14 a §)."""

        COUNTY = "county", _("county")
        MUNICIPALITY = "municipality", pgettext_lazy("seat", "municipality")
        PROVIDER = "provider", pgettext_lazy("seat", "education provider")
        GUARDIANS = "guardians", _("guardians")
        STUDENTS = "students", _("students")
        STAFF = "staff", _("student welfare staff")

    # Those who prepare, write and share (the interface calls them coordinators).
    COORDINATORS = (Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY)

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    deputy_for = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("deputy of"),
        null=True,
        blank=True,
        related_name="deputies",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation represented"),
        null=True,
        blank=True,
        related_name="memberships",
    )
    seat = models.CharField(_("seat"), max_length=20, choices=Seat, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            valid_in_order("membership_valid_in_order"),
            models.CheckConstraint(
                name="membership_only_deputies_have_deputed",
                condition=Q(role="deputy") | Q(deputy_for__isnull=True),
                violation_error_message=_("Only a deputy member stands in for someone."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    @staticmethod
    def now(prefix: str = "", today: object = None) -> Q:
        """The condition that a membership is in force today (in Helsinki), behind `prefix`."""
        today = today or timezone.localdate()
        return (
            Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": today})
        ) & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": today}))


@track()
class ContactPerson(models.Model):
    """Who gets what is an organisation's to do (yhteyshenkilö), for one group or for all."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_for")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="contacts")
    purpose = models.CharField(_("purpose"), max_length=120, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "group", "purpose"],
                name="contactperson_once",
                nulls_distinct=False,
                violation_error_message=_("This contact person is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose or f"{self.person_id}"


@track()
class Topic(models.Model):
    """A matter that lives over meetings (aihe), such as a network or a service's call times."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="topics")
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                Lower("title"),
                name="topic_title_unique_in_group",
                violation_error_message=_("The group has this topic already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
