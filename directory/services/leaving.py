"""Handing over what a person who leaves had: memberships, contact persons, ties, work, the login.

The preview does it all in the database and takes it back; the confirmation carries a digest of
what it showed. Either everything happens that was shown, or nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.audit import service
from core.templatetags.house import day
from directory import composition, handover
from directory.models import Affiliation, ContactPerson, Group, Membership, Organisation, Person
from directory.models.naming import lasting
from directory.services import contacts, memberships, people
from directory.services.people import locked
from directory.services.sessions import end_sessions

type Row = Membership | ContactPerson | Affiliation


class Refused(Exception):
    """It cannot be so: `words` say why, `field` is the form's field that it is about."""

    def __init__(self, field: str, words: Any) -> None:
        super().__init__(words)
        self.field, self.words = field, words


class Changed(Exception):
    """Something has changed since the preview; `outcome` is what would happen now."""

    def __init__(self, outcome: "Outcome") -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True)
class Tie:
    """A membership, contact person or affiliation that goes on or will begin."""

    row: Row

    @property
    def key(self) -> str:
        """It, for names of fields."""
        return f"{self.row._meta.model_name}-{self.row.pk}"

    @property
    def words(self) -> str:
        """What it is: "Yhteistyöryhmä: member, Espoo"."""
        row = self.row
        if isinstance(row, Membership):
            name = row.organisation.name if row.organisation else ""
            what = ", ".join(filter(None, [row.get_role_display(), name]))
            return f"{row.group.name}: {what}"
        if isinstance(row, ContactPerson):
            where = row.group.name if row.group else _("all groups")
            words = _("Contact person of %(organisation)s, %(group)s")
            said = words % {"organisation": row.organisation.name, "group": where}
            return f"{said}: {row.purpose}" if row.purpose else said
        return ", ".join(filter(None, [row.organisation.name, row.title]))


@dataclass(frozen=True)
class Ending:
    """That a tie ends, and who takes it over, if anyone."""

    key: str
    taker: Person | None = None


@dataclass(frozen=True)
class Passing:
    """To whom what is in hand in a group goes (`handover.InHand.key`)."""

    key: str
    to: Person | Organisation


@dataclass(frozen=True)
class Plan:
    """What is to happen when the person leaves, on their last day."""

    on: date
    endings: tuple[Ending, ...] = ()
    passings: tuple[Passing, ...] = ()


@dataclass
class Outcome:
    """What happens, in sentences."""

    ends: list[str] = field(default_factory=list)
    begins: list[str] = field(default_factory=list)
    passes: list[str] = field(default_factory=list)  # at once
    stays: list[str] = field(default_factory=list)
    login: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)  # what is missing afterwards
    keys: list[Any] = field(default_factory=list)  # of the rows that it is of

    @property
    def digest(self) -> str:
        """What tells this outcome from any other."""
        return sha256(repr(self).encode()).hexdigest()[:32]


def ties(person: Person, *, today: date) -> list[Tie]:
    """What the person has part in, today or later; in four queries."""
    deputies = Membership.objects.filter(lasting(today)).order_by("pk")
    rows: list[Row] = [
        *person.memberships.filter(lasting(today))
        .select_related("group", "organisation", "deputy_for")
        .prefetch_related(Prefetch("deputies", deputies))
        .order_by("pk"),
        *person.contact_for.filter(lasting(today))
        .select_related("group", "organisation")
        .order_by("pk"),
        *person.affiliations.filter(lasting(today)).select_related("organisation").order_by("pk"),
    ]
    return [Tie(row) for row in rows]


def preview(*, person: Person, plan: Plan, by: Person, today: date, now: datetime) -> Outcome:
    """What `hand_over` would do, found out by doing it and taking it back."""
    with transaction.atomic():
        outcome: Outcome = hand_over(
            person=person, plan=plan, seen=None, by=by, today=today, now=now
        )
        transaction.set_rollback(True)
    return outcome


@service
def hand_over(
    *, person: Person, plan: Plan, seen: str | None, by: Person, today: date, now: datetime
) -> Outcome:
    """End what the person had on their last day, and give it to those who take over.

    Who takes over a membership or a tie does so from the next day; contact persons and work in
    hand pass at once. The login closes after the last day where no tie goes on. `seen` is the
    digest of the outcome that was shown; raises Changed where it would be another, and Refused.
    """
    if by == person and plan.on < today:
        raise Refused("on", _("You are leaving yourself: choose today or a later day."))
    _lock(person, plan)
    person = locked(person, by)
    running = {tie.key: tie for tie in ties(person, today=today)}
    outcome = Outcome(keys=[(key, tie.words, _dates(tie.row)) for key, tie in running.items()])
    chosen = [(running[one.key], one.taker) for one in plan.endings if one.key in running]
    rows = [tie.row for tie, _taker in chosen]
    groups = {row.group_id: row.group for row in rows if isinstance(row, Membership)}
    before = {pk: _lacking(group, plan.on) for pk, group in groups.items()}
    for tie, taker in chosen:
        _end(tie, plan.on, taker, outcome, by=by, today=today)
    _pass_on(person, plan, outcome, by=by, now=now)
    _close(person, plan.on, outcome, by=by, today=today, now=now)
    since = plan.on + timedelta(days=1)
    for pk, group in groups.items():
        for words in _lacking(group, since):
            if words not in before[pk]:
                outcome.lacking.append(f"{group.name}: {words}")
    if seen is not None and seen != outcome.digest:
        raise Changed(outcome)
    return outcome


