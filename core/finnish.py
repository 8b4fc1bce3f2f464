"""Finnish word forms, from Voikko: what a word is a form of, and what a compound is made of.

Voikko's handle must not be used by two threads at once, and loading its dictionary takes a moment,
so it is made at first use and kept behind a lock. Answers are remembered; a text repeats its words.
"""

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from libvoikko import Voikko

_lock = threading.Lock()
_voikko: Voikko | None = None

_WORD_BASE = re.compile(r"\+([^+()]*)(?:\(([^()]*)\))?")
# Voikko's names for the classes of proper names: of a person, a place, anything else.
_NAME_CLASSES = frozenset({"etunimi", "sukunimi", "paikannimi", "nimi"})
# Longer "words" are noise of a broken file; Voikko itself gives up at 255 characters.
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a word: its base form, and which form of it this is.

    `case` is Voikko's Finnish name of the case ("omanto", "sisaeronto"), `person` "1".."3", or "4"
    for the passive; `tense` "present_simple" or "past_imperfective". Empty where it does not apply.
    """

    base: str
    word_class: str
    case: str
    plural: bool
    mood: str
    tense: str
    person: str
    parts: tuple[str, ...]

    @property
    def is_name(self) -> bool:
        return self.word_class in _NAME_CLASSES

    @property
    def is_finite_verb(self) -> bool:
        """Whether this is a verb in a form that makes a clause ("jakaa", "sovittiin")."""
        return self.word_class == "teonsana" and bool(self.person)


@lru_cache(maxsize=65_536)
def forms(word: str) -> tuple[Form, ...]:
    """Every reading of one word, Voikko's likeliest first; none for a word it does not know."""
    if not word or len(word) > _LONGEST:
        return ()
    with _lock:
        analyses = _handle().analyze(word)
    return tuple(_form(analysis) for analysis in analyses)


def base_forms(word: str) -> tuple[str, ...]:
    """The different base forms of a word, in lower case; the word itself if Voikko has none."""
    found = dict.fromkeys(form.base.lower() for form in forms(word))
    return tuple(found) or (word.lower(),)


def parts(word: str) -> tuple[str, ...]:
    """The different base forms of the parts of a compound, in lower case, in order.

    "opiskeluhuoltoryhmän" → opiskelu, huolto, ryhmä. A word that is no compound has itself as its
    one part. What stands on both sides of a hyphen is a part even where Voikko doesn't know it.
    """
    readings = forms(word)
    if readings:
        return tuple(dict.fromkeys(part for form in readings for part in form.parts))
    pieces = [piece for piece in word.split("-") if piece]
    if len(pieces) < 2:
        return (word.lower(),)
    return tuple(dict.fromkeys(part for piece in pieces for part in parts(piece)))


def _handle() -> Voikko:
    global _voikko
    if _voikko is None:
        _voikko = Voikko("fi")
    return _voikko


def _form(analysis: dict[str, str]) -> Form:
    base = analysis.get("BASEFORM", "")
    return Form(
        base=base,
        word_class=analysis.get("CLASS", ""),
        case=analysis.get("SIJAMUOTO", ""),
        plural=analysis.get("NUMBER") == "plural",
        mood=analysis.get("MOOD", ""),
        tense=analysis.get("TENSE", ""),
        person=analysis.get("PERSON", ""),
        parts=_parts_of(analysis.get("WORDBASES", ""), base),
    )


def _parts_of(word_bases: str, base: str) -> tuple[str, ...]:
    """Read Voikko's WORDBASES: "+kehittä(kehittää)+jä(+jä)+kumppani(kumppani)".

    A base that begins with "+" is a derivation ("-jä"): it belongs to the part before it, and that
    part's base form is then what was derived ("kehittäjä"), not the word it came from.
    """
    found: list[str] = []
    stem = ""  # the last part as it stands in the word, to which derivations are added
    for surface, word_base in _WORD_BASE.findall(word_bases):
        if surface == "-":
            continue
        if word_base.startswith("+") and found:
            stem += surface
            found[-1] = stem
        elif word_base or not found:
            stem = surface
            found.append(word_base or surface)
        else:
            stem += surface
    clean = (part.replace("=", "").strip("-").lower() for part in found)
    return tuple(part for part in clean if part) or (base.lower(),)
