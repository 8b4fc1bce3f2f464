"""Fill in the demo's region, once; or print whom one can log in as."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from welfare.demo import load


class Command(BaseCommand):
    """`manage demo_data` fills an empty database; `manage demo_data --logins` prints the logins."""

    help = "Fill an empty database with the demo's region, or print the demo's logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --logins."""
        parser.add_argument("--logins", action="store_true", help="print role, e-mail, password")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill or print; what is said goes to stderr, the list of logins to stdout."""
        if options["logins"]:
            rows = [(role, email, load.PASSWORD) for role, email in load.logins()]
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            for row in rows:
                cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
                self.stdout.write("  ".join(cells).rstrip())
            return
        if load.is_filled():
            self._say("The demo data are here already.")
            return
        started = time.monotonic()
        try:
            counts = load.fill()
        except load.NotEmpty:
            raise CommandError("This database holds other data. Give an empty one.") from None
        made = ", ".join(f"{count} {what}" for what, count in counts.items())
        self._say(f"Filled in {made} in {time.monotonic() - started:.1f} s.")

    def _say(self, text: str) -> None:
        self.stderr.write(text, lambda words: words)
