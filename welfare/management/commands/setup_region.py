"""Set up a region in a new house: its organisations, its group, its first administrator."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone, translation

from core.audit import house
from core.health import troubles
from core.templatetags.house import day
from directory.models import Person
from directory.services.invitations import address_of
from welfare.demo import load
from welfare.region import reading, services


class Command(BaseCommand):
    """`manage.py setup_region`: adds what is missing, changes nothing that is there."""

    help = (
        "Set up a region: its organisations, its cooperation group and its first administrator, "
        "whose link to come in is printed. Run again, it adds only what is missing, and prints "
        "the link anew while nobody has come in by it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the region's file and who administers it."""
        parser.add_argument(
            "--region",
            type=Path,
            default=reading.LUVN,
            metavar="FILE",
            help="the region's facts; without it that of LUVN, which says what a file can hold",
        )
        parser.add_argument("--admin-email", help="the first administrator's e-mail address")
        parser.add_argument("--admin-name", help="the first administrator's name")

    @house("setup_region")
    def handle(self, *args: Any, **options: Any) -> None:
        """Set up; notices go to stderr, the link alone to stdout."""
        self._check_database()
        try:
            region = reading.read(options["region"])
        except reading.WrongFile as wrong:
            raise CommandError(f"Nothing was changed.\n{wrong}") from wrong
        email, name = options["admin_email"], options["admin_name"]
        if not services.administrators():
            email = self._asked(email, "--admin-email", "First administrator's e-mail address")
            known = Person.objects.filter(email=email.lower()).exists()
            name = name if known else self._asked(name, "--admin-name", "Their name")
        if email:
            self._check(name or "-", email)
        try:
            outcome = services.set_up(
                region=region, name=name or "", email=email, by=None, now=timezone.now()
            )
        except services.AnotherAdministers:
            raise CommandError(
                "Nothing was changed: the region has an administrator already. They make others "
                "administrators on the person's page in the directory."
            ) from None
        except services.CannotAdminister:
            raise CommandError(
                f"Nothing was changed: the person with the address {email} may not log in."
            ) from None
        self._tell(outcome)

    def _check_database(self) -> None:
        wrong = troubles()
        if "database" in wrong:
            raise CommandError("The database does not answer. Look at DATABASE_URL.")
        if "migrations" in wrong:
            raise CommandError(
                "The database has not been migrated. First run `manage.py migrate` as the tables' "
                "owner."
            )
        if Person.objects.filter(email__in=[email for _role, email in load.logins()]).exists():
            raise CommandError(
                "This database holds the demo, whose people and passwords are known to anyone. "
                "Set the region up in an empty one."
            )

    def _asked(self, given: str | None, option: str, question: str) -> str:
        """What was given by the option, or is typed now."""
        if given is None and sys.stdin.isatty():
            self._say(f"{question}:")
            given = sys.stdin.readline()
        if not (given or "").strip():
            raise CommandError(f"Nothing was changed: {option} is needed.")
        return str(given).strip()

    def _check(self, name: str, email: str) -> None:
        with translation.override("en"):
            try:
                validate_email(email)
                person = Person(name=name, email=email, password="!")  # noqa: S106 (none)
                person.clean_fields()
            except ValidationError as error:
                words = " ".join(error.messages)
                raise CommandError(
                    f"Nothing was changed. The administrator’s name or address: {words}"
                ) from error

    def _tell(self, outcome: services.Outcome) -> None:
        if outcome.there:
            self._say(f"There already, left as it is: {', '.join(outcome.there)}.")
        self._say(f"Added: {', '.join(outcome.added)}." if outcome.added else "Nothing to add.")
        person, invitation = outcome.administrator, outcome.invitation
        assert person is not None
        if invitation is None:
            self._say(f"{person.name} has come in already and administers the region.")
            return
        with translation.override("en"):
            until = day(invitation.expires_at)
        self._say(
            f"\nBy this link {person.name} comes in, once, until {until}. It goes to "
            f"{person.email} too, as soon as mail works:"
        )
        self.stdout.write(address_of(invitation))

    def _say(self, text: str) -> None:
        self.stderr.write(text, lambda words: words)
