"""Who was there: names, organisations, roles and modes out of lists of attendance.

A list may be a running text of names with brackets, a name with its organisation per line, columns,
bullets. It is cut into fields; a field that looks like a person's name begins a person, any other
belongs to the person before it.
"""

import re
from dataclasses import dataclass, field, replace

from meetings.importing.names import (
    AND,
    LEADING_MARK,
    ORGANISATION_WORDS,
    PERSON_TITLE,
    ROLE,
    Names,
    initials_of,
    plain_name,
)
from meetings.importing.reading import Attendee, Doubt, DoubtReason, Mode
from meetings.importing.vocabulary import BODY_WORDS

CHAIR_ROLE = re.compile(
    r"(?<!vara)(?<!vice)(?<!vice-)(?<!vice )(?<!deputy )\b(?:puheenjohtaja|pj|ordförande|ordf|chair"
    r"|chairperson|chairman|chairwoman)\b",
    re.IGNORECASE,
)
SECRETARY_ROLE = re.compile(
    r"\b(?:sihteeri|siht|muistio|muistiinpanot|sekreterare|sekr|secretary|pöytäkirjanpitäjä|protokollförare|kirjuri"
    r"|minute-?taker|note-?taker|minutes|clerk)\b",
    re.IGNORECASE,
)
_MODES = {
    Mode.REMOTE: re.compile(
        r"etänä|etäyhteydellä|etä|teams|teamsissa|teamsilla|teamsin kautta|zoom|zoomissa|verkossa"
        r"|puhelimitse|på distans|distans|via teams|via zoom|på teams|per telefon|remote|remotely"
        r"|online|by phone|by telephone|by video|on teams|on zoom|via phone|virtual|phone|video"
        r"|etäosallistuja|etänä teamsissa|etänä teamsin kautta|by video link",
        re.IGNORECASE,
    ),
    Mode.ABSENT: re.compile(
        r"poissa|estynyt|frånvarande|förhindrad|förhinder|absent|apologies|ei paikalla|excused"
        r"|ilmoitti esteestä|anmält förhinder|este",
        re.IGNORECASE,
    ),
    Mode.IN_PERSON: re.compile(
        r"läsnä|paikalla|paikan päällä|närvarande|på plats|present|in person|x|✓|✔|☒|☑",
        re.IGNORECASE,
    ),
}
# When someone came or went.
_REMARK = re.compile(
    r"(?:saapui|poistui|poistunut|läsnä klo|paikalla klo|klo \d|anlände|avlägsnade|kl\.? \d|arrived"
    r"|sjuk|sairas|sairaana|ill|sick|matkoilla"
    r"|left|joined|from \d|until \d)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\W*(?:ei (?:ketään|kukaan|poissaolijoita)|ei|inga|ingen|none|nobody|no one|n/?a|nil)?\W*",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"(?:johtaja|päällikkö|direktör|chef|rektori|rektor|kuraattori|kurator|psykologi|psykolog"
    r"|opettaja|lärare|koordinaattori|koordinator|suunnittelija|planerare|hoitaja|manager|officer"
    r"|director|teacher|principal|headteacher|coordinator|librarian)$",
    re.IGNORECASE,
)
# Where fields end: a comma, a semicolon, columns, a dash between blanks, a slash, a bar.
_FIELD_END = re.compile(r"\t+|\s{3,}|\s+[–—|-]\s+|\s*[|]\s*|\s+/\s+|:\s+")
_INITIALS = re.compile(r"[A-ZÅÄÖ]{1,2}-?[A-ZÅÄÖ]{1,3}")


@dataclass(slots=True)
class Entry:
    """A stretch of a list of attendance: its words, its source line, the mode its label gave."""

    text: str
    number: int
    mode: Mode


@dataclass(slots=True)
class Attendance:
    """The people found so far, those with initials in the list, and what was doubtful."""

    people: list[Attendee] = field(default_factory=list)
    initials: dict[str, str] = field(default_factory=dict)  # initials → name
    doubts: list[Doubt] = field(default_factory=list)


