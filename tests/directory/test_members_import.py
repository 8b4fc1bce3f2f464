"""A members' list read in: what each row does, what is wrong, what is asked, and all or nothing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from directory.members_import.outcome import Choices
from directory.models import Affiliation, Membership, Person
from directory.services import members_import as services
from tests.cast import Cast
from tests.directory.members_lists import (
    Desk,
    csv,
    facts,
    fields,
    happens,
    troubles,
    visible,
    workbook,
)
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)
from tests.meetings.pages import browser

HEAD = ("Nimi", "Sähköposti", "Organisaatio", "Rooli")
TODAY = timezone.localdate()
ROLES = "chair, vice-chair, secretary, member, deputy member, observer"
SEATS = "county, municipality, education provider, guardians, students, student welfare staff"
OWN_RIGHT = "This would take your own right to keep the group away. Let another coordinator do it."
IDENTITY = "There is a personal identity code. It is not kept here: take it out of the list."


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """The secretary at the group's page."""
    return Desk(browser(cast.secretary), cast.group)


def test_a_list_goes_in_from_file_to_summary(desk: Desk, cast: Cast) -> None:
    known = PersonFactory(name="Veera Lampi", email="veera@example.org")
    page = desk.give(
        csv(
            ("Jäsenluettelo 2026",),
            ("Nimi", "E-post", "Taho", "Roll", "Paikka", "Alkaen", "Nimike"),
            (
                "Aarni Pohjonen",
                "Aarni@Example.org",
                "Esbo",
                "jäsen",
                "kunta",
                "1.8.2026",
                "Rehtori",
            ),
            ("Veera Lampi", "veera@example.org", "Omnia", "Sekreterare", "", "", ""),
            (cast.member.name, "", "", "", "", "", ""),
        )
    )
    assert page.status_code == 200
    assert happens(page) == {
        3: "New person, becomes a member",
        4: "Known person, becomes a member",
    }
    assert facts(page)[3] == {
        "Role": "member",
        "Organisation": "Espoo",
        "Seat": "municipality",
        "From": "1 August 2026",
        "E-mail": "aarni@example.org",
        "Job title": "Rehtori",
    }
    assert [line.number for line in page.context["nothing"]] == [5]
    assert "A row above the headings was passed by." in visible(page)
    assert not Person.objects.filter(name="Aarni Pohjonen").exists()

    done = desk.accept(page)
    assert done.status_code == 302
    new = Membership.objects.get(person__name="Aarni Pohjonen")
    assert (new.group, new.organisation, new.role, new.seat) == (
        cast.group,
        cast.espoo,
        "member",
        "municipality",
    )
    assert new.valid_from == date(2026, 8, 1)
    assert new.person.email == "aarni@example.org"
    assert not new.person.has_usable_password()
    assert Affiliation.objects.get(person=new.person).title == "Rehtori"
    assert known.memberships.get().role == "secretary"
    assert known.memberships.get().valid_from == TODAY

    summary = desk.client.get(done["Location"])
    assert summary.status_code == 200
    assert reverse("directory:person", args=[new.person.pk]) in summary.content.decode()
    assert summary.context["uninvited"] >= 2
    desk.client.post(reverse("directory:invite_group", args=[cast.group.slug]))
    assert OutgoingMail.objects.filter(to="aarni@example.org").count() == 1


def test_the_same_list_again_changes_nothing(desk: Desk, cast: Cast) -> None:
    rows = csv(
        (*HEAD, "Nimike", "Alkaen", "Asti"),
        ("Aarni Pohjonen", "aarni@example.org", "Espoo", "jäsen", "Rehtori", "2026-01-01", ""),
        ("Lampi, Veera", "", "Omnia", "puheenjohtaja", "", "", "31.12.2099"),
    )
    desk.accept(desk.give(rows))
    before = list(Membership.objects.order_by("pk").values_list())
    page = desk.give(rows)
    assert page.context["stage"] == "nothing"
    assert [line.number for line in page.context["nothing"]] == [2, 3]
    assert "The group is as the list says already." in visible(page)
    assert desk.accept(page).status_code == 409
    assert list(Membership.objects.order_by("pk").values_list()) == before
    assert Person.objects.filter(name="Veera Lampi").count() == 1


