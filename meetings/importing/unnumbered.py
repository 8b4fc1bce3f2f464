"""Where items begin in minutes whose headings carry no numbers."""

import re
from collections import Counter
from dataclasses import dataclass, field

from meetings.importing.dates import find_dates
from meetings.importing.source import SourceLine, ends_sentence, starts_list_item
from meetings.importing.vocabulary import INNER_LABELS, NEXT_MEETING, Label, label_of
from meetings.importing.wording import has_finite_verb, looks_like_heading

_NEVER_ITEMS = frozenset(
    {Label.OUTSIDE, Label.SECRETARY, Label.CHAIR, Label.TIME, Label.PLACE, Label.TIME_AND_PLACE,
     Label.PRESENT, Label.REMOTE, Label.ABSENT}
)  # fmt: skip
# Items that agendas have under these very words.
_STOCK = re.compile(
    r"muut (?:mahdolliset |esille tulevat |esiin tulevat )?asiat|ilmoitusasiat|tilannekatsaus"
    r"|(?:kokouksen )?(?:avaus|avaaminen|päättäminen|lopetus)|ajankohtaista"
    r"|ajankohtaiset(?: asiat)?|seuraava (?:kokous|tapaaminen|palaveri)"
    r"|edellisen kokouksen (?:muistio|pöytäkirja)"
    r"|övrigt|övriga (?:ärenden|frågor)|aktuellt|anmälningsärenden|nästa (?:möte|träff|sammanträde)"
    r"|(?:mötets )?(?:öppnande|öppnas|avslutande|avslutas)|föregående (?:protokoll|möte|promemoria)"
    r"|any other business|aob|other (?:business|matters)|next meeting|opening|closing"
    r"|matters arising|minutes of the (?:last|previous) meeting",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Unnumbered:
    """Positions of headings, and whether each is unsure; `passed` might be some, but stay text."""

    headings: list[tuple[int, bool]] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)


def find_unnumbered(
    lines: list[SourceLine], masked: set[int], header_end: int, language: str
) -> Unnumbered:
    """Lines set off by empty lines; then short ones that only their words and neighbours tell.

    The latter are headings where another heading is found too; else they are `passed`, for taking
    a single line for the only heading would leave the text before it without an item.
    """
    free = [index for index in range(header_end, len(lines)) if index not in masked]
    alone = [index for index in free if _set_off(lines[index], language)]
    hashed = [index for index in alone if lines[index].text.startswith("#")]
    if hashed:
        return Unnumbered([(index, False) for index in hashed])
    plain = [index for index in alone if not lines[index].text.endswith(":")]
    alone = plain if len(plain) >= 2 else alone
    times = Counter(_words(lines[index]) for index in free)
    tight = [
        index
        for index in free
        if index not in alone
        and _is_tight(lines, index, language)
        # "Päätös" under item after item is a part of them; said once it may be an item itself.
        and not (_words(lines[index]) in INNER_LABELS and times[_words(lines[index])] > 1)
    ]
    if len(alone) > 1:  # then a label inside an item is what it is everywhere
        tight = [index for index in tight if _words(lines[index]) not in INNER_LABELS]
    if len(alone) + len(tight) < 2:
        return Unnumbered([(index, False) for index in alone], tight)
    unsure = {index for index in tight if not _STOCK.fullmatch(_words(lines[index]))}
    return Unnumbered([(index, index in unsure) for index in sorted([*alone, *tight])])


def stands_alone(line: SourceLine) -> bool:
    """Whether a paragraph begins with this line."""
    return line.new_paragraph or line.interrupted


def _words(line: SourceLine) -> str:
    return line.text.rstrip(": ").casefold()


def _set_off(line: SourceLine, language: str) -> bool:
    if not (stands_alone(line) or line.text.startswith("#")):
        return False
    if not looks_like_heading(line, language) or label_of(line.text) in _NEVER_ITEMS:
        return False
    dates = find_dates(line.text)
    if not dates:
        return True
    return not (dates[0].start == 0 or len(line.text) < 30 or NEXT_MEETING.search(line.text[:30]))


def _is_tight(lines: list[SourceLine], index: int, language: str) -> bool:
    """Whether a short line between a finished line and its own text could head an item."""
    line = lines[index]
    inner = _words(line) in INNER_LABELS
    if len(line.text) > 50 or len(line.text.split()) > 6 or ":" in line.text:
        return False
    if not (inner or looks_like_heading(line, language)) or label_of(line.text) in _NEVER_ITEMS:
        return False
    if find_dates(line.text) or not line.text[0].isupper() or index + 1 == len(lines):
        return False
    before = lines[index - 1] if index else None
    if before and not line.new_paragraph:
        finished = before.text.endswith((".", "!", "?"))
        listed = starts_list_item(before.text) and len(before.text) < 50
        if not (finished or listed) or line.indent > before.indent:
            return False
    after = lines[index + 1]
    return (not after.new_paragraph or (inner and line.new_paragraph)) and _is_text(after, language)


def _is_text(line: SourceLine, language: str) -> bool:
    return (
        ends_sentence(line.text)
        or starts_list_item(line.text)
        or has_finite_verb(line.text, language)
    )
