"""Whether words make a sentence, or could head an item."""

import re

from core import finnish
from meetings.importing.source import SourceLine, starts_list_item, starts_lower
from meetings.importing.vocabulary import INNER_LABELS, label_of

_VERB = {
    "sv": re.compile(
        r"\b(?:är|var|har|hade|ska|skall|kan|blir|blev|finns|\w+(?:ades|erades|erade|ades|ade|dde))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:is|are|was|were|has|have|had|will|shall|can|should|agreed|noted|reported|"
        r"discussed|opened|decided|approved|welcomed|closed|said|told|presented)\b",
        re.IGNORECASE,
    ),
}


def looks_like_heading(line: SourceLine, language: str) -> bool:
    """Whether a line could head an item: short, unfinished, without a verb."""
    text = line.text
    if text.startswith("#"):
        return True
    if not (2 < len(text) <= 90) or starts_list_item(text) or starts_lower(text):
        return False
    if text.endswith((".", ",", ";", "!", "-", "–", ")")) and not text.endswith("?"):
        return False
    if not any(character.isalpha() for character in text) or "://" in text:
        return False
    head = text.split(":")[0].strip()
    if ":" in text[:-1] and (label_of(head, colon=True) or head.casefold() in INNER_LABELS):
        return False
    if text.rstrip(": ").casefold() in INNER_LABELS:
        return False
    if text.isupper() and len(text) > 3:
        return True
    return not has_finite_verb(text, language)


def has_finite_verb(text: str, language: str) -> bool:
    """Whether the words make a sentence, as far as a glance can tell."""
    if language != "fi":
        return bool(_VERB[language].search(text[:400]))
    for word in re.findall(r"[^\W\d_]+", text[:400]):
        readings = finnish.forms(word)
        if readings and all(
            form.is_finite_verb or form.word_class == "kieltosana" for form in readings
        ):
            return True
    return False
