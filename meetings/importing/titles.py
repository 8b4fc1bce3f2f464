"""The body that met, out of the title of its minutes."""

import re

from core import finnish
from meetings.importing.dates import find_dates, without
from meetings.importing.vocabulary import (
    BODY_WORDS,
    DOCUMENT_WORDS,
)


def undated(text: str) -> str:
    return without(text, find_dates(text)).strip()


_MEETING_OF = re.compile(
    r"(?:minutes of (?:the )?)?(?:(?:\w+\s){0,2}meeting of (?:the )?)(?P<en>[^,.:–]+)"
    r"|minutes of (?:the )?(?P<en3>[^,.:–]+?)(?:\s+(?:held|meeting).*)?$"
    r"|(?P<en2>[^,.:–]+?)\s+meeting\b"
    r"|(?:möte|sammanträde|träff|protokoll|promemoria|anteckningar)\s+"
    r"(?:med|i|för|från|vid)\s+(?P<sv>[^,.:–\d]+)|(?P<sv2>[^,.:–]+?)s\s+(?:\w+)?(?:möte|sammanträde|träff)",
    re.IGNORECASE,
)


def body_of(title: str, language: str) -> str | None:
    """The body that met, from the title: "Alueellisen työryhmän kokous" → alueellinen työryhmä."""
    text = undated(title)
    pieces = [piece.strip() for piece in re.split(r"[,:|]\s|\s[–—-]\s", text)]
    if len(pieces) > 1:
        for piece in pieces:
            if BODY_WORDS.search(piece) and not DOCUMENT_WORDS.search(piece):
                return piece
    if language != "fi":
        match = _MEETING_OF.search(text)
        found = next((group for group in match.groups() if group), None) if match else None
        return " ".join(found.split()) if found else None
    words = re.sub(r"\d+\s*/\s*\d+", "", text).split()
    end = next((at for at, word in enumerate(words) if at and DOCUMENT_WORDS.search(word)), None)
    if end is None:
        return None
    if DOCUMENT_WORDS.search(words[0]) and end > 1:
        words, end = words[1:], end - 1
    head = _nominative(words[end - 1])
    if head is None:
        return None
    phrase = words[:end]
    phrase[-1] = head
    # The adjectives that open the phrase agree with its head: alueellisen … ryhmän.
    for at, word in enumerate(phrase[:-1]):
        base = _nominative(word, word_class="laatusana")
        if base is None:
            break
        phrase[at] = base
    return " ".join(phrase)


def _nominative(word: str, word_class: str | None = None) -> str | None:
    """The base form of a word in the genitive, written with the capitals that it had."""
    for form in finnish.forms(word):
        if form.case != "omanto" or form.plural or not form.base:
            continue
        if word_class and form.word_class not in (word_class, "nimisana_laatusana"):
            continue
        if word_class is None and form.word_class in ("teonsana",):
            continue
        if word.isupper():
            return form.base.upper()
        return form.base[:1].upper() + form.base[1:] if word[0].isupper() else form.base
    return None
