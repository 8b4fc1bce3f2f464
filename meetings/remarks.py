"""What is worth a second look before minutes are shared. Remarks inform; they do not block."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core import guard
from core.richtext import lines_of
from meetings import selectors
from meetings.enums import MarkKind
from meetings.models import ImportSource, Meeting


class Code(StrEnum):
    """What a remark is about."""

    NO_OWNER = "no_owner"
    NO_DUE = "no_due"
    NO_ATTENDANCE = "no_attendance"
    DOUBTS = "doubts"
    IDENTITY_CODE = "identity_code"
    PUPIL = "pupil"
    EMPTY = "empty"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Remark:
    """One remark; `line_id` and `item_id` say where, `text` shows the spot."""

    code: Code
    text: str = ""
    item_id: int | None = None
    line_id: str = ""
    number: str = ""
    language: str = ""  # of the text

    @property
    def asks_twice(self) -> bool:
        """Must the person confirm it before sharing?"""
        return self.code == Code.IDENTITY_CODE


def remarks(meeting: Meeting) -> list[Remark]:
    """The remarks on a meeting's minutes, in the order of the text; a fixed number of queries."""
    found: list[Remark] = []
    rows = selectors.attendance(meeting)
    if not selectors.Headcount.of(rows).taken:
        found.append(Remark(Code.NO_ATTENDANCE))
    agenda = selectors.agenda(meeting)
    if not any(row.item.body for row in agenda):
        found.append(Remark(Code.EMPTY))
    found += [
        Remark(Code.IDENTITY_CODE, text=text)
        for text in (
            meeting.title,
            meeting.place,
            *(row.name for row in rows),
            *(row.organisation_name for row in rows),
        )
        if guard.identity_codes(text)
    ]
    for row in agenda:
        item = row.item
        spots = [("", item.title), ("", item.presenter)]
        for attachment in item.attachments.all():
            spots += [("", attachment.title), ("", attachment.filename)]
        lines = lines_of(item.body)
        spots += [(line.id, line.text) for line in lines]
        languages = {line.id: line.lang or item.language for line in lines}
        for line_id, text in spots:
            language = languages.get(line_id, item.language)
            codes = _of_text(text, language)
            for mark in item.marks.get(line_id, []):
                codes += _of_mark(mark)
            found += [Remark(code, text, item.pk, line_id, row.number, language) for code in codes]
        texts = {line.id: line.text for line in lines}
        for one in item.conflicts:
            place = one["copy"] or one["line"]
            text = texts.get(place, "")
            language = languages.get(place, item.language)
            found.append(Remark(Code.CONFLICT, text, item.pk, place, row.number, language))
    source = ImportSource.objects.filter(meeting=meeting).first()
    if source and source.doubts:
        found += [Remark(Code.DOUBTS, text=doubt["text"]) for doubt in source.doubts]
    return found


def _of_text(text: str, language: str) -> list[Code]:
    codes = []
    if guard.identity_codes(text):
        codes.append(Code.IDENTITY_CODE)
    if guard.pupil_hints(text, language):
        codes.append(Code.PUPIL)
    return codes


def _of_mark(mark: dict[str, Any]) -> list[Code]:
    if mark["kind"] != MarkKind.TASK:
        return []
    return [
        code
        for code, given in ((Code.NO_OWNER, mark["owners"]), (Code.NO_DUE, mark["due"]))
        if not given
    ]