@service
def close_logins(*, today: date, by: Person | None, now: datetime) -> int:
    """Close the logins of those whose last day has passed; of how many it did.

    Who has come to take part in something meanwhile keeps it.
    """
    found = Person.objects.current().filter(login_until__lt=today).select_for_update()
    closed = 0
    for person in found.order_by("pk"):
        if not ties(person, today=today) and not person.is_administrator:
            person.is_active = False
            end_sessions(person=person, by=by, now=now)
            closed += 1
        person.login_until = None
        person.save(update_fields=["is_active", "login_until"])
    return closed


def _lock(person: Person, plan: Plan) -> None:
    """Wait for others who change the same; always in the same order, so that none waits for us."""
    keys = {one.key for one in plan.endings}
    rows = person.memberships.filter(
        pk__in=[key.split("-")[1] for key in keys if key.startswith("membership-")]
    )
    groups = Group.objects.filter(pk__in=rows.values("group"))
    list(groups.select_for_update().order_by("pk"))
    takers = {one.taker.pk for one in plan.endings if one.taker}
    found = Person.objects.filter(pk__in=takers | {person.pk}).select_for_update().order_by("pk")
    merged = {one.pk for one in found if one.merged_into_id}
    for one in plan.endings:
        if one.taker and (one.taker.pk in merged or one.taker.pk == person.pk):
            words = (
                _("%(name)s was just merged into another. Choose again.")
                if one.taker.pk in merged
                else _("Nobody takes over from themselves. Choose another.")
            )
            raise Refused(f"taker-{one.key}", words % {"name": one.taker.name})


def _dates(row: Row) -> tuple[date | None, date | None]:
    return getattr(row, "valid_from", None), row.valid_to


def _end(
    tie: Tie, on: date, taker: Person | None, outcome: Outcome, *, by: Person, today: date
) -> None:
    row = tie.row
    begins, ends = _dates(row)
    if begins and begins > on:
        words = _("This begins on %(day)s, after the last day. Choose a later day, or leave it be.")
        raise Refused(f"ends-{tie.key}", words % {"day": day(begins)})
    last = min(on, ends) if ends else on
    if ends == last:
        words = _("%(what)s: until %(day)s, as before")
    else:
        words = _("%(what)s: until %(day)s")
    outcome.ends.append(words % {"what": tie.words, "day": day(last)})
    try:
        if isinstance(row, Membership):
            _end_membership(row, last, taker, outcome, by=by)
        elif isinstance(row, ContactPerson):
            _end_contact(row, last, taker, outcome, by=by, today=today)
        else:
            _end_affiliation(row, last, taker, outcome, by=by)
    except memberships.Refused as error:
        raise Refused(f"taker-{tie.key}" if taker else f"ends-{tie.key}", error.words) from error
    except contacts.NotKept as error:
        raise people.NotYours from error


def _begin(outcome: Outcome, name: str, what: str, since: str) -> None:
    words = _("%(name)s, from %(day)s: %(what)s")
    outcome.begins.append(words % {"name": name, "what": what, "day": since})


def _end_membership(
    row: Membership, last: date, taker: Person | None, outcome: Outcome, *, by: Person
) -> None:
    until, since = row.valid_to, last + timedelta(days=1)
    if until != last:
        memberships.end(membership=row, on=last, by=by)
    if taker is None:
        return
    deputies = list(
        row.deputies.filter(lasting(since))
        .select_related("person", "group", "organisation")
        .order_by("pk")
    )
    for one in deputies:
        outcome.keys.append((one.pk, one.person_id, _dates(one)))
        if one.valid_from is None or one.valid_from <= last:
            memberships.end(membership=one, on=last, by=by)
    new = memberships.add(
        group=row.group,
        person=taker,
        role=row.role,
        organisation=row.organisation,
        seat=row.seat,
        deputy_for=row.deputy_for,
        valid_from=since,
        valid_to=until if until and until > last else None,
        by=by,
    )
    _begin(outcome, taker.name, Tie(new).words, day(since))
    for one in deputies:
        names = {"name": one.person.name, "taker": taker.name, "group": one.group.name}
        names["day"] = day(last)
        if one.person_id == taker.pk:
            outcome.ends.append(_("%(group)s: %(name)s as a deputy, until %(day)s") % names)
        elif one.valid_from and one.valid_from > last:
            memberships.change(membership=one, values={"deputy_for": new}, by=by)
            names["day"] = day(one.valid_from)
            outcome.begins.append(_("%(name)s, from %(day)s: deputy of %(taker)s") % names)
        else:
            memberships.add(
                group=one.group,
                person=one.person,
                role=one.role,
                organisation=one.organisation,
                seat=one.seat,
                deputy_for=new,
                valid_from=since,
                valid_to=one.valid_to,
                by=by,
            )
            names["day"] = day(since)
            outcome.begins.append(_("%(name)s, from %(day)s: deputy of %(taker)s") % names)


