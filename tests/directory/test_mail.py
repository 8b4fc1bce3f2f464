"""The list of mails: coordinators see what did not come through, and try again."""

from datetime import timedelta
from typing import Any

import factory
import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import OutgoingMail
from directory.models import Membership
from tests.factories import Factory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

MAIL = "/directory/mail/"


class MailFactory(Factory[OutgoingMail]):
    """A mail that failed."""

    class Meta:
        model = OutgoingMail

    key = factory.Sequence(lambda n: f"test:{n}")
    message_id = factory.Sequence(lambda n: f"<{n}@example.org>")
    template = "test/note"
    to = "aino@example.org"
    language = "fi"
    subject = factory.Sequence(lambda n: f"Asia {n}")
    text = "Words"
    state = OutgoingMail.State.FAILED
    next_attempt_at = None
    error = "550 No such person"


@pytest.fixture
def secretary() -> Membership:
    return MembershipFactory(role=Membership.Role.SECRETARY)


def page(client: Client, address: str = MAIL) -> str:
    return client.get(address).content.decode()


def test_coordinators_see_what_is_about_their_groups(client: Client, secretary: Membership) -> None:
    mine = MailFactory(group=secretary.group_id)
    others = [MailFactory(group=MembershipFactory().group_id), MailFactory()]
    client.force_login(secretary.person)
    shown = page(client)
    assert mine.subject in shown
    assert "550 No such person" in shown
    for other in others:
        assert other.subject not in shown
        assert client.post(f"{MAIL}{other.pk}/retry/").status_code == 404
    client.force_login(PersonFactory(is_administrator=True))
    assert all(one.subject in page(client) for one in (mine, *others))


def test_it_is_for_coordinators(client: Client) -> None:
    client.force_login(MembershipFactory().person)
    assert client.get(MAIL).status_code == 404


def test_only_what_did_not_come_through(client: Client, secretary: Membership) -> None:
    failed = MailFactory(group=secretary.group_id)
    sent = MailFactory(group=secretary.group_id, state="sent", sent_at=timezone.now(), error="")
    client.force_login(secretary.person)
    assert sent.subject in page(client)
    shown = page(client, f"{MAIL}?unsent")
    assert failed.subject in shown
    assert sent.subject not in shown


def test_trying_again(client: Client, secretary: Membership) -> None:
    failed = MailFactory(group=secretary.group_id)
    client.force_login(secretary.person)
    assert f"{MAIL}{failed.pk}/retry/" in page(client)
    for _ in range(2):
        assert client.post(f"{MAIL}{failed.pk}/retry/").headers["Location"] == MAIL
    failed.refresh_from_db()
    assert failed.state == OutgoingMail.State.WAITING
    assert ProcrastinateJob.objects.filter(task_name="core.send_mail").count() == 1


def test_what_cannot_be_sent_any_more_has_no_button(client: Client, secretary: Membership) -> None:
    past = timezone.now() - timedelta(days=1)
    for fields in ({"expires_at": past}, {"text": ""}):
        failed = MailFactory(group=secretary.group_id, **fields)
        client.force_login(secretary.person)
        assert f"{MAIL}{failed.pk}/retry/" not in page(client)
        client.post(f"{MAIL}{failed.pk}/retry/")
        failed.refresh_from_db()
        assert failed.state == OutgoingMail.State.FAILED


def test_a_secret_is_shown_to_nobody(client: Client) -> None:
    MailFactory(
        template="account/email/login_code", is_secret=True, subject="AB12-CD34 is your code"
    )
    client.force_login(PersonFactory(is_administrator=True, language="en"))
    shown = page(client)
    assert "AB12" not in shown
    assert "A code to log in" in shown


def test_the_page_costs_the_same_with_more_on_it(
    client: Client, secretary: Membership, django_assert_num_queries: Any
) -> None:
    client.force_login(secretary.person)
    MailFactory(group=secretary.group_id)
    for more in (0, 2):
        for _ in range(more):
            MailFactory(group=secretary.group_id)
        with django_assert_num_queries(7):
            page(client)


def test_it_comes_in_pages(client: Client, secretary: Membership) -> None:
    mails = [MailFactory(group=secretary.group_id) for _ in range(51)]
    client.force_login(secretary.person)
    assert page(client).count("550 No such person") == 50
    assert mails[0].subject in page(client, f"{MAIL}?unsent&page=2")
