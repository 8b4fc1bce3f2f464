"""Where the items of the agenda begin."""

import re
from dataclasses import dataclass, field
from typing import Any

from meetings.importing.dates import MONTH, WEEKDAY
from meetings.importing.reading import Alternative, Doubt, DoubtReason
from meetings.importing.source import (
    Source,
    SourceLine,
    ends_sentence,
    starts_list_item,
    starts_lower,
)
from meetings.importing.unnumbered import find_unnumbered, stands_alone
from meetings.importing.vocabulary import INNER_LABELS, label_of
from meetings.importing.wording import has_finite_verb, looks_like_heading

_HASH = r"(?:#{1,6}\s{0,3})?"
_SECTION = re.compile(
    rf"{_HASH}(?:§\s{{0,3}}(?P<a>\d{{1,4}})|(?P<b>\d{{1,4}})\s{{0,3}}§)(?![:\w])[\s:.–—-]{{0,6}}(?P<rest>.*)"
)
_WORD = re.compile(
    rf"{_HASH}(?:kohta|asiakohta|asia|item|agenda item|punkt|ärende|pykälä|paragraf)\s"
    r"(?P<a>\d{1,3})(?![\d/])\s?[.):–—-]?\s{0,5}(?P<rest>.*)",
    re.IGNORECASE,
)
_SUB = re.compile(rf"{_HASH}(?P<a>\d{{1,2}})\.(?P<b>\d{{1,2}})[.)]?\s{{1,8}}(?P<rest>\S.*)")
_DOT = re.compile(rf"{_HASH}(?P<a>\d{{1,4}})\.(?:\s{{1,12}}(?P<rest>\S.*)|(?P<tight>[^\W\d].*))?")
_POINT = re.compile(rf"{_HASH}(?P<a>\d{{1,2}})\.0[.)]?\s{{1,12}}(?P<rest>\S.*)")
_PAREN = re.compile(rf"{_HASH}(?P<a>\d{{1,4}})\)\s{{0,12}}(?P<rest>\S.*)?")
_SPACE = re.compile(rf"{_HASH}(?P<a>\d{{1,3}})\s{{1,12}}(?P<rest>[^\W\d_a-zåäö].*)")
# "ke 7.5.2025 klo 9" under "Seuraava kokous" begins with a small letter, but is no heading.
_WHEN = re.compile(rf"(?:{WEEKDAY}|ma|ti|ke|to|pe|la|su|klo|kl|den)\b\.?\s\d|\d", re.IGNORECASE)
_MONTH_START = re.compile(MONTH, re.IGNORECASE)


@dataclass(slots=True)
class Heading:
    """A heading: the position of its line, its number (none if it has none), its words."""

    index: int
    number: str | None
    title: str
    # Positions of the lines that belong to it; text after the heading on its own line, if any.
    lines: list[int] = field(default_factory=list)
    inline: str = ""
    expected: int | None = None  # the number that should have come, where numbers jump
    unclear: str = ""  # words of a further line that may be text instead
    unsure: bool = False  # nothing but its words sets it off: it may be text


@dataclass(slots=True)
class Headings:
    """The headings in order; `contents` are positions of a list of them up front."""

    found: list[Heading]
    contents: list[int] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)  # might be headings too, but stay text


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    number: int
    rest: str
    indent: int
    new_paragraph: bool


def find_headings(source: Source, masked: set[int], header_end: int, language: str) -> Headings:
    """The headings of a text. `masked` are positions that are spoken for (the attendance).

    `header_end` is the position after the last labelled line at the top. Numbered headings go
    before unnumbered ones, which are looked for only where there are no numbers.
    """
    lines = source.lines
    for pattern in (_SECTION, _WORD, _POINT):
        candidates = _candidates(lines, pattern, masked)
        if candidates:
            headings = Headings(_rising(candidates))
            break
    else:
        headings = _numbered(source, masked, header_end, language)
        if not headings.found:
            headings = _unnumbered(source, masked, header_end, language)
    _add_subheadings(lines, headings, masked, language)
    _extend(source, headings.found, language)
    return headings


