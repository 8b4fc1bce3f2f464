"""What the home page and a group's page show. The database filters; the queries are counted."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.models import ActionItem, Assignment, Owner
from core.sorting import alphabetical
from directory.models import Group, Membership, Person
from directory.models.naming import short_name_in_language
from directory.permissions import coordinated_by, speaks_for
from meetings.models import AgendaItem, DocumentVersion, Meeting

ROWS = 10  # of each list on the home page; it is for what comes next, not for everything

_AHEAD = (Meeting.State.PLANNED, Meeting.State.AGENDA_SENT, Meeting.State.IN_SESSION)
_WRITTEN = (Meeting.State.DRAFT, Meeting.State.COMMENTS)
_UNANSWERED = (
    Assignment.State.REQUESTED,
    Assignment.State.OPEN,
    Assignment.State.IN_PROGRESS,
)


def midnight(now: datetime) -> datetime:
    """The start of the day in Helsinki: a meeting of this morning still is today's meeting."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


# -- Meetings -------------------------------------------------------------------------------------


def next_meeting(meetings: QuerySet[Meeting], *, now: datetime) -> Meeting | None:
    """The first of `meetings` that is today or later and still to be held; one query."""
    return (
        meetings.filter(state__in=_AHEAD, starts_at__gte=midnight(now))
        .select_related("group")
        .order_by("starts_at", "pk")
        .first()
    )


def lacking(meeting: Meeting) -> list[str]:
    """What a meeting still lacks before it can be held, in words; one query."""
    count = (
        AgendaItem.objects.current()
        .filter(meeting=meeting)
        .aggregate(items=Count("pk"), unpresented=Count("pk", filter=Q(presenter="", parent=None)))
    )
    found = []
    if not meeting.place and not meeting.remote_link:
        found.append(_("Where it is held has not been said."))
    if not meeting.ends_at:
        found.append(_("When it ends has not been said."))
    if not count["items"]:
        found.append(_("The agenda has no items yet."))
    if count["unpresented"]:
        found.append(
            ngettext(
                "%(count)d item has no presenter.",
                "%(count)d items have no presenter.",
                count["unpresented"],
            )
            % {"count": count["unpresented"]}
        )
    if meeting.state == Meeting.State.PLANNED:
        found.append(_("The agenda has not been sent."))
    return found


def unfinished(group_ids: list[int] | None, *, now: datetime) -> list[Meeting]:
    """Meetings held whose minutes the group has not got, oldest first (None: of every group)."""
    waiting = Meeting.objects.filter(
        Q(state__in=_WRITTEN)
        | Q(state__in=_AHEAD, starts_at__lt=midnight(now))
        | Q(correcting=True)
    )
    if group_ids is not None:
        waiting = waiting.filter(group__in=group_ids)
    return list(waiting.select_related("group").order_by("starts_at", "pk")[:ROWS])


def latest_minutes(person: Person) -> list[Meeting]:
    """The newest meetings whose minutes the person may read."""
    shared = DocumentVersion.objects.of(OuterRef("pk")).filter(kind=DocumentVersion.Kind.MINUTES)
    return list(
        Meeting.objects.visible_to(person)
        .filter(Exists(shared))
        .select_related("group")
        .order_by("-starts_at", "-pk")[:3]
    )