def _end_contact(
    row: ContactPerson,
    last: date,
    taker: Person | None,
    outcome: Outcome,
    *,
    by: Person,
    today: date,
) -> None:
    until = row.valid_to
    if until != last:
        contacts.end(contact=row, on=last, by=by)
    if taker is None:
        return
    try:
        new = contacts.add(
            organisation=row.organisation,
            person=taker,
            group=row.group,
            purpose=row.purpose,
            valid_to=until if until and until > last else None,
            today=today,
            by=by,
        )
    except contacts.AlreadyContact as error:
        words = _("%(name)s is a contact person there already. Choose another, or nobody.")
        raise Refused(f"taker-{Tie(row).key}", words % {"name": taker.name}) from error
    except contacts.Merged as error:
        words = _("%(name)s is merged into another.")
        raise Refused(f"taker-{Tie(row).key}", words % {"name": row.organisation.name}) from error
    words = _("%(name)s, at once: %(what)s")
    outcome.begins.append(words % {"name": taker.name, "what": Tie(new).words})


def _end_affiliation(
    row: Affiliation, last: date, taker: Person | None, outcome: Outcome, *, by: Person
) -> None:
    until, since = row.valid_to, last + timedelta(days=1)
    if until != last:
        row.valid_to = last
        people.save_affiliation(affiliation=row, by=by)
    if taker is None:
        return
    if taker.affiliations.filter(lasting(since), organisation=row.organisation).exists():
        words = _("%(name)s is tied to the organisation already. Choose another, or nobody.")
        raise Refused(f"taker-{Tie(row).key}", words % {"name": taker.name})
    new = Affiliation(
        person=taker,
        organisation=row.organisation,
        title=row.title,
        valid_from=since,
        valid_to=until if until and until > last else None,
    )
    try:
        people.save_affiliation(affiliation=new, by=by)
    except people.NotYours as error:
        words = _("You cannot change %(name)s's data. Choose another, or nobody.")
        raise Refused(f"taker-{Tie(row).key}", words % {"name": taker.name}) from error
    _begin(outcome, taker.name, Tie(new).words, day(since))


def _pass_on(person: Person, plan: Plan, outcome: Outcome, *, by: Person, now: datetime) -> None:
    chosen = {one.key: one.to for one in plan.passings}
    for one in handover.of(person, by=by):
        outcome.keys.append((one.key, [matter.key for matter in one.matters]))
        to = chosen.get(one.key)
        names = {"group": one.group.name, "what": one.count, "name": person.name}
        if to is None:
            words = _("%(group)s: %(what)s, with %(name)s")
            outcome.stays.append(words % names)
            continue
        if isinstance(to, Person) and not _takes_part(to, one.group):
            words = _("%(name)s has no part in %(group)s.") % {**names, "name": to.name}
            raise Refused(f"work-{one.key}", words)
        try:
            outcome.passes += one.kind.passed(person=person, group=one.group, to=to, by=by, now=now)
        except handover.CannotTake as error:
            raise Refused(f"work-{one.key}", error.words) from error


def _takes_part(person: Person, group: Group) -> bool:
    """Is the person in the group, today or from a coming day, as more than an observer?"""
    found = person.memberships.filter(lasting(), group=group)
    return found.exclude(role=Membership.Role.OBSERVER).exists()


def _close(
    person: Person, on: date, outcome: Outcome, *, by: Person, today: date, now: datetime
) -> None:
    """Let the login end after the last day, unless something goes on."""
    going_on = ties(person, today=max(today, on + timedelta(days=1)))
    outcome.stays += [tie.words for tie in going_on]
    names = {"name": person.name, "day": day(on)}
    if person.is_administrator:
        outcome.login.append(_("%(name)s is an administrator: the login stays open.") % names)
    elif going_on:
        outcome.login.append(_("The login stays open, since something goes on.") % names)
    elif person.is_active and on < today:
        person.is_active, person.login_until = False, None
        person.save(update_fields=["is_active", "login_until"])
        end_sessions(person=person, by=by, now=now)
        outcome.login.append(_("The login is closed at once.") % names)
    elif person.is_active:
        person.login_until = on
        person.save(update_fields=["login_until"])
        outcome.login.append(_("The login is closed after %(day)s.") % names)


def _lacking(group: Group, on: date) -> list[str]:
    """What the group lacks on the day, in words."""
    found = composition.gaps(group, today=on)
    missing = [*composition.vacant(group, on=on), *composition.missing(found)]
    words = _("Nobody represents %(name)s.")
    return [
        *(str(one.words) for one in missing),
        *(words % {"name": one.name} for one in found.organisations),
    ]
