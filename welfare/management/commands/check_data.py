"""Recompute what is derived and report where it has drifted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

import actions.integrity
import core.integrity
import directory.integrity
import meetings.integrity


class Command(BaseCommand):
    """`check_data`: silent where all is well, non-zero where something has drifted."""

    help = "Recomputes every derived column and reports where it is not what it should be."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask every room."""
        found = 0
        for room in (core.integrity, directory.integrity, actions.integrity, meetings.integrity):
            for sentence in room.drift():
                self.stdout.write(sentence)
                found += 1
        if found:
            raise CommandError(f"{found} places have drifted.")
        self.stderr.write("The data is as it should be.")