def heading_doubts(lines: list[SourceLine], headings: Headings) -> list[Doubt]:
    """What a person should look at in the headings, when all is known about them."""
    doubts = []
    before = ""
    for heading in headings.found:
        line, reason = lines[heading.index], DoubtReason.HEADING_UNCLEAR
        numbers = tuple(lines[at].number for at in heading.lines)
        if heading.unclear:
            title = heading.title.removesuffix(heading.unclear).rstrip(" :")
            detail: dict[str, Any] = {"heading": heading.title, "rest": heading.unclear}
            other = Alternative("item.title", title)
            doubts.append(Doubt(reason, line.number, line.text, numbers, detail, (other,)))
        if heading.unsure:
            others = (Alternative("item.join", before),) if before else ()
            detail = {"heading": heading.title}
            doubts.append(Doubt(reason, line.number, line.text, numbers, detail, others))
        if heading.expected is not None:
            reason = DoubtReason.NUMBERING_JUMPS
            detail = {"number": heading.number, "expected": str(heading.expected)}
            doubts.append(Doubt(reason, line.number, line.text, (line.number,), detail))
        before = heading.title
    for line in (lines[index] for index in headings.passed):
        detail = {"text": line.text}
        reason = DoubtReason.HEADING_UNCLEAR
        doubts.append(Doubt(reason, line.number, line.text, (line.number,), detail))
    return doubts


def _candidates(
    lines: list[SourceLine], pattern: re.Pattern[str], masked: set[int]
) -> list[_Candidate]:
    found = []
    for index, line in enumerate(lines):
        if index in masked or not (match := pattern.fullmatch(line.text)):
            continue
        groups = match.groupdict()
        rest = (groups.get("rest") or groups.get("tight") or "").strip()
        if rest and (starts_lower(rest) and pattern in (_SECTION, _WORD)):
            continue
        if _MONTH_START.match(rest) and pattern not in (_SECTION, _WORD, _PAREN):
            continue
        if not rest and (index + 1 >= len(lines) or starts_list_item(lines[index + 1].text)):
            continue
        number = int(groups["a"] or groups["b"])
        found.append(_Candidate(index, number, rest, line.indent, line.new_paragraph))
    return found


def _rising(candidates: list[_Candidate]) -> list[Heading]:
    """Headings whose sign leaves no doubt (§, "Kohta"): all whose numbers rise."""
    found: list[Heading] = []
    last = None
    for candidate in candidates:
        if last is not None and not last < candidate.number <= last + 30:
            continue
        heading = _heading(candidate)
        if last is not None and candidate.number > last + 1:
            heading.expected = last + 1
        found.append(heading)
        last = candidate.number
    return found


def _numbered(source: Source, masked: set[int], header_end: int, language: str) -> Headings:
    best: Headings | None = None
    best_rank = (False, False, 0)
    for pattern in (_PAREN, _DOT, _SPACE):
        candidates = _candidates(source.lines, pattern, masked)
        chain, contents = _chain(candidates)
        if not chain or (pattern is _SPACE and len(chain) < 2 and not _alone(source, chain[0])):
            continue
        if _is_list(source, candidates, chain, header_end, language):
            continue
        # The first stands right under the header, whatever the layout.
        alone = all(stands_alone(source.lines[one.index]) for one in chain[1:] or chain)
        rank = (alone, len(chain) > 1, -chain[0].index)
        if best is None or rank > best_rank:
            best, best_rank = Headings(chain, contents), rank
    return best or Headings([])


def _alone(source: Source, heading: Heading) -> bool:
    """Whether a single "1 Title" stands by itself, with empty lines around it."""
    after = heading.index + 1
    return source.lines[heading.index].gap > 0 and (
        after == len(source.lines) or source.lines[after].gap > 0
    )


