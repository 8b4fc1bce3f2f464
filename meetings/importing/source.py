"""The source as lines: what is text, what is a page's header or footer, what is a bare address.

Text taken from a PDF has its own troubles: an empty line after every line, page headers and
footers in mid-sentence, the addresses of the page's links collected at its end. They are told from
the text here, so that the rest of the module sees running lines and knows where paragraphs end.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from meetings.importing.dates import find_dates
from meetings.importing.vocabulary import BODY_WORDS, DOCUMENT_WORDS, INNER_LABELS, label_of

URL = re.compile(r"(?:https?://|www\.(?=[\w-]{2,}\.))[^\s<>\"“”]+", re.IGNORECASE)
_BARE_URL = re.compile(r"\W{0,2}((?:https?://|www\.)[^\s<>]+)\W{0,2}", re.IGNORECASE)
_URL_TAIL = re.compile(r"[\w/.%?=&#~+-]*[/.%?=&_-][\w/.%?=&#~+-]*")
_PAGE = re.compile(
    r"[-–—|\s]*(?:(?:sivu|sida|page|s\.)\s*\d{1,4}(?:\s*(?:\(\s*\d{1,4}\s*\)|/\s*\d{1,4}"
    r"|(?:of|av)\s*\d{1,4}|\s-\s*\d{1,4}))?|\d{1,4}\s*\(\s*\d{1,4}\s*\)|(?P<of>\d{1,3}\s*/\s*\d{1,3})"
    r"|[-–—]\s*\d{1,3}\s*[-–—])[-–—|\s]*",
    re.IGNORECASE,
)
# A header line that ends with the page: "Kunta   Pöytäkirja   2/2024   3 (7)".
ENDS_WITH_PAGE = re.compile(
    r"\s(?:(?:sivu|sida|page)\s*\d{1,4}(?:\s*(?:\(\s*\d{1,4}\s*\)|/\s*\d{1,4}|(?:of|av)\s*\d{1,4}))?"
    r"|\d{1,3}\s?\(\s?\d{1,3}\s?\))$",
    re.IGNORECASE,
)
_COLUMNS_WITH_PAGE = re.compile(
    r"\s{3,}(?:(?:sivu|sida|page)\s?\d|\d{1,3}\s?\(\d).{0,12}$", re.IGNORECASE
)
_RULE = re.compile(r"[\s\W_]*")
_LONE_NUMBER = re.compile(r"\d{1,3}")
_SENTENCE_END = tuple('.!?:;”"»')
_LIST_START = re.compile(
    r"(?:[•●▪◦‣·○■□➢❖\uf0b7\uf0a7–—*+-]|o|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s"
)


@dataclass(slots=True)
class SourceLine:
    """One line with text. `new_paragraph`: the layout begins a paragraph here.

    `interrupted`: a page's end or an address stood before it, so the layout says nothing and the
    sentence may go on. `gap` is the number of empty lines before it.
    """

    number: int
    text: str
    indent: int
    gap: int
    new_paragraph: bool = True
    interrupted: bool = False


@dataclass(slots=True)
class UrlBlock:
    """Bare addresses between two lines: each once, with the source lines it stood on.

    `before` is how many text lines come before the block.
    """

    before: int
    urls: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class FurnitureBlock:
    """What stood at one page's end or start and is no part of the text."""

    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """The text in lines, taken apart."""

    raw: list[str]
    lines: list[SourceLine]
    urls: list[UrlBlock]
    furniture: list[FurnitureBlock]
    rules: list[int]
    # Whether lines were broken at a width, which one, and after how many empty lines.
    wrapped: bool = False
    width: int = 0
    # Whether no two lines stand right below each other.
    spaced: bool = False


def read_source(text: str) -> Source:
    """Take a text apart into its lines, addresses and page furniture, and tell its layout."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").split("\n")
    lines, urls, rules, page_breaks = _split(raw)
    furniture = _furniture(lines, page_breaks)
    kept: list[SourceLine] = []
    blocks: list[UrlBlock] = []
    pieces: list[FurnitureBlock] = []
    waiting = iter(urls)
    next_url = next(waiting, None)
    interrupted = False
    for line in lines:
        while next_url and next_url[0] < line.number:
            if not blocks or blocks[-1].before != len(kept) or not interrupted:
                blocks.append(UrlBlock(len(kept)))
            blocks[-1].urls.setdefault(next_url[1], []).extend(next_url[2])
            interrupted = True
            next_url = next(waiting, None)
        if line.number in furniture:
            if not pieces or not _adjacent(pieces[-1].lines[-1], line.number, raw):
                pieces.append(FurnitureBlock())
            pieces[-1].lines.append(line.number)
            interrupted = True
            continue
        line.interrupted = interrupted
        interrupted = False
        kept.append(line)
    while next_url:
        if not blocks or blocks[-1].before != len(kept) or not interrupted:
            blocks.append(UrlBlock(len(kept)))
        blocks[-1].urls.setdefault(next_url[1], []).extend(next_url[2])
        interrupted = True
        next_url = next(waiting, None)
    source = Source(raw, kept, blocks, pieces, rules)
    _tell_layout(source)
    return source


def starts_list_item(text: str) -> bool:
    """Whether a line begins with some list marker."""
    return _LIST_START.match(text) is not None


def starts_lower(text: str) -> bool:
    """Whether the first letter or figure of a line is a small letter, as in mid-sentence."""
    for character in text[:3]:
        if character.isalnum():
            return character.islower()
    return False


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence, a lead-in or a list does."""
    return text.rstrip(")]").endswith(_SENTENCE_END)


