"""What changes action items. Rooms that agree on actions tell of them here; nothing else writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.models import ActionItem, Assignment, Origin, Owner
from actions.selectors import own_open
from core import vague
from core.audit import service
from directory.handover import CannotTake
from directory.merging.heirs import heirs
from directory.models import Group, Membership, Organisation, Person, lasting


@dataclass(frozen=True)
class Party:
    """An owner or recipient: an organisation, person or group by its id, or a set by its name."""

    type: str
    id: str

    def key(self, kind: str) -> int | None:
        """Its id where it is of this kind."""
        return int(self.id) if self.type == kind else None

    def columns(self) -> dict[str, int | None]:
        """The party as the columns that owners and assignments share."""
        return {f"{kind}_id": self.key(kind) for kind in ("person", "organisation", "group")}


@service
def put_action(
    *,
    source: tuple[str, str],
    group: Group,
    label: str,
    occasion_on: date | None,
    line_id: str,
    audience: str,
    kind: str,
    text: str,
    owners: Iterable[Party],
    recipient: Party | None,
    due: str,
    sharing: bool,
    by: Person | None,
    now: datetime,
) -> ActionItem:
    """Make the action that `source` (kind, key) tells of, or bring it up to date.

    An action that is live already stays as it was shared, unless this is `sharing` a correction.
    In place of a party that was merged into another comes the other.
    """
    known = ActionItem.objects.select_related("origin").filter(
        origin__kind=source[0], origin__key=source[1]
    )
    action = known.first()
    if action and action.origin.live_from and not sharing:
        return action
    origin, _created = Origin.objects.update_or_create(
        kind=source[0],
        key=source[1],
        defaults={
            "group": group,
            "label": label,
            "occasion_on": occasion_on,
            "line_id": line_id,
            "excerpt": text,
            "audience": audience,
        },
    )
    action = action or ActionItem(origin=origin, created_at=now)
    action.kind = kind
    action.text = text
    action.due = due
    action.due_on = vague.last_day(due)
    recipient = _living([recipient])[0] if recipient else None
    action.recipient_organisation_id = recipient.key("organisation") if recipient else None
    action.recipient_person_id = recipient.key("person") if recipient else None
    action.recipient_group_id = recipient.key("group") if recipient else None
    action.hidden_at = None
    action.save()
    _set_owners(action, list(dict.fromkeys(owners)), now)
    return action


def _set_owners(action: ActionItem, parties: list[Party], now: datetime) -> None:
    """Give the action these owners, each with its assignment; one taken off keeps its answer."""
    state = (
        Assignment.State.REQUESTED
        if action.kind == ActionItem.Kind.REQUEST
        else Assignment.State.OPEN
    )
    known = {_key(owner): owner for owner in action.owners.all()}
    if any(_key_of(party) not in known for party in parties):
        parties = list(dict.fromkeys(_living(parties)))
    for position, party in enumerate(parties):
        columns = party.columns()
        owner_set = party.id if party.type == "set" else ""
        owner = known.pop(_key_of(party), None)
        if owner is None:
            owner = Owner.objects.create(
                action=action, position=position, owner_set=owner_set, **columns
            )
            if not owner_set:
                Assignment.objects.create(owner=owner, state=state, **columns)
        elif owner.position != position or owner.removed_at:
            owner.position = position
            owner.removed_at = None
            owner.save(update_fields=["position", "removed_at"])
    for owner in known.values():
        if owner.removed_at is None:
            owner.removed_at = now
            owner.save(update_fields=["removed_at"])
    # The kind may have changed while nobody knew of it yet.
    Assignment.objects.filter(
        owner__action=action,
        answered_at__isnull=True,
        state__in=[Assignment.State.REQUESTED, Assignment.State.OPEN],
    ).exclude(state=state).update(state=state)


def _key(owner: Owner) -> tuple[object, ...]:
    return (owner.person_id, owner.organisation_id, owner.group_id, owner.owner_set)


def _key_of(party: Party) -> tuple[object, ...]:
    return (*party.columns().values(), party.id if party.type == "set" else "")


def _living(parties: list[Party]) -> list[Party]:
    """The parties, each that was merged as the one that stays: a text keeps the id it has."""
    for kind in ("person", "organisation"):
        others = heirs(kind, [party.id for party in parties if party.type == kind])
        parties = [
            Party(kind, others[party.id]) if party.type == kind and party.id in others else party
            for party in parties
        ]
    return parties


@service
def hide_actions(
    *,
    source_kind: str,
    keys: Iterable[str],
    sharing: bool,
    by: Person | None,
    now: datetime,
) -> int:
    """The sources are gone: their actions no longer stand. Answers stay with them.

    A live action goes only where a correction is being shared.
    """
    actions = ActionItem.objects.filter(
        origin__kind=source_kind, origin__key__in=list(keys), hidden_at__isnull=True
    )
    if not sharing:
        actions = actions.filter(origin__live_from__isnull=True)
    return actions.update(hidden_at=now)


@service
def publish(*, source_kind: str, keys: Iterable[str], by: Person | None, now: datetime) -> int:
    """From now on the group knows of these actions."""
    return Origin.objects.filter(
        kind=source_kind, key__in=list(keys), live_from__isnull=True
    ).update(live_from=now)


@service
def set_audiences(*, source_kind: str, audiences: Mapping[str, str], by: Person | None) -> int:
    """Who may know of the actions has changed, by their sources' keys; of how many it did."""
    changed = 0
    for origin in Origin.objects.filter(kind=source_kind, key__in=audiences):
        if origin.audience != audiences[origin.key]:
            origin.audience = audiences[origin.key]
            origin.save(update_fields=["audience"])
            changed += 1
    return changed


@service
def hand_over(
    *, person: Person, group: Group, to: Person | Organisation, by: Person, now: datetime
) -> list[str]:
    """Give the person's open parts of the group's tasks to another, as far as `by` sees them.

    Their state and answers stay, and so do the owners that the minutes name. Where the other has
    a part of the same task, the person is taken off its owners. Returns a sentence for each, and
    raises CannotTake where the other would not see it.
    """
    rows = own_open(person, by).filter(owner__action__origin__group=group)
    done = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        action = row.owner.action
        if action.origin.audience not in _FOR_MEMBERS and not _coordinates(to, group):
            raise CannotTake(
                gettext_lazy(
                    "Some of these tasks come from a secret item. Only a chair, vice-chair or "
                    "secretary of the group can take them."
                )
            )
        one = to if isinstance(to, Person) else None
        organisation = to if isinstance(to, Organisation) else None
        has_part = Assignment.objects.filter(
            owner__action=action, owner__removed_at=None, person=one, organisation=organisation
        )
        names = {"task": action.text, "name": to.name}
        if has_part.exists():
            row.owner.removed_at = now
            row.owner.save(update_fields=["removed_at"])
            done.append(_("“%(task)s”: %(name)s has a part of it already") % names)
        else:
            row.person, row.organisation = one, organisation
            row.save(update_fields=["person", "organisation"])
            done.append(_("“%(task)s” goes to %(name)s") % names)
    return done


# Who else sees an action than those who write in its group.
_FOR_MEMBERS = ("all", "members")


def _coordinates(to: Person | Organisation, group: Group) -> bool:
    return isinstance(to, Person) and (
        to.memberships.filter(lasting(), group=group, role__in=Membership.COORDINATORS).exists()
    )
