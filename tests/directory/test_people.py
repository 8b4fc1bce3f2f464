"""The pages of people: finding, adding, changing, and who may."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.models import Affiliation, ContactPerson, Membership, Person
from directory.permissions import speaks_for
from directory.services import people
from tests.cast import NOW, Cast
from tests.factories import (
    PASSWORD,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, text

LIST_QUERIES = 12
PERSON_QUERIES = 19


def url(name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=args)


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


@pytest.fixture
def administrator(db: None) -> Person:
    return PersonFactory(is_administrator=True)


def names(client: Client, **query: object) -> list[str]:
    return [one.name for one in client.get(url("people"), query).context["page"]]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_is_sorted_with_finnish_letters_last(client: Client, cast: Cast) -> None:
    Person.objects.exclude(pk=cast.secretary.pk).delete()
    Person.objects.update(name="Zeta Sihteeri")
    for name in ("Åsa Testi", "Örjan Testi", "Ari Testi", "Äijö Testi"):
        PersonFactory(name=name)
    PersonFactory(name="Kaksois Testi", merged_into=cast.secretary)
    assert names(client) == [
        "Ari Testi",
        "Zeta Sihteeri",
        "Åsa Testi",
        "Äijö Testi",
        "Örjan Testi",
    ]


def test_the_list_is_searched_and_filtered(client: Client, cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    left = PersonFactory(name="Lähti Pois")
    Affiliation.objects.create(person=left, organisation=cast.omnia, valid_to=yesterday)
    cared = PersonFactory(name="Oma Opettaja", email="etunimi@example.org", last_login=NOW)
    Affiliation.objects.create(person=cared, organisation=cast.omnia)
    assert names(client, q="oma opett") == ["Oma Opettaja"]
    assert names(client, q="ETUNIMI@") == ["Oma Opettaja"]
    assert names(client, q="omnia") == ["Oma Opettaja"]
    assert names(client, q="omnia", ended="on") == ["Lähti Pois", "Oma Opettaja"]
    assert names(client, organisation=cast.omnia.pk) == ["Oma Opettaja"]
    assert names(client, organisation=cast.espoo.pk) == [cast.member.name]
    assert names(client, group=cast.group.pk) == sorted(
        one.name for one in (cast.secretary, cast.member, cast.observer)
    )
    Person.objects.exclude(pk=cared.pk).update(last_login=None)
    assert names(client, login="on") == ["Oma Opettaja"]


def test_other_groups_members_are_not_told(client: Client, cast: Cast) -> None:
    foreign = MembershipFactory(group=GroupFactory(name_fi="Vieras ryhmä"))
    assert foreign.person.name in names(client)
    assert "Vieras ryhmä" not in text(client.get(url("people")))
    page = text(client.get(url("person", foreign.person.pk)))
    assert "Vieras ryhmä" not in page
    assert "has a part in a group that is not yours" in page
    assert names(client, q=foreign.organisation.name_fi) == []
    everything = len(names(client))
    assert len(names(client, group=foreign.group_id)) == everything  # as if it did not exist


def test_the_list_takes_the_same_queries(client: Client, cast: Cast) -> None:
    def more() -> None:
        one = MembershipFactory(group=cast.group)
        Affiliation.objects.create(person=one.person, organisation=cast.omnia)

    more()
    assert queries(client, url("people")) == LIST_QUERIES
    more()
    more()
    assert queries(client, url("people")) == LIST_QUERIES


def test_the_page_tells_of_all_ties(client: Client, cast: Cast) -> None:
    membership = Membership.objects.get(person=cast.member)
    Membership.objects.filter(pk=membership.pk).update(valid_from=date(2024, 8, 1))
    deputy = MembershipFactory(
        group=cast.group, role=Membership.Role.DEPUTY, deputy_for=membership, person__name="Vara H"
    )
    Affiliation.objects.create(
        person=cast.member,
        organisation=cast.omnia,
        title="rehtori",
        valid_from=date(2020, 1, 1),
        valid_to=date(2023, 7, 31),
    )
    page = text(client.get(url("person", cast.member.pk)))
    for words in (
        ": member",
        "represents Espoo",
        "seat: municipality",
        "from 1 August 2024",
        "deputy: Vara H",
        "Omnia</a>, rehtori",
        "Not invited yet",
    ):
        assert words in page
    assert f"deputy of {cast.member.name}" in text(client.get(url("person", deputy.person.pk)))


def test_the_page_takes_the_same_queries(client: Client, cast: Cast) -> None:
    def more() -> None:
        one = MembershipFactory(person=cast.member, group=cast.group)
        MembershipFactory(group=cast.group, role=Membership.Role.DEPUTY, deputy_for=one)
        Affiliation.objects.create(person=cast.member, organisation=cast.omnia)
        ContactPerson.objects.create(
            organisation=OrganisationFactory(), person=cast.member, group=cast.group
        )

    more()
    address = url("person", cast.member.pk)
    assert queries(client, address) == PERSON_QUERIES
    more()
    more()
    assert queries(client, address) == PERSON_QUERIES


def test_a_person_is_added(client: Client, cast: Cast) -> None:
    answer = client.post(
        url("add_person"),
        {
            "name": "Uusi Ihminen",
            "email": "Uusi@Example.ORG",
            "language": "sv",
            "organisation": cast.omnia.pk,
            "title": "kuraattori",
        },
    )
    person = Person.objects.get(name="Uusi Ihminen")
    assert answer["Location"] == url("person", person.pk)
    assert (person.email, person.language) == ("uusi@example.org", "sv")
    assert not person.has_usable_password()
    [tie] = person.affiliations.all()
    assert (tie.organisation, tie.title) == (cast.omnia, "kuraattori")
    assert "Invite" in text(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"organisation": "99999999999999999999"}, "Select a valid choice."),
        ({"organisation": "abc\x00"}, "Null characters are not allowed."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": "a" * 151}, "Ensure this value has at most 150 characters"),
    ],
)
def test_bad_input_is_answered_with_words(client: Client, data: dict[str, str], said: str) -> None:
    before = Person.objects.count()
    good = {"name": "Uusi Ihminen", "email": "", "language": "fi", "title": "kept title"}
    answer = client.post(url("add_person"), good | data)
    assert answer.status_code == 400
    assert said in text(answer)
    assert "kept title" in text(answer)
    assert Person.objects.count() == before


def test_a_taken_address_says_by_whom(client: Client, cast: Cast) -> None:
    holder = PersonFactory(name="Haltija <b>", email="varattu@example.org")
    data = {"name": "X", "email": "VARATTU@example.org", "language": "fi"}
    for address in (url("add_person"), url("edit_person", cast.member.pk)):
        page = text(client.post(address, data))
        link = f'<a href="{url("person", holder.pk)}">Haltija &lt;b&gt;</a>'
        assert f"{link} has this e-mail address already." in page


def test_the_race_for_an_address_is_lost_with_words(cast: Cast) -> None:
    PersonFactory(email="varattu@example.org")
    with pytest.raises(people.EmailTaken):
        people.change_person(
            person=cast.member,
            name="X",
            email="varattu@example.org",
            language="fi",
            by=cast.secretary,
            now=NOW,
        )
    assert Person.objects.get(pk=cast.member.pk).name == cast.member.name


def test_another_address_logs_out_everywhere(client: Client, cast: Cast) -> None:
    theirs = browser(cast.member)
    assert theirs.get("/").status_code == 200
    data = {"name": "Nimi Muuttui", "email": cast.member.email, "language": "fi"}
    client.post(url("edit_person", cast.member.pk), data)
    assert theirs.get("/").status_code == 200
    client.post(url("edit_person", cast.member.pk), data | {"email": "toinen@example.org"})
    assert theirs.get("/").status_code == 302
    cast.member.refresh_from_db()
    assert (cast.member.name, cast.member.email) == ("Nimi Muuttui", "toinen@example.org")


def test_who_may_not_log_in_is_out_at_once(client: Client, cast: Cast) -> None:
    theirs = browser(cast.member)
    client.post(url("set_login", cast.member.pk))
    assert theirs.get("/").status_code == 302
    assert not Client().login(email=cast.member.email, password=PASSWORD)
    client.post(url("set_login", cast.member.pk), {"may": "on"})
    assert Client().login(email=cast.member.email, password=PASSWORD)


# -- Who may ---------------------------------------------------------------------------------------


def attempts(person: Person, cast: Cast) -> list[tuple[str, dict[str, object]]]:
    """Each way in which one might get at a person's account."""
    tie = Affiliation.objects.create(person=person, organisation=cast.omnia)
    return [
        (
            url("edit_person", person.pk),
            {"name": "Kaapattu", "email": "mine@example.org", "language": "fi"},
        ),
        (url("set_login", person.pk), {}),
        (url("set_administrator", person.pk), {"is_administrator": "on"}),
        (url("add_affiliation", person.pk), {"organisation": cast.omnia.pk}),
        (url("edit_affiliation", person.pk, tie.pk), {"organisation": cast.espoo.pk}),
    ]


