"""One's own account: name, the second step, sessions; and what ends them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pghistory.models import Events
from pytest_django.fixtures import Settings

from directory.browsers import in_words
from directory.login import ClosedAdapter
from directory.models import Person
from directory.services.sessions import end_sessions
from tests.factories import PASSWORD, PersonFactory
from tests.post import Post, text

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
LOGIN = "/account/login/"
CODE = "/account/login/code/"
CONFIRM = "/account/login/code/confirm/"
SECOND = "/account/login/second-step/"
APP_ON, APP_OFF = "/account/app/on/", "/account/app/off/"
CODES = "/account/recovery-codes/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _no_limits_reached() -> None:
    cache.clear()


@pytest.fixture
def person() -> Person:
    return PersonFactory(email="aino@example.org", name="Aino Esimerkki", language="en")


@pytest.fixture
def client(person: Person) -> Client:
    """The person, logged in by password as people do."""
    client = browser()
    log_in(client)
    return client


def browser() -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def log_in(client: Client) -> str:
    """Type address and password; where it leads."""
    answer = client.post(LOGIN, {"login": "aino@example.org", "password": PASSWORD})
    return answer.headers.get("Location", "")


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def confirm(client: Client) -> None:
    """Show once more who one is."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def turn_on(client: Client) -> str:
    """Turn on two-step verification; the app's key."""
    confirm(client)
    page = client.get(APP_ON).content.decode()
    [secret] = re.findall(r'<span class="app-key" translate="no">(\w+)</span>', page)
    answer = client.post(APP_ON, {"code": code_of(secret)})
    assert answer.headers["Location"] == CODES
    cache.clear()  # so that the test need not wait for the app's next code
    return secret


# -- Name and language ----------------------------------------------------------------------------


def test_name_and_language_are_ones_own(client: Client, person: Person) -> None:
    answer = client.post(ACCOUNT, {"name": "Aino Uusi", "language": "sv"})
    assert answer.headers["Location"] == ACCOUNT
    person.refresh_from_db()
    assert (person.name, person.language) == ("Aino Uusi", "sv")
    event = Events.objects.tracks(person).latest("pgh_id")
    assert event.pgh_diff == {"name": ["Aino Esimerkki", "Aino Uusi"], "language": ["en", "sv"]}
    assert event.pgh_context["actor"] == person.pk


def test_nothing_else_is(client: Client, person: Person) -> None:
    refused = client.post(ACCOUNT, {"name": " ", "language": "de"})
    assert refused.status_code == 200
    client.post(ACCOUNT, {"name": "A", "language": "fi", "email": "x@example.org"})
    person.refresh_from_db()
    assert person.email == "aino@example.org"


def test_the_page_costs_the_same_with_more_on_it(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        Authenticator.objects.filter(user=person).delete()
        for number in range(count):
            Authenticator.objects.create(
                user=person, type=Authenticator.Type.WEBAUTHN, data={"name": f"Key {number}"}
            )
            log_in(browser())
        with django_assert_num_queries(5):
            page = client.get(ACCOUNT).content.decode()
        assert page.count("not used yet") == count
        assert page.count("Log out there") >= count


# -- Two steps ------------------------------------------------------------------------------------


def test_the_second_step_is_asked_for_after_a_password(client: Client, person: Person) -> None:
    secret = turn_on(client)
    other = browser()
    assert log_in(other) == SECOND
    assert not is_in(other)
    assert "Incorrect code" in other.post(SECOND, {"code": "000000"}).content.decode()
    assert not is_in(other)
    assert other.post(SECOND, {"code": code_of(secret)}).headers["Location"] == "/"
    assert is_in(other)


def test_the_second_step_is_asked_for_after_a_code(
    client: Client, person: Person, post: Post
) -> None:
    secret = turn_on(client)
    other = browser()
    other.post(CODE, {"email": person.email})
    [code] = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text(post.letters()[-1]), re.M)
    assert other.post(CONFIRM, {"code": code}).headers["Location"] == SECOND
    other.post(SECOND, {"code": code_of(secret)})
    assert is_in(other)


def test_a_recovery_code_takes_its_place_once(client: Client, person: Person) -> None:
    turn_on(client)
    page = client.get(CODES).content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", page)
    assert len(codes) == 10
    assert codes[0] in client.get(f"{CODES}file/").content.decode()
    for expected in (True, False):
        other = browser()
        log_in(other)
        other.post(SECOND, {"code": codes[0]})
        assert is_in(other) is expected
    client.post(f"{CODES}new/")
    assert codes[1] not in client.get(CODES).content.decode()


def test_the_apps_key_does_not_stand_in_the_database(client: Client, person: Person) -> None:
    secret = turn_on(client)
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in kept
    seed = Authenticator.objects.get(user=person, type="recovery_codes").data["seed"]
    assert not re.fullmatch("[0-9a-f]{80}", seed)


