"""The conversation with the mail server, told apart where it matters: was the mail taken or not?"""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class UnknownOutcome(Exception):
    """The connection was lost after the mail had been handed over, before the server's answer."""


class _Watched:
    """smtplib's connection, remembering whether it waits for the answer to a mail's text."""

    in_doubt = False

    def data(self, msg: Any) -> Any:
        """Hand the mail's text over and wait for the answer."""
        self.in_doubt = True
        answer = super().data(msg)  # type: ignore[misc]
        self.in_doubt = False
        return answer


class _Plain(_Watched, smtplib.SMTP):
    pass


class _Encrypted(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, but that an outcome nobody knows raises `UnknownOutcome`.

    Once the server has said 250, nothing that goes wrong at the goodbye raises an error.
    """

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What speaks SMTP."""
        return _Encrypted if self.use_ssl else _Plain

    def _send(self, email_message: Any) -> bool:
        try:
            return super()._send(email_message)  # type: ignore[misc]
        except OSError as error:  # also what smtplib itself raises
            answered = isinstance(
                error, (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
            )
            if getattr(self.connection, "in_doubt", False) and not answered:
                raise UnknownOutcome(str(error)) from error
            raise

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        try:
            connection.quit()
        except OSError:
            connection.close()