def of_another_group(cast: Cast) -> Person:
    return MembershipFactory().person


def of_both_groups(cast: Cast) -> Person:
    return MembershipFactory(person=cast.member).person


def from_tomorrow(cast: Cast) -> Person:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return MembershipFactory(valid_from=tomorrow).person


def contact_of_another_group(cast: Cast) -> Person:
    ContactPerson.objects.create(
        organisation=cast.omnia, person=cast.stranger, group=GroupFactory()
    )
    return cast.stranger


def contact_for_all(cast: Cast) -> Person:
    GroupFactory()
    ContactPerson.objects.create(organisation=cast.omnia, person=cast.stranger)
    return cast.stranger


def an_administrator(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, person__is_administrator=True).person


@pytest.mark.parametrize(
    "make",
    [
        of_another_group,
        of_both_groups,
        from_tomorrow,
        contact_of_another_group,
        contact_for_all,
        an_administrator,
    ],
)
def test_nobody_takes_over_an_account(
    client: Client, cast: Cast, make: Callable[[Cast], Person]
) -> None:
    person = make(cast)
    for address, data in attempts(person, cast):
        assert client.post(address, data).status_code == 403, address
    after = Person.objects.get(pk=person.pk)
    assert (after.name, after.email, after.is_active) == (person.name, person.email, True)
    assert after.is_administrator == person.is_administrator
    assert [one.organisation for one in person.affiliations.all()] == [cast.omnia]
    assert url("edit_person", person.pk) not in text(client.get(url("person", person.pk)))


