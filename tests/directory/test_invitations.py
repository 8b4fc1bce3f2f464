"""Being asked to come in: a mail, one link, one page, once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pghistory.models import Events

from core.models import OutgoingMail
from directory.models import Group, LoginInvitation, Membership, Person
from directory.services import invitations
from directory.services.invitations import CannotInvite, invite, invite_all, revoke
from directory.services.sessions import end_sessions
from tests.factories import PASSWORD, GroupFactory, MembershipFactory, PersonFactory
from tests.post import Post, text

pytestmark = pytest.mark.django_db

CLOSED = "This invitation is not good any more"
CODE = {"way": "code", "language": "sv"}


@pytest.fixture(autouse=True)
def _no_limits_reached() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> Client:
    return reader()


def reader() -> Client:
    """A browser in which English was chosen."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def group() -> Group:
    return GroupFactory(name_fi="Yhteistyöryhmä", name_sv="Samarbetsgruppen")


@pytest.fixture
def secretary(group: Group) -> Person:
    return MembershipFactory(
        group=group, role=Membership.Role.SECRETARY, person__name="Kati Koordinaattori"
    ).person


@pytest.fixture
def invited(group: Group) -> Person:
    """A member who has never been in and has no password."""
    person = MembershipFactory(
        group=group,
        organisation__name_fi="Espoo",
        organisation__name_sv="Esbo",
        person__name="Aino Esimerkki",
        person__email="aino@example.org",
    ).person
    person.set_unusable_password()
    person.save()
    return person


def link_in(post: Post) -> str:
    """The address, without the host, in the last letter."""
    return re.findall(r"^http://localhost:8000(/invitation/\S+/)$", text(post.letters()[-1]), re.M)[
        0
    ]


@pytest.fixture
def link(invited: Person, group: Group, secretary: Person, post: Post) -> str:
    invite(person=invited, group=group, by=secretary, now=timezone.now())
    return link_in(post)


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


# -- Sending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "named"), [("fi", "Yhteistyöryhmä"), ("sv", "Samarbetsgruppen")]
)
def test_the_mail_says_who_invites_whom_to_what(
    language: str, named: str, invited: Person, group: Group, secretary: Person, post: Post
) -> None:
    invited.language = language
    invited.save()
    sent = invite(person=invited, group=group, by=secretary, now=timezone.now())
    [letter] = post.letters()
    assert letter["To"] == "aino@example.org"
    for words in ("Kati Koordinaattori", named):
        assert words in letter["Subject"]
        assert words in text(letter)
    assert "Aino Esimerkki" in text(letter)
    assert letter["Content-Language"] == language
    assert link_in(post)
    assert sent.expires_at - sent.sent_at == timedelta(days=14)
    row = OutgoingMail.objects.get()
    assert (row.state, row.group, row.text, row.subject) == ("sent", group.pk, "", "")


def test_who_has_no_address_or_may_not_or_has_been_in_is_not_invited(
    group: Group, secretary: Person
) -> None:
    for fields in ({"email": None}, {"is_active": False}, {"last_login": timezone.now()}):
        person = PersonFactory(**fields)
        with pytest.raises(CannotInvite):
            invite(person=person, group=group, by=secretary, now=timezone.now())
    assert not OutgoingMail.objects.exists()


def test_inviting_again_kills_the_first_link(
    link: str, invited: Person, secretary: Person, post: Post, client: Client
) -> None:
    invite(person=invited, by=secretary, now=timezone.now())
    again = link_in(post)
    assert CLOSED in client.get(link).content.decode()
    assert client.get(again).status_code == 200
    assert LoginInvitation.objects.open().count() == 1


def test_all_who_have_not_been_invited_are(
    link: str, invited: Person, group: Group, secretary: Person
) -> None:
    Person.objects.filter(pk=secretary.pk).update(last_login=timezone.now())
    new = MembershipFactory(group=group).person
    MembershipFactory(group=group, person__email=None)
    MembershipFactory(group=group, valid_to=timezone.localdate() - timedelta(days=1))
    MembershipFactory()
    now = timezone.now()
    assert [one.person for one in invite_all(group=group, by=secretary, now=now)] == [new]
    assert list(invite_all(group=group, by=secretary, now=now)) == []
    later = now + timedelta(days=15)
    again = invite_all(group=group, by=secretary, now=later)
    assert {one.person for one in again} == {invited, new}


