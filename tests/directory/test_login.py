"""Getting in: by password, by a code that comes by real SMTP; nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from directory.models import Person
from tests.factories import PASSWORD, PersonFactory
from tests.post import Post, text

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
CODE = "/account/login/code/"
CONFIRM = "/account/login/code/confirm/"
RESET = "/account/password/reset/"


@pytest.fixture(autouse=True)
def _no_limits_reached() -> None:
    cache.clear()


@pytest.fixture
def person() -> Person:
    return PersonFactory(email="aino@example.org")


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["aino@example.org", "Aino@Example.org"])
def test_by_password(address: str, client: Client, person: Person) -> None:
    answer = client.post(LOGIN, {"login": address, "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert is_in(client)


def test_one_goes_on_to_where_one_was_going(client: Client, person: Person) -> None:
    page = client.get("/account/login/?next=/groups/").content.decode()
    assert '<input type="hidden" name="next" value="/groups/">' in page
    typed = {"login": person.email, "password": PASSWORD, "next": "/groups/"}
    assert client.post(LOGIN, typed).headers["Location"] == "/groups/"
    client.logout()
    typed["next"] = "https://example.org/"
    assert client.post(LOGIN, typed).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    client: Client, person: Person
) -> None:
    told = [
        client.post(LOGIN, {"login": address, "password": "something else"}).content.decode()
        for address in ("aino@example.org", "none@example.org")
    ]
    errors = [re.findall(r'<div class="alert.*?</div>', page, re.S) for page in told]
    assert len(errors[0]) == 1
    assert errors[0] == errors[1]
    assert not is_in(client)


def test_one_who_may_not_log_in_does_not(client: Client, person: Person) -> None:
    person.is_active = False
    person.save()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert not is_in(client)


def test_by_code(client: Client, person: Person, post: Post) -> None:
    assert client.post(CODE, {"email": "Aino@example.org"}).headers["Location"] == CONFIRM
    [letter] = post.letters()
    assert letter["To"] == "aino@example.org"
    assert letter["From"] == "Yhteispöytä <noreply@localhost>"
    [code] = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text(letter), re.M)
    assert letter["Subject"] == f"{code} on kirjautumiskoodisi"
    wrong = client.post(CONFIRM, {"code": "AAAA-AAAA"})
    assert wrong.status_code == 200
    assert not is_in(client)
    assert client.post(CONFIRM, {"code": code.lower()}).headers["Location"] == "/"
    assert is_in(client)


def test_an_unknown_address_gets_the_same_pages_and_a_letter_that_says_so(
    client: Client, person: Person, post: Post
) -> None:
    pages = []
    for address in ("aino@example.org", "none@example.org"):
        stranger = Client()
        asked = stranger.post(CODE, {"email": address})
        page = stranger.get(CONFIRM)
        wrong = stranger.post(CONFIRM, {"code": "AAAA-AAAA"})
        pages.append(
            [asked.status_code, asked.headers["Location"]]
            + [
                re.sub(
                    r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()
                ).replace(address, "…")
                for answer in (page, wrong)
            ]
        )
    assert pages[0] == pages[1]
    assert post.letters()[1]["To"] == "none@example.org"
    assert post.letters()[1]["Subject"] == "Tällä osoitteella ei ole tunnusta"
    assert Person.objects.count() == 1


def test_one_who_waits_for_a_code_may_take_another_way(
    client: Client, person: Person, post: Post
) -> None:
    client.post(CODE, {"email": "mistyped@example.org", "next": "/groups/"})
    page = client.get(f"{CONFIRM}?next=/groups/").content.decode()
    assert f'href="{CODE}?next=%2Fgroups%2F"' in page
    assert f'href="{LOGIN}?next=%2Fgroups%2F"' in page
    assert client.get(LOGIN).status_code == 200
    client.post(CODE, {"email": person.email})
    [code] = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text(post.letters()[1]), re.M)
    client.post(CONFIRM, {"code": code})
    assert is_in(client)
    client.logout()
    client.post(CODE, {"email": person.email})
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).status_code == 302
    assert is_in(client)


def test_letters_are_in_the_receivers_language(client: Client, person: Person, post: Post) -> None:
    Person.objects.update(language="sv")
    client.post(CODE, {"email": person.email})
    assert post.letters()[0]["Subject"].endswith("är din inloggningskod")
    assert "Koden gäller i 15 minuter." in text(post.letters()[0])


def test_a_new_password(client: Client, person: Person, post: Post) -> None:
    assert client.post(RESET, {"email": person.email}).headers["Location"] == f"{RESET}sent/"
    [letter] = post.letters()
    assert letter["Subject"] == "Uusi salasana"
    [link] = re.findall(r"^http://testserver(/\S+key/\S+)$", text(letter), re.M)
    form = client.get(link, follow=True)
    action = form.redirect_chain[-1][0]
    new = "another passphrase that is long"
    for short in ("short", PASSWORD[:11]):
        refused = client.post(action, {"password1": short, "password2": short})
        assert refused.status_code == 200
    done = client.post(action, {"password1": new, "password2": new})
    assert done.headers["Location"] == f"{RESET}done/"
    again = Client().get(link, follow=True).content.decode()
    assert "Linkki ei enää kelpaa" in again
    assert client.post(LOGIN, {"login": person.email, "password": new}).headers["Location"] == "/"


def test_a_new_password_for_a_stranger_is_told_alike(client: Client, post: Post) -> None:
    answer = client.post(RESET, {"email": "none@example.org"})
    assert answer.headers["Location"] == f"{RESET}sent/"
    assert [letter["Subject"] for letter in post.letters()] == ["Tällä osoitteella ei ole tunnusta"]


def test_one_who_came_by_code_chooses_a_first_password(client: Client, person: Person) -> None:
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    asked = client.get("/account/password/change/")
    assert asked.headers["Location"] == "/account/password/set/"
    new = "another passphrase that is long"
    set_ = client.post("/account/password/set/", {"password1": new, "password2": new})
    assert set_.headers["Location"] == "/account/"
    person.refresh_from_db()
    assert person.check_password(new)


def test_nobody_signs_up(client: Client) -> None:
    typed = {"email": "new@example.org", "password1": PASSWORD}
    for answer in (client.get("/account/signup/"), client.post("/account/signup/", typed)):
        assert "Tunnuksen saa kutsulla" in answer.content.decode()
    assert not Person.objects.exists()
    assert mail.outbox == []


def test_logging_out_asks_first_and_ends_the_session(client: Client, person: Person) -> None:
    client.force_login(person)
    assert "Kirjaudutaanko ulos?" in client.get("/account/logout/").content.decode()
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)


@pytest.mark.parametrize("address", ["email/", "confirm-email/"])
def test_addresses_are_kept_by_coordinators(address: str, client: Client) -> None:
    client.force_login(PersonFactory())
    assert client.get(f"/account/{address}").status_code == 404


# -- Attempts are limited -------------------------------------------------------------------------

WRONG = {"login": "aino@example.org", "password": "something else"}


def test_wrong_passwords_are_limited_for_an_account_that_is_there_or_not(person: Person) -> None:
    """After five the right one is refused too, for a while, and both are told so alike."""
    pages = []
    for address in ("aino@example.org", "none@example.org"):
        client = english()
        for _ in range(5):
            client.post(LOGIN, {**WRONG, "login": address})
        answer = client.post(LOGIN, {"login": address, "password": PASSWORD})
        pages.append([answer.status_code, plain(answer.content, address)])
        assert not is_in(client)
    assert pages[0] == pages[1]
    assert "Too many failed login attempts. Try again later." in pages[0][1]
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert english().post(LOGIN, {**WRONG, "password": PASSWORD}).status_code == 302


def test_limits_hold_for_all_processes(person: Person, settings: Settings) -> None:
    """They are counted in the database, which all share."""
    with connection.cursor() as cursor:
        english().post(LOGIN, WRONG)
        cursor.execute("SELECT count(*) FROM core_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (2,)


def test_wrong_codes_are_limited(person: Person, post: Post) -> None:
    client = english()
    client.post(CODE, {"email": person.email})
    [code] = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text(post.letters()[0]), re.M)
    for _ in range(3):
        client.post(CONFIRM, {"code": "AAAA-AAAA"})
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


@pytest.mark.parametrize(("address", "allowed"), [(CODE, 3), (RESET, 5)])
def test_mails_are_limited_for_an_account_that_is_there_or_not(
    address: str, allowed: int, person: Person, post: Post
) -> None:
    told = []
    for email in ("aino@example.org", "none@example.org"):
        client = english()
        answers = [client.post(address, {"email": email}) for _ in range(allowed + 1)]
        told.append([[answer.status_code for answer in answers], plain(answers[-1].content, email)])
    assert told[0] == told[1]
    sent = [letter["To"] for letter in post.letters()]
    assert sent == ["aino@example.org"] * allowed + ["none@example.org"] * allowed


def test_many_attempts_from_one_place_are_told_in_clear_words(person: Person) -> None:
    client = english()
    answers = [client.post(LOGIN, {"login": "", "password": ""}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "Too many tries" in answers[-1].content.decode()


@pytest.mark.parametrize(("proxies", "told_apart"), [(0, False), (1, True)])
def test_a_header_says_from_where_only_behind_a_proxy_of_ours(
    proxies: int, told_apart: bool, person: Person, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(30):
        where = {"X-Forwarded-For": f"203.0.113.{number}"}
        english().post(LOGIN, {"login": "", "password": ""}, headers=where)
    where = {"X-Forwarded-For": "203.0.113.99"}
    answer = english().post(LOGIN, {"login": "", "password": ""}, headers=where)
    assert answer.status_code == (200 if told_apart else 429)


def english() -> Client:
    """A new browser, in which English was chosen."""
    client = Client()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def plain(page: bytes, address: str) -> str:
    """A page without what differs each time, and without the address that was typed."""
    token = r'name="csrfmiddlewaretoken" value="\w+"'
    return re.sub(token, "", page.decode()).replace(address, "…")
