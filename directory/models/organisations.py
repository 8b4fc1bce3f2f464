"""Organisations (organisaatiot), schools among them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.enums import Language
from directory.models.naming import in_language, valid_in_order


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
