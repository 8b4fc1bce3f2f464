"""Days, clock times and due times in Finnish, Swedish and English text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

_FINNISH = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split()
_SWEDISH = "januari februari mars april maj juni juli augusti september oktober november december"
_ENGLISH = "january february march april may june july august september october november december"
_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS: dict[str, int] = {
    **{name: number for number, name in enumerate(_SWEDISH.split(), 1)},
    **{name: number for number, name in enumerate(_SHORT.split(), 1)},
    "sept": 9,
    "okt": 10,
    **{name: number for number, name in enumerate(_ENGLISH.split(), 1)},
    **{f"{name}kuu": number for number, name in enumerate(_FINNISH, 1)},
}
_FINNISH_MONTH = rf"(?:{'|'.join(_FINNISH)})kuu(?=n|t|s|h|l|k|\b)\w{{0,6}}"
_OTHER_MONTH = (
    "|".join(sorted({*_SWEDISH.split(), *_ENGLISH.split()}, key=len, reverse=True))
    + r"|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec)\b\.?"
)
MONTH = rf"(?:{_FINNISH_MONTH}|(?:{_OTHER_MONTH})(?![a-zåäö]))"

_WEEKDAYS = {
    "maanantai": 0, "tiistai": 1, "keskiviikko": 2, "keskiviiko": 2, "torstai": 3,
    "perjantai": 4, "lauantai": 5, "sunnuntai": 6,
    "måndag": 0, "tisdag": 1, "onsdag": 2, "torsdag": 3, "fredag": 4, "lördag": 5, "söndag": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6,
}  # fmt: skip
WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})\w{{0,4}}"
_WEEKDAY_SHORT = (
    r"(?:ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön|mon|tue|tues|wed|thu|thurs|fri|sat|sun)"
)
_WEEKDAY_PREFIX = rf"(?:(?:{WEEKDAY}|{_WEEKDAY_SHORT}\.?),?\s{{1,3}})?"

_DATE = re.compile(
    rf"(?<![\w.]){_WEEKDAY_PREFIX}(?:"
    r"(?P<iso>(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2}))(?!\d)"
    r"|(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.(?:\s?(?P<y2>\d{4})(?!\d)|(?P<y2s>\d{2})(?![\d.]))?"
    r"|(?P<d6>\d{1,2})\.(?P<m6>\d{1,2})(?=,?\s+klo?\b)"
    r"|(?P<d3>\d{1,2})[/](?P<m3>\d{1,2})[/](?P<y3>\d{4})(?!\d)"
    rf"|(?:den\s|the\s)?(?P<d4>\d{{1,2}})(?:st|nd|rd|th|:?[ae]|\.)?\s(?:of\s|päivä(?:nä)?\s)?"
    rf"(?P<m4>{MONTH})(?:,?\s(?P<y4>\d{{4}})(?!\d))?"
    rf"|(?P<m5>{MONTH})\s(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.:]\d)(?:,?\s(?P<y5>\d{{4}})(?!\d))?"
    r")",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,2}(?:[.:]\d{2})?(?![\d])"
_HALF = r"(?:\s?(?:a\.?m\.?|p\.?m\.?)(?![a-z]))?"
_TIME = re.compile(
    rf"(?P<prefix>\b(?:klo|kello|kl|at|from|mellan|o'clock)\b\.?:?\s{{0,3}})?"
    rf"(?<![\d.:,/])(?P<from>{_CLOCK})(?P<half>{_HALF})"
    rf"(?:\s{{0,2}}(?:[-–—−]|till|to|until|och|ja|and)\s{{0,2}}(?:klo\s|kl\.?\s)?"
    rf"(?P<to>{_CLOCK})(?P<half2>{_HALF}))?(?![\d/]|\s?%)",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day in a text: where it stands, and whether the text gave the year."""

    day: int
    month: int
    year: int | None
    start: int
    end: int

    def resolved(self, after: date | None) -> date | None:
        """The day itself; without a year the next such day after `after`."""
        if self.year is not None:
            return _date(self.year, self.month, self.day)
        if after is None:
            return None
        for year in (after.year, after.year + 1):
            found = _date(year, self.month, self.day)
            if found and found > after:
                return found
        return None


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A clock time or a span of them, and where it stands in the text."""

    first: time
    last: time | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due. `code` is a day ("2024-12-03"), a month ("2025-01"), a season
    ("2025-spring"), "next_meeting" or "before_next_meeting"; None where the words say no day.

    `firm` is False where the words only tell when something happens ("joulukuussa").
    """

    code: str | None
    start: int
    end: int
    firm: bool = True


_DIGIT = re.compile(r"\d")