def _chain(candidates: list[_Candidate]) -> tuple[list[Heading], list[int]]:
    """Follow the numbers 1, 2, 3… past the lists inside items that number anew.

    Returns the headings, and the positions of a list of contents: numbers that come twice, the
    first time one after the other, with the same words.
    """
    chain: list[_Candidate] = []
    headings: list[Heading] = []
    contents: list[int] = []
    inner: _Candidate | None = None
    if not candidates:
        return [], []
    first = 1 if any(candidate.number == 1 for candidate in candidates) else None
    last_at = {candidate.number: position for position, candidate in enumerate(candidates)}
    for position, candidate in enumerate(candidates):
        if not chain:
            if first is None or candidate.number == first:
                chain.append(candidate)
                headings.append(_heading(candidate))
            continue
        expected = chain[-1].number + 1
        outer = candidate.indent <= chain[0].indent + 1
        if candidate.number == expected and outer:
            if inner and candidate.number == inner.number + 1:
                stands_out = candidate.new_paragraph and not inner.new_paragraph
                stands_out = stands_out or candidate.indent + 1 < inner.indent
                unlike = chain[0].new_paragraph and not candidate.new_paragraph
                if not stands_out and (unlike or last_at[candidate.number] > position):
                    inner = candidate
                    continue
            chain.append(candidate)
            headings.append(_heading(candidate))
            inner = None
        elif candidate.number == 1 and _same(candidate.rest, chain[0].rest):
            contents += [earlier.index for earlier in chain]
            chain, headings, inner = [candidate], [_heading(candidate)], None
        elif candidate.number == 1 or (inner and candidate.number == inner.number + 1):
            inner = candidate
        elif (
            outer
            and candidate.new_paragraph
            and expected < candidate.number <= expected + 2
            and last_at.get(expected, -1) < position
        ):
            heading = _heading(candidate)
            heading.expected = expected
            chain.append(candidate)
            headings.append(heading)
            inner = None
    return headings, contents


def _is_list(
    source: Source,
    candidates: list[_Candidate],
    chain: list[Heading],
    header_end: int,
    language: str,
) -> bool:
    """Whether the numbers are those of lists under headings without numbers.

    So it is where every run of numbers begins right under a line that looks like a heading, or
    where a heading and a sentence come before the first number.
    """
    lines = source.lines
    starts = [candidate for candidate in candidates if candidate.number == 1]
    if len(starts) > 1 and all(
        start.index > header_end
        and stands_alone(lines[start.index - 1])
        and looks_like_heading(lines[start.index - 1], language)
        for start in starts
    ):
        return True
    heading_before = False
    for index in range(header_end, chain[0].index):
        line = lines[index]
        if stands_alone(line) and looks_like_heading(line, language):
            heading_before = True
        elif heading_before and ends_sentence(line.text) and len(line.text) > 25:
            return True
    return False


def _unnumbered(source: Source, masked: set[int], header_end: int, language: str) -> Headings:
    found = find_unnumbered(source.lines, masked, header_end, language)
    headings = [
        Heading(index, None, source.lines[index].text.lstrip("# "), [index], unsure=unsure)
        for index, unsure in found.headings
    ]
    return Headings(headings, passed=found.passed)


def _add_subheadings(
    lines: list[SourceLine], headings: Headings, masked: set[int], language: str
) -> None:
    """Headings "2.1", "2.2" between the headings 2 and 3."""
    if not headings.found or headings.found[0].number is None:
        return
    result: list[Heading] = []
    bounds = [heading.index for heading in headings.found[1:]] + [len(lines)]
    for heading, end in zip(headings.found, bounds, strict=True):
        result.append(heading)
        expected = 1
        for index in range(heading.index + 1, end):
            match = _SUB.match(lines[index].text)
            if not match or index in masked or starts_lower(match["rest"]):
                continue
            if match["a"] != heading.number or int(match["b"]) != expected:
                continue
            sub = Heading(index, f"{match['a']}.{match['b']}", match["rest"], [index])
            # "3.1 The Director reported on …" is a numbered paragraph, and no heading.
            if can_split(sub.title, language) or not has_finite_verb(sub.title, language):
                result.append(sub)
                expected += 1
    headings.found = result


def _extend(source: Source, headings: list[Heading], language: str) -> None:
    """Give each heading the further lines that it is broken over, and split off its text."""
    lines = source.lines
    starts = {heading.index for heading in headings}
    alone = sum(
        heading.index + 1 >= len(lines) or stands_alone(lines[heading.index + 1])
        for heading in headings
    )
    mostly_alone = alone * 2 > len(headings) or (alone * 2 == len(headings) and alone > 0)
    for heading in headings:
        index = heading.index
        if not heading.title:
            index += 1
            if index < len(lines) and index not in starts:
                heading.title = lines[index].text
                heading.lines.append(index)
        else:
            _split_inline(heading, language)
        if not heading.inline:
            _take_lines(source, heading, index, starts, mostly_alone, language)
        heading.title = _clean(heading.title)


