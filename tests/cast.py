"""A meeting with its cast: a secretary who writes, a member, an observer, a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from directory.models import Group, Membership, Organisation, Person
from meetings.models import AgendaItem, DocumentVersion, Meeting
from meetings.services.minutes import save_item
from meetings.services.publishing import share
from tests.factories import (
    AgendaItemFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

NOW = datetime(2026, 11, 10, 13, 42, tzinfo=UTC)


@dataclass
class Cast:
    """Who and what a test of meetings starts from."""

    group: Group
    meeting: Meeting
    item: AgendaItem
    secretary: Person
    member: Person
    observer: Person
    stranger: Person
    omnia: Organisation
    espoo: Organisation


@pytest.fixture
def cast(db: None) -> Cast:
    """One group, one planned meeting, one item."""
    group = GroupFactory()
    omnia = OrganisationFactory(name_fi="Omnia", name_sv="Omnia", kind="provider")
    espoo = OrganisationFactory(name_fi="Espoo", name_sv="Esbo")
    secretary = MembershipFactory(group=group, role=Membership.Role.SECRETARY).person
    meeting = MeetingFactory(group=group, language="fi")
    return Cast(
        group=group,
        meeting=meeting,
        item=AgendaItemFactory(meeting=meeting, title="Ajankohtaiset asiat"),
        secretary=secretary,
        member=MembershipFactory(group=group, organisation=espoo).person,
        observer=MembershipFactory(group=group, role=Membership.Role.OBSERVER).person,
        stranger=PersonFactory(),
        omnia=omnia,
        espoo=espoo,
    )


def write(cast: Cast, html: str, marks: object = None, item: AgendaItem | None = None) -> None:
    """Save an item's text as the secretary, on top of what there is."""
    item = item or cast.item
    item.refresh_from_db()
    save_item(
        item=item,
        base=item.revision,
        token=uuid4(),
        html=html,
        marks=marks or {},
        by=cast.secretary,
        now=NOW,
    )


def do_share(cast: Cast, **options: Any) -> DocumentVersion:
    """Share the cast's meeting as it is now."""
    meeting = Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)
    return share(meeting=meeting, by=cast.secretary, now=NOW, **options)