def find_dates(text: str) -> list[FoundDate]:
    """The days named in a text, in order."""
    found: list[FoundDate] = []
    if not _DIGIT.search(text):
        return found
    for match in _DATE.finditer(text):
        day = match["d1"] or match["d2"] or match["d3"] or match["d4"] or match["d5"] or match["d6"]
        month = (
            match["m1"] or match["m2"] or match["m3"] or match["m4"] or match["m5"] or match["m6"]
        )
        year = match["y1"] or match["y2"] or match["y3"] or match["y4"] or match["y5"]
        if match["y2s"]:
            year = f"20{match['y2s']}"
        month_number = int(month) if month.isdigit() else month_number_of(month)
        if _date(int(year or 2024), month_number, int(day)) is None:
            continue
        if match["d2"] and not year and _is_clock(text, match.start()):
            continue
        found.append(
            FoundDate(
                int(day), month_number, int(year) if year else None, match.start(), match.end()
            )
        )
    return found


def find_times(text: str, *, bare_hours: bool = False) -> list[FoundTime]:
    """The clock times in a text from which the days were blanked out (`without`).

    A lone hour ("13") is a time only after "klo", "kl." or before "am"; with `bare_hours`, as in a
    field that holds nothing but the time, a span of hours ("14-16") is one too.
    """
    return list(_times(text, bare_hours))


def _times(text: str, bare_hours: bool) -> Iterator[FoundTime]:
    for match in _TIME.finditer(text):
        minutes = any(separator in match["from"] for separator in ".:")
        half, half2 = match["half"].strip().lower(), (match["half2"] or "").strip().lower()
        span = match["to"] is not None
        sure = bool(match["prefix"] and match["prefix"].lower().startswith("k")) or bool(half)
        sure = sure or bool(half2) or (bool(match["prefix"]) and minutes)
        clear = ":" in match["from"] or (
            minutes and span and any(separator in match["to"] for separator in ".:")
        )
        if not (sure or clear or (bare_hours and (span or minutes))):
            continue
        first = _time(match["from"], half or half2)
        last = _time(match["to"], half2 or half) if span else None
        if first and last and last < first and not half and half2.startswith("p"):
            first = _time(match["from"], "am")  # 11-1 pm
        if first:
            yield FoundTime(first, last, match.start(), match.end())


def without(text: str, spans: list[FoundDate] | list[FoundTime]) -> str:
    """The text with these places blanked out, so that its length stays."""
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join(pieces) + text[at:]


def month_number_of(name: str) -> int:
    """1 to 12 for a month's name in any form of the three languages."""
    lower = name.lower().rstrip(".")
    at = lower.find("kuu")
    return MONTHS[lower[: at + 3]] if at > 0 else MONTHS[lower]


def _is_clock(text: str, at: int) -> bool:
    """Whether what looks like a day without a year is the end of "klo 13.10."."""
    before = text[max(0, at - 5) : at].lower().rstrip()
    return before.endswith(("klo", "kl", "kl.", "kello", "–", "-")) and "." not in before[:-1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str, half: str) -> time | None:
    hour, _, minute = text.replace(".", ":").partition(":")
    hours = int(hour)
    if half.startswith("p") and hours < 12:
        hours += 12
    if half.startswith("a") and hours == 12:
        hours = 0
    if hours == 24 and not int(minute or 0):
        hours = 0
    return time(hours, int(minute or 0)) if hours < 24 and int(minute or 0) < 60 else None


# ---- Due ---------------------------------------------------------------------------------------

