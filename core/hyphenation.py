"""Where words may break in print: soft hyphens, Finnish by Voikko, others by pyphen.

Only what is printed is hyphenated (a browser hyphenates by itself, and a soft hyphen on a page
would spoil searching and copying). Addresses, numbers, abbreviations and what says
`translate="no"`, names for one, are left whole.
"""

import re
import threading
from functools import lru_cache

from libvoikko import Voikko
from lxml.html import HtmlElement
from pyphen import Pyphen

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
LANGUAGES = ("fi", "sv", "en")
# Letters kept together at the start and at the end of a broken word.
_FEWEST_BEFORE, _FEWEST_AFTER = 3, 3
_SHORTEST_WORD = 6
_LONGEST_WORD = 100  # longer "words" are noise; Voikko itself gives up at 255 characters

_TOKEN = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|@|\w\.\w")  # addresses, names of files
_WORD = re.compile(rf"[^\W\d_]{{{_SHORTEST_WORD},{_LONGEST_WORD}}}")

# What stands on one line anyway, or is quoted elsewhere (headings become bookmarks).
_WHOLE = frozenset({"h1", "h2", "h3", "h4", "head", "title", "style", "script"})

_lock = threading.Lock()  # neither Voikko's handle nor its making bears two threads


def hyphenate(text: str, language: str) -> str:
    """`text` with soft hyphens where its words may break; unchanged in an unknown language."""
    if language not in LANGUAGES:
        return text

    def token(match: re.Match[str]) -> str:
        if _ADDRESS.search(match[0]):
            return match[0]
        return _WORD.sub(lambda word: _hyphenated(word[0], language), match[0])

    return _TOKEN.sub(token, text)


def hyphenate_tree(root: HtmlElement, language: str) -> None:
    """Hyphenate the text of a tree in place, each part in the language its `lang` says."""
    if not isinstance(root.tag, str) or root.tag in _WHOLE or root.get("translate") == "no":
        return
    language = root.get("lang") or language
    if root.text:
        root.text = hyphenate(root.text, language)
    for child in root:
        hyphenate_tree(child, language)
        if child.tail:
            child.tail = hyphenate(child.tail, language)


@lru_cache(maxsize=32_768)
def _hyphenated(word: str, language: str) -> str:
    if sum(map(str.isupper, word)) > 1:  # an abbreviation, perhaps with an ending: LUVNin
        return word
    places = _finnish(word) if language == "fi" else _patterns(language).positions(word)
    last = len(word) - _FEWEST_AFTER
    for place in sorted(places, reverse=True):
        if _FEWEST_BEFORE <= place <= last:
            word = word[:place] + SOFT_HYPHEN + word[place:]
    return word


def _finnish(word: str) -> list[int]:
    with _lock:
        pattern = _voikko().getHyphenationPattern(word)
    return [place for place, sign in enumerate(pattern) if sign == "-"]


@lru_cache(maxsize=1)
def _voikko() -> Voikko:
    voikko = Voikko("fi")
    voikko.setNoUglyHyphenation(True)  # no a-lue, no vow-el pair split
    return voikko


@lru_cache(maxsize=2)
def _patterns(language: str) -> Pyphen:
    return Pyphen(lang={"sv": "sv", "en": "en_GB"}[language])