def _split(
    raw: list[str],
) -> tuple[list[SourceLine], list[tuple[int, str, list[int]]], list[int], set[int]]:
    """Lines with text, bare addresses (line, address, all its lines), rules, breaks of pages."""
    lines: list[SourceLine] = []
    urls: list[tuple[int, str, list[int]]] = []
    rules: list[int] = []
    page_breaks: set[int] = set()
    gap = 0
    last_was_url = False
    for number, original in enumerate(raw, 1):
        text = original
        if "\f" in text:
            page_breaks.add(number)
            text = text.replace("\f", "")
        stripped = text.strip().strip("\ufeff\u200b").strip()
        if not stripped:
            if text.strip():
                rules.append(number)  # marks that nobody sees
            gap += 1
            last_was_url = False
            continue
        if match := _BARE_URL.fullmatch(stripped):
            urls.append((number, clean_url(match[1]), [number]))
            last_was_url = True
            gap = 0
            continue
        if last_was_url and urls[-1][1][-1] in "-/_=&" and _URL_TAIL.fullmatch(stripped):
            _, start, numbers = urls.pop()
            urls.append((numbers[0], clean_url(start + stripped), [*numbers, number]))
            continue
        last_was_url = False
        if len(stripped) > 2 and _RULE.fullmatch(stripped) and len(set(stripped)) <= 2:
            rules.append(number)
            gap += 1
            continue
        expanded = text.expandtabs(8)
        indent = len(expanded) - len(expanded.lstrip())
        lines.append(SourceLine(number, stripped.replace("\u00ad", ""), indent, gap))
        gap = 0
    return lines, urls, rules, page_breaks


def clean_url(url: str) -> str:
    """An address without the punctuation of its sentence, with its scheme."""
    url = url.rstrip(".,;:!?'”\"»*")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;:")
    return url if "://" in url[:9] else f"https://{url}"


def _key(text: str) -> str:
    """A line but for its figures, as a header repeats it from page to page."""
    return re.sub(r"\b\d+\b", "#", " ".join(text.split())).casefold()


def _furniture(lines: list[SourceLine], page_breaks: set[int]) -> set[int]:
    """The numbers of lines that are a page's header, footer or number."""
    found: set[int] = set()
    marks: list[int] = []
    for index, line in enumerate(lines):
        if len(line.text) <= 24 and (match := _PAGE.fullmatch(line.text)):
            if match["of"] and not _is_page_of(match["of"]):
                continue
            found.add(line.number)
            marks.append(index)
    marks += _lone_numbers(lines, page_breaks, found)
    breaks = sorted(page_breaks)
    if breaks:
        position = 0
        for index, line in enumerate(lines):
            if position < len(breaks) and line.number >= breaks[position]:
                marks.append(index)
                while position < len(breaks) and line.number >= breaks[position]:
                    position += 1
    ends_with_page = [
        index
        for index, line in enumerate(lines)
        if len(line.text) < 160 and ENDS_WITH_PAGE.search(line.text)
    ]
    keys = Counter(_key(lines[index].text) for index in ends_with_page)
    for index in ends_with_page:
        columns = _COLUMNS_WITH_PAGE.search(lines[index].text) is not None
        if keys[_key(lines[index].text)] > 1 or (columns and index > 5):
            marks.append(index)
            if index > 5:
                found.add(lines[index].number)
    _glued_to_number(lines, marks, found)
    _repeated_at_marks(lines, sorted(set(marks)), found)
    _repeated_in_sentences(lines, found)
    return found


def _glued_to_number(lines: list[SourceLine], marks: list[int], found: set[int]) -> None:
    """A line right at a page number, set off from the text, that names the document or its day,
    or cuts a sentence in two."""
    for mark in marks:
        if lines[mark].number not in found:
            continue
        for index, before, after in (
            (mark - 1, mark - 2, mark + 1),
            (mark + 1, mark - 1, mark + 2),
        ):
            if not (5 < index < len(lines) and before >= 0):
                continue
            line = lines[index]
            glued = (lines[mark].gap if index < mark else line.gap) == 0
            if not glued or len(line.text) > 80 or ends_sentence(line.text):
                continue
            following = lines[after] if after < len(lines) else None
            set_off = line.gap if index < mark else following.gap if following else 1
            dated = any(day.year for day in find_dates(line.text))
            body = BODY_WORDS.search(line.text) is not None and len(line.text.split()) < 6
            names = dated or body or DOCUMENT_WORDS.search(line.text) is not None
            cuts = following is not None and _cuts(lines[before], line, following)
            if set_off and (names or cuts) and not _belongs_to_text(line.text):
                found.add(line.number)


