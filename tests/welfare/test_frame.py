"""What every page shares: language, closed doors, errors, the policy, and how little is sent."""

import gzip
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pghistory.models import Events
from pytest_django.fixtures import Settings

from directory.models import Membership, Person
from tests.factories import MeetingFactory, MembershipFactory, PersonFactory
from welfare.urls import urlpatterns as house

pytestmark = pytest.mark.django_db


def broken(error: type[Exception]) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *house,
    path("breaks/", broken(ZeroDivisionError)),
    path("forbids/", broken(PermissionDenied)),
    path("misunderstands/", broken(BadRequest)),
]

SAID = {
    "/missing/": (404, {"fi": "Tällaista sivua ei ole", "sv": "Det finns ingen sådan sida"}),
    "/forbids/": (403, {"fi": "Sinulla ei ole oikeutta", "sv": "Du har inte rätt"}),
    "/misunderstands/": (400, {"fi": "Pyyntöä ei ymmärretty", "sv": "Begäran gick inte"}),
}


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("address", SAID)
def test_errors_are_told_in_the_readers_language(
    address: str, language: str, client: Client, settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    status, said = SAID[address]
    response = client.get(address)
    assert response.status_code == status
    assert said[language] in response.content.decode()
    assert f'<html lang="{language}">' in response.content.decode()


def test_a_fault_is_told_in_every_language(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        response = client.get("/breaks/")
    page = response.content.decode()
    assert response.status_code == 500
    assert '<html lang="fi">' in page
    assert [said in page for said in ("Vika on meidän", "Felet är vårt", "The fault is ours")] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("address", ["/", "/groups/", "/groups/any/", "/resume/"])
def test_pages_ask_for_login(address: str, client: Client) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/account/login/?next={address}"


# -- Language -------------------------------------------------------------------------------------


def test_language_is_chosen_for_the_browser(client: Client) -> None:
    response = client.post("/language/", {"language": "sv", "next": "/account/login/?next=/a"})
    assert response.headers["Location"] == "/account/login/?next=/a"
    assert "Logga in" in client.get("/account/login/").content.decode()


def test_language_is_remembered_for_the_person_with_who_chose_it(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    client.post("/language/", {"language": "sv", "next": "/"})
    person.refresh_from_db()
    assert person.language == "sv"
    event = Events.objects.tracks(person).latest("pgh_id")
    assert event.pgh_diff == {"language": ["fi", "sv"]}
    assert event.pgh_context["actor"] == person.pk


def test_a_person_in_a_new_browser_reads_in_their_own_language(client: Client) -> None:
    client.force_login(PersonFactory(language="sv"))
    response = client.get("/", headers={"Accept-Language": "fi"})
    assert "<h1>Startsida</h1>" in response.content.decode()
    assert response.headers["Content-Language"] == "sv"


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", ""])
def test_language_leads_nowhere_else(target: str, client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": target})
    assert response.headers["Location"] == "/"


def test_only_our_languages_are_known(client: Client) -> None:
    assert client.post("/language/", {"language": "de", "next": "/"}).status_code == 400
    assert client.get("/language/").status_code == 405


# -- What is sent ---------------------------------------------------------------------------------


@pytest.fixture
def reader() -> Person:
    secretary = MembershipFactory(group__slug="ryhma", role=Membership.Role.SECRETARY)
    for _ in range(25):
        MeetingFactory(group=secretary.group)
        MembershipFactory(group=secretary.group)
    return secretary.person


@pytest.mark.parametrize("address", ["/", "/groups/ryhma/", "/account/password/change/"])
def test_a_page_is_light_and_without_inline_style_or_script(
    address: str, client: Client, reader: Person
) -> None:
    client.force_login(reader)
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page) == []
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    fetched = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    sizes = [
        min(file.stat().st_size for file in Path(django_settings.STATIC_ROOT).glob(f"{name}*"))
        for name in set(fetched)
    ]
    assert len(gzip.compress(response.content)) + sum(sizes) < 60_000


def test_messages_are_a_status(client: Client, reader: Person) -> None:
    client.force_login(reader)
    typed = {"oldpassword": "a long enough passphrase"}
    new = "another passphrase that is long"
    page = client.post(
        "/account/password/change/", {**typed, "password1": new, "password2": new}, follow=True
    ).content.decode()
    status = page[page.index('<div role="status">') :]
    assert "Salasanasi on vaihdettu." in status[: status.index("</div>")]
