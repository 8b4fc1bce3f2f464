"""A region from nothing: its facts, its first administrator, and what is refused."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from directory.models import Group, LoginInvitation, Organisation, Person
from meetings.importing.owners import Owners
from meetings.intake import Directory
from tests.core.test_audit import recorded
from tests.core.test_backup import house
from tests.factories import OrganisationFactory, PersonFactory
from tests.post import Post, text
from welfare.region import reading

EMAIL, NAME = "aino@example.org", "Aino Esimerkki"

# As the Government's decree has the languages for 2023-2032.
MUNICIPALITIES = {
    "Espoo": ("Esbo", "fi-sv"),
    "Hanko": ("Hangö", "fi-sv"),
    "Inkoo": ("Ingå", "sv-fi"),
    "Karkkila": ("Högfors", "fi"),
    "Kauniainen": ("Grankulla", "fi-sv"),
    "Kirkkonummi": ("Kyrkslätt", "fi-sv"),
    "Lohja": ("Lojo", "fi-sv"),
    "Raasepori": ("Raseborg", "sv-fi"),
    "Siuntio": ("Sjundeå", "fi-sv"),
    "Vihti": ("Vichtis", "fi"),
}
# The forms in which minutes name them.
FORMS = {
    "Espoo": "Espoon Espoota Espoossa Espoosta Espooseen Espoolla Espoolta Espoolle Esbos",
    "Hanko": "Hangon Hankoa Hangossa Hangosta Hankoon Hangolla Hangolta Hangolle Hangös",
    "Inkoo": "Inkoon Inkoota Inkoossa Inkoosta Inkooseen Inkoolta Inkoolle Ingås",
    "Karkkila": "Karkkilan Karkkilaa Karkkilassa Karkkilasta Karkkilaan Karkkilalta Karkkilalle",
    "Kauniainen": "Kauniaisten Kauniaisia Kauniaisissa Kauniaisista Kauniaisiin Kauniaisilta"
    " Kauniaisille Grankullas",
    "Kirkkonummi": "Kirkkonummen Kirkkonummea Kirkkonummella Kirkkonummelta Kirkkonummelle",
    "Lohja": "Lohjan Lohjaa Lohjalla Lohjalta Lohjalle Lojos",
    "Raasepori": "Raaseporin Raaseporia Raaseporissa Raaseporista Raaseporiin Raaseporilta"
    " Raaseporille Raseborgs",
    "Siuntio": "Siuntion Siuntiota Siuntiossa Siuntiosta Siuntioon Siuntiolta Siuntiolle",
    "Vihti": "Vihdin Vihtiä Vihdissä Vihdistä Vihtiin Vihdiltä Vihdille",
    "Omnia": "Omnian Omniaa Omniassa Omniasta Omniaan Omnialta Omnialle",
    "Luksia": "Luksian Luksiaa Luksiassa Luksiasta Luksiaan Luksialta Luksialle",
    "Axxell": "Axxellin Axxellia Axxellissa Axxellista Axxelliin Axxellilta Axxellille",
    "LUVN": "LUVNin LUVN:n LUVNia LUVNilta LUVNille LUVN:lle LUVN:ltä Luvn",
}


def setup(**options: Any) -> tuple[str, str]:
    """Run the command; what it says on stdout and stderr."""
    out, notices = StringIO(), StringIO()
    given = {"admin_email": EMAIL, "admin_name": NAME, **options}
    call_command("setup_region", stdout=out, stderr=notices, **given)
    return out.getvalue(), notices.getvalue()


def everything() -> list[dict[str, Any]]:
    """All rows that the command may touch."""
    models = (Organisation, Group, Person, LoginInvitation)
    return [row for model in models for row in model.objects.order_by("pk").values()]


# -- The region of LUVN ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_region_is_made_of_its_facts() -> None:
    setup()
    municipalities = Organisation.objects.filter(kind="municipality")
    assert {
        one.short_fi: (one.short_sv, one.language_status) for one in municipalities
    } == MUNICIPALITIES
    assert all(one.is_provider and one.name_fi and one.name_sv for one in municipalities)
    county = Organisation.objects.get(kind="county")
    assert (county.name_fi, county.name_sv, county.is_provider) == (
        "Länsi-Uudenmaan hyvinvointialue",
        "Västra Nylands välfärdsområde",
        False,
    )
    providers = Organisation.objects.filter(kind="provider", is_provider=True)
    assert dict(providers.values_list("short_fi", "name_fi")) == {
        "Luksia": "Länsi-Uudenmaan koulutuskuntayhtymä Luksia",
        "Omnia": "Espoon seudun koulutuskuntayhtymä Omnia",
        "Axxell": "Axxell Utbildning Ab",
    }
    group = Group.objects.get()
    assert group.host == county
    assert (group.kind, group.language, group.document_type, group.publicity) == (
        "cooperation",
        "fi",
        "memo",
        "until_approved",
    )
    assert Organisation.objects.count() == 14
    call_command("check_data", stderr=StringIO())


@pytest.mark.django_db
def test_each_inflected_form_is_recognised() -> None:
    setup()
    directory = Directory.of(Group.objects.get())
    owners = {one: Owners(one, [], directory.known(), {}) for one in ("fi", "sv")}
    missed = []
    for short, forms in FORMS.items():
        expected = Organisation.objects.get(short_fi=short)
        for form in [short, *forms.split()]:
            for language, found in owners.items():
                match = found.at([form], 0)
                if match is None or directory.organisation(match.owner.name) != expected:
                    missed.append(f"{form} in minutes in {language}: {match}")
    assert missed == []


@pytest.mark.django_db
def test_all_that_is_made_is_the_houses_own_doing(client: Client, settings: Settings) -> None:
    setup()
    assert recorded(by_nobody=True) == set()
    client.force_login(Person.objects.get())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/history/group/{Group.objects.get().pk}/").content.decode()
    assert "setting up the region" in page


# -- The first administrator -----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_administrator_comes_in_by_the_printed_link_once(
    settings: Settings, post: Post, client: Client
) -> None:
    settings.SITE_URL = "https://yhteispoyta.example"
    out, notices = setup()
    link = out.strip()
    assert link.startswith("https://yhteispoyta.example/invitation/")
    until = timezone.localdate() + timedelta(days=14)
    assert f"{until.day} " in notices
    assert str(until.year) in notices
    [letter] = post.letters()
    assert letter["To"] == EMAIL
    assert "/invitation/" in text(letter)
    assert "None" not in text(letter)

    path = link.removeprefix(settings.SITE_URL)
    assert client.get(path).status_code == 200
    client.post(path, {"language": "sv", "way": "code"})
    assert client.get("/").context["user"].name == NAME
    assert Client().get(path).status_code == 410
    again, notices = setup()
    assert again == ""
    assert "has come in already" in notices


@pytest.mark.django_db
def test_a_lost_link_is_printed_again_and_an_old_one_renewed(post: Post) -> None:
    first, _ = setup()
    second, _ = setup()
    assert LoginInvitation.objects.count() == 1
    assert Client().get(f"/{second.strip().split('/', 3)[3]}").status_code == 200
    assert first.rsplit(":", 2)[0] == second.rsplit(":", 2)[0]
    LoginInvitation.objects.update(
        sent_at=timezone.now() - timedelta(days=20), expires_at=timezone.now() - timedelta(days=6)
    )
    setup()
    assert LoginInvitation.objects.open().get().expires_at > timezone.now()
    assert len(post.letters()) == 2


@pytest.mark.django_db
def test_one_who_is_there_already_becomes_the_first_administrator() -> None:
    person = PersonFactory(name="Veera Lampi", email=EMAIL)
    setup(admin_email=EMAIL.upper(), admin_name=None)
    person.refresh_from_db()
    assert (person.name, person.is_administrator) == ("Veera Lampi", True)
    assert Person.objects.count() == 1


# -- Again -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_run_again_it_changes_nothing_that_people_changed() -> None:
    setup()
    Organisation.objects.filter(short_fi="Espoo").update(
        name_fi="Suur-Espoo", short_fi="", name_sv="", short_sv="", aliases=[], inflections=[]
    )
    Organisation.objects.filter(short_fi="Hanko").update(valid_to="2026-01-01")
    luksia = Organisation.objects.get(short_fi="Luksia")
    Organisation.objects.filter(short_fi="Axxell").update(merged_into=luksia)
    Organisation.objects.filter(kind="county").update(mailbox="muu@example.org")
    Group.objects.update(name_fi="Yhteinen pöytä", publicity="public", slug="poyta")
    Person.objects.update(name="Aino Uusinimi")
    before = everything()
    _, notices = setup()
    assert everything() == before
    assert "Nothing to add." in notices
    assert "Suur-Espoo" in notices


@pytest.mark.django_db
def test_it_adds_what_is_missing_to_what_people_have_made() -> None:
    OrganisationFactory(name_fi="HANGON KAUPUNKI", name_sv="", short_fi="")
    school = OrganisationFactory(kind="school", name_fi="Vihti", parent=OrganisationFactory())
    _, notices = setup()
    assert "There already, left as it is: HANGON KAUPUNKI." in notices
    assert Organisation.objects.filter(short_fi="Hanko").count() == 0
    assert Organisation.objects.filter(short_fi="Vihti").exclude(pk=school.pk).count() == 1
    setup()
    assert Organisation.objects.filter(kind="municipality").count() == 11


# -- Refusals --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"admin_email": None}, "--admin-email is needed"),
        ({"admin_email": "  "}, "--admin-email is needed"),
        ({"admin_name": None}, "--admin-name is needed"),
        ({"admin_email": "aino"}, "valid email"),
        ({"admin_name": "A" * 200}, "150 characters"),
    ],
)
def test_without_an_administrator_nothing_is_done(
    options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    with pytest.raises(CommandError, match=words):
        setup(**options)
    assert everything() == []


@pytest.mark.django_db
def test_at_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = StringIO(f"{EMAIL}\n{NAME}\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    setup(admin_email=None, admin_name=None)
    assert Person.objects.get().name == NAME


@pytest.mark.django_db
def test_who_cannot_administer_is_refused() -> None:
    PersonFactory(email=EMAIL, is_active=False)
    before = everything()
    with pytest.raises(CommandError, match="may not log in"):
        setup()
    PersonFactory(is_administrator=True)
    with pytest.raises(CommandError, match="has an administrator already"):
        setup()
    assert everything()[:1] == before
    assert Organisation.objects.count() == 0


@pytest.mark.django_db
def test_a_database_with_the_demo_is_refused() -> None:
    call_command("demo_data", stderr=StringIO())
    before = everything()
    with pytest.raises(CommandError, match="holds the demo"):
        setup()
    assert everything() == before


def test_a_database_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    with house("unmigrated", tmp_path) as made:
        run = made.manage("setup_region", "--admin-email", EMAIL, "--admin-name", NAME)
        assert run.returncode == 1
        assert "has not been migrated" in run.stderr
        assert "Traceback" not in run.stderr
        assert made.tables() == []


# -- Another region's file -------------------------------------------------------------------------

SMALL = """\
[group]
name_fi = "Esimerkin yhteistyöryhmä"

