"""Labelled stretches of minutes: "Aika: …", "Närvarande …", and the lines that belong to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from meetings.importing.dates import find_dates, find_times
from meetings.importing.headings import join
from meetings.importing.known import Known
from meetings.importing.names import Names
from meetings.importing.people import find_mode
from meetings.importing.source import (
    Source,
    SourceLine,
    ends_sentence,
    starts_list_item,
    starts_lower,
)
from meetings.importing.vocabulary import DOCUMENT_WORDS, Label, label_of
from meetings.importing.wording import has_finite_verb

ATTENDANCE = frozenset({Label.PRESENT, Label.PARTICIPANTS, Label.REMOTE, Label.ABSENT})


_LABEL = re.compile(
    r"(?:^(?P<first>[^\W\d_][^:;\t()]{0,44}?(?:\s?\([^):]{1,30}\))?)"
    r"|(?:[;,.)]\s{1,4}|\s{2,}|\t)(?P<later>[^\W\d_][^:;,.\t()]{0,30}?(?:\s?\([^):]{1,30}\))?))"
    r"\s?:(?=\s|$)"
)


_COLUMN_LABEL = re.compile(r"(?P<words>\S[^:\t]{0,44}?)(?:\t+|\s{2,})(?P<value>\S.*)")


# Tells names by their looks alone.
_LOOKS = Names(Known())


_NAME_COLUMN = re.compile(
    r"(?:nimi|osallistuja|jäsen|namn|deltagare|medlem|name|participant|member|attendee)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A label with its value, as they stand on one line; no label for what goes on before one."""

    label: Label | None
    words: str
    value: str


@dataclass(slots=True)
class Block:
    """A labelled stretch of lines: the positions it covers, and its label's value in pieces."""

    label: Label
    words: str
    first: int
    last: int
    pieces: list[tuple[str, int]] = field(default_factory=list)  # text, source line

    @property
    def value(self) -> str:
        text = ""
        for piece, _ in self.pieces:
            text = join(text, piece)
        return text.strip()


def segments(text: str, *, header: bool) -> list[Segment]:
    """A line cut at its labels; one segment without a label for a line that has none.

    In the header a label needs no colon: columns do, and before a date or a name a blank.
    """
    found: list[tuple[int, int, Label, str]] = []
    for match in _LABEL.finditer(text[:2000]) if ":" in text else ():
        words = match["first"] or match["later"]
        label = label_of(words, colon=True)
        if label in (Label.CHAIR, Label.SECRETARY) and _names_document(text[match.end() :]):
            continue
        if label and (match["first"] or label in _INLINE):
            found.append((match.start(match.lastgroup or 0), match.end(), label, words))
    if found:
        result = []
        if found[0][0] > 0:
            result.append(Segment(None, "", text[: found[0][0]].strip()))
        ends = [start for start, *_ in found[1:]] + [len(text)]
        for (_, end, label, words), until in zip(found, ends, strict=True):
            result.append(Segment(label, words, text[end:until].strip()))
        return result
    if len(text) < 60 and (label := label_of(text)):
        return [Segment(label, text, "")]
    columns = _COLUMN_LABEL.fullmatch(text) if "  " in text or "\t" in text else None
    if columns and (label := label_of(columns["words"])):
        return [Segment(label, columns["words"], columns["value"])]
    spaced = _spaced(text) if header or text[:1].isupper() else None
    if spaced and (header or spaced.label is Label.NEXT_MEETING):
        return [spaced]
    return [Segment(None, "", text)]


_INLINE = frozenset(
    {Label.PLACE, Label.TIME, Label.CHAIR, Label.SECRETARY, Label.PRESENT, Label.PARTICIPANTS,
     Label.REMOTE, Label.ABSENT}
)  # fmt: skip


def _names_document(value: str) -> bool:
    """ "Muistio: Tiimipalaveri 4.11.2024" names the document, not who wrote it."""
    return bool(DOCUMENT_WORDS.search(value) or find_dates(value))


def _spaced(text: str) -> Segment | None:
    """ "Aika 22.10.2024 klo 9", "Paikka Kaupungintalo": a label and a blank."""
    words = text.split()
    for count in (3, 2, 1):
        head, value = " ".join(words[:count]), " ".join(words[count:])
        label = label_of(head)
        if not label or not value:
            continue
        if label in (Label.TIME, Label.TIME_AND_PLACE):
            fits = bool(find_dates(value) or find_times(value, bare_hours=True))
        elif label in (Label.PLACE, Label.CHAIR, Label.SECRETARY, *ATTENDANCE):
            fits = (
                value[0].isupper() and not has_finite_verb(value, "fi") and not ends_sentence(text)
            )
            if label is not Label.PLACE:
                fits = fits and (_LOOKS.starts_with_person(value) or _first_names(value))
        elif label is Label.NEXT_MEETING:
            fits = bool(find_dates(value)) and not ends_sentence(text.rstrip("."))
            fits = fits and not has_finite_verb(value, "fi")
        else:
            fits = False
        if fits:
            return Segment(label, head, value)
    return None


def _first_names(text: str) -> bool:
    """Whether a text is a list of first names: "Kaisa, Teppo"."""
    return all(_LOOKS.is_first_name(piece.strip()) for piece in re.split(r",|\sja\s", text))