def read_people(entries: list[Entry], names: Names) -> Attendance:
    """Read the entries of a whole list of attendance, in the order of the text."""
    found = Attendance()
    for block in _blocks(entries):
        per_line = _is_per_line(block, names)
        _read_block(block, per_line, names, found)
    return found


def find_mode(text: str) -> Mode | None:
    """The mode that a field names and nothing else ("etänä", "på distans")."""
    plain = text.strip(" .!*")
    return next((mode for mode, pattern in _MODES.items() if pattern.fullmatch(plain)), None)


def is_role(text: str) -> bool:
    """Whether a field names a role in the meeting and nothing else ("pj.", "sekreterare")."""
    return ROLE.fullmatch(text.strip()) is not None


def _blocks(entries: list[Entry]) -> list[list[Entry]]:
    """Entries that follow each other under one label."""
    blocks: list[list[Entry]] = []
    for entry in entries:
        if not blocks or blocks[-1][-1].mode != entry.mode:
            blocks.append([])
        blocks[-1].append(entry)
    return blocks


def _is_per_line(block: list[Entry], names: Names) -> bool:
    """Whether each line is one person, rather than a running list broken over lines."""
    texts = [entry.text for entry in block if entry.text.strip()]
    if len(texts) < 2:
        return False
    if sum(text.rstrip().endswith((",", " ja", " och", " and")) for text in texts[:-1]) > 0:
        several = sum(text.count(",") > 1 or text.count("(") > 1 for text in texts)
        if several or any(text.count("(") != text.count(")") for text in texts):
            return False
    good = sum(
        names.starts_with_person(text)
        or bool(LEADING_MARK.match(text))
        # An organisation, a colon and its people.
        or (": " in text and names.starts_with_person(text.split(": ", 1)[1]))
        for text in texts
    )
    open_brackets = sum(text.count("(") != text.count(")") for text in texts)
    return good >= 0.6 * len(texts) and open_brackets <= 0.2 * len(texts)


def _read_block(block: list[Entry], per_line: bool, names: Names, found: Attendance) -> None:
    if per_line:
        for entry in block:
            _read_text([entry], names, found, per_line=True)
    else:
        _read_text(block, names, found)


@dataclass(slots=True)
class _Field:
    """A field of an entry; `bracket` fields stood in brackets behind the person before them."""

    text: str
    number: int
    bracket: bool = False
    strong: bool = False  # a semicolon or a new entry stood before it
    column: bool = False  # a dash or a column stood before it


def _read_text(
    entries: list[Entry], names: Names, found: Attendance, *, per_line: bool = False
) -> None:
    mode = entries[0].mode
    fields = _fields(entries, names, found)
    if per_line:
        _tell_organisations(fields, names)
    person: Attendee | None = None
    leading_role: str | None = None
    leading_organisation: str | None = None
    for piece in fields:
        text = " ".join(piece.text.split()).strip(" ,;*")
        if _REMARK.match(text):
            continue
        if text.endswith(".") and names.is_person(text) and len(text.split()[-1]) > 3:
            text = text[:-1]
        if not text or (_NOBODY.fullmatch(text) and not piece.bracket):
            continue
        if piece.strong:
            person = None
            leading_organisation = None
        if not piece.bracket:
            role, rest = _leading_role(text, names)
            if rest and names.is_person(rest) and not (person and piece.column):
                text, leading_role = rest, role
            if names.is_person(text) and not (person and piece.column):
                plain = PERSON_TITLE.sub("", text).strip()
                person = Attendee(
                    plain if names.is_person(plain) else text,
                    leading_organisation,
                    leading_role,
                    mode,
                    (piece.number,),
                )
                leading_role = None
                found.people.append(person)
                continue
        if piece.bracket and person is None and leading_organisation and names.is_person(text):
            # "Vihti (Sari Leino)": the organisation first.
            found.people.append(Attendee(text, leading_organisation, None, mode, (piece.number,)))
            continue
        if not piece.bracket and (lone := _lone_name(text, names, fields)) is not None:
            person = replace(lone, role=leading_role, mode=mode, sources=(piece.number,))
            leading_role = None
            found.people.append(person)
            continue
        _describe(text, piece, person, names, found, mode)
        if person is None and not piece.bracket:
            if is_role(text):
                leading_role = text
            elif find_mode(text) is None:
                leading_organisation = text
                if not any(names.is_person(" ".join(other.text.split())) for other in fields):
                    found.doubts.append(
                        Doubt(
                            DoubtReason.NAME_UNCLEAR,
                            piece.number,
                            text,
                            (piece.number,),
                            {"piece": text},
                        )
                    )


