"""Whether a text is minutes at all."""

import re

from meetings.importing.blocks import Block
from meetings.importing.dates import find_dates
from meetings.importing.header import Header
from meetings.importing.source import Source
from meetings.importing.vocabulary import DOCUMENT_WORDS, Label

_LOG_LINE = re.compile(
    r"\[?(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|\d{2}:\d{2}:\d{2}"
    r"|[A-Z][a-z]{2}\s+\d{1,2}\s\d{2}:\d{2}:\d{2})"
    r"|(?:DEBUG|INFO|WARN|WARNING|ERROR)\b|\d{1,3}(?:\.\d{1,3}){3}\s"
)
_CODE_LINE = re.compile(
    r".*[;{}]\s*$|(?:def|class|import|from|return|if|elif|else|for|while|try|except|function|var"
    r"|const|let|public|private|#include|package|use|struct|fn|end)\b.*[:;(){}=]|</?\w+[^>]*>|//|/\*|[\"'\]\[{}]"
    r"|[\w.]+\s?(?:[-+*]?=|\(.*\)$|:=)"
)


def looks_like_something_else(source: Source) -> bool:
    """Whether the lines are those of a log, of source code or of a table of data."""
    lines = [line.text for line in source.lines[:2000]]
    if not lines:
        return True
    logs = sum(_LOG_LINE.match(text) is not None for text in lines)
    code = sum(_CODE_LINE.match(text[:300]) is not None for text in lines)
    if logs > 0.5 * len(lines) or (code > 0.4 * len(lines) and len(lines) > 3):
        return True
    for separator in (";", ",", "\t", "|"):
        counts = [text.count(separator) for text in lines]
        if len(lines) > 3 and counts[0] > 1:
            same = sum(count == counts[0] for count in counts)
            if same > 0.9 * len(lines) and not any(". " in text for text in lines[:20]):
                return True
    return False


def looks_like_minutes(
    source: Source, header: Header, blocks: list[Block], items: int, people: int
) -> bool:
    """Whether enough of what minutes have is there: attendance, day, time, place, items, words.

    `items` and `people` say how many of them were found. Words and days count only in lines that
    could head a document: prose has them too.
    """
    opening = [line.text for line in source.lines[:15] if _could_head(line.text)]
    labels = {block.label for block in blocks if block.value}
    attendance = people > 0
    meeting_word = any(DOCUMENT_WORDS.search(text) for text in opening)
    dated = any(find_dates(text) for text in opening)
    labelled = not labels.isdisjoint({Label.TIME, Label.PLACE, Label.TIME_AND_PLACE})
    points = (
        2 * attendance
        + bool(header.leaders)
        + meeting_word
        + dated
        + labelled
        + (items > 0)
        + (items > 1)
    )
    if looks_like_something_else(source):
        return points > 5
    return points >= (3 if attendance or labelled or (meeting_word and dated) else 4)


def _could_head(text: str) -> bool:
    return len(text) < 120 and not (len(text) > 50 and text.endswith((".", "?", "!", '"', "”")))
