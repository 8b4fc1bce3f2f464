"""The page of a members' list: who may, columns, limits, and what a browser may send."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.models import Affiliation, ContactPerson, Membership, Person
from directory.permissions import manageable, may_manage
from tests.cast import Cast
from tests.directory.members_lists import (
    Desk,
    csv,
    facts,
    fields,
    happens,
    visible,
)
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.meetings.pages import browser

PREVIEW_QUERIES = 14
HEAD = ("Nimi", "Sähköposti", "Organisaatio", "Rooli")
TODAY = timezone.localdate()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """The secretary at the group's page."""
    return Desk(browser(cast.secretary), cast.group)


def test_columns_are_corrected_by_hand(desk: Desk, cast: Cast) -> None:
    page = desk.give(csv(("Kuka", "Mistä", "Osoite"), ("Aarni Pohjonen", "Omnia", "a@example.org")))
    assert page.context["stage"] == "columns"
    assert "No column with names was found" in visible(page)
    named = desk.again(page, column_0="name", column_1="organisation", heading="1")
    assert happens(named) == {2: "New person, becomes a member"}
    assert facts(named)[2]["Organisation"] == "Omnia"
    doubled = desk.again(page, column_0="name", column_1="name", heading="1")
    assert "Two columns are taken to be the same: Name." in visible(doubled)
    assert desk.accept(doubled).status_code == 200
    assert not Person.objects.filter(name="Aarni Pohjonen").exists()


def test_first_and_last_names_stand_in_two_columns(desk: Desk, cast: Cast) -> None:
    page = desk.give("Sukunimi\tEtunimi\tKommun\nPohjonen\tAarni\tEsbo")
    assert [line.name for line in page.context["acts"]] == ["Aarni Pohjonen"]


def test_others_accounts_are_not_changed(desk: Desk, cast: Cast) -> None:
    foreign = PersonFactory(name="Veera Lampi", email=None)
    MembershipFactory(group=GroupFactory(), person=foreign)
    Affiliation.objects.create(person=foreign, organisation=cast.omnia, title="Rehtori")
    page = desk.give(
        csv((*HEAD, "Nimike"), ("Veera Lampi", "v@example.org", "Omnia", "", "Opettaja"))
    )
    (line,) = page.context["acts"]
    assert len(line.notes) == 2
    desk.accept(page)
    foreign.refresh_from_db()
    assert foreign.email is None
    assert foreign.memberships.filter(group=cast.group).count() == 1
    assert Affiliation.objects.get(person=foreign).title == "Rehtori"


def test_whom_one_may_manage_is_one_rule(cast: Cast) -> None:
    foreign = MembershipFactory(group=GroupFactory()).person
    past = MembershipFactory(group=GroupFactory(), valid_to=TODAY - timedelta(days=1)).person
    for group in (cast.group, None, GroupFactory()):
        ContactPerson.objects.create(organisation=cast.omnia, person=PersonFactory(), group=group)
    administrator = PersonFactory(is_administrator=True)
    for by in (cast.secretary, cast.member, administrator):
        expected = {one.pk for one in Person.objects.all() if may_manage(by, one)}
        assert set(manageable(by).values_list("pk", flat=True)) == expected
    assert foreign in manageable(administrator)
    assert past in manageable(cast.secretary)
    assert foreign not in manageable(cast.secretary)


def test_the_preview_takes_the_same_queries(desk: Desk, cast: Cast) -> None:
    def queries(count: int) -> int:
        rows = [(f"Uusi Nimi {n}", f"u{n}@example.org", "Espoo", "") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert desk.give(csv(HEAD, *rows)).status_code == 200
        return len(captured)

    assert queries(1) == PREVIEW_QUERIES
    assert queries(3) == PREVIEW_QUERIES
    assert queries(299) == PREVIEW_QUERIES


def test_an_empty_list_can_be_downloaded_and_given_back(desk: Desk, cast: Cast) -> None:
    response = desk.client.get(
        reverse("directory:import_members_template", args=[cast.group.slug]),
        headers={"accept-language": "sv"},
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    page = desk.give(response.content + b"Aarni Pohjonen;;Espoo;;;;;;\r\n")
    assert len(page.context["layout"].columns) == 9
    assert happens(page) == {2: "New person, becomes a member"}


def test_only_who_keeps_the_members_may(client: Client, cast: Cast) -> None:
    elsewhere = MembershipFactory(role=Membership.Role.SECRETARY)
    MembershipFactory(group=cast.group, person=elsewhere.person)
    url = reverse("directory:import_members", args=[cast.group.slug])
    for person, status in (
        (cast.stranger, 404),
        (cast.member, 404),
        (elsewhere.person, 403),
        (cast.secretary, 200),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status


def test_a_group_that_has_ended_takes_nobody(desk: Desk, cast: Cast) -> None:
    cast.group.ended_on = TODAY
    cast.group.save()
    response = desk.give("Nimi\nAarni Pohjonen")
    assert response.status_code == 302
    assert response["Location"] == reverse("directory:group", args=[cast.group.slug])


def test_a_tampered_page_is_said_to_be_incomplete(desk: Desk, cast: Cast) -> None:
    page = desk.give("Nimi\nAarni Pohjonen")
    for table in (
        "",
        "{",
        "[]",
        '{"rows":[["x",[]]]}',
        '{"rows":[[1,["a"]],[1,["b"]]]}',
        "[" * 9999,
    ):
        answer = desk.again(page, table=table)
        assert answer.status_code == 200
        assert "did not come through whole" in visible(answer)
    for seen in ("", "x", "[]", '{"a":"b"}', '{"2":"other"}'):
        assert desk.accept(page, seen=seen).status_code == 409
    assert not Person.objects.filter(name="Aarni Pohjonen").exists()


def test_too_many_questions_send_one_back_to_the_list(desk: Desk, cast: Cast) -> None:
    rows = [(f"Uusi {n}", f"Outo paikka {n}") for n in range(201)]
    page = desk.give(csv(("Nimi", "Organisaatio"), *rows))
    assert page.context["stage"] == "too_many"
    assert "Too many rows leave a question open." in visible(page)
    assert "organisation-2" not in fields(page)
    rows = [("Veera Lampi", "") for _ in range(10_000)]
    refused = desk.give(csv(("Nimi", "Organisaatio"), *rows))
    assert refused.status_code == 400
    assert "It has more than 300 rows." in visible(refused)


def test_what_was_pasted_stays_over_an_error(desk: Desk, cast: Cast) -> None:
    page = desk.give('Nimi;Rooli\n"Aarni Pohjonen;jäsen')
    assert page.status_code == 400
    assert "&quot;Aarni Pohjonen;jäsen" in page.content.decode()
    assert "The quotation marks do not match on row 2 or somewhat above it." in visible(page)
    empty = desk.give("")
    assert "Choose a file, or paste the cells." in visible(empty)


def test_what_no_page_of_ours_sends_is_passed_over(desk: Desk) -> None:
    page = desk.give(csv(HEAD, ("Aarni Pohjonen", "", "Tuntematon", "")))
    endless = "9" * 5000
    again = desk.again(page, left=endless, **{"organisation-2": endless}, heading=endless)
    assert again.status_code == 200
    table = page.context["carried"].replace('"hidden":[]', '"hidden":[Infinity]')
    assert "did not come through whole" in visible(desk.again(page, table=table))
