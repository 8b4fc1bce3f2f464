"""Groups that meet (ryhmät), who is in them, and whom an organisation sends."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import track
from directory.enums import Language, Publicity
from directory.models.naming import in_language, valid_in_order
from directory.models.organisations import Organisation
from directory.models.people import Person


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

    @staticmethod
    def now() -> Q:
        """The condition that one is a contact person today (in Helsinki)."""
        return Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate())


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
