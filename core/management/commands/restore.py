"""Bring the whole house back from one file."""

from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from core.backup.archive import FromNewerVersion, NotABackup
from core.backup.restoring import (
    NotEmpty,
    NotRestored,
    NotTheOwner,
    OtherFile,
    OtherMigrations,
    restore,
)


class Command(BaseCommand):
    """`restore FILE`: all of it or nothing."""

    help = (
        "Fills an empty database and the storage from a file that `backup` wrote. Run it as the"
        " tables' owner, as migrate is run. All is checked before anything is changed for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where from, and whether what is there may go."""
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="empty the tables there are first; what is not in the file is lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring it back, and say how it went."""
        path: Path = options["file"]
        try:
            manifest = restore(path, replace=options["replace"], tell=self._say)
        except NotABackup as error:
            raise CommandError(f"{path} is not a whole backup. {error} {_UNCHANGED}") from error
        except FromNewerVersion:
            raise CommandError(
                f"{path} was made by a newer version. Install that version first. {_UNCHANGED}"
            ) from None
        except NotEmpty:
            raise CommandError(
                "The database is not empty. Give an empty one, or say --replace, which removes"
                f" all that it holds now. {_UNCHANGED}"
            ) from None
        except OtherMigrations:
            raise CommandError(
                "The database has other migrations than the backup, so that its tables cannot be"
                f" filled from it. Give an empty database. {_UNCHANGED}"
            ) from None
        except NotTheOwner:
            raise CommandError(
                "Only the owner of the tables can restore. Set DATABASE_URL to the owner's, as for"
                f" migrate. {_UNCHANGED}"
            ) from None
        except OtherFile as error:
            raise CommandError(
                f"The storage has other content under the name {error}. Give an empty storage, or"
                f" say --replace. {_UNCHANGED}"
            ) from None
        except NotRestored as error:
            raise CommandError(f"{error} {_UNCHANGED}") from error
        except OSError as error:
            raise CommandError(f"{error}. {_UNCHANGED}") from error
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The storage refused: {error}. {_UNCHANGED}") from error
        except Error as error:
            raise CommandError(f"The database refused: {error} {_UNCHANGED}") from error
        try:
            # Newer migrations, if there are any, and the app's role gets its rights.
            call_command("migrate", verbosity=0, interactive=False)
        except Error as error:
            raise CommandError(
                f"All is restored, but newer migrations failed; run migrate again: {error}"
            ) from error
        if manifest.missing:
            self._say(f"{len(manifest.missing)} files were missing when the backup was made:")
            for name in manifest.missing:
                self._say(f"  {name}")
        self._say("Restored. Start the app and its worker anew.")

    def _say(self, text: str) -> None:
        self.stderr.write(text, lambda words: words)


_UNCHANGED = "Nothing has been changed."
