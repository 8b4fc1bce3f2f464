"""A mail server for tests, which speaks real SMTP on the loopback and does as it is told."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django.fixtures import Settings

from tests.jobs import run_jobs

DROP = "drop"  # take the mail's text and hang up without an answer


class Post:
    """What the server has taken, and what it answers next; by itself it says 250 to all."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to_receivers: list[str] = []  # the next answers to RCPT
        self.to_texts: list[str] = []  # the next answers to a mail's text

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a receiver, or not."""
        answer = self.to_receivers.pop(0) if self.to_receivers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, or not."""
        answer = self.to_texts.pop(0) if self.to_texts else "250 OK"
        if answer in (DROP, "250 OK"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if answer == DROP:
            server.transport.abort()
        return answer

    def letters(self) -> list[EmailMessage]:
        """All that has come, once the worker has sent what waits."""
        run_jobs()
        return self.taken


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """The mail server that the app sends to."""
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "core.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    yield handler
    server.stop()


def text(letter: EmailMessage) -> str:
    """A letter's plain text with the line ends of Python."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
