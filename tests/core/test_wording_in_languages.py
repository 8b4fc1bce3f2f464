"""Dates, times, numbers and plurals as each language writes them, and catalogues that are whole."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import ngettext

from core import vague
from core.templatetags.house import clock, day, number, when
from meetings.rendering import period

NBSP = "\N{NO-BREAK SPACE}"
LANGUAGES = ("fi", "sv", "en")
TEMPLATES = settings.BASE_DIR / "templates"
# One o'clock in Helsinki in summer time; a quarter past nine in winter time, on the next day in UTC
# none of them.
STARTS = datetime(2024, 10, 22, 10, 0, tzinfo=UTC)
ENDS = datetime(2024, 10, 22, 12, 30, tzinfo=UTC)
EARLY = datetime(2024, 12, 3, 7, 5, tzinfo=UTC)
MIDNIGHT = datetime(2024, 12, 31, 22, 0, tzinfo=UTC)  # the next day, and year, in Helsinki


# -- Dates and times -------------------------------------------------------------------------------

CODES = {
    "2024-12-03": ("3.12.2024", "3.12.2024", "3 December 2024"),
    "2025-01": ("tammikuu 2025", "januari 2025", "January 2025"),
    "2025-08": ("elokuu 2025", "augusti 2025", "August 2025"),
    "2025-spring": ("kevät 2025", "våren 2025", "spring 2025"),
    "2025-summer": ("kesä 2025", "sommaren 2025", "summer 2025"),
    "2025-autumn": ("syksy 2025", "hösten 2025", "autumn 2025"),
    "2025-winter": ("talvi 2025", "vintern 2025", "winter 2025"),
    "next_meeting": ("seuraava kokous", "nästa möte", "next meeting"),
    "before_next_meeting": (
        "ennen seuraavaa kokousta",
        "före nästa möte",
        "before the next meeting",
    ),
    "": ("", "", ""),
    "soon": ("", "", ""),
}


@pytest.mark.parametrize("code", CODES)
def test_a_vague_date_in_words(code: str) -> None:
    assert tuple(vague.label(code, language) for language in LANGUAGES) == CODES[code]
    assert in_each(lambda: when(code)) == CODES[code]


def in_each(said: Any) -> tuple[str, ...]:
    """What is said, to a reader of each language."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(said()))
    return tuple(found)


def test_each_month_has_its_name() -> None:
    names = {
        language: [vague.month_name(n, language) for n in range(1, 13)] for language in LANGUAGES
    }
    assert [len(set(one)) for one in names.values()] == [12, 12, 12]
    assert all(name.endswith("kuu") for name in names["fi"])
    assert all(name.islower() for name in names["sv"])
    assert all(name.istitle() for name in names["en"])


SAID = {
    "a day": (lambda: day(date(2024, 12, 3)), ("3.12.2024", "3.12.2024", "3 December 2024")),
    "the day in Helsinki": (lambda: day(MIDNIGHT), ("1.1.2025", "1.1.2025", "1 January 2025")),
    "no day": (lambda: day(None), ("", "", "")),
    "a time": (lambda: clock(EARLY), ("9.05", "9.05", "9:05")),
    "midnight": (lambda: clock(MIDNIGHT), ("0.00", "0.00", "0:00")),
    "no time": (lambda: clock(None), ("", "", "")),
    "a range": (
        lambda: period(STARTS, ENDS),
        (
            "22.10.2024 klo 13.00–15.30",
            "22.10.2024 kl. 13.00–15.30",
            "22 October 2024 at 13:00–15:30",
        ),
    ),
    "a beginning": (
        lambda: period(STARTS),
        ("22.10.2024 klo 13.00", "22.10.2024 kl. 13.00", "22 October 2024 at 13:00"),
    ),
    "never": (lambda: period(None), ("", "", "")),
    "a meeting's time": (
        lambda: words("{% include 'welfare/_meeting_time.html' %}", meeting=MEETING),
        (
            "ti 22.10.2024 klo 13.00–15.30",
            "tis 22.10.2024 kl. 13.00–15.30",
            "Tue 22 October 2024 at 13:00–15:30",
        ),
    ),
    "a weekday": (lambda: words("{{ at|date:'l' }}", at=STARTS), ("tiistai", "tisdag", "Tuesday")),
    "a whole number": (lambda: number(1234567), ("1 234 567", "1 234 567", "1,234,567")),
    "a fraction": (lambda: number(1234.5), ("1 234,5", "1 234,5", "1,234.5")),
    "a small number": (lambda: number(999), ("999", "999", "999")),
    "a negative number": (lambda: number(-1234), ("-1 234", "-1 234", "-1,234")),
    "a key": (lambda: words("{{ key }}", key=12345), ("12345", "12345", "12345")),
    "a byte": (lambda: words("{{ 1|filesizeformat }}"), ("1 tavu", "1 byte", "1 byte")),
    "bytes": (lambda: words("{{ 0|filesizeformat }}"), ("0 tavua", "0 byte", "0 bytes")),
    "a size": (
        lambda: re.sub("[A-Za-z]+", "", words("{{ n|filesizeformat }}", n=1536)),
        ("1,5 ", "1,5 ", "1.5 "),
    ),
}
MEETING = SimpleNamespace(starts_at=STARTS, ends_at=ENDS)


