"""Mails on the terminal, for the demo: what a person would read, with links that can be copied."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Django's, without headers and encoding."""

    def write_message(self, message: EmailMessage) -> None:
        """Write receiver, subject and plain text."""
        line = "-" * 79
        to = ", ".join(message.to)
        self.stream.write(f"\n{line}\n{to}: {message.subject}\n\n{message.body}{line}\n")
