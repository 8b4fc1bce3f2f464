"""A form whose time ran out keeps what was typed: after the session's end, with a stale token."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import Group, Membership, Person
from meetings.models import Meeting
from tests.factories import PASSWORD, GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db

NEW = "/meetings/group/ryhma/new/"
TYPED = {
    "title": 'Kokous "kaikille" & muille',
    "place": "Kaupungintalo,\nTampere-sali",
    "date": "2026-12-01",
    "starts": "09:00",
    "ends": "11:00",
    "remote_link": "",
    "language": "fi",
    "document_type": "memo",
    "source": "",
}


@pytest.fixture
def group() -> Group:
    return GroupFactory(slug="ryhma")


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(group=group, role=Membership.Role.SECRETARY).person


def was_logged_in(client: Client, person: Person) -> None:
    """The person's session in this browser, ended behind the browser's back."""
    client.force_login(person)
    client.get("/")
    Session.objects.all().delete()


def offered(page: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and what it sends."""
    [form] = re.findall(r'<form method="post" action="(/meetings[^"]*)">(.*?)</form>', page, re.S)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[1])
    return form[0], {name: unescape(value) for name, value in fields}


def shown(page: str) -> list[str]:
    [kept] = re.findall(r'<section class="kept.*?</section>', page, re.S)
    return [unescape(text) for text in re.findall(r"<p>(.*?)</p>", kept, re.S)]


def test_what_was_typed_outlives_the_session(client: Client, secretary: Person) -> None:
    was_logged_in(client, secretary)
    sent = client.post(NEW, TYPED)
    assert sent.headers["Location"] == "/account/login/?next=/resume/"
    assert "Kirjoittamasi on tallessa" in client.get(sent.headers["Location"]).content.decode()
    credentials = {"login": secretary.email, "password": PASSWORD, "next": "/resume/"}
    assert client.post("/account/login/", credentials).headers["Location"] == "/resume/"
    for _reload in range(2):
        page = client.get("/resume/").content.decode()
    assert shown(page) == [value for value in TYPED.values() if value]
    path, fields = offered(page)
    assert (path, fields) == (NEW, TYPED | {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]})
    saved = client.post(path, fields)
    assert "expired_form" not in client.session
    meeting = Meeting.objects.get()
    assert saved.headers["Location"] == f"/meetings/{meeting.pk}/edit/"
    assert meeting.title == TYPED["title"]


def test_what_was_typed_outlives_its_token(secretary: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)
    client.get(NEW)
    refused = client.post(NEW, TYPED | {"csrfmiddlewaretoken": "stale" * 12 + "abcd"})
    page = refused.content.decode()
    assert refused.status_code == 403
    assert shown(page) == [value for value in TYPED.values() if value]
    path, fields = offered(page)
    assert client.post(path, fields).status_code == 302
    assert Meeting.objects.get().title == TYPED["title"]


def test_passwords_and_what_is_to_be_removed_are_not_kept(
    client: Client, secretary: Person
) -> None:
    was_logged_in(client, secretary)
    client.post(
        "/account/password/change/",
        {"oldpassword": "secret one", "password1": "secret two", "password2": "secret two"}
        | {"needle": "131052-308T", "reason": "pyyntö"},
    )
    assert client.session["expired_form"]["fields"] == [["reason", "pyyntö"]]


def test_someone_else_at_the_same_browser_does_not_see_it(
    client: Client, secretary: Person, group: Group
) -> None:
    was_logged_in(client, secretary)
    client.post(NEW, TYPED)
    client.force_login(MembershipFactory(group=group, role=Membership.Role.CHAIR).person)
    assert client.get("/resume/").headers["Location"] == "/"
    assert "expired_form" not in client.session


@pytest.mark.parametrize("fields", [TYPED, {"title": "x" * 1_100_000}])
def test_a_stranger_fills_no_sessions(
    client: Client, secretary: Person, fields: dict[str, str]
) -> None:
    if fields is not TYPED:  # a person's form, but too much of it
        was_logged_in(client, secretary)
    client.post(NEW, fields)
    assert not Session.objects.exists()


def test_a_file_must_be_chosen_again(client: Client, secretary: Person) -> None:
    was_logged_in(client, secretary)
    client.post(NEW, {"title": "Liite", "upload": SimpleUploadedFile("a.txt", b"text")})
    client.force_login(secretary)
    assert "Tiedostoa ei voi säilyttää" in client.get("/resume/").content.decode()


def test_there_is_nothing_to_resume(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    assert client.get("/resume/").headers["Location"] == "/"


def test_a_script_is_told_in_json(client: Client, secretary: Person) -> None:
    headers = {"Accept": "application/json"}
    answer = client.post(NEW, TYPED, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"login": f"/account/login/?next={NEW}"})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(secretary)
    answer = strict.post(NEW, TYPED, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"csrf": True})


def test_what_another_site_sends_is_not_offered(secretary: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)
    answer = client.post(NEW, TYPED, headers={"Origin": "https://example.org"})
    assert answer.status_code == 403
    assert "Kaupungintalo" not in answer.content.decode()