_NEXT_MEETING_NOUN = r"(?:kokou|tapaami|kerta|kerra|kerto|palaver|työryhmän\s|työkokou)"
_BEFORE_NEXT = re.compile(
    rf"\bennen\s+(?:seuraavaa|ensi)\s+{_NEXT_MEETING_NOUN}\w*"
    rf"|\bseuraavaan\s+{_NEXT_MEETING_NOUN}\w*\s+mennessä"
    r"|\b(?:senast|före|till|inför|innan)\s+(?:vid\s+)?(?:det\s+)?(?:nästa|följande)\s+"
    r"(?:möte|sammanträde|träff|gång)\w*"
    r"|\b(?:before|by|prior\s+to|ahead\s+of|in\s+time\s+for|for)\s+(?:the\s+)?next\s+"
    r"(?:\w+\s+)?meeting",
    re.IGNORECASE,
)
_AT_NEXT = re.compile(
    rf"\b(?:seuraavalla|ensi|seuraavassa|seuraavaan|seuraavalle)\s+{_NEXT_MEETING_NOUN}\w*"
    r"|\b(?:vid|på|i)\s+(?:det\s+)?(?:nästa|följande)\s+(?:möte|sammanträde|träff|gång)\w*"
    r"|\bnästa\s+gång\b"
    r"|\b(?:at|in|to)\s+(?:the|our)\s+next\s+(?:\w+\s+)?meeting|\bnext\s+time\b",
    re.IGNORECASE,
)
_YEAR = r"(?:\s+(?P<year>\d{4})(?!\d))?"
_EFFECTIVE = re.compile(
    r"^\W*(?:alkaen|lähtien|alkaa|alk\.|asti|saakka|onwards|och\s+framåt)", re.IGNORECASE
)
_EFFECTIVE_BEFORE = re.compile(
    r"(?:\buntil|\btill\s+och\s+med|\bt\.?o\.?m\.?|\bfrån\s+och\s+med|\bfr\.?o\.?m\.?|\bfrån|\bfrom|\bsince|\bsedan|\bas\s+of)\s+(?:den\s+)?$",
    re.IGNORECASE,
)
_BY_AFTER = re.compile(r"^\W{0,2}(?:\w+\s)?mennessä", re.IGNORECASE)
_BY_BEFORE = re.compile(
    r"(?:\bviimeistään|\bennen|\bsenast|\bföre|\binnan|\btill|\bby|\bbefore"
    r"|\bno\s+later\s+than|\bdue|\bdue:|\bmääräaika:?|\bdeadline:?|\btidsfrist:?|\bdl:?"
    r"|\baikataulu:?|\bdead-?line:?)\s+(?:viimeistään\s+|the\s+|on\s+)?$",
    re.IGNORECASE,
)
_MONTH_DUE = re.compile(
    rf"\b(?P<month>{MONTH}){_YEAR}(?:\s+(?P<ending>loppuun|aikana|alussa|lopussa|puoliväliin))?",
    re.IGNORECASE,
)
_SEASON_NAMES = {
    "kevä": "spring", "kesä": "summer", "syks": "autumn", "syys": "autumn", "talv": "winter",
    "talve": "winter", "vår": "spring", "somm": "summer", "höst": "autumn", "vint": "winter",
    "spri": "spring", "summ": "summer", "autu": "autumn", "wint": "winter",
}  # fmt: skip
_SEASON_DUE = re.compile(
    r"\b(?P<season>kevää[lnk]\w*|kevättä|kevät|kesä(?:llä|n|ksi|än|ä)?|syksy\w*|talve\w*|talvi"
    r"|våren|vår|sommaren|hösten|höst|vintern|spring|summer|autumn|winter)"
    r"(?:\s+(?:of\s+)?(?P<year>\d{4})(?!\d))?",
    re.IGNORECASE,
)
_END_OF_YEAR = re.compile(
    r"\bvuoden(?:\s+(?P<y1>\d{4}))?\s+loppuun\s+mennessä|\b(?:före|innan|till|vid|i)\s+(?:års|"
    r"(?:slutet\s+av\s+(?:år\s+)?(?P<y2>\d{4}|året)))\w*|\bby\s+(?:the\s+)?end\s+of\s+"
    r"(?:the\s+year|(?P<y3>\d{4}))",
    re.IGNORECASE,
)
_BY_WEEKDAY = re.compile(
    rf"\b(?P<fi>{WEEKDAY})\s+mennessä|\b(?:senast|by|before|före)\s+(?:på\s+)?(?P<other>{WEEKDAY})",
    re.IGNORECASE,
)
_BY_UNCLEAR = re.compile(
    r"\b(?:viikon|viikolle|viikolla|vko|vk|vecka|v\.|week)\s?\d{1,2}\b(?:\s+(?:aikana|loppuun\s+)?mennessä)?"
    r"|\b(?:mahdollisimman\s+pian|pikimmiten|snarast|så\s+snart\s+som\s+möjligt|asap|"
    r"as\s+soon\s+as\s+possible)\b",
    re.IGNORECASE,
)


# Without any of these, and without figures, a text says nothing about when.
_MONTH_HINT = re.compile(
    r"kuu|januar|februar|mars|april|\bma[jry]|\bju[nl]|\bau[gk]|sep|o[kc]t|nov|dec|\bjan|\bfeb|\bapr"
)
_SEASON_HINT = re.compile(r"kevä|kesä|syks|talv|vår|sommar|höst|vinter|spring|summer|autumn|winter")
_DUE_HINTS = re.compile(
    r"\d|seuraav|ensi |nästa|följande|next|mennessä|kuu|vuoden|års|slutet|end of|kevä|kesä|syks"
    r"|talv|vår|sommar|höst|vinter|spring|summer|autumn|winter|viik|veck|week|pian|pikimmiten|snar"
    r"|asap|soon|senast"
    r"|\bby\b|day\b|dag\b|före|before|januar|februar|mars|april| ma[jry]| ju[nl]|august| aug"
    r"|septem| sep|okto|octo|novem|decem| jan| feb| apr| o[kc]t| nov| dec"
)


