"""Outgoing mail: one row for one cause, sent once, whatever the mail server does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from core import mail
from core.mail import CannotRetry, deliver, due, forget, retry
from core.models import OutgoingMail
from tests.jobs import run_jobs
from tests.post import DROP, Post, text

pytestmark = pytest.mark.django_db

State = OutgoingMail.State
NOW = datetime(2099, 3, 1, 8, 0, tzinfo=UTC)  # whatever waits today is due then


@pytest.fixture(autouse=True)
def _templates(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "test"
    folder.mkdir()
    (folder / "note_subject.txt").write_text("{% translate 'Home' %}:\n{{ what|safe }}\n")
    (folder / "note.txt").write_text(
        '{% extends "core/mail/base.txt" %}{% block content %}{{ what }}{% endblock %}'
    )
    (folder / "note.html").write_text(
        '{% extends "core/mail/base.html" %}{% block content %}<p>{{ what }}</p>{% endblock %}'
    )
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]


def queue(key: str = "note:1", **options: Any) -> OutgoingMail:
    fields = {"to": "aino@example.org", "language": "fi", "context": {"what": "Å & ö"}}
    return mail.queue(key=key, template="test/note", **{**fields, **options})


def again(letter: OutgoingMail, *, days: int = 0) -> OutgoingMail:
    """Deliver once more, at a time when any delay has passed."""
    deliver(letter.pk, now=NOW + timedelta(days=days))
    letter.refresh_from_db()
    return letter


def test_a_mail_goes_out_in_the_receivers_language(post: Post, settings: Settings) -> None:
    settings.SITE_URL = "https://yhteispoyta.example/"
    letter = queue(language="sv")
    assert letter.state == State.WAITING
    assert post.taken == []
    [got] = post.letters()
    assert got["Subject"] == "Startsida: Å & ö"
    assert (got["To"], got["From"]) == ("aino@example.org", "Yhteispöytä <noreply@localhost>")
    assert got["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@yhteispoyta.example>")
    assert text(got) == "Å & ö\n\n-- \nYhteispöytä\nhttps://yhteispoyta.example/\n"
    html = got.get_body(("html",))
    assert html is not None
    assert "<p>Å &amp; ö</p>" in html.get_content()
    assert '<html lang="sv">' in html.get_content()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 1, "")
    assert letter.sent_at is not None


def test_one_cause_makes_one_mail(post: Post) -> None:
    first = queue()
    assert queue(context={"what": "else"}) == first
    assert ProcrastinateJob.objects.filter(task_name="core.send_mail").count() == 1
    assert len(post.letters()) == 1


def test_a_cause_that_is_undone_makes_no_mail(post: Post) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert run_jobs() == []


def test_what_was_sent_is_not_sent_again(post: Post) -> None:
    letter = queue()
    again(letter)
    assert again(letter).attempts == 1
    assert run_jobs() == ["core.send_mail"]
    assert due(now=NOW) == []
    assert len(post.taken) == 1
    with pytest.raises(CannotRetry):
        retry(mail=letter, now=NOW)


@pytest.mark.parametrize(
    ("where", "answer"),
    [("to_receivers", "451 4.7.1 Come later"), ("to_texts", "452 4.3.1 Full")],
)
def test_what_the_server_puts_off_is_tried_again(where: str, answer: str, post: Post) -> None:
    setattr(post, where, [answer])
    letter = queue()
    again(letter)
    assert (letter.state, letter.error) == (State.WAITING, answer)
    assert letter.next_attempt_at == NOW + timedelta(minutes=1)
    deliver(letter.pk, now=NOW + timedelta(seconds=59))
    assert post.taken == []
    assert again(letter, days=1).state == State.SENT
    assert letter.error == ""
    assert [got["Message-ID"] for got in post.taken] == [letter.message_id]


@pytest.mark.parametrize(
    ("where", "answer"),
    [("to_receivers", "550 5.1.1 No such person"), ("to_texts", "554 5.6.0 Not wanted")],
)
def test_what_the_server_refuses_has_failed_at_once(where: str, answer: str, post: Post) -> None:
    setattr(post, where, [answer])
    letter = again(queue())
    assert (letter.state, letter.error, letter.sent_at) == (State.FAILED, answer, None)
    assert due(now=NOW + timedelta(days=9)) == []
    assert again(letter, days=9).attempts == 1
    retry(mail=letter, now=NOW)
    assert again(letter).state == State.SENT


def test_an_unknown_outcome_is_sent_again_under_the_same_message_id(post: Post) -> None:
    post.to_texts = [DROP]
    letter = again(queue())
    assert letter.state == State.UNKNOWN
    assert letter.next_attempt_at == NOW + timedelta(minutes=1)
    assert again(letter, days=1).state == State.SENT
    assert [got["Message-ID"] for got in post.taken] == [letter.message_id] * 2


def test_a_server_that_is_not_there_is_tried_until_hope_is_gone(settings: Settings) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "core.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 5},
        }
    }
    letter = again(queue())
    assert letter.state == State.WAITING
    assert letter.error.startswith("ConnectionRefusedError")
    for day in range(1, len(mail.DELAYS)):
        assert again(letter, days=day).state == State.WAITING
    assert again(letter, days=99).state == State.FAILED
    assert letter.attempts == len(mail.DELAYS) + 1


def test_an_address_that_cannot_be_is_not_tried_again(post: Post) -> None:
    letter = again(queue(to="äiti@example.org"))
    assert letter.state == State.FAILED
    assert "äiti@example.org" in letter.error


def test_the_sweep_takes_up_what_a_killed_worker_left(post: Post) -> None:
    letter = queue()
    with pytest.raises(KeyboardInterrupt):
        _killed_while_sending(letter)
    letter.refresh_from_db()
    assert letter.state == State.SENDING
    assert due(now=NOW + mail.LOST_AFTER) == []
    deliver(letter.pk, now=NOW + mail.LOST_AFTER)  # it may be on its way still
    assert post.taken == []
    assert due(now=NOW + mail.LOST_AFTER * 2) == [letter.pk]
    assert again(letter, days=1).state == State.SENT
    assert (letter.attempts, len(post.taken)) == (2, 1)


def _killed_while_sending(letter: OutgoingMail) -> None:
    """The worker dies in the middle: of its steps only the first is done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.smtp.EmailBackend.send_messages", _die)
        deliver(letter.pk, now=NOW)


