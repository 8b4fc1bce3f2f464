"""A region's file (TOML): its organisations and its cooperation group.

What may stand in one is said at the top of `luvn.toml`. Whatever is wrong in a file is said at
once, each mistake with its line, so that it can be mended without guessing.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field, Model, PositiveSmallIntegerField
from django.utils import translation

from directory.models import Group, Organisation

LUVN = Path(__file__).with_name("luvn.toml")

_Kind = Organisation.Kind
NAMES = ("name_fi", "name_sv", "short_fi", "short_sv")
_OF_ORGANISATION = (
    "kind", *NAMES, "aliases", "inflections", "language_status", "language", "levels", "mailbox",
    "is_provider", "is_private",
)  # fmt: skip
_OF_GROUP = (
    "kind", "name_fi", "name_sv", "language", "document_type", "numbers_meetings", "publicity",
    "task_class", "retention_years", "kept_permanently",
)  # fmt: skip
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?")
_LONGEST = 1_000_000  # bytes; a real region's file has some ten thousand

type Row = dict[str, Any]


class WrongFile(Exception):
    """The file cannot be used; `problems` are sentences, each with its line where there is one."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Region:
    """What a file says: values of organisations, and of the cooperation group."""

    organisations: list[Row]
    group: Row


def read(path: Path) -> Region:
    """The region in the file; raises `WrongFile`."""
    try:
        if path.stat().st_size > _LONGEST:
            raise WrongFile([f"{path.name} is too large to be a region's file."])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongFile([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise WrongFile([f"{path.name} is not text in UTF-8."]) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile([f"{path.name} is not TOML: {error}."]) from error
    with translation.override("en"):
        return _File(path.name, text).region(data)


class _File:
    """A file while it is checked: where its parts stand, and what is wrong with them."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.problems: list[tuple[int, str]] = []
        # The line of each table's head, counted from 1; the tables of one name in their order.
        self.heads: dict[str, list[int]] = {}
        self._ends = [len(self.lines) + 1]
        for number, line in enumerate(self.lines, start=1):
            if head := _HEADER.fullmatch(line):
                self.heads.setdefault(head[2], []).append(number)
                self._ends.append(number)
        self._ends.sort()

    def region(self, data: Row) -> Region:
        """The whole, once nothing is wrong with it."""
        for key in data.keys() - {"organisation", "group"}:
            self._wrong(self._top(key), f"nothing here is called “{key}”")
        rows, group = data.get("organisation", []), data.get("group", {})
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._wrong(self._top("organisation"), "write [[organisation]], with two brackets")
            rows = []
        if not isinstance(group, dict):
            self._wrong(self._top("group"), "write [group], with one bracket, once")
            group = {}
        elif not group:
            self._wrong(0, "there is no [group], the region's cooperation group")
        organisations = [self._organisation(row, number) for number, row in enumerate(rows)]
        self._kinds(organisations)
        self._twice(organisations)
        region = Region(organisations, self._group(group) if group else {})
        if self.problems:
            raise WrongFile(
                [
                    f"{self.name}, line {line}: {words}." if line else f"{self.name}: {words}."
                    for line, words in sorted(self.problems)
                ]
            )
        return region

    def _organisation(self, row: Row, number: int) -> Row:
        place = ("organisation", number)
        kind = row.get("kind")
        values = {"is_provider": kind in (_Kind.MUNICIPALITY, _Kind.PROVIDER), **row}
        if kind == _Kind.SCHOOL:
            self._wrong(self._line(*place, "kind"), "schools are added on the pages, not here")
        elif (
            self._values(Organisation, values, _OF_ORGANISATION, place)
            and kind in (_Kind.COUNTY, _Kind.MUNICIPALITY)
            and not row.get("language_status")
        ):
            # The law's composition asks whether the county is bilingual.
            self._wrong(self._line(*place), f"{row['name_fi']} needs a language_status")
        return values

    def _group(self, row: Row) -> Row:
        place = ("group", 0)
        values = {"kind": Group.Kind.COOPERATION, **row}
        if values["kind"] != Group.Kind.COOPERATION:
            self._wrong(self._line(*place, "kind"), "the group is the cooperation group")
        else:
            self._values(Group, values, _OF_GROUP, place)
        return values

    def _values(
        self, model: type[Model], values: Row, known: tuple[str, ...], place: tuple[str, int]
    ) -> bool:
        """Whether the values are such as the model takes."""
        before = len(self.problems)
        for key in values:
            if key not in known:
                self._wrong(self._line(*place, key), f"nothing here is called “{key}”")
            elif wanted := _unlike(model._meta.get_field(key), values[key]):
                self._wrong(self._line(*place, key), f"{key} is to be {wanted}")
        if len(self.problems) > before:
            return False
        others = {field.name for field in model._meta.fields} - set(known)
        try:
            model(**values).clean_fields(exclude=others)
        except ValidationError as error:
            for key, found in error.message_dict.items():
                line = self._line(*place, key)
                self._wrong(line, f"{key}: {' '.join(found).rstrip('.')}")
        return len(self.problems) == before

    def _kinds(self, rows: list[Row]) -> None:
        """A region is one county and its municipalities."""
        counties = [n for n, row in enumerate(rows) if row.get("kind") == _Kind.COUNTY]
        if not counties:
            self._wrong(0, "there is no organisation of the kind county")
        for number in counties[1:]:
            line = self._line("organisation", number, "kind")
            self._wrong(line, "there is a county already; a region has one")
        if not any(row.get("kind") == _Kind.MUNICIPALITY for row in rows):
            self._wrong(0, "there is no organisation of the kind municipality")

    def _twice(self, rows: list[Row]) -> None:
        """No name or form may mean two organisations: minutes could not be read by it."""
        taken: dict[str, int] = {}
        for number, row in enumerate(rows):
            for key in (*NAMES, "aliases", "inflections"):
                value = row.get(key, "")
                for name in value if isinstance(value, list) else [value]:
                    if not isinstance(name, str) or not name:
                        continue
                    owner = taken.setdefault(name.casefold(), number)
                    if owner != number:
                        other = rows[owner].get("short_fi") or rows[owner].get("name_fi")
                        line = self._line("organisation", number, key, name)
                        self._wrong(line, f"“{name}” means {other} already")

    def _wrong(self, line: int, words: str) -> None:
        if (line, words) not in self.problems:
            self.problems.append((line, words))

    def _top(self, key: str) -> int:
        """The line of a table's head, or of a key that stands before all tables."""
        found = self.heads.get(key) or [
            n for n, line in enumerate(self.lines, start=1) if re.match(rf"\s*{key}\s*[=.]", line)
        ]
        return found[0] if found else 0

    def _line(self, table: str, number: int, key: str = "", value: str = "") -> int:
        """The line of a value of a key in a table; the key's or the table's where it is unclear."""
        heads = self.heads.get(table, [])
        if number >= len(heads):
            return 0
        start = heads[number]
        end = next(line for line in self._ends if line > start)
        lines = [
            line
            for line in range(start + 1, end)
            if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', self.lines[line - 1])
        ]
        if not lines:
            return start
        written = f'"{value}"'
        return next(
            (line for line in range(lines[0], end) if value and written in self.lines[line - 1]),
            lines[0],
        )


def _unlike(field: Any, value: object) -> str:
    """What the value of a field is to be, where it is something else; TOML has types."""
    assert isinstance(field, Field)
    if isinstance(field, ArrayField):
        is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if is_list else 'a list of texts, as ["one", "two"]'
    if isinstance(field, BooleanField):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(field, PositiveSmallIntegerField):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return "" if is_number else "a number"
    return "" if isinstance(value, str) else "a text in quotation marks"