def test_a_page_invites_and_says_so(
    client: Client, invited: Person, secretary: Person, post: Post
) -> None:
    client.force_login(secretary)
    address = f"/directory/people/{invited.pk}/invite/"
    answer = client.post(address, {"next": "/groups/"})
    assert answer.headers["Location"] == "/groups/"
    assert "Yhteistyöryhmä" in post.letters()[0]["Subject"]
    assert "aino@example.org" in client.get("/groups/", follow=True).content.decode()
    revoked = client.post(f"/directory/people/{invited.pk}/invitation/revoke/")
    assert revoked.headers["Location"] == "/"
    assert not LoginInvitation.objects.open().exists()
    event = Events.objects.tracks(invited.login_invitations.get()).latest("pgh_id")
    assert event.pgh_context["actor"] == secretary.pk


def test_a_page_invites_a_group(
    client: Client, invited: Person, group: Group, secretary: Person
) -> None:
    client.force_login(secretary)
    client.post(f"/directory/groups/{group.slug}/invite/")
    assert set(LoginInvitation.objects.values_list("person", flat=True)) == {invited.pk}


def test_who_may_invite(client: Client, invited: Person, group: Group) -> None:
    addresses = [
        f"/directory/people/{invited.pk}/invite/",
        f"/directory/people/{invited.pk}/invitation/revoke/",
        f"/directory/groups/{group.slug}/invite/",
    ]
    elsewhere = MembershipFactory(role=Membership.Role.SECRETARY).person
    member = MembershipFactory(group=group).person
    for person, status in ((member, 404), (elsewhere, 403)):
        client.force_login(person)
        assert [client.post(address).status_code for address in addresses] == [status] * 3
    client.force_login(PersonFactory(is_administrator=True))
    assert [client.post(address).status_code for address in addresses] == [302] * 3
    assert LoginInvitation.objects.open().count() == 1


def test_too_many_invitations_are_stopped(
    client: Client, invited: Person, secretary: Person
) -> None:
    client.force_login(secretary)
    address = f"/directory/people/{invited.pk}/invite/"
    answers = [client.post(address).status_code for _ in range(61)]
    assert answers == [302] * 60 + [429]
    page = client.post(address).content.decode()
    assert "Too many tries" in page


# -- Accepting ------------------------------------------------------------------------------------


def test_the_page_says_who_one_is_and_who_asks(link: str, client: Client) -> None:
    page = client.get(link).content.decode()
    for words in ("Welcome, Aino Esimerkki", "Espoo", "Kati Koordinaattori", "aino@example.org"):
        assert words in page
    assert not is_in(client)


def test_the_page_is_in_the_invited_persons_language(link: str, invited: Person) -> None:
    Person.objects.filter(pk=invited.pk).update(language="sv")
    client = Client()
    answer = client.get(link, headers={"Accept-Language": "fi"})
    assert '<html lang="sv">' in answer.content.decode()
    client.post("/language/", {"language": "en", "next": link})
    assert '<html lang="en">' in client.get(link).content.decode()


def test_in_by_code(link: str, invited: Person) -> None:
    client = Client()
    answer = client.post(link, CODE)
    assert answer.headers["Location"] == "/"
    assert "<h1>Startsida</h1>" in client.get("/").content.decode()
    invited.refresh_from_db()
    assert (invited.language, invited.has_usable_password()) == ("sv", False)
    accepted = invited.login_invitations.get()
    assert accepted.accepted_at is not None
    event = Events.objects.tracks(accepted).latest("pgh_id")
    assert event.pgh_context["actor"] == invited.pk