def _tell_organisations(fields: list[_Field], names: Names) -> None:
    """On a line of its own a person is followed by an organisation, though it looks like a name.

    "Ben Carter, Library Service" is one person; three names in a row, or a known first name, are
    people.
    """
    plain = [piece for piece in fields if not piece.bracket and piece.text.strip()]
    people = [piece for piece in plain if names.is_person(" ".join(piece.text.split()))]
    if len(people) > 2 and len(people) == len(plain):
        return
    for piece in plain[1:]:
        words = piece.text.split()
        if len(words) > 1 and not names.is_first_name(words[0]) and plain[0] in people:
            piece.column = plain_name(piece.text) not in names.persons


def _lone_name(text: str, names: Names, fields: list[_Field]) -> Attendee | None:
    """A first name alone, in a list without full names."""
    if " " in text or not names.is_first_name(text):
        return None
    if any(names.is_person(" ".join(piece.text.split())) for piece in fields):
        return None
    return Attendee(text)


def _describe(
    text: str, piece: _Field, person: Attendee | None, names: Names, found: Attendance, mode: Mode
) -> None:
    """Put a field that is no name to the person it belongs to."""
    if person is None:
        return
    if piece.number not in person.sources:
        person.sources = (*person.sources, piece.number)
    if (own_mode := find_mode(text)) is not None:
        person.mode = own_mode
        return
    if piece.bracket and _INITIALS.fullmatch(text) and text in initials_of(person.name):
        found.initials[text] = person.name
        return
    if is_role(text):
        person.role = f"{person.role}, {text}" if person.role else text
        return
    # "puheenjohtaja Espoo" in one bracket, without a comma.
    role, rest = _leading_role(text, names)
    if role and names.is_person(rest):
        # "varajäsen Kaisu Pelto" beside a member: someone else, and how is for a person to say.
        found.doubts.append(
            Doubt(DoubtReason.NAME_UNCLEAR, piece.number, text, (piece.number,), {"piece": text})
        )
        return
    if role and rest:
        person.role, text = person.role or role, rest
    if person.organisation is None and not _is_job(text):
        person.organisation = text
    elif person.organisation is None and person.role is None:
        person.role = text
    elif person.organisation is None:
        person.organisation = text
    elif _is_job(text) and person.role is None:
        person.role = text
    elif _is_job(person.organisation) and person.role is None:
        person.role, person.organisation = person.organisation, text
    else:
        person.organisation = f"{person.organisation}, {text}"


def _leading_role(text: str, names: Names) -> tuple[str | None, str]:
    word, _, rest = text.partition(" ")
    if rest and (ROLE.fullmatch(word.rstrip(":")) or _JOB.search(word)):
        return word.rstrip(":"), rest.strip()
    return None, text


def _is_job(text: str) -> bool:
    """A job rather than an organisation: written small, as titles of office are."""
    if _JOB.search(text):
        return True
    return (
        text[0].islower()
        and "." not in text
        and not (ORGANISATION_WORDS.search(text) or BODY_WORDS.search(text))
    )