def test_a_member_is_changed_and_filled_in(desk: Desk, cast: Cast) -> None:
    bare = MembershipFactory(
        group=cast.group, person=PersonFactory(name="Aarni Pohjonen", email=None), seat=""
    )
    page = desk.give(
        csv(
            (*HEAD, "Paikka", "Nimike"),
            ("aarni pohjonen", "aarni@example.org", "Omnia", "chair", "provider", "Rektor"),
        )
    )
    assert facts(page) == {
        2: {
            "Role": "member → chair",
            "Organisation": f"{bare.organisation} → Omnia",
            "Seat": "education provider",
            "E-mail": "aarni@example.org",
            "Job title": "Rektor",
        }
    }
    assert desk.accept(page).status_code == 302
    bare.refresh_from_db()
    bare.person.refresh_from_db()
    assert (bare.role, bare.organisation, bare.seat) == ("chair", cast.omnia, "provider")
    assert bare.person.email == "aarni@example.org"
    assert bare.person.name == "Aarni Pohjonen"
    assert Affiliation.objects.get(person=bare.person, organisation=cast.omnia).title == "Rektor"


def test_deputies_find_whom_they_stand_in_for(desk: Desk, cast: Cast) -> None:
    page = desk.give(
        csv(
            ("Nimi", "Varajäsen kenelle", "Rooli"),
            ("Eeva Vara", "Aarni Pohjonen", ""),
            ("Aarni Pohjonen", "", "jäsen"),
            ("Kalle Vara", cast.member.email, "varajäsen"),
            ("Outo Vara", "Ei Kukaan", ""),
            ("Toinen Outo", "Eeva Vara", ""),
            ("Ei Vara", "Aarni Pohjonen", "sihteeri"),
        )
    )
    assert facts(page)[2]["Deputy of"] == "Aarni Pohjonen"
    assert facts(page)[4]["Deputy of"] == cast.member.name
    assert troubles(page) == {
        5: [("Varajäsen kenelle", "Nobody of that name is in the group or in this list.")],
        6: [("Varajäsen kenelle", "That member is a deputy, too.")],
        7: [("Varajäsen kenelle", "Only a deputy member stands in for someone.")],
    }
    desk.accept(page)
    deputies = Membership.objects.filter(role="deputy").order_by("person__name")
    assert [(one.person.name, one.deputy_for.person.name) for one in deputies] == [
        ("Eeva Vara", "Aarni Pohjonen"),
        ("Kalle Vara", cast.member.name),
    ]


def test_leaving_out_whom_a_deputy_stands_in_for_is_shown_first(desk: Desk, cast: Cast) -> None:
    page = desk.give("Nimi\tVarajäsen kenelle\nAarni Pohjonen\t\nEeva Vara\tAarni Pohjonen")
    again = desk.accept(page, left=["2"])
    assert again.status_code == 409
    assert troubles(again) == {3: [("Varajäsen kenelle", "That member, on row 2, does not go in.")]}
    assert not Person.objects.filter(name="Eeva Vara").exists()
    assert fields(again)["left"] == ["2"]