[[organisation]]
kind = "county"
name_fi = "Esimerkin hyvinvointialue"
language_status = "fi"

[[organisation]]
kind = "municipality"
name_fi = "Mallilan kunta"
short_fi = "Mallila"
inflections = [
    "Mallilan",
    "Mallilasta",
]
language_status = "fi"
"""
ENDING = '    "Mallilan",\n    "Mallilasta",\n]\nlanguage_status = "fi"\n'


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """A region's file with this in it."""

    def write(content: str) -> Path:
        path = tmp_path / "alue.toml"
        path.write_text(content)
        return path

    return write


@pytest.mark.django_db
def test_another_region_has_its_own_file(file: Callable[[str], Path]) -> None:
    setup(region=file(SMALL))
    assert set(Organisation.objects.values_list("name_fi", flat=True)) == {
        "Esimerkin hyvinvointialue",
        "Mallilan kunta",
    }
    assert Group.objects.get().name_fi == "Esimerkin yhteistyöryhmä"
    call_command("check_data", stderr=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "was", "now", "words"),
    [
        (5, '"county"', '"region"', "kind: Value 'region' is not a valid choice"),
        (7, 'status = "fi"', 'status = "suomi"', "language_status: Value 'suomi'"),
        (7, "language_status", "language_state", "nothing here is called “language_state”"),
        (10, '"municipality"', '"county"', "there is a county already"),
        (10, '"municipality"', '"school"', "schools are added on the pages"),
        (11, '"Mallilan kunta"', '""', "name_fi: This field cannot be blank"),
        (12, '"Mallila"', "7", "short_fi is to be a text"),
        (13, '[\n    "Mallilan",\n    "Mallilasta",\n]', '"Mallilan"', "is to be a list of texts"),
        (9, ENDING, "]\n", "Mallilan kunta needs a language_status"),
        (2, "name_fi", "nimi", "nothing here is called “nimi”"),
        (3, "\n\n[[", '\npublicity = "secret"\n\n[[', "publicity: Value 'secret'"),
        (3, "\n\n[[", "\nretention_years = true\n\n[[", "retention_years is to be a number"),
        (15, '"Mallilasta"', '"esimerkin hyvinvointialue"', "means Esimerkin hyvinvointialue"),
        (1, "[group]", "[groups]", "nothing here is called “groups”"),
        (6, '"Esimerkin hyvinvointialue"', "Esimerkin", "Invalid value (at line 6"),
    ],
)
def test_a_mistake_is_refused_by_its_line(
    file: Callable[[str], Path], line: int, was: str, now: str, words: str
) -> None:
    assert was in SMALL
    before, _, after = SMALL.partition(was)
    with pytest.raises(CommandError) as refused:
        setup(region=file(before + now + after))
    [said] = [one for one in str(refused.value).splitlines() if words in one]
    assert re.search(rf"\bline {line}\b", said), said
    assert everything() == []


@pytest.mark.django_db
def test_all_mistakes_are_said_at_once_and_other_files_refused(
    file: Callable[[str], Path], tmp_path: Path
) -> None:
    wrong = SMALL.replace("short_fi", "short").replace('"county"', '"partner"')
    with pytest.raises(reading.WrongFile) as refused:
        reading.read(file(wrong))
    assert refused.value.problems == [
        "alue.toml: there is no organisation of the kind county.",
        "alue.toml, line 12: nothing here is called “short”.",
    ]
    for content in ("organisation = 3", "[organisation]\nkind = 1", "group = 1", "", "[[group]]"):
        with pytest.raises(reading.WrongFile):
            reading.read(file(content))
    with pytest.raises(reading.WrongFile, match="cannot be read"):
        reading.read(tmp_path / "missing.toml")
    with pytest.raises(reading.WrongFile, match="cannot be read"):
        reading.read(tmp_path)
    (tmp_path / "latin.toml").write_bytes("name = 'Hangö'".encode("latin-1"))
    with pytest.raises(reading.WrongFile, match="UTF-8"):
        reading.read(tmp_path / "latin.toml")
