"""When and where the group meets next."""

import re

from meetings.importing.header import (
    strip_time_words,
)
from meetings.importing.owners import base_name
from meetings.importing.vocabulary import NEXT_MEETING

_PLACE_WORDS = {
    "fi": re.compile(
        r"\b(?P<remote>Teams|Zoom|etänä|etäkokouks\w+)\w*(?:-\w+)?|\b(?P<name>[A-ZÅÄÖ][\w-]+(?:ssa|ssä|lla|llä))\b"
    ),
    "sv": re.compile(r"\b(?:i|på|via|vid)\s+(?P<name>[A-ZÅÄÖ][^,.;:()]{1,40})"),
    "en": re.compile(r"\b(?:in|at|on|via)\s+(?:the\s+)?(?P<name>[A-ZÅÄÖ][^,.;:()]{1,40})"),
}


def next_place(text: str, language: str) -> str | None:
    """The place of the next meeting, out of what is left beside its day and time."""
    label = NEXT_MEETING.search(text)
    if label and ":" in text[label.end() :][:4]:
        text = text[label.end() :]
    plain = strip_time_words(text)
    pieces = [piece.strip(" .:;–—-()") for piece in re.split(r",\s|\s{2,}|\s[–—-]\s|\(", plain)]
    pieces = [piece for piece in pieces if piece and not NEXT_MEETING.search(piece)]
    if (
        len(plain.split()) <= 6
        and pieces
        and not re.search(
            r"\b(?:pidetään|on|järjestetään|kokoonnutaan|tavataan|träffas|samlas|meet|hålls|är|äger|will|is|held)\b",
            plain,
        )
    ):
        return ", ".join(pieces)
    if match := _PLACE_WORDS[language].search(text):
        groups = match.groupdict()
        if groups.get("remote"):
            return match["remote"]
        if language == "fi":
            return base_name(match["name"])
        return match["name"].strip()
    return None
