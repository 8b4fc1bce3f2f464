"""Merging two persons or organisations: what moves, what stays, who may, two at once."""

from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import close_old_connections, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from core.audit import acting
from core.frozen import frozen_tables
from directory.merging import doubles, registry, rules
from directory.merging.heirs import heirs
from directory.merging.preview import digest
from directory.models import (
    Affiliation,
    ContactPerson,
    Group,
    Membership,
    Organisation,
    Person,
    PupilCount,
)
from directory.permissions import may_manage
from directory.services import invitations, merging
from tests.cast import NOW
from tests.core.test_history import said
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

ROLE = Membership.Role


@pytest.fixture
def group(db: None) -> Group:
    return GroupFactory()


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(
        group=group,
        role=ROLE.SECRETARY,
        organisation=None,
        person__name="Kati Sihteeri",
        person__language="en",
    ).person


@pytest.fixture
def web(client: Client, secretary: Person) -> Client:
    client.force_login(secretary)
    client.cookies["language"] = "en"
    return client


def merge(kept: Any, double: Any, by: Person) -> Any:
    """As one who has just looked at the preview."""
    service: Any = merging.merge_people
    if isinstance(kept, Organisation):
        service = merging.merge_organisations
    done = service(kept=kept, double=double, seen=digest(kept, double), by=by, now=NOW)
    kept.refresh_from_db()
    double.refresh_from_db()
    return done


def address(kept: Any, double: Any) -> str:
    name = "people" if isinstance(kept, Person) else "organisations"
    return reverse(f"directory:merge_{name}", args=[kept.pk, double.pk])


# -- Everything that points at one ----------------------------------------------------------------


def test_every_key_to_a_person_or_an_organisation_moves_or_has_its_reason() -> None:
    assert [registry.unspoken(model) for model in (Person, Organisation)] == [[], []]
    stays = {
        f"{model._meta.label}.{name}": bool(why)
        for (model, name), why in [*registry._all.staying.items(), *registry._all.ending.items()]
    }
    assert stays == {
        "directory.LoginInvitation.person": True,
        "account.EmailAddress.user": True,
        "mfa.Authenticator.user": True,
        "usersessions.UserSession.user": True,
        "meetings.Presence.person": True,
    }


def test_a_key_that_nobody_spoke_of_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {key: one for key, one in registry._all.moving.items() if key[0] is not Affiliation}
    monkeypatch.setattr(registry._all, "moving", fewer)
    assert registry.unspoken(Person) == ["directory.Affiliation.person"]


def test_only_what_the_app_may_not_change_is_left_out() -> None:
    """Frozen documents and history: no other key to the two is passed over without a word."""
    found = {
        one.related_model._meta.db_table
        for model in (Person, Organisation)
        for one in model._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ForeignObjectRel)
        and one.related_model._meta.managed
        and not one.related_model._meta.proxy
        and (one.related_model, one.field.name) not in set(registry.pointing_at(model))
    }
    assert found <= frozen_tables()
    history = {table for table in found if table.endswith("event")}
    assert found - history == {
        "meetings_documentversion",
        "meetings_approval",
        "meetings_redaction",
    }


def clashing(model: type[models.Model], name: str) -> list[models.BaseConstraint | models.Field]:
    """What of the model would break where rows of two point at one by this key."""
    found: list[Any] = [
        one
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and (name in one.fields or one.expressions)
    ]
    field = model._meta.get_field(name)
    return found + [field] * bool(field.unique) + [*model._meta.unique_together]


def test_where_moving_may_break_a_constraint_rows_can_become_one() -> None:
    keys = [
        (one.model, one.field) for model in (Person, Organisation) for one in registry.moving(model)
    ]
    # What points at rows that become one moves in the same way.
    keys += [
        (one.model, one.field)
        for model in {at for at, _name in keys if registry.combiner(at)}
        for one in registry.moving(model)
    ]
    breaking = {model: clashing(model, name) for model, name in keys if clashing(model, name)}
    assert [model for model in breaking if not registry.combiner(model)] == []
    plain = [
        isinstance(one, models.UniqueConstraint) and bool(one.fields) and one.condition is None
        for found in breaking.values()
        for one in found
    ]
    assert plain == [True] * 5  # contact, pupils, attendance, owner, assignment


# -- People ---------------------------------------------------------------------------------------


