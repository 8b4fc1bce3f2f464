"""Write the whole house to one file."""

from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from core.backup.archive import NotABackup
from core.backup.making import make


class Command(BaseCommand):
    """`backup FILE`: the database and the stored files as of one moment."""

    help = (
        "Writes every row and every stored file to one file, while the app may be running. The"
        " file holds personal data: keep it as safe as the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where to."""
        parser.add_argument("file", type=Path, help="the file to write; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say how it went."""
        path: Path = options["file"]
        try:
            manifest = make(path, now=timezone.now(), tell=self._say)
        except FileExistsError:
            raise CommandError(f"{path} is there already. Give another name.") from None
        except NotABackup as error:
            raise CommandError(f"What was written does not read back: {error}") from error
        except OSError as error:
            raise CommandError(f"Could not write {path}: {error.strerror or error}.") from error
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The storage refused: {error}") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database refused: {error}") from error
        if manifest.missing:
            raise CommandError(
                f"{path} is written, but the storage lacks {len(manifest.missing)} files that the"
                f" database names: {', '.join(manifest.missing)}"
            )
        self._say(f"{path}: {path.stat().st_size} bytes")

    def _say(self, text: str) -> None:
        self.stderr.write(text, lambda words: words)