def _fields(entries: list[Entry], names: Names, found: Attendance) -> list[_Field]:
    """Cut entries at commas, columns and brackets; close brackets that the source left open."""
    fields: list[_Field] = []
    buffer: list[str] = []
    start = entries[0].number
    depth = 0
    opened = start
    strong = True

    def flush(*, bracket: bool) -> None:
        nonlocal strong
        text = "".join(buffer)
        buffer.clear()
        for at, part in enumerate([text] if bracket else _parts(text, names)):
            if part.strip():
                column = at > 0 and not AND.search(text)
                fields.append(_Field(part, start, bracket, strong and at == 0, column))
                strong = False

    for position, entry in enumerate(entries):
        text = LEADING_MARK.sub("", entry.text, count=1) if position == 0 else entry.text
        if position and buffer:
            joined = "".join(buffer).rstrip()
            buffer[:] = [joined if joined.endswith("-") else joined + " "]
        elif not buffer:
            start = entry.number
        for character in text:
            if not buffer and not character.isspace():
                start = entry.number
            if character in "([" and depth == 0:
                flush(bracket=False)
                depth, opened = 1, entry.number
            elif character in "([":
                # A bracket in a bracket after a person's name: the first was never closed.
                inside, comma, name = "".join(buffer).rpartition(",")
                if (comma or not inside) and names.is_person(name):
                    buffer[:] = [inside]
                    flush(bracket=True)
                    buffer[:] = [name]
                    _doubt_bracket(entries, opened, fields, found)
                    flush(bracket=False)
                    opened = entry.number
                else:
                    buffer.append(character)
                    depth += 1
            elif character in ")]" and depth:
                depth -= 1
                if depth == 0:
                    flush(bracket=True)
                else:
                    buffer.append(character)
            elif character in ",;" and depth <= 1:
                flush(bracket=depth == 1)
                strong = strong or (character == ";" and depth == 0)
            else:
                buffer.append(character)
    if depth:
        _close_at_end(entries, opened, buffer, fields, names, found)
    flush(bracket=depth > 0)
    return fields


def _close_at_end(
    entries: list[Entry],
    opened: int,
    buffer: list[str],
    fields: list[_Field],
    names: Names,
    found: Attendance,
) -> None:
    """The list ends in an open bracket: names inside it were people of their own."""
    first = len(fields)
    while first > 0 and fields[first - 1].bracket and fields[first - 1].number >= opened:
        first -= 1
    for piece in fields[first + 1 :]:
        if names.is_person(" ".join(piece.text.split())):
            piece.bracket = False
    _doubt_bracket(entries, opened, fields, found)


def _doubt_bracket(
    entries: list[Entry], opened: int, fields: list[_Field], found: Attendance
) -> None:
    if any(
        doubt.reason is DoubtReason.UNCLOSED_BRACKET and doubt.line == opened
        for doubt in found.doubts[-3:]
    ):
        return
    line = next(entry.text for entry in entries if entry.number == opened)[:500]
    name = next((piece.text for piece in reversed(fields) if not piece.bracket), "")
    found.doubts.append(
        Doubt(
            DoubtReason.UNCLOSED_BRACKET,
            opened,
            line,
            (opened,),
            {"name": " ".join(name.split())},
        )
    )


def _parts(text: str, names: Names) -> list[str]:
    """Cut what stands between commas at columns, dashes and "ja", where that makes sense."""
    pieces = [piece for piece in _FIELD_END.split(text) if piece and piece.strip()]
    if len(pieces) == 1 and "  " in text.strip():
        columns = [piece for piece in re.split(r"\s{2,}", text.strip()) if piece]
        if all(len(column) > 1 for column in columns):
            pieces = columns
    result: list[str] = []
    for piece in pieces:
        both = AND.split(piece)
        if len(both) > 1 and all(
            names.is_person(part) or names.is_first_name(part.strip()) for part in both
        ):
            result += both
        elif piece.strip().split(" ", 1)[0].casefold() in ("ja", "sekä", "och", "samt", "and", "&"):
            result.append(piece.strip().split(" ", 1)[-1])
        else:
            result.append(piece)
    return result
