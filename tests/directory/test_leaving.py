"""Handing over when someone leaves: what is shown happens, all of it or nothing."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from core.audit import house
from directory.models import Affiliation, ContactPerson, Membership, Person
from directory.services import leaving, people
from directory.services.leaving import Ending, Plan
from directory.tasks import close_logins
from tests.cast import NOW, Cast
from tests.core.test_history import said
from tests.factories import (
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OwnerFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, text

LAST = date(2026, 12, 31)
NEXT = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _on_a_day_in_november(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW)


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


@pytest.fixture
def successor(cast: Cast) -> Person:
    return PersonFactory(name="Seuraaja Sini")


def address(person: Person) -> str:
    return reverse("directory:leave", args=[person.pk])


def key(row: Membership | ContactPerson | Affiliation) -> str:
    return f"{row._meta.model_name}-{row.pk}"


def place(cast: Cast) -> Membership:
    return Membership.objects.get(person=cast.member, group=cast.group)


def form(*ends: Membership | ContactPerson | Affiliation, **more: object) -> dict[str, object]:
    return {"on": LAST, **{f"ends-{key(row)}": "on" for row in ends}, **more}


def confirm(client: Client, person: Person, data: dict[str, object]) -> None:
    """See the preview, and agree to it."""
    shown = client.post(address(person), data)
    assert shown.status_code == 200, text(shown)
    seen = shown.context["outcome"].digest
    answer = client.post(address(person), {**data, "step": "confirm", "seen": seen})
    assert answer["Location"] == reverse("directory:person", args=[person.pk])


def test_everything_goes_to_a_successor(client: Client, cast: Cast, successor: Person) -> None:
    row = place(cast)
    contact = ContactPerson.objects.create(
        organisation=cast.omnia, person=cast.member, group=cast.group, purpose="kuljetukset"
    )
    tie = Affiliation.objects.create(person=cast.member, organisation=cast.espoo, title="rehtori")
    rows = (row, contact, tie)
    data = form(*rows, **{f"taker-{key(one)}": successor.pk for one in rows})
    shown = client.post(address(cast.member), data)
    outcome = shown.context["outcome"]
    of_contact = f"Contact person of Omnia, {cast.group.name}: kuljetukset"
    assert outcome.ends == [
        f"{cast.group.name}: member, Espoo: until 31 December 2026",
        f"{of_contact}: until 31 December 2026",
        "Espoo, rehtori: until 31 December 2026",
    ]
    assert outcome.begins == [
        f"Seuraaja Sini, from 1 January 2027: {cast.group.name}: member, Espoo",
        f"Seuraaja Sini, at once: {of_contact}",
        "Seuraaja Sini, from 1 January 2027: Espoo, rehtori",
    ]
    assert outcome.login == ["The login is closed after 31 December 2026."]
    assert (outcome.stays, outcome.passes, outcome.lacking) == ([], [], [])
    for words in (*outcome.ends, *outcome.begins, *outcome.login):
        assert words in text(shown)
    assert not successor.memberships.exists()  # it was only shown

    confirm(client, cast.member, data)
    for one in rows:
        one.refresh_from_db()
        assert one.valid_to == LAST
    new = successor.memberships.get()
    assert (new.group, new.role, new.organisation) == (cast.group, row.role, cast.espoo)
    assert (new.seat, new.valid_from, new.valid_to) == (row.seat, NEXT, None)
    assert successor.contact_for.get().purpose == "kuljetukset"
    got = successor.affiliations.get()
    assert (got.organisation, got.title, got.valid_from) == (cast.espoo, "rehtori", NEXT)
    assert "Leaves: may log in until 31 December 2026" in text(
        client.get(reverse("directory:person", args=[cast.member.pk]))
    )
    name = cast.secretary.name
    until = "set the last day on which the person may log in: 31 December 2026."
    assert f"{name} {until}" in said("person", cast.member.pk)


def test_one_who_leaves_one_place_and_keeps_another(client: Client, cast: Cast) -> None:
    gone = place(cast)
    kept = MembershipFactory(person=cast.member, group=cast.group, organisation=cast.omnia)
    shown = client.post(address(cast.member), form(gone)).context["outcome"]
    assert shown.stays == [f"{cast.group.name}: member, Omnia"]
    assert shown.login == ["The login stays open, since something goes on."]
    confirm(client, cast.member, form(gone))
    kept.refresh_from_db()
    cast.member.refresh_from_db()
    assert (kept.valid_to, cast.member.login_until) == (None, None)


def test_a_deputy_is_suggested_first_and_moves_up(client: Client, cast: Cast) -> None:
    row = place(cast)
    first, second = (
        MembershipFactory(
            group=cast.group, role=Membership.Role.DEPUTY, deputy_for=row, organisation=cast.espoo
        )
        for _number in range(2)
    )
    choices = client.get(address(cast.member)).context["form"].fields[f"taker-{key(row)}"].choices
    assert [label for label, _names in choices] == ["", "Deputies", "Others"]
    assert dict(choices)["Deputies"] == [
        (str(one.person.pk), one.person.name) for one in (first, second)
    ]
    confirm(client, cast.member, form(row, **{f"taker-{key(row)}": first.person.pk}))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (LAST, LAST)
    promoted = first.person.memberships.get(valid_from=NEXT)
    assert (promoted.role, promoted.deputy_for) == (Membership.Role.MEMBER, None)
    assert second.person.memberships.get(valid_from=NEXT).deputy_for == promoted


def test_what_ends_before_ends_then(client: Client, cast: Cast, successor: Person) -> None:
    row = place(cast)
    Membership.objects.filter(pk=row.pk).update(valid_to=date(2026, 11, 30))
    confirm(client, cast.member, form(row, **{f"taker-{key(row)}": successor.pk}))
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 30)
    assert successor.memberships.get().valid_from == date(2026, 12, 1)


def test_a_term_is_taken_over_to_its_end(client: Client, cast: Cast, successor: Person) -> None:
    row = place(cast)
    Membership.objects.filter(pk=row.pk).update(valid_to=date(2028, 12, 31))
    confirm(client, cast.member, form(row, **{f"taker-{key(row)}": successor.pk}))
    assert successor.memberships.get().valid_to == date(2028, 12, 31)


def test_it_says_what_is_missing_afterwards(client: Client, cast: Cast) -> None:
    row = Membership.objects.get(person=cast.secretary)
    shown = client.post(address(cast.secretary), form(row)).context["outcome"]
    names = [f"{cast.group.name}: The group has no secretary."]
    assert row.organisation
    names.append(f"{cast.group.name}: Nobody represents {row.organisation.name}.")
    assert shown.lacking == names


# -- Nothing happens half --------------------------------------------------------------------------


def test_what_changed_meanwhile_is_shown_before_anything_is_done(
    client: Client, cast: Cast, successor: Person
) -> None:
    row = place(cast)
    data = form(row, **{f"taker-{key(row)}": successor.pk})
    seen = client.post(address(cast.member), data).context["outcome"].digest
    Membership.objects.filter(pk=row.pk).update(role=Membership.Role.VICE_CHAIR)
    answer = client.post(address(cast.member), {**data, "step": "confirm", "seen": seen})
    assert answer.status_code == 409
    page = text(answer)
    assert "Someone changed something meanwhile, so nothing has been done." in page
    assert f"{cast.group.name}: vice-chair, Espoo: until 31 December 2026" in page
    row.refresh_from_db()
    assert row.valid_to is None
    seen = answer.context["outcome"].digest
    client.post(address(cast.member), {**data, "step": "confirm", "seen": seen})
    assert successor.memberships.get().role == Membership.Role.VICE_CHAIR


def test_of_two_who_confirm_the_second_sees_that_it_is_done(client: Client, cast: Cast) -> None:
    row = place(cast)
    seen = client.post(address(cast.member), form(row)).context["outcome"].digest
    data = {**form(row), "step": "confirm", "seen": seen}
    assert client.post(address(cast.member), data).status_code == 302
    assert client.post(address(cast.member), data).status_code == 409


def test_the_preview_is_left_to_change_the_choices(client: Client, cast: Cast) -> None:
    data = form(place(cast), step="edit")
    page = client.post(address(cast.member), data)
    assert page.status_code == 200
    assert page.context["form"]["on"].value() == str(LAST)
    assert "This field is required" not in text(page)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_from_each_other_at_once(cast: Cast, successor: Person) -> None:
    """Neither waits for the other for ever, and the second sees what the first has done."""
    theirs = MembershipFactory(group=cast.group, person=successor, organisation=cast.omnia)
    plans = []
    for row, taker in ((place(cast), successor), (theirs, cast.member)):
        plan = Plan(LAST, (Ending(key(row), taker),))
        what: dict[str, Any] = {"plan": plan, "by": cast.secretary, "today": NOW.date(), "now": NOW}
        with translation.override("en"):
            shown = leaving.preview(person=row.person, **what)
        plans.append((row.person, what, shown.digest))
    at_once, told = Barrier(2), []

    def agree(person: Person, what: dict[str, Any], seen: str) -> None:
        at_once.wait()
        try:
            with translation.override("en"):
                leaving.hand_over(person=person, seen=seen, **what)
            told.append("done")
        except leaving.Changed:
            told.append("changed")
        finally:
            connection.close()

    threads = [Thread(target=agree, args=plan) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed", "done"]
    assert Membership.objects.filter(valid_from=NEXT).count() == 1


def refused(client: Client, person: Person, data: dict[str, object], said: str) -> None:
    before = list(Membership.objects.order_by("pk").values())
    answer = client.post(address(person), data)
    assert answer.status_code == 400
    assert said in text(answer)
    assert list(Membership.objects.order_by("pk").values()) == before


def test_bad_input_is_answered_with_words(client: Client, cast: Cast, successor: Person) -> None:
    row, person = place(cast), cast.member
    taker = f"taker-{key(row)}"
    Membership.objects.filter(pk=row.pk).update(valid_from=date(2026, 8, 1))
    early = form(row, on="2026-07-31")
    refused(client, person, early, "This begins on 1 August 2026, after the last day.")
    refused(client, person, form(row, on=""), "This field is required.")
    refused(client, person, form(row, on="31.12."), "Enter a valid date.")
    refused(client, person, form(), "Choose what ends, or to whom the work goes.")
    refused(client, person, form(row, **{taker: person.pk}), "Select a valid choice.")
    refused(client, person, form(row, **{taker: "9" * 30}), "Select a valid choice.")
    merged = PersonFactory(merged_into=successor)
    refused(client, person, form(row, **{taker: merged.pk}), "Select a valid choice.")
    goes_on = form(**{taker: successor.pk})
    refused(client, person, goes_on, "This goes on, so nobody takes it over.")
    MembershipFactory(group=cast.group, person=successor, organisation=cast.espoo)
    there = "The person is in the group already, in this role and for this organisation."
    refused(client, person, form(row, **{taker: successor.pk}), there)


def test_who_is_a_contact_person_already_cannot_take_over(client: Client, cast: Cast) -> None:
    rows = [
        ContactPerson.objects.create(organisation=cast.omnia, person=one, group=cast.group)
        for one in (cast.member, cast.stranger)
    ]
    data = form(rows[0], **{f"taker-{key(rows[0])}": cast.stranger.pk})
    refused(client, cast.member, data, "is a contact person there already.")


def test_nobody_gives_a_tie_to_one_whom_they_do_not_manage(client: Client, cast: Cast) -> None:
    tie = Affiliation.objects.create(person=cast.member, organisation=cast.espoo)
    foreign = MembershipFactory().person
    data = form(tie, **{f"taker-{key(tie)}": foreign.pk})
    refused(client, cast.member, data, f"You cannot change {foreign.name}&#x27;s data.")
    again = Affiliation.objects.create(person=cast.stranger, organisation=cast.espoo)
    data = form(tie, **{f"taker-{key(tie)}": again.person_id})
    refused(client, cast.member, data, "is tied to the organisation already.")


def test_one_who_hands_over_their_own_stays_to_the_end(client: Client, cast: Cast) -> None:
    row = Membership.objects.get(person=cast.secretary)
    said = "You are leaving yourself: choose today or a later day."
    refused(client, cast.secretary, form(row, on="2026-11-01"), said)
    confirm(client, cast.secretary, form(row))
    row.refresh_from_db()
    assert row.valid_to == LAST


@pytest.mark.parametrize("who", ["merged", "self"])
def test_a_taker_of_a_moment_ago(cast: Cast, who: str) -> None:
    taker = PersonFactory(merged_into=cast.secretary) if who == "merged" else cast.member
    plan = Plan(LAST, (Ending(key(place(cast)), taker),))
    with pytest.raises(leaving.Refused) as caught:
        leaving.preview(person=cast.member, plan=plan, by=cast.secretary, today=NOW.date(), now=NOW)
    assert caught.value.field == f"taker-{key(place(cast))}"


def test_only_who_manages_the_person(client: Client, cast: Cast) -> None:
    assert browser(cast.member).get(address(cast.stranger)).status_code == 404
    foreign = MembershipFactory(person=cast.member, group=GroupFactory())
    assert client.get(address(cast.member)).status_code == 403
    administrator = browser(PersonFactory(is_administrator=True))
    confirm(administrator, cast.member, form(foreign))
    plan = Plan(LAST, (Ending(key(place(cast))),))
    MembershipFactory(person=cast.member)
    with pytest.raises(people.NotYours):
        leaving.preview(person=cast.member, plan=plan, by=cast.secretary, today=NOW.date(), now=NOW)


# -- The login -------------------------------------------------------------------------------------


def test_the_login_is_open_to_the_last_day_and_closed_after_it(
    client: Client, cast: Cast, time_machine: TimeMachineFixture
) -> None:
    confirm(client, cast.member, form(place(cast)))
    time_machine.move_to("2026-12-31 21:30Z")
    close_logins(0)
    theirs = browser(cast.member)
    assert theirs.get("/account/").status_code == 200
    time_machine.move_to("2026-12-31 22:30Z")
    close_logins(0)  # the new year has come in Helsinki
    cast.member.refresh_from_db()
    assert (cast.member.is_active, cast.member.login_until) == (False, None)
    assert theirs.get("/account/").status_code == 302
    assert (
        "Yhteispöytä (closing the logins of those who have left) ended the person's right to "
        "log in. Yhteispöytä (closing the logins of those who have left) removed the last day "
        "on which the person may log in, 31 December 2026."
    ) in said("person", cast.member.pk)


def test_who_has_come_back_meanwhile_keeps_the_login(client: Client, cast: Cast) -> None:
    confirm(client, cast.member, form(place(cast)))
    MembershipFactory(person=cast.member)
    with house("close_logins"):
        assert leaving.close_logins(today=NEXT, by=None, now=NOW) == 0
    cast.member.refresh_from_db()
    assert (cast.member.is_active, cast.member.login_until) == (True, None)


def test_a_day_that_has_passed_closes_the_login_at_once(client: Client, cast: Cast) -> None:
    theirs = browser(cast.member)
    confirm(client, cast.member, form(place(cast), on="2026-11-01"))
    assert theirs.get("/").status_code == 302
    cast.member.refresh_from_db()
    assert not cast.member.is_active


def test_an_administrators_login_stays(cast: Cast) -> None:
    administrator = PersonFactory(is_administrator=True)
    row = MembershipFactory(person=administrator, group=cast.group)
    shown = browser(administrator).post(address(administrator), form(row)).context["outcome"]
    assert shown.login == [f"{administrator.name} is an administrator: the login stays open."]


def test_letting_one_log_in_forgets_the_last_day(client: Client, cast: Cast) -> None:
    confirm(client, cast.member, form(place(cast)))
    people.set_login(person=cast.member, may=True, by=cast.secretary, now=NOW)
    cast.member.refresh_from_db()
    assert cast.member.login_until is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_as_many_queries_whatever_there_is(
    rows: int, client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        tie = MembershipFactory(person=cast.member, group=cast.group)
        MembershipFactory(group=cast.group, role=Membership.Role.DEPUTY, deputy_for=tie)
        Affiliation.objects.create(person=cast.member, organisation=tie.organisation)
        ContactPerson.objects.create(organisation=tie.organisation, person=cast.member)
        AssignmentFactory(
            owner=OwnerFactory(
                action__origin__group=cast.group, organisation=None, person=cast.member
            ),
            organisation=None,
            person=cast.member,
        )
    with django_assert_num_queries(20):
        assert client.get(address(cast.member)).status_code == 200