def test_in_by_password(link: str, invited: Person, client: Client) -> None:
    for bad in ("", "short", "aino@example.org"):
        refused = client.post(link, {"way": "password", "language": "fi", "password": bad})
        assert refused.status_code == 200
    assert not is_in(client)
    client.post(link, {"way": "password", "language": "fi", "password": PASSWORD})
    assert is_in(client)
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


@pytest.mark.parametrize(
    "credential", ["", "null", "[]", "{", '{"id": 1}', '{"id":"a","rawId":"a"}']
)
def test_no_passkey_is_no_way_in(credential: str, link: str, client: Client) -> None:
    client.get(link)
    typed = {"way": "passkey", "language": "fi", "credential": credential}
    answer = client.post(link, typed)
    assert answer.status_code == 200
    assert "Your browser made no passkey" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert LoginInvitation.objects.open().count() == 1


# -- What is not good any more --------------------------------------------------------------------


def says_closed(client: Client, link: str) -> None:
    """The page says so to both, tells nothing of anyone, and changes nothing."""
    before = list(Person.objects.order_by("pk").values())
    for answer in (client.get(link), client.post(link, CODE)):
        page = answer.content.decode()
        assert answer.status_code == 410
        assert CLOSED in page
        assert re.findall("Aino|Espoo|aino@|Kati|Yhteistyöryhmä", page) == []
    assert list(Person.objects.order_by("pk").values()) == before
    assert not is_in(client)


def test_used_twice(link: str, client: Client) -> None:
    client.post(link, CODE)
    says_closed(reader(), link)


def test_withdrawn(link: str, invited: Person, secretary: Person, client: Client) -> None:
    assert revoke(person=invited, by=secretary, now=timezone.now()) == 1
    assert revoke(person=invited, by=secretary, now=timezone.now()) == 0
    says_closed(client, link)


@pytest.mark.parametrize("days", [14, 400])
def test_after_its_end(days: int, link: str, client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        if days < 366:
            says_closed(client, link)
        else:
            assert client.get(link).status_code == 404


def test_after_a_change_of_address(link: str, invited: Person, client: Client) -> None:
    Person.objects.filter(pk=invited.pk).update(email="other@example.org")
    says_closed(client, link)


def test_after_the_login_was_ended(link: str, invited: Person, client: Client) -> None:
    Person.objects.filter(pk=invited.pk).update(is_active=False)
    says_closed(client, link)


def test_after_two_step_verification_was_turned_on(
    link: str, invited: Person, client: Client
) -> None:
    Authenticator.objects.create(user=invited, type=Authenticator.Type.TOTP, data={})
    says_closed(client, link)


def test_after_sessions_were_ended(
    link: str, invited: Person, secretary: Person, client: Client
) -> None:
    end_sessions(person=invited, by=secretary, now=timezone.now())
    says_closed(client, link)


@pytest.mark.parametrize("token", ["x", "eyJwayI6MX0:1abcde:abc"])
def test_a_link_that_is_none(token: str, client: Client) -> None:
    for answer in (client.get(f"/invitation/{token}/"), client.post(f"/invitation/{token}/", CODE)):
        assert answer.status_code == 404
        assert "This is not a whole link" in answer.content.decode()


def test_someone_else_is_in_in_this_browser(
    link: str, invited: Person, secretary: Person, client: Client
) -> None:
    client.force_login(secretary)
    for answer in (client.get(link), client.post(link, CODE)):
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "This invitation is for somebody else" in page
        assert "Aino" not in page
    assert LoginInvitation.objects.open().count() == 1
    out = client.post("/account/logout/", {"next": link})
    assert out.headers["Location"] == link
    assert client.get(link).status_code == 200


def test_two_windows_at_once(link: str, invited: Person) -> None:
    found = invitations.find(link.split("/")[2])
    now = timezone.now()
    invitations.accept(invitation=found, language="sv", by=invited, now=now)
    with pytest.raises(invitations.ClosedInvitation):
        invitations.accept(invitation=found, language="fi", password=PASSWORD, by=invited, now=now)
    invited.refresh_from_db()
    assert (invited.language, invited.has_usable_password()) == ("sv", False)
