"""What kind of document minutes are, and its number, by the words at their top."""

import re

from meetings.importing.dates import find_dates, without
from meetings.importing.reading import Kind
from meetings.importing.vocabulary import BODY_WORDS, DOCUMENT_WORDS

_NRO = r"(?:nro|nr|no|n:o|numero|nummer|number)\b\.?\s?:?"
_PAIR = r"\d{1,3}\s?/\s?(?:(?:19|20)\d\d|\d\d)(?![\d/])"
# "3/2024", and not a part of "12/3/2024"; where no word says what it is, with the whole year.
_LONG_PAIR = r"(?<![\d/.-])\d{1,3}\s?/\s?(?:19|20)\d\d(?![\d/])"
_NAMED = re.compile(
    rf"(?:\b{_NRO}|\b\w*(?:muistio|pöytäkirja|protokoll|promemoria|minutes|memo)\b)\s*(?P<pair>{_PAIR})"
    rf"|\b\w*(?:muistio|pöytäkirja|protokoll|promemoria|minutes|memo|kokous|möte|meeting)\s+{_NRO}"
    r"\s*(?P<plain>\d{1,4})(?![\d/.])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\W*(?:{_NRO}\s*{_PAIR}|{_LONG_PAIR})\W*", re.IGNORECASE)
# The number of a matter in the registry is not that of the minutes.
_REGISTRY = re.compile(r"\b(?:dnro|dnr|diaari\w*|diarie\w*|asianro)\b", re.IGNORECASE)

_MINUTES = re.compile(r"\b\w*(?:pöytäkirja|protokoll|minutes)\b", re.IGNORECASE)
_MEMO = re.compile(
    r"\b\w*(?:muistio|promemoria|muistiinpanot|anteckningar)\b"
    r"|\b(?:memo|memorandum|meeting notes|notes)\b",
    re.IGNORECASE,
)


def number_in(text: str) -> str | None:
    """The document number that a line at the top names: "Protokoll 3/2023" → 3/2023."""
    if _REGISTRY.search(text):
        return None
    text = without(text, find_dates(text))
    if match := _NAMED.search(text):
        return re.sub(r"\s", "", match["pair"] or match["plain"])
    if is_number(text) or DOCUMENT_WORDS.search(text) or BODY_WORDS.search(text):
        match = re.search(_LONG_PAIR, text)
        return re.sub(r"\s", "", match[0]) if match else None
    return None


def is_number(text: str) -> bool:
    """Whether a line is a document number and nothing else: "Nro 4/2025", "1/2025"."""
    return _BARE.fullmatch(text) is not None


def kind_in(text: str) -> Kind | None:
    """What a line at the top calls the document; "Meeting minutes" before "notes"."""
    if _MINUTES.search(text):
        return Kind.MINUTES
    return Kind.MEMO if _MEMO.search(text) else None
