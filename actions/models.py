"""What was promised, by whom, until when: action items, their owners, each owner's answer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.audit import track
from directory.enums import OwnerSet
from directory.models import Group, Membership, Organisation, Person
from directory.permissions import speaks_for


@track()
class Origin(models.Model):
    """Where an action was agreed: a line of minutes, a plan, a network; without importing it.

    Written only through `actions.services`, by the room that owns the source. Before `live_from`
    the source is a draft: only the draft's editors know of the action and nothing is mailed.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    group = models.ForeignKey(Group, models.CASCADE, related_name="origins")
    label = models.CharField(max_length=300)
    occasion_on = models.DateField(null=True)
    line_id = models.CharField(max_length=20, blank=True)
    excerpt = models.TextField(blank=True)
    audience = models.CharField(max_length=20, default="all")
    live_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="origin_once_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    """Action items, as lists see them."""

    def live(self) -> "ActionItemQuerySet":
        """Those that the group has been told of and that still stand."""
        return self.filter(hidden_at__isnull=True, origin__live_from__lte=Now())

    def visible_to(self, person: Person) -> "ActionItemQuerySet":
        """Live ones of the person's groups, as far as the line they come from is for them.

        A contact person, too, sees what an organisation of theirs is to do, where all may read it.
        """
        if person.is_administrator:
            return self.live()
        mine = Membership.objects.filter(
            Membership.now(), group=models.OuterRef("origin__group"), person=person
        )
        return self.live().filter(
            models.Exists(mine.filter(role__in=Membership.COORDINATORS))
            | Q(models.Exists(mine), origin__audience="all")
            | Q(
                models.Exists(mine.exclude(role=Membership.Role.OBSERVER)),
                origin__audience="members",
            )
            | Q(
                models.Exists(
                    Assignment.objects.of_contact(person).filter(
                        owner__action=models.OuterRef("pk")
                    )
                ),
                origin__audience="all",
            )
        )


@track()
class ActionItem(models.Model):
    """Something to be done (tehtävä), or asked for (pyyntö), by one owner or many."""

    class Kind(models.TextChoices):
        """A task is agreed; a request's owner has not agreed, so it is never late."""

        TASK = "task", _("task")
        REQUEST = "request", _("request")

    origin = models.OneToOneField(Origin, models.CASCADE, related_name="action")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("what is to be done"))
    recipient_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="awaited"
    )
    recipient_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="awaited")
    recipient_group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="awaited")
    due = models.CharField(_("due"), max_length=20, blank=True)
    due_on = models.DateField(_("last day in time"), null=True)
    created_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="actionitem_one_recipient",
                condition=Q(recipient_organisation__isnull=True, recipient_person__isnull=True)
                | Q(recipient_organisation__isnull=True, recipient_group__isnull=True)
                | Q(recipient_person__isnull=True, recipient_group__isnull=True),
                violation_error_message=_("A task has one recipient at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


@track()
class Owner(models.Model):
    """One who is to do it (vastuutaho): a person, an organisation, a group or a set."""

    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="owners")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="owned")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="owned")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="owned")
    owner_set = models.CharField(max_length=20, choices=OwnerSet, blank=True)
    # Taken off the list of owners later; what was answered stays.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "person", "organisation", "group", "owner_set"],
                name="owner_once_per_action",
                nulls_distinct=False,
                violation_error_message=_("This owner is there already."),
            ),
            models.CheckConstraint(
                name="owner_exactly_one",
                condition=Q(person__isnull=False, organisation=None, group=None, owner_set="")
                | Q(person=None, organisation__isnull=False, group=None, owner_set="")
                | Q(person=None, organisation=None, group__isnull=False, owner_set="")
                | (Q(person=None, organisation=None, group=None) & ~Q(owner_set="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}.{self.position}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, as lists see them."""

    def visible_to(self, person: Person) -> "AssignmentQuerySet":
        """Those of the actions that the person sees; to a contact person, their organisation's."""
        actions = ActionItem.objects.visible_to(person)
        visible = self.filter(models.Exists(actions.filter(pk=models.OuterRef("owner__action"))))
        if person.is_administrator:
            return visible
        mine = Membership.objects.filter(
            Membership.now(), group=models.OuterRef("owner__action__origin__group"), person=person
        )
        return visible.filter(models.Exists(mine) | Q(pk__in=self.of_contact(person).values("pk")))

    def of_contact(self, person: Person) -> "AssignmentQuerySet":
        """Those of the organisations whose contact person this is, for the action's group."""
        contacts = speaks_for(person, group=models.OuterRef("owner__action__origin__group"))
        return self.filter(
            models.Exists(contacts.filter(organisation=models.OuterRef("organisation"))),
            owner__removed_at__isnull=True,
        )

    def own_to(self, person: Person) -> "AssignmentQuerySet":
        """Those that are the person's to answer: their own, and of whom they speak for."""
        represented = Membership.objects.filter(
            Membership.now(), person=person, organisation=models.OuterRef("organisation")
        )
        return self.visible_to(person).filter(
            Q(person=person)
            | models.Exists(represented)
            | Q(pk__in=self.of_contact(person).values("pk")),
            owner__removed_at__isnull=True,
        )


@track()
class Assignment(models.Model):
    """One owner's part of an action, with its own answer. Late is computed, never stored.

    A set's owner has no assignment of its own until the set is expanded into its members.
    """

    class State(models.TextChoices):
        """How far this owner has come."""

        REQUESTED = "requested", _("requested")
        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        DECLINED = "declined", _("declined")

    owner = models.ForeignKey(Owner, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="assignments")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="assignments"
    )
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="assignments")
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="answers")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "person", "organisation", "group"],
                name="assignment_once_per_owner",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="assignment_exactly_one",
                condition=Q(person__isnull=False, organisation=None, group=None)
                | Q(person=None, organisation__isnull=False, group=None)
                | Q(person=None, organisation=None, group__isnull=False),
            ),
            models.CheckConstraint(
                name="assignment_refusal_has_reason",
                condition=~Q(state__in=["not_applicable", "declined"]) | ~Q(reason=""),
                violation_error_message=_("Say why it does not concern you."),
            ),
            models.CheckConstraint(
                name="assignment_answered_by_someone",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.state}"
