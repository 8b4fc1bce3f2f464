"""Who chaired and who wrote, and one entry per person."""

import re
from dataclasses import replace

from meetings.importing.header import (
    Header,
)
from meetings.importing.reading import (
    Attendee,
    Mode,
)

_NAME = r"[A-ZÅÄÖ][\w’'-]+(?:\s[A-ZÅÄÖ][\w’'-]+){1,2}"


_CHAIRED = re.compile(
    rf"(?:[Pp]uheenjohtajana\s+toimii?|[Pp]uheenjohtajaksi\s+(?:valittiin\s+)?"
    rf"|[Tt]ill\s+(?:mötes)?ordförande\s+valdes|[Cc]haired\s+by)\s*({_NAME})"
    rf"|({_NAME})\s+(?:toimi\s+puheenjohtajana|(?:valittiin|valitaan)\s+(?:kokouksen\s+)?"
    r"puheenjohtajaksi|var\s+ordförande|valdes\s+till\s+(?:mötes)?ordförande|chaired\s+the\s+meeting"
    r"|took\s+the\s+chair|was\s+elected\s+(?:as\s+)?chair)"
)


_CALLED_CHAIR = re.compile(rf"\b(?:[Pp]uheenjohtaja|[Oo]rdförande|[Cc]hair)\s+({_NAME})")


_MINUTED = re.compile(
    rf"(?:[Ss]ihteerinä\s+(?:toimii?\s+)?|[Ss]ihteeriksi\s+(?:valittiin\s+)?"
    rf"|[Ss]ekreterare(?:\s+valdes)?\s)\s*({_NAME})"
    rf"|({_NAME})\s+(?:toimi\s+sihteerinä|(?:valittiin|valitaan)\s+(?:kokouksen\s+)?sihteeriksi"
    r"|var\s+sekreterare|valdes\s+till\s+(?:mötes)?sekreterare|took\s+(?:the\s+)?minutes"
    r"|was\s+elected\s+(?:as\s+)?secretary)"
)


def _named(pattern: re.Pattern[str], texts: list[str]) -> str | None:
    """The first name that a pattern finds in the texts."""
    found = next((match for text in texts if (match := pattern.search(text))), None)
    return next((name for name in found.groups() if name), None) if found else None


def merged(people: list[Attendee]) -> list[Attendee]:
    """One person once: a second mention adds what the first lacked."""
    found: dict[str, Attendee] = {}
    for person in people:
        key = person.name.casefold()
        first = found.get(key)
        if first is None:
            found[key] = replace(person)
            continue
        first.organisation = first.organisation or person.organisation
        first.role = first.role or person.role
        if len(first.sources) < 20:
            first.sources = (*first.sources, *person.sources)
        if first.mode is Mode.UNSPECIFIED or person.mode is Mode.REMOTE:
            first.mode = person.mode
    return list(found.values())


def settle_modes(people: list[Attendee], header: Header) -> None:
    """Those listed as taking part were in the room where others are listed as remote."""
    some_remote = any(person.mode is Mode.REMOTE for person in people)
    some_present = any(person.mode is Mode.IN_PERSON for person in people)
    for person in people:
        if header.is_remote and person.mode in (Mode.IN_PERSON, Mode.UNSPECIFIED):
            if not some_remote:
                person.mode = Mode.REMOTE
        elif person.mode is Mode.UNSPECIFIED and (some_remote or some_present):
            person.mode = Mode.IN_PERSON


def with_role(people: list[Attendee], role: re.Pattern[str]) -> str | None:
    return next(
        (person.name for person in people if person.role and role.search(person.role)), None
    )


def chair_in(texts: list[str]) -> str | None:
    """The chair that the running text names: one elected for the meeting before any other."""
    return _named(_CHAIRED, texts) or _named(_CALLED_CHAIR, texts)


def secretary_in(texts: list[str]) -> str | None:
    """The secretary that the running text names."""
    return _named(_MINUTED, texts)