def test_what_is_wrong_is_said_by_the_cell_and_the_rest_goes_in(desk: Desk, cast: Cast) -> None:
    page = desk.give(
        csv(
            ("Namn", "E-post", "Roll", "Plats", "Från", "Till", "Titel"),
            ("", "a@example.org", "", "", "", "", ""),
            ("Aarni Pohjonen", "ei osoite", "kuningas", "", "", "", ""),
            ("=HYPERLINK(1)", "", "", "", "", "", ""),
            ("Veera Lampi", "", "", "tuoli", "31.2.2026", "", ""),
            ("Outi Päivä", "", "", "", "1.2.2026", "1.1.2026", ""),
            ("Olli Ohi", "", "", "", "", "1.1.2020", ""),
            ("x" * 151, "", "", "", "", "", "@title"),
            ("o@example.org", "", "", "", "", "", ""),
            ("Hyvä Rivi", "hyva@example.org", "", "", "", "tills vidare", "-"),
            ("Toinen Rivi", "HYVA@example.org", "", "", "", "", ""),
        )
    )
    assert troubles(page) == {
        2: [("Namn", "The name is missing.")],
        3: [
            ("E-post", "This is not an e-mail address."),
            ("Roll", f"There is no such role. There are: {ROLES}."),
        ],
        4: [
            (
                "Namn",
                "It begins with a sign that makes a formula of it in spreadsheets (=, +, - or @).",
            )
        ],
        5: [
            ("Plats", f"There is no such seat. There are: {SEATS}."),
            ("Från", "This is not a day. Write it as 31.1.2026."),
        ],
        6: [("Till", "It cannot end before it begins.")],
        7: [("Till", "It has ended already. Nobody is added for a time that is over.")],
        8: [
            ("Namn", "It is too long."),
            (
                "Titel",
                "It begins with a sign that makes a formula of it in spreadsheets (=, +, - or @).",
            ),
        ],
        9: [("Namn", "This is not a name.")],
        11: [("E-post", "Row 10 has the same address.")],
    }
    done = desk.accept(page)
    summary = desk.client.get(done["Location"])
    assert summary.context["left"] == [2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert list(Person.objects.filter(memberships__valid_from=TODAY).values_list("name")) == [
        ("Hyvä Rivi",)
    ]


def test_identity_codes_are_refused_and_never_shown_or_kept(desk: Desk, cast: Cast) -> None:
    code = "131052-308T"
    for data in (
        csv(("Nimi", "Huom"), ("Aarni Pohjonen", f"hetu {code}"), ("Veera Lampi", "")),
        workbook(("Nimi", "Huom"), ("Aarni Pohjonen", f"hetu {code}"), ("Veera Lampi", "")),
        f"Nimi\tHuom\nAarni Pohjonen\thetu {code}\nVeera Lampi\t",
    ):
        page = desk.give(data)
        assert code not in page.content.decode()
        assert troubles(page) == {2: [("Huom", IDENTITY)]}
        assert code not in fields(page)["table"][0]
        again = desk.again(page, column_1="")
        assert list(troubles(again)) == [2]
        assert happens(again) == {3: "New person, becomes a member"}
    refused = desk.give(f'Nimi;Huom\n"Aarni;{code}')
    assert refused.status_code == 400
    assert code not in refused.content.decode()


def test_namesakes_are_asked_about(desk: Desk, cast: Cast) -> None:
    first = PersonFactory(name="Aarni Pohjonen", email="yksi@example.org")
    second = PersonFactory(name="Aarni Pohjonen", email="kaksi@example.org")
    page = desk.give(csv(("Nimi", "Sähköposti"), ("Aarni Pohjonen", ""), ("Uusi Nimi", "")))
    assert page.context["stage"] == "questions"
    (question,) = page.context["questions"]
    assert question.words == "The directory has several of the name Aarni Pohjonen. Who is it?"
    assert [option.value for option in question.options] == [
        str(first.pk),
        str(second.pk),
        "new",
        "out",
    ]
    assert desk.accept(page).status_code == 409  # not before it is answered
    assert not Person.objects.filter(name="Uusi Nimi").exists()
    decided = desk.again(page, person_2=str(second.pk))
    assert decided.context["stage"] == "ready"
    assert fields(decided)["person-2"] == [str(second.pk)]
    desk.accept(decided)
    assert second.memberships.count() == 1
    assert first.memberships.count() == 0


def test_an_address_or_a_name_of_somebody_else_is_asked_about(desk: Desk, cast: Cast) -> None:
    holder = PersonFactory(name="Oili Oikea", email="oili@example.org")
    other = PersonFactory(name="Veera Lampi", email="vanha@example.org")
    page = desk.give(
        csv(
            ("Nimi", "Sähköposti"),
            ("Väärä Nimi", "oili@example.org"),
            ("Veera Lampi", "uusi@example.org"),
            ("Uusi Nimi", ""),
            ("Uusi Nimi", ""),
        )
    )
    assert [question.words for question in page.context["questions"]] == [
        "The address oili@example.org belongs to someone of another name. Who is it?",
        "The directory has Veera Lampi with another e-mail address. Is it the same person?",
        "Row 4 has the same name, Uusi Nimi. Are they two people?",
    ]
    decided = desk.again(page, person_2="bare", person_3=str(other.pk), namesake_5="new")
    assert decided.context["stage"] == "ready"
    assert [line.notes for line in decided.context["acts"]] == [
        ["The address is left out."],
        ["The address in the directory stays: vanha@example.org."],
        [],
        [],
    ]
    desk.accept(decided)
    assert Person.objects.get(name="Väärä Nimi").email is None
    assert other.memberships.count() == 1
    assert holder.memberships.count() == 0
    assert Person.objects.filter(name="Uusi Nimi").count() == 2


def test_one_of_the_same_name_is_the_same_unless_told_otherwise(desk: Desk, cast: Cast) -> None:
    known = PersonFactory(name="Aarni Pohjonen")
    page = desk.give("Nimi\nAarni Pohjonen")
    assert happens(page) == {2: "Known person, becomes a member"}
    other = desk.again(page, person_2="new")
    assert happens(other) == {2: "New person, becomes a member"}
    assert desk.accept(page, person_2="new").status_code == 409  # that was not shown
    desk.accept(other)
    assert known.memberships.count() == 0
    assert Person.objects.filter(name="Aarni Pohjonen").count() == 2


def test_an_unknown_organisation_is_asked_once_with_suggestions(desk: Desk, cast: Cast) -> None:
    cast.espoo.inflections = ["Espoosta"]
    cast.espoo.save()
    page = desk.give(
        csv(
            ("Nimi", "Organisaatio"),
            ("Aarni Pohjonen", "Espoosta"),
            ("Veera Lampi", "Espon kaupunki"),
            ("Olli Outo", "espon  kaupunki"),
            ("Outi Outo", "Xyzzy"),
        )
    )
    first, second = page.context["questions"]
    assert first.words == "“Espon kaupunki” is not in the directory. Which is it?"
    assert first.rows == (3, 4)
    assert str(cast.espoo.pk) in [option.value for option in first.options]
    assert [option.value for option in second.options] == ["none", "out"]
    assert str(cast.omnia.pk) in [option.value for option in second.others]
    decided = desk.again(page, organisation_3=str(cast.espoo.pk), organisation_5=str(cast.omnia.pk))
    desk.accept(decided)
    found = dict(
        Membership.objects.filter(group=cast.group, person__name__regex="Pohj|Lampi|Outo")
        .order_by("pk")
        .values_list("person__name", "organisation")
    )
    assert found == {
        "Aarni Pohjonen": cast.espoo.pk,
        "Veera Lampi": cast.espoo.pk,
        "Olli Outo": cast.espoo.pk,
        "Outi Outo": cast.omnia.pk,
    }


def test_nothing_is_done_where_something_changed_meanwhile(desk: Desk, cast: Cast) -> None:
    PersonFactory(name="Veera Lampi", email="veera@example.org")
    page = desk.give(
        csv(HEAD, ("Veera Lampi", "", "", "puheenjohtaja"), ("Aarni Pohjonen", "", "", ""))
    )
    veera = Person.objects.get(name="Veera Lampi")
    MembershipFactory(group=cast.group, person=veera)
    again = desk.accept(page)
    assert again.status_code == 409
    assert "is not what you were shown" in visible(again)
    assert happens(again) == {
        2: "Member already, changes",
        3: "New person, becomes a member",
    }
    assert not Person.objects.filter(name="Aarni Pohjonen").exists()
    assert desk.accept(again).status_code == 302
    assert veera.memberships.get().role == "chair"


def test_a_refusal_in_the_middle_undoes_everything(cast: Cast) -> None:
    """What no preview can know, such as another's unfinished change, stops all of it."""
    desk = Desk(browser(cast.secretary), cast.group)
    page = desk.give(
        csv(HEAD, ("Aarni Pohjonen", "", "", ""), ("Veera Lampi", "v@example.org", "", ""))
    )
    form = page.context
    layout = form["layout"]
    plan = services.preview(
        group=cast.group, layout=layout, choices=Choices(), by=cast.secretary, now=timezone.now()
    )
    seen = plan.seen()
    PersonFactory(name="Kolmas", email="v@example.org")
    with pytest.raises(services.NotAsShown):
        services.accept(
            group=cast.group,
            layout=layout,
            choices=Choices(),
            seen=seen,
            by=cast.secretary,
            now=timezone.now(),
        )
    assert not Person.objects.filter(name="Aarni Pohjonen").exists()


def test_organisations_that_have_ended_are_not_found(desk: Desk, cast: Cast) -> None:
    OrganisationFactory(name_fi="Vanhala", name_sv="", valid_to=TODAY - timedelta(days=1))
    page = desk.give("Nimi\tOrganisaatio\nAarni Pohjonen\tVanhala")
    assert page.context["stage"] == "questions"


def test_answers_stay_while_their_row_is_left_out(desk: Desk, cast: Cast) -> None:
    PersonFactory(name="Aarni Pohjonen", email="yksi@example.org")
    other = PersonFactory(name="Aarni Pohjonen", email="kaksi@example.org")
    page = desk.give("Nimi\tOrganisaatio\nAarni Pohjonen\tEspo\nVeera Lampi\tEspo")
    answers = {"person_2": str(other.pk), "organisation_2": str(cast.espoo.pk)}
    page = desk.again(page, left=["2"], **answers)
    assert happens(page) == {3: "New person, becomes a member"}
    assert facts(page)[3]["Organisation"] == "Espoo"
    page = desk.again(page, left=[])
    assert happens(page) == {
        2: "Known person, becomes a member",
        3: "New person, becomes a member",
    }
    desk.accept(page)
    assert other.memberships.get().organisation == cast.espoo


def test_nobody_takes_their_own_right_away(desk: Desk, cast: Cast) -> None:
    name = cast.secretary.name
    page = desk.give(csv(HEAD, (name, "", "", "jäsen"), ("Aarni Pohjonen", "", "", "sihteeri")))
    assert troubles(page) == {2: [("Rooli", OWN_RIGHT)]}
    assert desk.accept(page).status_code == 302
    administrator = Desk(browser(PersonFactory(is_administrator=True)), cast.group)
    page = administrator.give(csv(HEAD, (name, "", "", "jäsen")))
    assert facts(page) == {2: {"Role": "secretary → member"}}
    assert administrator.accept(page).status_code == 302
