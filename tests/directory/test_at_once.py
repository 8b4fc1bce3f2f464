"""Two who change the same members at once: one waits for the other, and neither fails."""

from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from directory.merging.preview import digest
from directory.models import Affiliation, Membership, Person
from directory.services import contacts, memberships, merging, people
from tests.cast import NOW
from tests.factories import GroupFactory, MembershipFactory, OrganisationFactory, PersonFactory
from tests.meetings.pages import browser

pytestmark = pytest.mark.django_db(transaction=True)
LAST = date(2027, 5, 31)


class Other:
    """What someone else does meanwhile, in a connection of their own."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.result: object = None
        self._thread = Thread(target=self._run, args=[act])

    def _run(self, act: Callable[[], object]) -> None:
        try:
            self.result = act()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def starts_and_waits(self) -> None:
        """Begin, up to a lock that we hold."""
        self._thread.start()
        with connection.cursor() as cursor:
            blocked = "SELECT count(*) FROM pg_locks WHERE %s = ANY(pg_blocking_pids(pid))"
            own = connection.connection.info.backend_pid
            while not cursor.execute(blocked, [own]).fetchone()[0]:
                assert self._thread.is_alive(), self.result

    def ends(self) -> object:
        """What came of it."""
        self._thread.join()
        return self.result


@pytest.fixture
def by() -> Person:
    return PersonFactory(is_administrator=True)


def held(*rows: Any) -> None:
    for row in rows:
        type(row).objects.select_for_update().get(pk=row.pk)


@pytest.mark.parametrize("what", ["member", "contact", "tie"])
def test_nothing_new_points_at_an_organisation_that_is_being_merged(by: Person, what: str) -> None:
    group, person = GroupFactory(), PersonFactory()
    kept, double = OrganisationFactory(), OrganisationFactory()

    def act() -> object:
        if what == "member":
            return memberships.add(
                group=group, person=person, role="member", organisation=double, by=by
            )
        if what == "contact":
            return contacts.add(
                organisation=double,
                person=person,
                group=None,
                purpose="",
                valid_to=None,
                today=LAST,
                by=by,
            )
        tie = Affiliation(person=person, organisation=double)
        return people.save_affiliation(affiliation=tie, by=by).organisation

    other = Other(act)
    with transaction.atomic():
        merging.merge_organisations(
            kept=kept, double=double, seen=digest(kept, double), by=by, now=NOW
        )
        other.starts_and_waits()
    result = other.ends()
    if what == "tie":
        assert result == kept
    else:
        assert isinstance(result, memberships.Gone | contacts.Merged)
    assert not double.memberships.exists()
    assert not double.contacts.exists()
    assert not double.affiliations.exists()


@pytest.mark.parametrize("first", ["group", "person", "organisation"])
def test_a_membership_is_taken_last(by: Person, first: str) -> None:
    """Who hands over or reads a list in has the group first, who merges has what is merged."""
    membership = MembershipFactory(organisation=OrganisationFactory())
    other = Other(lambda: memberships.end(membership=membership, on=LAST, by=by))
    with transaction.atomic():
        held(getattr(membership, first))
        other.starts_and_waits()
        held(membership)
    assert isinstance(other.ends(), Membership)


@pytest.mark.parametrize("page", ["edit_member", "end_member", "remove_member"])
def test_a_member_who_is_taken_out_at_once_is_not_there(by: Person, page: str) -> None:
    membership = MembershipFactory(valid_from=timezone.localdate())
    web = browser(by)
    address = reverse(f"directory:{page}", args=[membership.group.slug, membership.pk])
    other = Other(lambda: web.post(address, {"on": "2027-05-31", "role": "member"}).status_code)
    with transaction.atomic():
        held(membership.group)
        other.starts_and_waits()
        memberships.remove(membership=membership, today=timezone.localdate(), by=by)
    assert other.ends() == 404