def words(template: str, **values: object) -> str:
    """What the template says, without its tags."""
    return re.sub("<[^>]*>", "", Template(template).render(Context(values))).strip("\n")


@pytest.mark.parametrize("what", SAID)
def test_it_is_written_as_each_language_writes_it(what: str) -> None:
    say, expected = SAID[what]
    grouped = "number" in what or "fraction" in what or "byte" in what or "size" in what
    # What belongs together is not broken over lines.
    assert in_each(say) == tuple(text.replace(" ", NBSP) if grouped else text for text in expected)


def test_a_documents_dates_are_in_its_own_language() -> None:
    with translation.override("en"):
        assert vague.label("2025-01", "fi") == "tammikuu 2025"
        assert vague.day(date(2025, 1, 9), "sv") == "9.1.2025"
        assert translation.get_language() == "en"


# -- Catalogues ------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One text of a catalogue."""

    context: str
    msgid: str
    plural: str
    said: list[str]


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def entries(language: str) -> list[Entry]:
    """The texts of our catalogue, its head left out."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line.startswith("msg"):
                name = line.split(" ", 1)[0]
            text = "".join(_STRING.findall(line))
            parts[name] = parts.get(name, "") + text.replace('\\"', '"').replace("\\n", "\n")
        said = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
        if parts.get("msgid"):
            found.append(
                Entry(parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""), said)
            )
    return found


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


def wrong(entry: Entry) -> list[str]:
    """What a translation did with what is filled in, and with its tags; nothing where all is well.

    A singular may leave its number out: "one place".
    """
    found = []
    wanted = set(PLACEHOLDER.findall(entry.plural or entry.msgid))
    if len(entry.said) != (2 if entry.plural else 1):
        found.append("forms")
    for form, text in enumerate(entry.said):
        if not text:
            continue  # that a translation is lacking, bin/test says by itself
        has = set(PLACEHOLDER.findall(text))
        lacking = wanted - has
        if entry.plural and form == 0:
            lacking &= set(PLACEHOLDER.findall(entry.msgid))
        if has - wanted or lacking:
            found.append(f"placeholders {sorted(has ^ wanted)}")
        if (entry.msgid[0] == "\n", entry.msgid[-1] == "\n") != (text[0] == "\n", text[-1] == "\n"):
            found.append("line ends")
    return found


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_translations_keep_what_is_filled_in(language: str) -> None:
    every = entries(language)
    assert len(every) > 1000
    assert [(entry.msgid, wrong(entry)) for entry in every if wrong(entry)] == []


def test_a_broken_translation_is_caught() -> None:
    assert wrong(Entry("", "Hello %(name)s", "", ["Hei %(nimi)s"])) != []
    assert wrong(Entry("", "Hello %(name)s", "", ["Hei"])) != []
    assert wrong(Entry("", "See <b>it</b>", "", ["Katso sitä"])) != []
    assert wrong(Entry("", "%(n)s mail", "%(n)s mails", ["%(n)s viesti"])) == ["forms"]
    assert wrong(Entry("", "%(n)s mail", "%(n)s mails", ["viesti", "%(n)s viestiä"])) != []
    assert wrong(Entry("", "One mail", "%(n)s mails", ["yksi viesti", "%(n)s viestiä"])) == []


# Letters that English has not; “ and ” stand around names.
_FOREIGN = re.compile(r"[^\W\dA-Za-z_]")


def test_msgids_are_english() -> None:
    odd = [
        entry.msgid
        for entry in entries("fi")
        if _FOREIGN.search(entry.msgid.replace("Yhteispöytä", ""))
    ]
    assert odd == []


# Words that are a noun, a verb or an adjective: the Finnish and Swedish ones differ.
_AMBIGUOUS = set(
    "answer change copy decision feedback joining may minutes note order record report request "
    "set sign spring summer autumn winter task view watch".split()
)


def test_a_word_with_two_meanings_says_which() -> None:
    bare = {entry.msgid for entry in entries("fi") if not entry.context}
    assert {msgid for msgid in bare if msgid.lower() in _AMBIGUOUS} == _PLAIN_ENOUGH


# A choice's label and a field's, which mean one thing wherever they stand; minutes of time, where
# those that are written are "Minutes" of a "document".
_PLAIN_ENOUGH = {"decision", "minutes", "request", "task"}

COUNTED = [
    ("%(count)d open task", "%(count)d open tasks"),
    ("%(count)d member", "%(count)d members"),
]
FORMS = {
    "fi": [
        ["0 avointa tehtävää", "1 avoin tehtävä", "2 avointa tehtävää"],
        ["0 jäsentä", "1 jäsen", "2 jäsentä"],
    ],
    "sv": [
        ["0 öppna uppgifter", "1 öppen uppgift", "2 öppna uppgifter"],
        ["0 medlemmar", "1 medlem", "2 medlemmar"],
    ],
    "en": [
        ["0 open tasks", "1 open task", "2 open tasks"],
        ["0 members", "1 member", "2 members"],
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_one_and_more(language: str) -> None:
    with translation.override(language):
        found = [
            [ngettext(one, more, n) % {"count": n} for n in (0, 1, 2)] for one, more in COUNTED
        ]
    assert found == FORMS[language]


# -- Templates -------------------------------------------------------------------------------------

_TRANSLATED = re.compile(
    r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}"
    r"|\{% comment.*?\{% endcomment %\}|\{% block (?:body_class|main_attributes) %\}.*?\{% endblock"
    r"|<style.*?</style>|<script.*?</script>|<!--.*?-->|<!doctype html>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:title|alt|placeholder|aria-label|aria-description)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]{2,}")
# What the house and the languages are called, entities, and the names of formats.
_NAMES = re.compile(r"Yhteispöytä|PDF|FI|SV|EN|suomeksi|på svenska|in English|&\w+;|svg|DCTERMS")


def plain(template: str) -> Iterator[str]:
    """Words in a template that no tag translates."""
    bare = _NAMES.sub("", _TAG.sub("", _TRANSLATED.sub("", template)))
    for value in _SPOKEN.findall(bare):
        yield from _WORD.findall(value)
    yield from _WORD.findall(re.sub(r"<[^>]*>", " ", bare))


def test_no_template_has_words_that_nobody_translates() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): words
        for path in TEMPLATES.rglob("*.*")
        # Said in three languages at once, without asking anything of the house.
        if path.name != "500.html"
        if (words := list(plain(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_a_planted_word_in_a_template_is_caught() -> None:
    page = '<p title="Open">{% translate "Save" %} now</p>{# note #}'
    assert list(plain(page)) == ["Open", "now"]
    assert list(plain("{% blocktranslate %}All{% endblocktranslate %}<b>{{ x }}</b>")) == []
