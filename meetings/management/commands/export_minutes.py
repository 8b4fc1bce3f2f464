"""Write a meeting's minutes to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meetings import export
from meetings.enums import Audience
from meetings.fetching import stored
from meetings.models import DocumentVersion, Meeting, Rendition


class Command(BaseCommand):
    """`export_minutes MEETING --format pdf|html|json --output FILE`."""

    help = (
        "Writes the minutes of a meeting to a file: the newest shared version, or with --draft, "
        "and where nothing is shared yet, the draft as it stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("meeting", type=int, help="the meeting's id, as in its address")
        parser.add_argument("--format", choices=Rendition.Format.values, default="pdf")
        parser.add_argument("--output", required=True, type=Path, help="the file to write")
        parser.add_argument("--draft", action="store_true", help="the draft, shared or not")
        parser.add_argument(
            "--audience",
            choices=Audience.values,
            default=Audience.MEMBERS,
            help="how much is in it (default: what the group's members read)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Find or render, and write."""
        meeting = (
            Meeting.objects.select_related("group__host").filter(pk=options["meeting"]).first()
        )
        if not meeting:
            raise CommandError(f"There is no meeting {options['meeting']}.")
        shared = None
        if not options["draft"]:
            shared = stored(
                meeting,
                audience=options["audience"],
                format=options["format"],
                kind=DocumentVersion.Kind.MINUTES,
            )
        content = (
            shared.content
            if shared
            else export.draft(meeting, format=options["format"], audience=options["audience"])
        )
        if options["format"] == Rendition.Format.HTML:
            content = export.standalone_html(content.decode(), meeting=meeting).encode()
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"Could not write {options['output']}: {error.strerror}.") from error
        what = f"version {shared.number}" if shared else "draft"
        self.stderr.write(f"{options['output']}: {what}, {len(content):,} bytes")
