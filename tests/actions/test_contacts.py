"""An organisation's contact person, who is no member: its tasks, in the words shared with all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.models import ActionItem, Assignment
from directory.models import Group, Organisation, Person
from tests.factories import (
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    OwnerFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return GroupFactory()


@pytest.fixture
def omnia() -> Organisation:
    return OrganisationFactory(name_fi="Omnia")


@pytest.fixture
def contact(omnia: Organisation, group: Group) -> Person:
    person = PersonFactory()
    omnia.contacts.create(person=person, group=group)
    return person


def assign(group: Group, organisation: Organisation, audience: str = "all") -> Assignment:
    """A live task of the organisation."""
    return AssignmentFactory(
        organisation=organisation,
        owner__action__origin__group=group,
        owner__action__origin__audience=audience,
    )


def seen(person: Person) -> tuple[list[Assignment], list[Assignment]]:
    """The assignments that the person sees, and those of them that are theirs to answer."""
    visible, own = (
        list(rows.order_by("pk"))
        for rows in (Assignment.objects.visible_to(person), Assignment.objects.own_to(person))
    )
    actions = {row.owner.action for row in visible}
    assert set(ActionItem.objects.visible_to(person)) == actions
    return visible, own


def test_for_one_group_and_in_the_words_for_everyone(
    contact: Person, omnia: Organisation, group: Group
) -> None:
    mine = assign(group, omnia)
    assign(group, OrganisationFactory())
    assign(GroupFactory(), omnia)
    assign(group, omnia, audience="members")
    assign(group, omnia, audience="secret")
    assert seen(contact) == ([mine], [mine])


def test_for_all_groups(omnia: Organisation, group: Group) -> None:
    person = PersonFactory()
    omnia.contacts.create(person=person)
    mine = [assign(group, omnia), assign(GroupFactory(), omnia)]
    assert seen(person) == (mine, mine)


def test_other_owners_of_the_same_action_are_not_shown(
    contact: Person, omnia: Organisation, group: Group
) -> None:
    mine = assign(group, omnia)
    espoo = OrganisationFactory(name_fi="Espoo")
    other = AssignmentFactory(
        owner=OwnerFactory(action=mine.owner.action, organisation=espoo, position=1),
        organisation=espoo,
        state=Assignment.State.DECLINED,
        reason="Ei ehditä",
    )
    assert seen(contact) == ([mine], [mine])
    member = MembershipFactory(group=group, organisation=espoo).person
    assert seen(member) == ([mine, other], [other])
    administrator = PersonFactory(is_administrator=True)
    assert seen(administrator) == ([mine, other], [])


def test_one_taken_off_the_owners_is_told_no_more(
    contact: Person, omnia: Organisation, group: Group
) -> None:
    mine = assign(group, omnia)
    mine.owner.removed_at = timezone.now()
    mine.owner.save()
    assert seen(contact) == ([], [])


def test_an_organisation_that_has_ended_has_no_contacts(
    contact: Person, omnia: Organisation, group: Group
) -> None:
    mine = assign(group, omnia)
    omnia.valid_to = timezone.localdate()
    omnia.save()
    assert seen(contact) == ([mine], [mine])
    omnia.valid_to -= timedelta(days=1)
    omnia.save()
    assert seen(contact) == ([], [])


def test_until_the_last_day(contact: Person, omnia: Organisation, group: Group) -> None:
    mine = assign(group, omnia)
    today = timezone.localdate()
    omnia.contacts.update(valid_to=today)
    assert seen(contact) == ([mine], [mine])
    omnia.contacts.update(valid_to=today - timedelta(days=1))
    assert seen(contact) == ([], [])