def find_blocks(source: Source, names: Names) -> list[Block]:
    """All labelled stretches: labels with what belongs to them, over the whole text."""
    blocks: list[Block] = []
    lines = source.lines
    index = 0
    in_header = True
    while index < len(lines):
        line = lines[index]
        if in_header and index > 80:
            in_header = False
        if table := _table_end(lines, index, names):
            pieces = [(lines[at].text, lines[at].number) for at in range(index + 1, table)]
            blocks.append(Block(Label.PARTICIPANTS, "", index, table - 1, pieces))
            index = table
            continue
        parts = segments(line.text, header=in_header)
        if parts[0].label is None and len(parts) == 1:
            index += 1
            continue
        made = [
            Block(part.label, part.words, index, index, [(part.value, line.number)])
            for part in parts
            if part.label
        ]
        end = index + 1
        if made[-1].label in ATTENDANCE:
            end = _attendance_end(lines, index, made[-1], names)
        else:
            end = _value_end(lines, index, made[-1])
        for further in range(index + 1, end):
            made[-1].pieces.append((lines[further].text, lines[further].number))
        made[-1].last = end - 1
        # "Etänä: …" in the middle of a running list belongs to that list.
        if parts[0].label is None and blocks and blocks[-1].last == index - 1:
            blocks[-1].pieces.append((parts[0].value, line.number))
            blocks[-1].last = index
        blocks += made
        index = end
    return blocks


def _table_end(lines: list[SourceLine], start: int, names: Names) -> int | None:
    """The position after a table of people: a row that names its columns, then its rows."""
    text = lines[start].text
    if not ("\t" in text or "  " in text or "|" in text):
        return None
    columns = re.split(r"\t+|\s{2,}|\s*\|\s*", text.strip("| "))
    if len(columns) < 2 or not _NAME_COLUMN.fullmatch(columns[0].strip()):
        return None
    end = start + 1
    if end == len(lines) or not names.starts_with_person(lines[end].text.lstrip("| ")):
        return None
    while end < len(lines) and not (end > start + 1 and lines[end].new_paragraph):
        if len(re.split(r"\t+|\s{2,}|\s*\|\s*", lines[end].text.strip("| "))) < 2:
            break
        end += 1
    return end


def _attendance_end(lines: list[SourceLine], start: int, block: Block, names: Names) -> int:
    """The position after the last line of a list of attendance."""
    text = block.pieces[0][0]
    index = start + 1
    while index < len(lines):
        line = lines[index]
        parts = segments(line.text, header=False)
        if parts[0].label or len(parts) > 1:
            if parts[0].label is None and not line.new_paragraph and text.strip():
                return index
            break
        person = names.starts_with_person(line.text)
        empty = not text.strip(" -–")
        if line.new_paragraph and not line.interrupted:
            if not (person or (empty and _could_be_people(line.text, names))):
                break
            if starts_list_item(line.text) and not person:
                break
        elif not person:
            if starts_list_item(line.text) and not text.rstrip().endswith(","):
                break
            unfinished = text.rstrip().endswith((",", "(", "-", " ja", " och", " and"))
            unfinished = unfinished or text.count("(") > text.count(")")
            unfinished = unfinished or _ends_in_name_half(text, line.text)
            if not (unfinished or "(" in line.text or _could_be_people(line.text, names)):
                break
            if ends_sentence(line.text) and has_finite_verb(line.text, "fi"):
                break
        text = line.text
        index += 1
    return index


def _could_be_people(text: str, names: Names) -> bool:
    """Whether a line holds names further on, or first names, or columns."""
    fields = re.split(r"[,;\t(]|\s{2,}", text)
    return any(
        names.is_person(piece) or names.is_first_name(piece.strip()) for piece in fields
    ) or (find_mode(text) is not None)


def _ends_in_name_half(before: str, after: str) -> bool:
    last = re.split(r"[,;)]", before)[-1].strip()
    first = re.split(r"[,;(]", after)[0].strip()
    return (
        bool(last and first)
        and len(last.split()) == 1
        and len(first.split()) == 1
        and last[0].isupper()
        and first[0].isupper()
        and len(before) > 30
    )


def _value_end(lines: list[SourceLine], start: int, block: Block) -> int:
    """The position after the lines that go on with a label's value."""
    index = start + 1
    empty = not block.pieces[0][0]
    limit = 2 if empty else 3
    while index < len(lines) and index <= start + limit:
        line = lines[index]
        if segments(line.text, header=False)[0].label or starts_list_item(line.text):
            break
        if empty and index == start + 1:
            indented = line.indent > lines[start].indent + 3 and block.label is Label.OUTSIDE
            if indented or (block.label is Label.NEXT_MEETING and find_dates(line.text)):
                index += 1
                continue
            if block.label in (
                Label.NEXT_MEETING,
                Label.OUTSIDE,
                Label.AGENDA,
                Label.BODY,
                Label.TITLE,
            ):
                break
            index += 1
            continue
        goes_on = starts_lower(line.text) or line.indent > lines[start].indent + 3
        if line.new_paragraph or not goes_on or ends_sentence(lines[index - 1].text):
            break
        index += 1
    return index


def header_end(source: Source, blocks: list[Block], language: str) -> int:
    """The position after the labelled lines at the top; after title and day where none are."""
    end = 0
    for block in blocks:
        if block.label in (Label.NEXT_MEETING, Label.OUTSIDE):
            break
        if block.first > end + (8 if end else 25) or any(
            _is_prose(source.lines[index], language) for index in range(end, block.first)
        ):
            break
        if block.label in (Label.SECRETARY, Label.AGENDA) and not block.value:
            break
        end = block.last + 1
    if end == 0:
        for index in _opening(source.lines):
            if find_dates(source.lines[index].text):
                end = index + 1
        end = end or min(1, len(source.lines))
    return end


def _opening(lines: list[SourceLine]) -> Iterator[int]:
    for index, line in enumerate(lines[:8]):
        if len(line.text) > 120 or starts_list_item(line.text):
            return
        yield index


def _is_prose(line: SourceLine, language: str) -> bool:
    text = line.text
    return len(text) > 40 and text.endswith(".") and has_finite_verb(text, language)
