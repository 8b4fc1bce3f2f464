"""Who is missing from a cooperation group by the law."""

from datetime import date

import pytest

from directory.composition import Gaps, gaps
from directory.models import Group, Membership
from tests.factories import GroupFactory, MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_gaps_are_seats_languages_and_organisations() -> None:
    group = GroupFactory()
    espoo = OrganisationFactory(name_fi="Espoo", language_status="fi-sv")
    inkoo = OrganisationFactory(name_fi="Inkoo", language_status="sv-fi")
    MembershipFactory(group=group, organisation=espoo, person=PersonFactory(language="fi"))
    MembershipFactory(group=group, organisation=inkoo, role=Membership.Role.OBSERVER)
    assert gaps(group, today=TODAY) == Gaps(
        seats=("county", "guardians", "students", "staff"),
        languages=("sv",),
        organisations=(inkoo,),
    )


def test_nothing_lacks_once_all_are_there() -> None:
    group = GroupFactory()
    espoo = OrganisationFactory(language_status="fi-sv")
    for seat, language in zip(
        ("county", "municipality", "guardians", "students", "staff"),
        ("sv", "fi", "fi", "fi", "fi"),
        strict=True,
    ):
        person = PersonFactory(language=language)
        MembershipFactory(group=group, organisation=espoo, seat=seat, person=person)
    assert gaps(group, today=TODAY) == Gaps()


def test_only_those_in_force_count_and_only_in_a_cooperation_group() -> None:
    group = GroupFactory()
    kunta = OrganisationFactory(language_status="fi")
    MembershipFactory(group=group, organisation=kunta, valid_to=date(2026, 3, 1))
    found = gaps(group, today=TODAY)
    assert found.organisations == (kunta,)
    assert "provider" in found.seats
    assert found.languages == ()
    assert gaps(GroupFactory(kind=Group.Kind.NETWORK), today=TODAY) == Gaps()