def _take_lines(
    source: Source,
    heading: Heading,
    index: int,
    starts: set[int],
    mostly_alone: bool,
    language: str,
) -> None:
    """Take the lines right below the heading, up to where a paragraph or a list begins."""
    lines = source.lines
    block = []
    for further in range(index + 1, min(index + 6, len(lines))):
        line = lines[further]
        if line.new_paragraph and not (line.interrupted and starts_lower(line.text)):
            break
        if further in starts or starts_list_item(line.text) or _is_label(line.text):
            break
        block.append(further)
    _take_block(source, heading, block, mostly_alone, language)


def _take_block(
    source: Source, heading: Heading, block: list[int], mostly_alone: bool, language: str
) -> None:
    lines = source.lines
    last = lines[heading.lines[-1]]
    taken: list[int] = []
    for index in block:
        before = lines[taken[-1]] if taken else last
        word = lines[index].text.split(None, 1)[0]
        full = source.wrapped and len(before.text) + 1 + len(word) > 0.9 * source.width
        if ends_sentence(before.text) and not before.text.endswith(":"):
            break
        if _WHEN.match(lines[index].text):
            break
        if starts_lower(lines[index].text) or before.text.endswith(("-", ",")) or full:
            taken.append(index)
        else:
            break
    rest = block[len(taken) :]
    if rest and mostly_alone and len(block) <= 3:
        words = " ".join(lines[index].text for index in block)
        if not ends_sentence(words) and not has_finite_verb(words, language):
            heading.unclear = words
            taken = block
    finished = bool(taken) and lines[taken[-1]].text.endswith((".", "!", "?"))
    if finished and not starts_lower(lines[taken[0]].text) and not heading.unclear:
        return  # a sentence, so it was text that happened to be as wide as the page
    for index in taken:
        heading.title = join(heading.title, lines[index].text)
        heading.lines.append(index)


def _split_inline(heading: Heading, language: str) -> None:
    """ "1. Avaus: Puheenjohtaja avasi kokouksen." is a heading and its text on one line."""
    if match := can_split(heading.title, language):
        heading.title, heading.inline = match[1].strip(), heading.title[match.end() :]


def can_split(title: str, language: str) -> re.Match[str] | None:
    """Where a heading ends that has its text on the same line: group 1 is the heading."""
    match = re.match(r"([^.:]{2,70}?)(?::\s+|(?:\.| [–—-])\s+(?=[A-ZÅÄÖ]))", title)
    if not match or not title.endswith((".", "!")):
        return None
    rest = title[match.end() :]
    if not has_finite_verb(rest, language) or has_finite_verb(match[1], language):
        return None
    return match


def _is_label(text: str) -> bool:
    head, colon, _ = text.partition(":")
    return bool(colon) and (
        head.strip().casefold() in INNER_LABELS or label_of(head, colon=True) is not None
    )


def _heading(candidate: _Candidate) -> Heading:
    return Heading(candidate.index, str(candidate.number), candidate.rest, [candidate.index])


def _clean(title: str) -> str:
    return " ".join(title.split()).removesuffix(":").rstrip()


def _same(one: str, other: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"\W+", "", text).casefold()

    return plain(one)[:40] == plain(other)[:40]


_CONJUNCTION = re.compile(r"(?:ja|tai|eli|sekä|och|eller|samt|and|or)\b", re.IGNORECASE)


def join(text: str, more: str) -> str:
    """Two lines as one, with runs of blanks as one blank.

    A compound that was broken after its hyphen has no blank; "esi-" before "ja" keeps it.
    """
    more = " ".join(more.split())
    return f"{text}{glue(text, more)}{more}" if text else more


def glue(text: str, more: str) -> str:
    """What stands between two lines that are joined: a blank, or nothing after a broken word."""
    if len(text) > 1 and text[-1] == "-" and text[-2].isalnum() and not _CONJUNCTION.match(more):
        return ""
    if len(text) > 1 and text[-1] == "/" and not text[-2].isspace():
        return ""
    return " "