# -- Tasks ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A row of a list of tasks: the action, whom it waits for, how many days late it is.

    `reads`: may the one who looks open the minutes it was agreed in?
    """

    action: ActionItem
    waits_for: str
    days_late: int
    assignment: Assignment | None = None
    reads: bool = True


def own_tasks(person: Person, *, today: date) -> list[Task]:
    """What the person, or an organisation they speak for, has been asked to do and has not done."""
    readable = Meeting.objects.visible_to(person)
    assignments = (
        Assignment.objects.own_to(person)
        .filter(state__in=_UNANSWERED)
        .annotate(reads=Exists(readable.filter(pk=OuterRef("owner__action__mark__item__meeting"))))
        .select_related(
            "organisation", "owner__action__origin", "owner__action__mark__item__meeting"
        )
        .order_by(F("owner__action__due_on").asc(nulls_last=True), "pk")
    )
    return [
        Task(
            action=row.owner.action,
            waits_for=str(row.organisation or ""),
            days_late=_days_late(row.owner.action, today),
            assignment=row,
            reads=row.reads,
        )
        for row in assignments[:ROWS]
    ]


def late_tasks(group_ids: list[int] | None, *, today: date) -> list[Task]:
    """Tasks of these groups (None: of all) whose day has passed, the longest overdue first.

    A task waits for the owners that have an unanswered part, and for sets not yet expanded.
    """
    parts = Assignment.objects.filter(owner=OuterRef("pk"))
    waited_for = Owner.objects.filter(
        Exists(parts.filter(state__in=_UNANSWERED)) | ~Exists(parts), removed_at__isnull=True
    )
    late = ActionItem.objects.live().filter(
        Exists(waited_for.filter(action=OuterRef("pk"))),
        kind=ActionItem.Kind.TASK,
        due_on__lt=today,
    )
    if group_ids is not None:
        late = late.filter(origin__group__in=group_ids)
    owners = waited_for.select_related("person", "organisation", "group")
    actions = (
        late.select_related("origin", "mark__item__meeting")
        .prefetch_related(
            Prefetch("owners", owners.order_by("position", "pk"), to_attr="waited_for")
        )
        .order_by("due_on", "pk")
    )
    return [
        Task(
            action=action,
            waits_for=", ".join(_owner_name(owner) for owner in action.waited_for),
            days_late=_days_late(action, today),
        )
        for action in actions[:ROWS]
    ]


def _days_late(action: ActionItem, today: date) -> int:
    """Days since the last day in time; a request is never late."""
    if action.kind == ActionItem.Kind.REQUEST or action.due_on is None:
        return 0
    return max((today - action.due_on).days, 0)


def _owner_name(owner: Owner) -> str:
    party = owner.organisation or owner.person or owner.group
    return str(party or owner.get_owner_set_display())


# -- Home -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """The three blocks of the home page.

    A representative has the latest minutes where a coordinator has those to finish and what is
    late. `group` is one the person is in, for a coordinator one they write in. A contact person
    who is in none has the organisation's tasks only.
    """

    coordinates: bool
    next_meeting: Meeting | None
    writes_next: bool
    lacking: list[str]
    unfinished: list[Meeting]
    tasks: list[Task]
    late: list[Task]
    minutes: list[Meeting]
    group: Group | None
    is_contact: bool


def home(person: Person, *, now: datetime) -> Home:
    """What waits for a person, by what they do."""
    written: list[int] | None = None if person.is_administrator else coordinated_by(person)
    coordinates = written is None or bool(written)
    upcoming = next_meeting(Meeting.objects.visible_to(person), now=now)
    writes_next = upcoming is not None and (written is None or upcoming.group_id in written)
    today = timezone.localtime(now).date()
    mine = Group.objects.visible_to(person).filter(ended_on__isnull=True)
    if written:
        mine = mine.filter(pk__in=written)
    group = mine.order_by("pk").first()
    return Home(
        coordinates=coordinates,
        next_meeting=upcoming,
        writes_next=writes_next,
        lacking=lacking(upcoming) if upcoming and writes_next else [],
        unfinished=unfinished(written, now=now) if coordinates else [],
        tasks=own_tasks(person, today=today),
        late=late_tasks(written, today=today) if coordinates else [],
        minutes=[] if coordinates else latest_minutes(person),
        group=group,
        is_contact=group is None and speaks_for(person).exists(),
    )


# -- Groups ---------------------------------------------------------------------------------------


def groups(person: Person) -> QuerySet[Group]:
    """The groups a person sees: those that still meet, cooperation groups first."""
    return (
        Group.objects.visible_to(person)
        .select_related("host", "parent")
        .order_by(F("ended_on").desc(nulls_first=True), _place("kind", Group.Kind), "name_fi", "pk")
    )


def group_meetings(group: Group, person: Person) -> QuerySet[Meeting]:
    """The group's meetings that the person may see, the newest first."""
    return Meeting.objects.visible_to(person).filter(group=group).order_by("-starts_at", "-pk")


@dataclass(frozen=True)
class Member:
    """Someone in the group, with what they are in it unless that is a plain member."""

    name: str
    role: str


@dataclass(frozen=True)
class Seat:
    """Those who sit for one party of the law, by the organisation they represent."""

    name: str
    organisations: list[tuple[str, list[Member]]]


def members(group: Group) -> list[Seat]:
    """The group's members today, by seat and organisation; one query."""
    rows = (
        group.memberships.filter(Membership.now())
        .select_related("person", "organisation", "deputy_for__person")
        .order_by(
            _place("seat", Membership.Seat),
            alphabetical(short_name_in_language("organisation__")),
            "organisation_id",
            _place("role", Membership.Role),
            alphabetical("person__name"),
            "pk",
        )
    )
    return [
        Seat(
            name=seat,
            organisations=[
                (str(organisation or ""), [_member(row) for row in people])
                for organisation, people in groupby(of_seat, lambda row: row.organisation)
            ],
        )
        for seat, of_seat in groupby(rows, lambda row: row.get_seat_display())
    ]


def _member(row: Membership) -> Member:
    if row.deputy_for:
        return Member(row.person.name, _("deputy of %(name)s") % {"name": row.deputy_for.person})
    plain = row.role == Membership.Role.MEMBER
    return Member(row.person.name, "" if plain else str(row.get_role_display()))


def _place(field: str, choices: type[TextChoices]) -> Case:
    """Order by where the field's value stands among its choices; no value comes last."""
    whens = [When(**{field: one}, then=Value(place)) for place, one in enumerate(choices)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())