def find_due(text: str, meeting: date | None) -> Due | None:
    """The first due time in the text, firm ones before those that only tell when.

    `meeting` is the day of the meeting: a day, month or season without a year is the next one.
    """
    lower = text.casefold()
    if not _DUE_HINTS.search(lower):
        return None
    at_meeting: Due | None = None
    for pattern, code in ((_BEFORE_NEXT, "before_next_meeting"), (_AT_NEXT, "next_meeting")):
        if at_meeting is None and (match := pattern.search(text)):
            at_meeting = Due(code, match.start(), match.end())
    loose: Due | None = None
    dates = find_dates(text)
    for found in dates:
        before, after = _around(text, found.start, found.end)
        if _EFFECTIVE.match(after) or _EFFECTIVE_BEFORE.search(before):
            continue
        resolved = found.resolved(meeting)
        if not resolved:
            continue
        start, end, firm = found.start, found.end, False
        if match := _BY_AFTER.match(after):
            end, firm = end + match.end(), True
        elif match := _BY_BEFORE.search(before):
            start, firm = start - (len(before) - match.start()), True
        due = Due(resolved.isoformat(), start, end, firm)
        if firm:
            # The first to be named counts: "senast 13.12. och kallar till nästa möte".
            return at_meeting if at_meeting and at_meeting.start < due.start else due
        loose = loose or due
    if at_meeting:
        return at_meeting
    rest = without(text, dates)
    if match := _END_OF_YEAR.search(rest):
        year = match["y1"] or match["y2"] or match["y3"]
        number = int(year) if year and year.isdigit() else (meeting.year if meeting else None)
        return Due(f"{number}-12" if number else None, match.start(), match.end())
    for finder, hint in ((_month_due, _MONTH_HINT), (_season_due, _SEASON_HINT)):
        due_of = finder(rest, meeting) if hint.search(lower) else None
        if due_of and due_of.firm:
            return due_of
        loose = loose or due_of
    if meeting and (match := _BY_WEEKDAY.search(rest)):
        name = (match["fi"] or match["other"]).lower()
        number = next(day for stem, day in _WEEKDAYS.items() if name.startswith(stem))
        ahead = (number - meeting.weekday() - 1) % 7 + 1
        return Due((meeting + timedelta(days=ahead)).isoformat(), match.start(), match.end())
    if loose is None and (match := _BY_UNCLEAR.search(rest)):
        return Due(None, match.start(), match.end())
    return loose


def _month_due(text: str, meeting: date | None) -> Due | None:
    for match in _MONTH_DUE.finditer(text):
        before, after = _around(text, match.start(), match.end())
        name = match["month"].lower()
        if name in ("may", "mar", "mars", "maj", "jan") and not match["year"]:
            continue  # too often a verb, a name
        if name.endswith(("sta", "stä")) or _EFFECTIVE.match(after):
            continue
        if _EFFECTIVE_BEFORE.search(before):
            continue
        number = month_number_of(name)
        year = int(match["year"]) if match["year"] else None
        if year is None and meeting:
            year = meeting.year + (number <= meeting.month)
        if year is None:
            continue
        firm = bool(_BY_AFTER.match(after) or _BY_BEFORE.search(before))
        firm = firm or bool(re.search(r"\b(?:end of|slutet av)\s+$", before, re.IGNORECASE))
        return Due(f"{year}-{number:02}", match.start(), match.end(), firm)
    return None


def _season_due(text: str, meeting: date | None) -> Due | None:
    for match in _SEASON_DUE.finditer(text):
        before, after = _around(text, match.start(), match.end())
        if _EFFECTIVE.match(after) or _EFFECTIVE_BEFORE.search(before):
            continue
        word = match["season"].lower()
        season = next(name for stem, name in _SEASON_NAMES.items() if word.startswith(stem))
        year = int(match["year"]) if match["year"] else None
        if year is None:
            if meeting is None or word in ("spring", "summer", "autumn", "winter", "vår", "höst"):
                continue
            last_month = {"winter": 2, "spring": 5, "summer": 8, "autumn": 11}[season]
            year = meeting.year + (meeting.month > last_month)
        firm = bool(_BY_AFTER.match(after) or _BY_BEFORE.search(before))
        return Due(f"{year}-{season}", match.start(), match.end(), firm)
    return None


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - 40) : start], text[end : end + 24]