def test_a_new_secret_of_the_site_locks_nobody_out(
    client: Client, person: Person, settings: Settings
) -> None:
    secret = turn_on(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret"
    other = browser()
    log_in(other)
    other.post(SECOND, {"code": code_of(secret)})
    assert is_in(other)


def test_turning_it_off_throws_the_codes_away(client: Client, person: Person, post: Post) -> None:
    turn_on(client)
    client.post(APP_OFF)
    assert not Authenticator.objects.filter(user=person).exists()
    assert log_in(browser()) == "/"


def test_a_passkey_alone_asks_for_no_second_step(client: Client, person: Person) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    assert log_in(browser()) == "/"


@pytest.mark.parametrize(
    "address", [APP_ON, APP_OFF, CODES, f"{CODES}new/", f"{CODES}file/", "/account/passkeys/add/"]
)
def test_one_shows_who_one_is_before_changing_how_one_logs_in(
    address: str, client: Client, person: Person
) -> None:
    turn_on(client)
    if address == APP_ON:
        Authenticator.objects.filter(user=person).delete()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client.get(address)
        assert asked.headers["Location"].startswith("/account/reauthenticate/?next=")
        page = client.get(asked.headers["Location"]).content.decode()
        assert "Is it you?" in page
        wrong = client.post(asked.headers["Location"], {"password": "wrong"})
        assert wrong.status_code == 200
        right = client.post(asked.headers["Location"], {"password": PASSWORD})
        assert right.headers["Location"] == address


CHANGES = {
    "password_changed": "Your password was changed.",
    "password_reset": "Your password was changed.",
    "password_set": "A password was chosen for your account.",
    "webauthn_added": "A passkey was added to your account.",
    "webauthn_removed": "A passkey was removed from your account.",
    "totp_activated": "Two-step verification was turned on for your account.",
    "totp_deactivated": "Two-step verification was turned off for your account.",
    "recovery_codes_generated": "New recovery codes were made for your account.",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_by_mail(change: str, person: Person, post: Post) -> None:
    ClosedAdapter().send_notification_mail(f"mfa/email/{change}", person)
    [letter] = post.letters()
    assert letter["To"] == "aino@example.org"
    assert text(letter).startswith(CHANGES[change])


# -- Sessions -------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(client: Client, person: Person) -> None:
    phone, desk = browser(), browser()
    log_in(phone)
    log_in(desk)
    page = client.get(ACCOUNT).content.decode()
    assert page.count("Firefox, Windows") == 5  # three sessions, and twice in a button's name
    ends = re.findall(r"/account/sessions/(\d+)/end/", page)
    assert len(ends) == 2
    stranger = PersonFactory()
    other = Client()
    other.force_login(stranger)
    assert other.post(f"/account/sessions/{ends[0]}/end/").status_code == 404
    client.post(f"/account/sessions/{ends[0]}/end/")
    assert [is_in(one) for one in (client, phone, desk)] == [True, True, False]
    client.post("/account/sessions/end/")
    assert [is_in(one) for one in (client, phone, desk)] == [True, False, False]


def test_a_browser_in_words() -> None:
    chrome = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    assert [in_words(one) for one in (FIREFOX, chrome, "curl/8", "")] == [
        "Firefox, Windows",
        "Chrome, Android",
        "",
        "",
    ]


def test_ended_sessions_are_over_everywhere(client: Client, person: Person) -> None:
    untracked = Client()
    untracked.force_login(person)
    end_sessions(person=person, by=person, now=timezone.now())
    assert not is_in(client)
    assert not is_in(untracked)
    assert log_in(client) == "/"
    assert is_in(client)


def test_one_who_may_not_log_in_any_more_is_out_at_once(client: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(client)


def test_what_went_to_an_earlier_address_lets_nobody_in(person: Person, post: Post) -> None:
    waits, earlier = browser(), browser()
    waits.post(CODE, {"email": person.email})
    [code] = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", text(post.letters()[-1]), re.M)
    waits.post("/account/password/reset/", {"email": person.email})
    [link] = re.findall(r"^http://testserver(/\S+key/\S+)$", text(post.letters()[-1]), re.M)
    assert EmailAddress.objects.filter(user=person).exists()  # allauth notes where mail went
    person.email = "uusi@example.org"
    person.save()
    end_sessions(person=person, by=person, now=timezone.now())

    assert waits.post(CONFIRM, {"code": code}).headers["Location"] == LOGIN
    assert not is_in(waits)
    assert "The link is no longer good" in waits.get(link, follow=True).content.decode()
    before = len(post.letters())
    earlier.post(CODE, {"email": "aino@example.org"})
    earlier.post("/account/password/reset/", {"email": "aino@example.org"})
    new = post.letters()[before:]
    assert [letter["To"] for letter in new] == ["aino@example.org"] * 2
    assert [re.findall("code|key/", text(letter)) for letter in new] == [[], []]
