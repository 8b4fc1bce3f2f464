"""The steps on an administrator's home: each from what there is, checked off by itself."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from core.models import OutgoingMail, SitePage
from directory.models import Group, Membership, Person
from directory.services.invitations import invite_all
from tests.factories import (
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)
from tests.jobs import run_jobs
from tests.post import Post, text
from tests.scene import credential
from welfare.getting_started import Start, Step, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Person:
    return PersonFactory(is_administrator=True, email="aino@example.org", language="en")


@pytest.fixture
def group() -> Group:
    return GroupFactory()


@pytest.fixture
def home(client: Client, administrator: Person) -> Client:
    client.force_login(administrator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def steps(person: Person) -> Start:
    with translation.override("en"):
        return start(person, now=timezone.now())


def step(person: Person, words: str) -> Step:
    [found] = [one for one in steps(person).steps if words in one.title]
    return found


def word(key: str, **texts: str) -> None:
    SitePage.objects.create(key=key, updated_at=timezone.now(), text_fi="Teksti", **texts)


def test_a_new_house_has_every_step_before_it(administrator: Person, group: Group) -> None:
    found = steps(administrator)
    assert [one.title for one in found.steps if not one.is_done] == [
        "Secure your own login",
        "See that mail works",
        "Add the members",
        "Name the chair and the secretary",
        "Fill the seats that the law wants",
        "Fill in the pages of the site",
        "Plan the first meeting",
        "Invite the members",
    ]
    assert found.next == found.steps[0]


def test_without_a_group_it_is_the_group_that_is_added(administrator: Person) -> None:
    GroupFactory(kind=Group.Kind.NETWORK)
    GroupFactory(ended_on=timezone.localdate())
    titles = [one.title for one in steps(administrator).steps]
    assert titles[2:] == ["Add the cooperation group", "Fill in the pages of the site"]


def test_a_login_is_secured_by_a_passkey_or_an_app(administrator: Person) -> None:
    other = PersonFactory(is_administrator=True)
    WebAuthn.add(administrator, "Puhelin", credential())
    assert step(administrator, "login").is_done
    assert not step(other, "login").is_done
    TOTP.activate(other, "JBSWY3DPEHPK3PXP")
    assert step(other, "login").is_done


def test_a_test_mail_shows_what_became_of_it(
    home: Client, administrator: Person, post: Post
) -> None:
    assert home.post("/getting-started/test-mail/").status_code == 302
    found = step(administrator, "mail")
    assert (found.is_done, found.is_stuck) == (False, False)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert "the worker does not seem to run" in home.get("/").content.decode()
    home.post("/getting-started/test-mail/")  # in the same minute: no second one
    post.to_receivers.append("550 No such mailbox")
    run_jobs()
    assert "550 No such mailbox" in home.get("/").content.decode()
    assert not step(administrator, "mail").is_done
    OutgoingMail.objects.update(key="earlier", created_at=timezone.now() - timedelta(minutes=5))
    home.post("/getting-started/test-mail/")
    [letter] = post.letters()
    assert letter["To"] == "aino@example.org"
    assert "so mail works" in text(letter)
    assert step(administrator, "mail").is_done


def test_another_mail_that_came_through_tells_the_same(administrator: Person) -> None:
    row = {"key": "1", "template": "x", "to": "b@example.org", "language": "fi", "message_id": "1"}
    OutgoingMail.objects.create(**row, state="sent", sent_at=timezone.now(), next_attempt_at=None)
    assert step(administrator, "mail").is_done


def test_one_without_an_address_is_told_so(client: Client) -> None:
    client.force_login(PersonFactory(is_administrator=True, email=None))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.post("/getting-started/test-mail/", follow=True).content.decode()
    assert "You have no e-mail address." in page
    assert not OutgoingMail.objects.exists()


def test_members_leaders_and_seats(administrator: Person, group: Group) -> None:
    here = {"group": group, "organisation": OrganisationFactory(name_fi="Ahola")}
    MembershipFactory(**here, role=Membership.Role.SECRETARY, seat="municipality")
    OrganisationFactory(name_fi="Koivula", name_sv="")
    assert step(administrator, "Add the members").is_done
    leaders = step(administrator, "chair")
    assert leaders.missing == ["The group has no chair."]
    assert [way.url for way in leaders.ways] == [
        f"/directory/groups/{group.slug}/members/add/?role=chair"
    ]
    missing = step(administrator, "seats").missing
    assert missing[-1] == ("1 municipality or education provider has nobody in the group: Koivula.")
    MembershipFactory(**here, role=Membership.Role.CHAIR, seat="county")
    assert step(administrator, "chair").is_done
    for seat in ("guardians", "students", "staff"):
        MembershipFactory(**here, seat=seat)
    MembershipFactory(group=group, organisation__name_fi="Ö", seat="provider")
    assert not step(administrator, "seats").is_done
    koivula = type(here["organisation"]).objects.get(name_fi="Koivula")
    MembershipFactory(group=group, organisation=koivula)
    assert step(administrator, "seats").is_done


def test_pages_are_filled_in_when_no_bracket_is_left(administrator: Person) -> None:
    word("accessibility")
    word("privacy", text_sv="Fråga [namn]")
    assert [way.url for way in step(administrator, "pages").ways] == [
        "/pages/privacy/edit/",
        "/pages/feedback/edit/",
    ]
    word("feedback")
    SitePage.objects.update(text_sv="")
    assert step(administrator, "pages").is_done


def test_meetings_and_invitations(administrator: Person, group: Group) -> None:
    member = MembershipFactory(group=group)
    MeetingFactory(group=group, state="cancelled")
    MeetingFactory()
    assert not step(administrator, "meeting").is_done
    assert step(administrator, "Invite").missing == ["1 member has not been invited."]
    MeetingFactory(group=group)
    invite_all(group=group, by=administrator, now=timezone.now())
    assert step(administrator, "meeting").is_done
    assert step(administrator, "Invite").is_done
    member.person.login_invitations.update(
        sent_at=timezone.now() - timedelta(days=20), expires_at=timezone.now() - timedelta(days=6)
    )
    assert not step(administrator, "Invite").is_done


@pytest.mark.parametrize("rows", [1, 3])
def test_the_steps_take_as_many_queries_whatever_there_is(
    rows: int,
    administrator: Person,
    group: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        MembershipFactory(group=group)
        MeetingFactory(group=group)
        OutgoingMail.objects.create(
            key=number, template="x", to=administrator.email, language="fi", message_id=number
        )
        GroupFactory()
    for key in list(SitePage.Key)[:rows]:
        word(key)
    with django_assert_num_queries(10):
        start(administrator, now=timezone.now())


def test_only_administrators_are_shown_steps(client: Client, group: Group) -> None:
    client.force_login(MembershipFactory(group=group, role=Membership.Role.SECRETARY).person)
    page = client.get("/")
    assert "start" not in page.context
    assert 'id="getting-started"' not in page.content.decode()
    assert client.post("/getting-started/test-mail/").status_code == 404
    assert client.post("/getting-started/hide/").status_code == 404
    assert client.get("/getting-started/hide/").status_code == 405


def test_the_note_that_all_is_done_is_hidden_until_something_is_missing(
    home: Client, administrator: Person
) -> None:
    assert 'href="/account/"' in home.get("/").content.decode()
    home.post("/getting-started/hide/")
    assert 'id="getting-started"' in home.get("/").content.decode()
    everything(administrator)
    assert 'id="getting-started"' not in home.get("/").content.decode()
    del home.cookies["getting_started_hidden"]
    assert "Everything basic is in place." in home.get("/").content.decode()
    home.post("/getting-started/hide/")
    SitePage.objects.all().delete()
    assert 'id="getting-started"' in home.get("/").content.decode()


def everything(administrator: Person) -> None:
    """Take every step."""
    group = GroupFactory()
    here = {"group": group, "organisation": OrganisationFactory()}
    roles = [Membership.Role.CHAIR, Membership.Role.SECRETARY, *["member"] * 4]
    for role, seat in zip(roles, Membership.Seat, strict=True):
        MembershipFactory(**here, role=role, seat=seat)
    WebAuthn.add(administrator, "Puhelin", credential())
    for key in SitePage.Key:
        word(key)
    MeetingFactory(group=group)
    invite_all(group=group, by=administrator, now=timezone.now())
    OutgoingMail.objects.update(state="sent", sent_at=timezone.now(), next_attempt_at=None)