def _die(*args: object) -> None:
    raise KeyboardInterrupt


def test_the_sweep_sends_all_that_is_due(post: Post) -> None:
    post.to_texts = ["451 Later"]
    put_off, lost = queue("a"), queue("b")
    run_jobs()
    OutgoingMail.objects.filter(pk=put_off.pk).update(next_attempt_at=timezone.now())
    assert len(post.taken) == 1
    app.tasks["core.sweep_mail"].func(timestamp=0)
    assert {got["Message-ID"] for got in post.taken} == {put_off.message_id, lost.message_id}


def test_what_is_of_no_use_any_more_is_not_sent(post: Post) -> None:
    letter = again(queue(expires_at=NOW))
    assert (letter.state, letter.error) == (State.FAILED, mail.EXPIRED)
    assert post.taken == []
    with pytest.raises(CannotRetry):
        retry(mail=letter, now=NOW)


def test_words_are_kept_for_a_while_and_secret_ones_not_at_all(post: Post) -> None:
    plain, secret = again(queue("a")), again(queue("b", is_secret=True))
    waiting = queue("c")
    assert len(post.taken) == 2
    assert (secret.subject, secret.text, secret.html) == ("", "", "")
    assert forget(now=plain.created_at + mail.KEPT) == 0
    assert forget(now=timezone.now() + mail.KEPT) == 1
    plain.refresh_from_db()
    waiting.refresh_from_db()
    assert (plain.text, plain.html, plain.subject) == ("", "", "Etusivu: Å & ö")
    assert waiting.text


def test_a_secret_that_was_not_sent_is_kept_while_it_is_of_use(post: Post) -> None:
    post.to_texts = ["554 Not today"]
    secret = again(queue(is_secret=True, expires_at=NOW + timedelta(days=1)))
    assert secret.state == State.FAILED
    assert secret.text
    assert forget(now=timezone.now()) == 0
    retry(mail=secret, now=NOW)
    assert again(secret).state == State.SENT
    assert secret.text == ""


def test_the_database_knows_what_sent_means() -> None:
    letter = queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=letter.pk).update(state=State.SENT, next_attempt_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=letter.pk).update(state=State.FAILED)


def test_the_demo_prints_what_a_person_would_read(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "core.console.EmailBackend"}}
    link = f"https://yhteispoyta.example/{'x' * 100}/"
    again(queue(context={"what": link}))
    assert f"aino@example.org: Etusivu: {link}\n\n{link}\n\n-- \n" in capsys.readouterr().out
