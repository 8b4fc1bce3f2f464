"""Read old minutes in from a text file."""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.audit import house
from directory.models import Group
from meetings.import_forms import ParticularsForm, people_formset
from meetings.import_words import PROBLEMS, doubt_words
from meetings.importing import ImportProblem, Reading, decode, read_minutes
from meetings.intake import Directory
from meetings.services import importing


class Command(BaseCommand):
    """`import_minutes FILE [--group SLUG] [--json]`."""

    help = (
        "Reads minutes from a UTF-8 text file (- for standard input). With --json prints what was "
        "read and saves nothing; else saves it as a draft of the group named with --group."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("file", help="the text file, or - for standard input")
        parser.add_argument("--group", help="the group's short name, as in its address")
        parser.add_argument("--json", action="store_true", help="print the reading, save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then print or save."""
        group = Group.objects.filter(slug=options["group"]).first() if options["group"] else None
        if options["group"] and not group:
            raise CommandError(f"There is no group {options['group']}.")
        directory = Directory.of(group) if group else None
        try:
            text = decode(self._bytes(options["file"]))
            reading = read_minutes(text, directory.known()) if directory else read_minutes(text)
        except ImportProblem as problem:
            raise CommandError(str(PROBLEMS[problem.code])) from problem
        if options["json"]:
            json.dump(reading.as_dict(), self.stdout, ensure_ascii=False, indent=1)
            self.stdout.write("")
            return
        if not group or not directory:
            raise CommandError("Name the group with --group, or ask for --json.")
        self._save(group, directory, reading)

    def _bytes(self, file: str) -> bytes:
        if file == "-":
            return sys.stdin.buffer.read()
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"Could not read {file}: {error.strerror}.") from error

    @house("import_minutes")
    def _save(self, group: Group, directory: Directory, reading: Reading) -> None:
        """Save what the review page would save if everything were accepted as read."""
        read = ParticularsForm.read(reading, group) | {"token": uuid4()}
        particulars = ParticularsForm(read)
        if not particulars.is_valid():
            missing = ", ".join(particulars.errors)
            raise CommandError(f"Not found in the text: {missing}. Use the page to add it.")
        people = [form.initial for form in people_formset(reading, directory)]
        meeting = importing.accept(
            group=group,
            reading=reading,
            particulars=importing.Particulars(
                **{
                    name: particulars.cleaned_data[name]
                    for name in importing.Particulars.__dataclass_fields__
                }
            ),
            guests=[
                importing.Guest(
                    name=row["name"],
                    organisation_name=row["organisation_name"],
                    role=row["role"],
                    mode=row["mode"],
                    person=directory.person(row["name"]) if row["person"] else None,
                )
                for row in people
            ],
            decisions=range(len(reading.decisions)),
            tasks=range(len(reading.actions)),
            doubts=[
                {"line": doubt.line, "text": doubt_words(doubt), "reason": doubt.reason}
                for doubt in reading.doubts
            ],
            token=particulars.cleaned_data["token"],
            by=None,
            now=timezone.now(),
        )
        for doubt in reading.doubts:
            self.stderr.write(f"line {doubt.line}: {doubt_words(doubt)}")
        self.stdout.write(str(meeting.pk))