def test_anothers_tie_is_not_reached_by_ones_own_person(client: Client, cast: Cast) -> None:
    foreign = MembershipFactory().person
    tie = Affiliation.objects.create(person=foreign, organisation=cast.omnia)
    address = url("edit_affiliation", cast.member.pk, tie.pk)
    assert client.post(address, {"organisation": cast.espoo.pk}).status_code == 404


def test_a_contact_of_ones_only_group_is_managed(client: Client, cast: Cast) -> None:
    ContactPerson.objects.create(organisation=cast.omnia, person=cast.stranger)
    assert client.get(url("edit_person", cast.stranger.pk)).status_code == 200


def test_those_who_keep_nothing_find_nothing(cast: Cast) -> None:
    for person in (cast.member, cast.observer, cast.stranger):
        theirs = browser(person)
        for address in (url("people"), url("add_person"), url("person", cast.member.pk)):
            assert theirs.get(address).status_code == 404
        for address, data in attempts(cast.member, cast):
            assert theirs.post(address, data).status_code == 404


# -- Administrators --------------------------------------------------------------------------------


def test_only_administrators_make_administrators(
    client: Client, cast: Cast, administrator: Person
) -> None:
    address = url("set_administrator", cast.member.pk)
    assert client.post(address, {"is_administrator": "on"}).status_code == 403
    assert "Make an administrator" not in text(client.get(url("person", cast.member.pk)))
    theirs = browser(administrator)
    theirs.post(address, {"is_administrator": "on"})
    assert Person.objects.get(pk=cast.member.pk).is_administrator
    theirs.post(address)
    assert not Person.objects.get(pk=cast.member.pk).is_administrator


def test_the_last_administrator_stays(administrator: Person) -> None:
    PersonFactory(is_administrator=True, is_active=False)  # who cannot log in does not count
    theirs = browser(administrator)
    for name in ("set_administrator", "set_login"):
        answer = theirs.post(url(name, administrator.pk), follow=True)
        assert "The region needs an administrator who can log in." in text(answer)
    administrator.refresh_from_db()
    assert administrator.is_administrator
    assert administrator.is_active


# -- Ties to organisations -------------------------------------------------------------------------


def test_a_tie_is_added_and_ended(client: Client, cast: Cast) -> None:
    add = url("add_affiliation", cast.member.pk)
    client.post(add, {"organisation": cast.omnia.pk, "title": "opo", "valid_from": "2024-08-01"})
    [tie] = cast.member.affiliations.all()
    edit = url("edit_affiliation", cast.member.pk, tie.pk)
    data = {"organisation": cast.omnia.pk, "title": "opo", "valid_from": "2024-08-01"}
    early = client.post(edit, data | {"valid_to": "2024-07-31"})
    assert early.status_code == 400
    assert "It cannot end before it begins." in text(early)
    assert client.post(edit, data | {"valid_to": "31.7."}).status_code == 400
    assert client.post(edit, data | {"valid_to": "0024-07-31"}).status_code == 400
    client.post(edit, data | {"valid_to": "2025-07-31"})
    tie.refresh_from_db()
    assert tie.valid_to == date(2025, 7, 31)
    assert "ended" in text(client.get(url("person", cast.member.pk)))


def test_an_ended_contact_person_speaks_for_nobody(cast: Cast) -> None:
    today = timezone.localdate()
    row = ContactPerson.objects.create(
        organisation=cast.omnia, person=cast.stranger, group=cast.group, valid_to=today
    )
    assert speaks_for(cast.stranger).get() == row
    ContactPerson.objects.update(valid_to=today - timedelta(days=1))
    assert not speaks_for(cast.stranger).exists()
