"""Where a text names somebody, in any form of the name, and how the name is replaced by a role.

Finnish inflects the last word of a name (Meikäläisen, Virran), Swedish and English add an s. Voikko
knows many names and their forms; for the others the case endings are tried on the name's stems.
Pure functions over text; what they cannot be sure of they only report.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from core import finnish

WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*(?::[a-zåäö]+)?")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

# Case endings behind a vowel stem, each with Voikko's name of the case.
_ENDINGS: Final = {
    "": "nimento",
    "n": "omanto",
    "a": "osanto",
    "ä": "osanto",
    "ta": "osanto",
    "tä": "osanto",
    "ssa": "sisaolento",
    "ssä": "sisaolento",
    "sta": "sisaeronto",
    "stä": "sisaeronto",
    "seen": "sisatulento",
    "lla": "ulkoolento",
    "llä": "ulkoolento",
    "lta": "ulkoeronto",
    "ltä": "ulkoeronto",
    "lle": "ulkotulento",
    "na": "olento",
    "nä": "olento",
    "ksi": "tulento",
    "s": "omanto",
    "’s": "omanto",
    "'s": "omanto",
}
# "edustaja" in each case.
_ROLE_ENDINGS: Final = {
    "omanto": "n",
    "osanto": "a",
    "sisaolento": "ssa",
    "sisaeronto": "sta",
    "sisatulento": "an",
    "ulkoolento": "lla",
    "ulkoeronto": "lta",
    "ulkotulento": "lle",
    "olento": "na",
    "tulento": "ksi",
}
_GRADES: Final = (
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("nt", "nn"),
    ("nk", "ng"),
    ("mp", "mm"),
    ("lt", "ll"),
    ("rt", "rr"),
    ("t", "d"),
    ("p", "v"),
    ("k", ""),
)
_VOWELS: Final = "aeiouyåäö"

STUDENTS, GUARDIANS, OTHER = "students", "guardians", "other"
_ROLES: Final = {
    "fi": {
        STUDENTS: "opiskelijoiden edustaja",
        GUARDIANS: "huoltajien edustaja",
        OTHER: "osallistuja",
    },
    "sv": {
        STUDENTS: "de studerandes representant",
        GUARDIANS: "vårdnadshavarnas representant",
        OTHER: "deltagare",
    },
    "en": {
        STUDENTS: "student representative",
        GUARDIANS: "guardians’ representative",
        OTHER: "participant",
    },
}


@dataclass(frozen=True)
class Named:
    """Someone whose name is not to stand: each name they are known by, and their role."""

    names: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text, from `start` up to `end`, with whose it is; `case` as Voikko names it.

    Where `is_sure` is false it may be somebody else, and a person has to look.
    """

    start: int
    end: int
    role: str
    case: str
    is_sure: bool


def role_words(role: str, language: str, case: str = "nimento") -> str:
    """A role as it is written in place of a name in that case."""
    words = _ROLES[language][role]
    if language == "fi":
        return words + _ROLE_ENDINGS.get(case, "")
    if case != "omanto":
        return words
    return words + ("’s" if language == "en" else "s")


@lru_cache(maxsize=4096)
def _stems(name: str) -> frozenset[str]:
    """What case endings are put behind, for one word of a name in lower case."""
    if name.endswith("nen"):
        return frozenset({name[:-3] + "se"})
    if name[-1] not in _VOWELS:
        return frozenset({name, name + "i", name + "e"})
    found = {name}
    body, last = name[:-1], name[-1]
    for strong, weak in _GRADES:
        if body.endswith(strong):
            found.add(body[: -len(strong)] + weak + last)
    if last == "i":
        found |= {stem[:-1] + "e" for stem in found}
    return frozenset(found)


@lru_cache(maxsize=16_384)
def case_of(word: str, name: str) -> str | None:
    """The case in which `word` is a form of `name` (one word each); none where it is no form."""
    if not word[:1].isupper():
        return None
    word, name = word.casefold().replace("’", "'"), name.casefold().replace("’", "'")
    if word == name:
        return "nimento"
    if ":" in word:
        bare, ending = word.split(":", 1)
        return _ENDINGS.get(ending, "nimento") if bare == name else None
    for form in finnish.forms(word):
        if form.base.casefold() == name and not form.plural:
            return form.case or "nimento"
    if name.endswith("nen") and word in (name[:-3] + "sta", name[:-3] + "stä"):
        return "osanto"
    for stem in _stems(name):
        rest = word[len(stem) :] if word.startswith(stem) else None
        if rest is None or (rest == "" and stem != name):
            continue
        if rest == stem[-1] + "n" or rest == "h" + stem[-1] + "n":
            return "sisatulento"
        if rest in _ENDINGS:
            return _ENDINGS[rest]
    return None