def test_what_is_a_persons_moves_and_the_same_becomes_one(secretary: Person, group: Group) -> None:
    kept, double = PersonFactory(), PersonFactory()
    espoo, omnia = OrganisationFactory(), OrganisationFactory()
    place = MembershipFactory(
        group=group, person=kept, organisation=espoo, valid_from=date(2025, 1, 1)
    )
    other = MembershipFactory(
        group=group,
        person=double,
        organisation=espoo,
        valid_from=date(2024, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    deputy = MembershipFactory(group=group, role=ROLE.DEPUTY, deputy_for=other)
    observer = MembershipFactory(group=group, person=double, role=ROLE.OBSERVER)
    own_deputy = MembershipFactory(
        group=group, person=double, role=ROLE.DEPUTY, deputy_for=place, organisation=espoo
    )
    for person, until in ((kept, date(2026, 1, 1)), (double, None)):
        Affiliation.objects.create(
            person=person, organisation=espoo, title="rehtori"[: 7 * bool(until)]
        )
        ContactPerson.objects.create(person=person, organisation=espoo, group=group, valid_to=until)
    Affiliation.objects.create(person=double, organisation=omnia, title="opettaja")
    ContactPerson.objects.create(person=double, organisation=omnia, group=group)

    merge(kept, double, secretary)

    assert {row.pk for row in kept.memberships.all()} == {place.pk, observer.pk, own_deputy.pk}
    place.refresh_from_db()
    assert (place.valid_from, place.valid_to) == (date(2024, 1, 1), None)
    deputy.refresh_from_db()
    own_deputy.refresh_from_db()
    assert (deputy.deputy_for, own_deputy.deputy_for) == (place, None)
    ties = kept.affiliations.order_by("pk").values_list("organisation", "title")
    assert list(ties) == [(espoo.pk, "rehtori"), (omnia.pk, "opettaja")]
    contacts = kept.contact_for.order_by("pk").values_list("organisation", "valid_to")
    assert list(contacts) == [(espoo.pk, None), (omnia.pk, None)]
    left = (double.memberships, double.affiliations, double.contact_for)
    assert [one.count() for one in left] == [0, 0, 0]
    assert double.merged_into == kept


def test_places_that_are_not_the_same_stay_two(secretary: Person, group: Group) -> None:
    kept, double = PersonFactory(), PersonFactory()
    espoo = OrganisationFactory()
    for person, begins, ends in (
        (kept, date(2020, 1, 1), date(2021, 12, 31)),
        (double, date(2024, 1, 1), None),
    ):
        MembershipFactory(
            group=group, person=person, organisation=espoo, valid_from=begins, valid_to=ends
        )
        Affiliation.objects.create(person=person, organisation=espoo, title=f"nimike {begins}")
    merge(kept, double, secretary)
    assert (kept.memberships.count(), kept.affiliations.count()) == (2, 2)


@pytest.mark.parametrize(
    ("own", "other", "after"),
    [
        ("a@example.org", "b@example.org", "a@example.org"),
        (None, "b@example.org", "b@example.org"),
        ("a@example.org", None, "a@example.org"),
        (None, None, None),
    ],
)
def test_the_one_that_stays_has_an_address_and_the_other_gets_in_no_more(
    own: str | None, other: str | None, after: str | None, secretary: Person
) -> None:
    kept, double = PersonFactory(email=own), PersonFactory(email=other)
    if other:
        invitations.invite(person=double, by=secretary, now=NOW)
    browser = Client()
    browser.force_login(double)
    assert browser.get("/account/").status_code == 200
    Authenticator.objects.create(user=double, type=Authenticator.Type.TOTP, data={})
    merge(kept, double, secretary)
    assert (kept.email, double.email) == (after, None)
    assert (kept.is_active, double.is_active, double.has_usable_password()) == (True, False, False)
    assert browser.get("/account/").status_code == 302
    assert not Authenticator.objects.filter(user=double).exists()
    assert not UserSession.objects.filter(user=double).exists()
    assert not double.login_invitations.open().exists()
    assert kept.login_invitations.count() == 0


def test_there_are_no_chains(secretary: Person) -> None:
    first, second, third = (PersonFactory(email=None) for _ in range(3))
    merge(second, first, secretary)
    merge(third, second, secretary)
    first.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (third, third)
    ids = [first.pk, second.pk, third.pk]
    assert heirs("person", ids) == {str(first.pk): str(third.pk), str(second.pk): str(third.pk)}
    assert heirs("group", ids) == {}


def test_history_tells_of_it_on_the_page_of_the_one_that_stays(
    secretary: Person, group: Group
) -> None:
    kept, double = PersonFactory(name="Aino Virta"), PersonFactory(name="Aino Wirta", email=None)
    with acting(secretary):
        MembershipFactory(group=group, person=double)
    merge(kept, double, secretary)
    with translation.override("en"):
        told = said("person", kept.pk)
    assert "Kati Sihteeri moved a place to another person: Aino Wirta → Aino Virta." in told[0]
    assert "Kati Sihteeri merged this into another: Aino Virta." in " ".join(told)


# -- Who may --------------------------------------------------------------------------------------


def test_the_people_one_may_merge_are_those_one_manages(secretary: Person, group: Group) -> None:
    sub, other = GroupFactory(parent=group), GroupFactory()
    today = timezone.localdate()
    yesterday = date.fromordinal(today.toordinal() - 1)
    espoo = OrganisationFactory()
    people = {
        "nothing": PersonFactory(),
        "own": MembershipFactory(group=group).person,
        "sub": MembershipFactory(group=sub).person,
        "other": MembershipFactory(group=other).person,
        "ended": MembershipFactory(group=other, valid_to=yesterday).person,
        "administrator": PersonFactory(is_administrator=True),
    }
    for name, where, until in (
        ("contact", group, None),
        ("foreign contact", other, None),
        ("past contact", other, yesterday),
        ("of all", None, None),
    ):
        people[name] = PersonFactory()
        ContactPerson.objects.create(
            person=people[name], organisation=espoo, group=where, valid_to=until
        )
    for by in (secretary, people["administrator"], people["own"]):
        for ended in (None, yesterday):
            Group.objects.filter(pk=other.pk).update(ended_on=ended)
            mergeable = set(rules.mergeable_people(by).values_list("pk", flat=True))
            found = {name for name, one in people.items() if one.pk in mergeable}
            assert found == {name for name, one in people.items() if may_manage(by, one)}


def test_nobody_takes_over_an_account_or_rights_by_merging(web: Client, secretary: Person) -> None:
    double = PersonFactory(name="Oma Tili")
    foreigner = MembershipFactory().person
    administrator = PersonFactory(is_administrator=True)
    for victim in (foreigner, administrator):
        for kept, other in ((victim, double), (double, victim), (secretary, victim)):
            seen = {"seen": digest(kept, other)}
            answer = web.post(address(kept, other), seen)
            assert answer.status_code == 403
            assert "Ask an administrator" in answer.content.decode()
            with pytest.raises(rules.NotYourPeople):
                merging.merge_people(kept=kept, double=other, **seen, by=secretary, now=NOW)
    assert Person.objects.current().count() == Person.objects.count()


def test_an_administrators_rights_follow_where_an_administrator_merges(db: None) -> None:
    by, kept, double = (PersonFactory(is_administrator=is_one) for is_one in (True, False, True))
    merge(kept, double, by)
    assert (kept.is_administrator, double.is_administrator) == (True, False)


def test_one_cannot_merge_oneself_away(web: Client, secretary: Person) -> None:
    other = PersonFactory(name="Kati Sihteeri")
    shown = web.get(address(other, secretary))
    assert "You are logged in as the one that would go." in shown.content.decode()
    assert 'name="seen"' not in shown.content.decode()
    answer = web.post(address(other, secretary), {"seen": digest(other, secretary)})
    assert answer.status_code == 400
    merge(secretary, other, secretary)
    assert web.get("/account/").status_code == 200


# -- Organisations --------------------------------------------------------------------------------


def test_an_organisation_is_found_by_the_names_of_both_and_keeps_what_is_known(
    secretary: Person, group: Group
) -> None:
    kept = OrganisationFactory(
        name_fi="Espoon kaupunki",
        name_sv="",
        short_fi="Espoo",
        aliases=["ESPOO", "Esbo"],
        inflections=["Espoosta"],
        valid_from=date(2000, 1, 1),
        valid_to=date(2026, 1, 1),
        is_provider=False,
    )
    double = OrganisationFactory(
        name_fi="Espoo",
        name_sv="Esbo stad",
        short_sv="Esbo",
        aliases=["Espoon kunta"],
        inflections=["Espoosta", "Espooseen"],
        valid_from=date(1972, 1, 1),
        mailbox="kirjaamo@espoo.example",
        language_status="fi-sv",
    )
    school = OrganisationFactory(kind="school", parent=double, municipality=double)
    place = MembershipFactory(group=group, organisation=double)
    Affiliation.objects.create(person=place.person, organisation=double)
    for organisation, count in ((kept, "10"), (double, "20")):
        ContactPerson.objects.create(person=place.person, organisation=organisation, group=group)
        PupilCount.objects.create(school=organisation, counted_on=date(2025, 9, 20), count=count)
    PupilCount.objects.create(school=double, counted_on=date(2024, 9, 20), count="30")

    merge(kept, double, secretary)

    assert kept.aliases == ["ESPOO", "Esbo", "Espoon kunta"]
    assert (kept.name_fi, kept.name_sv) == ("Espoon kaupunki", "Esbo stad")
    assert kept.inflections == ["Espoosta", "Espooseen"]
    assert (kept.valid_from, kept.valid_to) == (date(1972, 1, 1), None)
    assert (kept.mailbox, kept.language_status) == ("kirjaamo@espoo.example", "fi-sv")
    assert kept.is_provider
    school.refresh_from_db()
    place.refresh_from_db()
    assert (school.parent, school.municipality, place.organisation) == (kept, kept, kept)
    assert (kept.contacts.count(), kept.affiliations.count()) == (1, 1)
    pupils = kept.pupil_counts.order_by("counted_on").values_list("count", flat=True)
    assert list(pupils) == ["30", "10"]
    assert double.merged_into == kept


def test_only_the_same_kind_and_not_what_belongs_to_it_is_merged(
    web: Client, secretary: Person
) -> None:
    town, school = OrganisationFactory(), OrganisationFactory(kind="provider")
    part = OrganisationFactory(parent=town)
    for kept, other, words in (
        (town, school, "of different kinds"),
        (town, part, "One belongs to the other"),
        (part, town, "One belongs to the other"),
        (town, town, "merged with itself"),
    ):
        assert words in web.get(address(kept, other)).content.decode()
        answer = web.post(address(kept, other), {"seen": digest(kept, other)})
        assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert not Organisation.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize("part", ["member", "contact", "contact of all", "host"])
def test_what_has_a_part_in_another_group_is_for_an_administrator(
    part: str, web: Client, secretary: Person, group: Group
) -> None:
    kept, double = OrganisationFactory(), OrganisationFactory()
    other, person = GroupFactory(), PersonFactory()
    MembershipFactory(group=group, organisation=kept)
    if part == "member":
        MembershipFactory(group=other, organisation=double)
    elif part == "host":
        Group.objects.filter(pk=other.pk).update(host=double)
    else:
        where = None if part == "contact of all" else other
        ContactPerson.objects.create(organisation=double, person=person, group=where)
    for pair in ((kept, double), (double, kept)):
        answer = web.post(address(*pair), {"seen": digest(*pair)})
        assert answer.status_code == 403
    assert web.get(f"/directory/organisations/{double.pk}/merge/").status_code == 403
    assert merge(kept, double, PersonFactory(is_administrator=True)) == kept


# -- Looking before, two at once ------------------------------------------------------------------


def test_one_sees_what_moves_as_far_as_one_knows_of_it(
    web: Client, secretary: Person, group: Group
) -> None:
    kept = PersonFactory(name="Aino Virta", email=None)
    double = PersonFactory(name="Aino Wirta", email="aino@example.org")
    MembershipFactory(group=group, person=double)
    yesterday = date.fromordinal(timezone.localdate().toordinal() - 1)
    MembershipFactory(person=double, valid_to=yesterday)
    Affiliation.objects.create(person=double, organisation=OrganisationFactory())
    context = web.get(address(kept, double)).context
    assert context["preview"].moving == ["1 place in a group", "1 tie to an organisation"]
    facts = {fact.label: (fact.kept, fact.double, fact.after) for fact in context["preview"].facts}
    assert facts["E-mail"] == ("", "aino@example.org", "aino@example.org")
    answer = web.post(address(kept, double), {"seen": context["preview"].digest}, follow=True)
    assert answer.redirect_chain == [(f"/directory/people/{kept.pk}/", 302)]
    assert "Aino Wirta was merged into Aino Virta." in answer.content.decode()
    assert kept.memberships.count() == 2


def test_what_changed_meanwhile_is_shown_before_it_is_done(
    web: Client, secretary: Person, group: Group
) -> None:
    kept, double = PersonFactory(), PersonFactory()
    seen = web.get(address(kept, double)).context["preview"].digest
    MembershipFactory(group=group, person=double)
    answer = web.post(address(kept, double), {"seen": seen})
    assert answer.status_code == 409
    assert "Something has changed since you looked." in answer.content.decode()
    assert answer.context["preview"].moving == ["1 place in a group"]
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize("made", [PersonFactory, OrganisationFactory])
def test_who_comes_second_is_led_to_the_one_that_stays(
    made: Any, web: Client, secretary: Person
) -> None:
    kept, double, third = made(), made(), made()
    seen = digest(kept, double), digest(double, kept), digest(third, double)
    merge(kept, double, secretary)
    plural = "people" if made is PersonFactory else "organisations"
    where = f"/directory/{plural}/{kept.pk}/"
    for pair, digested in zip(((kept, double), (double, kept), (third, double)), seen, strict=True):
        answer = web.post(address(*pair), {"seen": digested}, follow=True)
        assert answer.redirect_chain == [(where, 302)]
        assert "These have been merged already." in answer.content.decode()
    for old in (f"/directory/{plural}/{double.pk}/", f"/directory/{plural}/{double.pk}/merge/"):
        assert web.get(old, follow=True).redirect_chain == [(where, 302)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_wait_for_each_other() -> None:
    by = PersonFactory(is_administrator=True)
    kept, double = PersonFactory(), PersonFactory()
    seen = digest(double, kept)
    outcome: list[object] = []
    begun = Event()

    def other_way_round() -> None:
        begun.set()
        try:
            merging.merge_people(kept=double, double=kept, seen=seen, by=by, now=NOW)
        except merging.AlreadyMerged as error:
            outcome.append(error.into)
        finally:
            close_old_connections()
            connection.close()

    thread = Thread(target=other_way_round)
    with transaction.atomic():
        merge(kept, double, by)
        thread.start()
        begun.wait()
        waits_for_a_lock()
    thread.join()
    assert outcome == [kept]
    kept.refresh_from_db()
    assert kept.merged_into is None


def waits_for_a_lock() -> None:
    """Until another connection stands at a lock."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


# -- Finding doubles ------------------------------------------------------------------------------


def test_likely_people(db: None) -> None:
    first = PersonFactory(name="Åsa Möller-Öst", email="asa.most@espoo.example")
    namesake = PersonFactory(name="asa  moller ost", email=None)
    moved = PersonFactory(name="Åsa Most", email="asa.most@luvn.example")
    PersonFactory(name="Rehtori A", email="rehtori@espoo.example")
    PersonFactory(name="Rehtori B", email="rehtori@vantaa.example")
    PersonFactory(name="Asa Moller Ost", merged_into=first, email=None)
    people = Person.objects.current()
    pairs = [(row.pk, row.twin_id) for row in doubles.likely_people(people)]
    assert pairs == [(moved.pk, first.pk), (namesake.pk, first.pk)]
    assert set(doubles.like_person(first, people)) == {namesake, moved}
    assert set(doubles.like_person(namesake, people)) == {first}


def test_likely_organisations(db: None) -> None:
    first = OrganisationFactory(name_fi="Hangon kaupunki", name_sv="Hangö stad", short_fi="Hanko")
    again = OrganisationFactory(name_fi="Hanko", name_sv="", aliases=["Hangö"])
    swedish = OrganisationFactory(name_fi="Hango", name_sv="HANGO  STAD")
    OrganisationFactory(kind="provider", name_fi="Hanko", name_sv="")
    schools = [
        OrganisationFactory(kind="school", name_fi="Keskuskoulu", name_sv="", parent=parent)
        for parent in (first, swedish, first)
    ]
    organisations = Organisation.objects.current()
    pairs = [(row.pk, row.twin_id) for row in doubles.likely_organisations(organisations)]
    assert pairs == [
        (schools[2].pk, schools[0].pk),
        (swedish.pk, first.pk),
        (again.pk, first.pk),
    ]
    assert set(doubles.like_organisation(again, organisations)) == {first, swedish}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("plural", "queries"), [("people", 9), ("organisations", 10)])
def test_the_lists_take_as_many_queries_whatever_there_is(
    rows: int,
    plural: str,
    queries: int,
    web: Client,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        for _ in range(2):
            if plural == "people":
                MembershipFactory(group=group, person__name=f"Nimi {number}")
            else:
                OrganisationFactory(name_fi=f"Nimi {number}", name_sv="")
    with django_assert_num_queries(queries):
        answer = web.get(f"/directory/doubles/{plural}/")
    assert len(answer.context["pairs"]) == rows
    first, second = answer.context["pairs"][0]
    assert address(first, second) in answer.content.decode()
    picked = web.get(f"/directory/{plural}/{first.pk}/merge/")
    assert [row.pk for row in picked.context["page"]] == [second.pk]
    found = web.get(f"/directory/{plural}/{first.pk}/merge/?q=nimi")
    assert len(found.context["page"]) == 2 * rows - 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_takes_as_many_queries_whatever_there_is(
    rows: int,
    web: Client,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kept, double = PersonFactory(), PersonFactory()
    for _ in range(rows):
        MembershipFactory(group=group, person=double)
    with django_assert_num_queries(34):
        web.get(address(kept, double))
