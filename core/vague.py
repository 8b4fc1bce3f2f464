"""When: a day, or something kept as vague as it was said ("tammikuu 2025").

A *when* is one short code: a day `2024-12-03`, a month `2025-01`, a season `2025-spring`,
`next_meeting` (at it), `before_next_meeting`, or nothing. It is stored, frozen and sent as that
code and worded only when a person reads it.
"""

import re
from calendar import monthrange
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

AT_NEXT_MEETING = "next_meeting"
BEFORE_NEXT_MEETING = "before_next_meeting"
SEASONS = ("spring", "summer", "autumn", "winter")
# A season's last day, for sorting and for lateness: winter is the one that began the year before.
_SEASON_ENDS = {"winter": (2, 28), "spring": (5, 31), "summer": (8, 31), "autumn": (11, 30)}
_CODE = re.compile(
    r"(?:(?P<year>\d{4})-(?:(?P<season>spring|summer|autumn|winter)"
    r"|(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?))?"
    r"|next_meeting|before_next_meeting"
)


def is_valid(code: str) -> bool:
    """Is this a code of a when (the empty one included)?"""
    found = _CODE.fullmatch(code)
    if not found:
        return False
    if found["day"]:
        try:
            date.fromisoformat(code)
        except ValueError:
            return False
    return True


def last_day(code: str) -> date | None:
    """The last day that still is in time; None where it hangs on a meeting or nothing was said."""
    found = _CODE.fullmatch(code)
    if not found or not found["year"]:
        return None
    year = int(found["year"])
    if found["season"]:
        return date(year, *_SEASON_ENDS[found["season"]])
    month = int(found["month"])
    if found["day"]:
        return date.fromisoformat(code)
    return date(year, month, monthrange(year, month)[1])


def label(code: str, language: str) -> str:
    """The code in words of `language`: "3.12.2024", "tammikuu 2025", "ennen seuraavaa kokousta"."""
    with translation.override(language):
        if code == AT_NEXT_MEETING:
            return _("next meeting")
        if code == BEFORE_NEXT_MEETING:
            return _("before the next meeting")
        found = _CODE.fullmatch(code)
        if not found or not found["year"]:
            return ""
        if found["day"]:
            return day(date.fromisoformat(code), language)
        if found["season"]:
            season = {
                "spring": pgettext("season", "spring"),
                "summer": pgettext("season", "summer"),
                "autumn": pgettext("season", "autumn"),
                "winter": pgettext("season", "winter"),
            }[found["season"]]
            return f"{season} {found['year']}"
        return f"{month_name(int(found['month']), language)} {found['year']}"


# Django's own Finnish names of months are in the partitive; a due month is in the nominative.
_MONTHS = {
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december"
    "".split(),
    "en": "January February March April May June July August September October November December"
    "".split(),
}


def month_name(month: int, language: str) -> str:
    """The month's name as it stands alone: tammikuu, januari, January."""
    return _MONTHS[language][month - 1] + ("kuu" if language == "fi" else "")


def day(when: date, language: str) -> str:
    """A day in figures: 3.12.2024 in Finnish and Swedish, 3 December 2024 in English."""
    if language == "en":
        return f"{when.day} {month_name(when.month, 'en')} {when.year}"
    return f"{when.day}.{when.month}.{when.year}"
