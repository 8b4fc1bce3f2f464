"""What must not stand in minutes: personal identity codes, and text about one single pupil.

Pure functions over text. An identity code is certain, since its check sign must fit; the hints of
a pupil are only that, and are kept few: groups of children, organs and representatives of pupils
are everyday matter of these minutes.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: `text` as it stands at `start` (inclusive) to `end` (exclusive)."""

    start: int
    end: int
    text: str


_CENTURIES: Final = {
    **dict.fromkeys("+", 1800),
    **dict.fromkeys("-YXWVU", 1900),
    **dict.fromkeys("ABCDEF", 2000),
}
_CHECK_SIGNS: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# Dashes that programs put in the hyphen's place are the hyphen here.
_CODE: Final = re.compile(
    r"(?<!\w)(\d\d)(\d\d)(\d\d)([-+\u2010\u2011\u2012\u2013\u2212A-FU-Y])(\d{3})"
    r"([0-9A-FHJ-NPR-Y])(?!\w)",
    re.IGNORECASE,
)


def identity_codes(text: str) -> list[Found]:
    """Finnish personal identity codes in `text`, e.g. of the form 131052-308T.

    Day, month and year of birth, a sign for the century, three digits, a check sign (the nine
    digits as a number modulo 31). Since 1 January 2023 further signs of the century are given out:
    Y X W V U beside the hyphen, B C D E F beside A (Digital and Population Data Services Agency,
    "The personal identity code"). Numbers from 900 on are for tests; they count too.
    """
    return [
        Found(match.start(), match.end(), match[0])
        for match in _CODE.finditer(text)
        if _is_code(*match.groups())
    ]


def _is_code(day: str, month: str, year: str, century: str, number: str, check: str) -> bool:
    begin = _CENTURIES.get(century.upper(), 1900)
    try:
        date(begin + int(year), int(month), int(day))
    except ValueError:
        return False
    if int(number) < 2:
        return False
    return _CHECK_SIGNS[int(day + month + year + number) % 31] == check.upper()


# Words for one pupil, in the cases in which one speaks of somebody; plurals and compounds
# (oppilaat, oppilaskunta) are not among them, and alone they are no hint either (oppilaan oikeus).
_FI: Final = (
    r"(?:oppila(?:s|an|sta|alla|alta|alle|asta|aseen)|opiskelija(?:n|a|lla|lta|lle|sta)?|"
    r"poika|poikaa|poja(?:n|lla|lta|lle|sta)|tyttö|tyttöä|tytö(?:n|llä|ltä|lle|stä)|"
    r"laps(?:i|en|ella|elta|elle|esta)|lasta|nuor(?:i|en|ella|elta|elle|esta)|nuorta)\b"
)
_SV: Final = r"(?:elev(?:en|ens|s)?|studerande(?:n|ns)?|pojke(?:n|ns)?|flick(?:a|an|ans))\b"
_SV_CLASS: Final = r"(?:klass|årskurs|åk\.?)\s*\d"
_EN: Final = r"(?:pupil|student|boy|girl|child)\b"
# A name as pupils' names are written: Matti M., M. M., or in full, but no genitive (Espoon).
_NAME: Final = (
    r"(?-i:[A-ZÅÄÖ][a-zåäöé-]+ [A-ZÅÄÖ]\.|[A-ZÅÄÖ]\. ?[A-ZÅÄÖ]\.|"
    r"[A-ZÅÄÖ][a-zåäöé]+(?<!n) [A-ZÅÄÖ][a-zåäöé]{2,})"
)

_HINTS: Final = {
    language: re.compile("|".join(patterns), re.IGNORECASE)
    for language, patterns in {
        "fi": (
            # erään oppilaan äiti; kyseinen nuori
            rf"\b(?:eräs|erää\w{{1,4}}|kyseinen|kyseis(?:en|tä|ellä|eltä|elle|estä))\s+{_FI}",
            # pojan isä (the law speaks of guardians, not of mothers and fathers)
            r"\b(?:oppilaan|opiskelijan|pojan|tytön)\s+(?:äiti|äidi\w+|isä|isä[nlä]\w*)\b",
            # 5-luokkalainen poika, viidesluokkalaisen tytön, 12-vuotias oppilas
            r"(?:\b\d{1,2} ?-? ?|\b\w+s)luokkalai(?:nen|sen|sta|sella|selta|selle|sesta)\s+" + _FI,
            r"\b\d{1,2} ?-? ?vuotia(?:s|an|sta|alla|alta|alle|asta)\s+" + _FI,
            # 8B:n oppilas, 8 b -luokan oppilaalla
            r"\b\d{1,2} ?[a-h](?::n| ?-? ?luoka(?:n|lla oleva\w*))\s+" + _FI,
            rf"\b(?:oppilas|oppilaan|oppilaalla|oppilaalle|poika|tyttö|lapsi|nuori)\s+{_NAME}",
        ),
        "sv": (
            rf"\b(?:en viss|den aktuella|ifrågavarande)\s+{_SV}",
            # eleven i klass 5, en flicka på årskurs 8
            rf"\b(?:(?:en|den)\s+{_SV}|eleven|pojken|flickan)\s+(?:i|på)\s+{_SV_CLASS}",
            r"\b(?:en elevs|elevens|pojkens|flickans)\s+(?:mamma|pappa|mor|far|moder|fader)s?\b",
            rf"\b(?:en|den)\s+\d{{1,2}} ?-? ?åriga?\s+{_SV}",
            rf"\b(?:elev|eleven|pojken|flickan)\s+{_NAME}",
        ),
        "en": (
            # a pupil in year 5 whose mother
            rf"\b(?:a|one|this)\s+{_EN}\s+(?:in|from|of)\s+(?:year|grade|class)\s+\d",
            rf"\b(?:a|one|this)\s+(?:certain|particular)\s+{_EN}",
            rf"\b(?:an?|one|the|this)\s+{_EN}(?:['’]s|\s+whose)\s+(?:mother|father|mum|mom|dad)\b",
            rf"\b(?:an?|one|the|this)\s+\d{{1,2}}[- ]year[- ]old\s+{_EN}",
            rf"\b(?:pupil|boy|girl)\s+{_NAME}",
        ),
    }.items()
}


def pupil_hints(text: str, language: str) -> list[Found]:
    """Places in `text` that look like they are about one single pupil.

    `language` is `fi`, `sv` or `en`; in another one nothing is found.
    """
    pattern = _HINTS.get(language)
    if pattern is None:
        return []
    return [Found(hit.start(), hit.end(), hit[0]) for hit in pattern.finditer(text)]