# What no reader sees and a name is a name with: soft hyphens, joiners, marks of direction.
_HIDDEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]|(?<=\\w)[\u200c\u200d](?=\\w)")


def visible(text: str) -> str:
    """`text` without signs that nobody sees, behind which a name would not be found."""
    return _HIDDEN.sub("", text)


def folded(text: str) -> str:
    """Lower case without marks above letters, as in addresses: "Mäki" is "maki"."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def mentions(text: str, people: Collection[Named], *, others: Collection[str] = ()) -> list[Found]:
    """The places where `text` names one of `people`, in order and without overlaps.

    `others` are the names of those who may stand: a surname that one of them has too is not sure.
    """
    shared = {name.split()[-1].casefold() for name in others if name.split()}
    words = list(WORD.finditer(text))
    found: list[Found] = []
    for match in _EMAIL.finditer(text):
        for person in people:
            if any(_in_address(match[0].split("@")[0], name) for name in person.names):
                found.append(Found(match.start(), match.end(), person.role, "nimento", True))
                break
    found += _full_names(text, words, people)
    taken = [(one.start, one.end) for one in found]
    for match in words:
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found += _single(match, people, shared)
    found.sort(key=lambda one: (one.start, -one.end))
    result: list[Found] = []
    for one in found:
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result


def _in_address(address: str, name: str) -> bool:
    parts = name.split()
    last = folded(parts[-1])
    return len(parts) > 1 and last in re.split(r"[^a-z-]+", folded(address))


def _full_names(
    text: str, words: list[re.Match[str]], people: Collection[Named]
) -> Iterator[Found]:
    for place, first in enumerate(words):
        for person in people:
            for name in person.names:
                found = _full_name(text, words[place : place + len(name.split()) + 1], name)
                if found:
                    yield Found(first.start(), found[0], person.role, found[1], True)


def _full_name(text: str, words: list[re.Match[str]], name: str) -> tuple[int, str] | None:
    """Where the whole name that begins with these words ends, and its case."""
    parts = name.split()
    if len(parts) == 1:
        case = case_of(words[0][0], name)
        return (words[0].end(), case) if case else None
    given, last = parts[0], parts[-1]
    orders = [parts, [given, last], [given[0], last], [last, *parts[:-1]], [last, given]]
    for order in orders:
        here = words[: len(order)]
        if len(here) < len(order) or not _adjacent(text, here):
            continue
        if all(
            word[0].casefold() == part.casefold()
            for word, part in zip(here[:-1], order[:-1], strict=True)
        ) and (case := case_of(here[-1][0], order[-1])):
            return here[-1].end(), case
    return None


def _adjacent(text: str, words: list[re.Match[str]]) -> bool:
    gaps = pairwise(words)
    return all(re.fullmatch(r"\.?\s+|\.", text[left.end() : right.start()]) for left, right in gaps)


def _single(
    match: re.Match[str], people: Collection[Named], shared: Collection[str]
) -> Iterator[Found]:
    """A word that is one part of a name: a surname of nobody else is sure, a first name is not."""
    word = match[0]
    for person in people:
        for name in person.names:
            *given, last = name.split()
            case = case_of(word, last)
            if case:
                sure = last.casefold() not in shared
                yield Found(match.start(), match.end(), person.role, case, sure)
                return
            near = len(last) > 4 and word[:1].isupper()
            alike = near and word.casefold().startswith(
                last.casefold()[: min(6, max(4, len(last) - 3))]
            )
            if alike or any(len(part) > 1 and case_of(word, part) for part in given):
                yield Found(match.start(), match.end(), person.role, "nimento", False)
                return


def replaced(
    text: str, found: list[Found], language: str, *, begins: bool = True
) -> list[tuple[int, int, str]]:
    """What stands in place of each sure mention: start, end, words.

    Where the text `begins` a sentence, a role there has a capital letter.
    """
    result = []
    for one in found:
        if one.is_sure:
            words = role_words(one.role, language, one.case)
            if (begins and not text[: one.start].strip()) or re.search(
                r"[.!?]\s+$", text[: one.start]
            ):
                words = words[0].upper() + words[1:]
            result.append((one.start, one.end, words))
    return result


def without_names(
    text: str, people: Collection[Named], language: str, *, others: Collection[str] = ()
) -> str:
    """`text` with roles in place of the names that are sure."""
    for start, end, words in reversed(
        replaced(text, mentions(text, people, others=others), language)
    ):
        text = text[:start] + words + text[end:]
    return text