def _cuts(before: SourceLine, line: SourceLine, after: SourceLine) -> bool:
    """Whether a line stands in the middle of a sentence and is no part of it."""
    return (
        starts_lower(after.text)
        and not starts_list_item(after.text)
        and not ends_sentence(before.text)
        and not before.text.endswith(",")
        and not starts_lower(line.text)
        and not starts_list_item(line.text)
        and not ends_sentence(line.text)
    )


def _is_page_of(text: str) -> bool:
    page, pages = (int(part) for part in text.split("/"))
    return 0 < page <= pages


def _lone_numbers(lines: list[SourceLine], page_breaks: set[int], found: set[int]) -> list[int]:
    """Figures alone on a line that count up from page to page, in mid-sentence or at a break."""
    alone = [i for i, line in enumerate(lines) if _LONE_NUMBER.fullmatch(line.text)]
    numbers = [int(lines[i].text) for i in alone]
    if not alone or any(b <= a for a, b in pairwise(numbers)):
        return []
    near_break = any(
        {lines[i].number, lines[i].number + 1, lines[i].number + 2} & page_breaks for i in alone
    )
    mid_sentence = any(
        0 < i < len(lines) - 1
        and starts_lower(lines[i + 1].text)
        and not ends_sentence(lines[i - 1].text)
        for i in alone
    )
    if not (near_break or mid_sentence):
        return []
    found.update(lines[i].number for i in alone)
    return alone


def _repeated_at_marks(lines: list[SourceLine], marks: list[int], found: set[int]) -> None:
    """Lines that stand at several pages' ends or starts, told by the page numbers there."""
    if len(marks) < 2:
        return
    reach = 4
    near: dict[str, set[int]] = {}
    for place, mark in enumerate(marks):
        for index in range(max(0, mark - reach), min(len(lines), mark + reach + 1)):
            near.setdefault(_key(lines[index].text), set()).add(place)
    seen: set[str] = set()
    for mark in marks:
        for step in (-1, 1):
            index = mark
            while 0 <= index < len(lines) and abs(index - mark) <= reach:
                line = lines[index]
                key = _key(line.text)
                if line.number not in found and index != mark:
                    if len(near.get(key, ())) < 2 or _belongs_to_text(line.text):
                        break
                    # The first time it heads the document itself.
                    if not (index <= 5 and key not in seen):
                        found.add(line.number)
                    seen.add(key)
                index += step


def _repeated_in_sentences(lines: list[SourceLine], found: set[int]) -> None:
    """Lines without a page number that come again and again and cut a sentence in two."""
    counts = Counter(
        line.text for line in lines if line.number not in found and len(line.text) < 120
    )
    repeated = {key for key, count in counts.items() if count > 1}
    if not repeated:
        return
    cutting = {
        line.text
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if _cuts(before, line, after)
        and line.number not in found
        and line.text in repeated
        and not _belongs_to_text(line.text)
    }
    seen: set[str] = set()
    for index, line in enumerate(lines):
        key = line.text
        if key in cutting:
            if not (index <= 5 and key not in seen):
                found.add(line.number)
            seen.add(key)


def _belongs_to_text(text: str) -> bool:
    """A label that minutes repeat from item to item, a list item, the rest of a sentence."""
    if starts_list_item(text):
        return True
    if starts_lower(text):
        return True
    head = text.split(":")[0].strip(" .").casefold()
    return head in INNER_LABELS or (":" in text and label_of(head, colon=True) is not None)


def _adjacent(earlier: int, later: int, raw: list[str]) -> bool:
    if later - earlier > 8:
        return False
    return all(not raw[number - 1].strip() for number in range(earlier + 1, later))


def _tell_layout(source: Source) -> None:
    """Tell a wrapped line from a new paragraph, from how the lines of the text follow each other.

    Lines that begin with a small letter after an unfinished one were broken at a width. How many
    empty lines such pairs have between them is the text's own line spacing: none in ordinary text,
    one in text from some PDFs. Only a wider gap ends a paragraph.
    """
    spacing: Counter[int] = Counter()
    lengths: list[int] = []
    for before, line in zip(source.lines, source.lines[1:], strict=False):
        if line.interrupted or starts_list_item(line.text) or ends_sentence(before.text):
            continue
        # In a list of names a comma or an open bracket at the line's end says the same.
        listing = before.text.endswith(",") or before.text.count("(") > before.text.count(")")
        if not (starts_lower(line.text) or (listing and len(before.text) > 40)):
            continue
        spacing[line.gap] += 1
        lengths.append(len(before.text) + before.indent)
    pairs = max(1, len(source.lines) - 1)
    evidence = sum(spacing.values())
    gap = spacing.most_common(1)[0][0] if evidence >= max(2, 0.04 * pairs) else 0
    source.wrapped = evidence >= max(2, 0.04 * pairs)
    source.spaced = not source.wrapped and all(line.gap for line in source.lines[1:])
    lengths.sort()
    source.width = lengths[int(len(lengths) * 0.95)] if lengths else 0
    for line in source.lines:
        line.new_paragraph = line.gap > gap
