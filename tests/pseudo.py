"""A pseudo-locale: each translated text in brackets, so that what nobody translates stands out.

While `pseudo()` lasts, each language answers with the English msgid in brackets of its own: Finnish
⟪Save⟫, Swedish ⦅Save⦆, English ⟦Save⟧. What is filled into a text stands in a hole, ⟦Saved ⟨9:15⟩⟧,
and has to be data or translated itself. `faults` reads a page and names what is neither.

Nothing of this is offered to anyone: no catalogue is written, and no language added.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import CharField, TextField
from django.utils import translation
from django.utils.formats import reset_format_cache
from django.utils.translation import trans_real
from lxml import html as lxml_html
from lxml.html import HtmlElement

from core.vague import month_name

BRACKETS = {"fi": "⟪⟫", "sv": "⦅⦆", "en": "⟦⟧"}
HOLE = "⟨⟩"
_OPENS = {pair[0]: language for language, pair in BRACKETS.items()}
_CLOSES = {pair[1]: language for language, pair in BRACKETS.items()}
_TOKEN = re.compile(f"([{''.join(BRACKETS.values())}{HOLE}])")
# Parts of a msgid that are filled in, or are tags, whose insides are nobody's words.
_PART = re.compile(r"(<[^<>]*>)|(%\(\w+\)[-\d.]*[a-z]|%[sd]|\{\w*\})")

_YES_NO = re.compile(r"\w+,\w+(,\w+)?")


def bracketed(msgid: str, language: str) -> str:
    """The msgid as the pseudo-locale of that language says it."""
    if not msgid.strip():
        return msgid
    opening, closing = BRACKETS[language]
    return f"{opening}{_PART.sub(_holed, msgid)}{closing}"


def _holed(part: "re.Match[str]") -> str:
    return part[1] or f"{HOLE[0]}{part[2]}{HOLE[1]}"


class _Pseudo(trans_real.DjangoTranslation):
    """A language whose every text is the msgid in brackets, and which knows what it was asked."""

    asked: set[str]

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        msgid = message.split(trans_real.CONTEXT_SEPARATOR)[-1]
        # The filter `yesno` takes its words from one text.
        words = msgid.split(",") if _YES_NO.fullmatch(msgid) else [msgid]
        return ",".join(bracketed(word, self.language()) for word in words)

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        text = self.gettext(msgid1 if n == 1 else msgid2)
        self.asked.discard(msgid2)  # the plural has no entry of its own
        self.asked.add(msgid1)
        return text


@contextmanager
def pseudo() -> Iterator[set[str]]:
    """All languages are pseudo-locales meanwhile, in every thread; gives what they are asked."""
    asked: set[str] = set()
    kept, default = dict(trans_real._translations), trans_real._default  # type: ignore[attr-defined]
    language = translation.get_language()

    def put(translations: dict[str, Any], default: Any) -> None:
        trans_real._translations.clear()  # type: ignore[attr-defined]
        trans_real._translations.update(translations)  # type: ignore[attr-defined]
        trans_real._default = default  # type: ignore[attr-defined]
        reset_format_cache()
        if language:
            translation.activate(language)

    spoken = {code: _Pseudo(code) for code in BRACKETS}
    for one in spoken.values():
        one.asked = asked
    put(spoken, None)
    try:
        yield asked
    finally:
        put(kept, default)


def lacking(asked: Iterable[str], language: str) -> list[str]:
    """Of these msgids (with their contexts), those that nobody has put into the language.

    Whoever's they are: ours, Django's, or those of another package.
    """
    known = {
        key[0] if isinstance(key, tuple) else key
        for key, text in trans_real.DjangoTranslation(language)._catalog.items()  # type: ignore[attr-defined]
        if text
    }
    return sorted(one for one in asked if one.strip() and one not in known)


# -- What may stand there plainly ------------------------------------------------------------------

# Names of the house and of formats, which are the same in each language.
_BRAND = ["Yhteispöytä", "PDF", "CSV", "XLSX"]
_FREE = re.compile(
    r"https?://\S+|[\w.+-]+@[\w.-]+"
    r"|\b[A-Z2-7]{32}\b|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b"  # an authenticator app's key, a code to log in
)
# Dates in words have their months from core.vague, which knows the three languages.
_MONTHS = {
    language: re.compile(
        rf"(\b\d{{1,2}} )?\b({'|'.join(month_name(n, language) for n in range(1, 13))}) \d{{4}}\b"
    )
    for language in BRACKETS
}


@dataclass
class Known:
    """Texts that people have typed, known since the scene planted them."""

    texts: set[str] = field(default_factory=set)
    _pattern: "re.Pattern[str] | None" = None

    def add(self, texts: Iterable[Any]) -> None:
        """Learn texts, with or without tags; codes in small letters are nobody's words."""
        found = {
            part
            for text in texts
            for line in _strings(text)
            if not re.fullmatch(r"[a-z_/.:]+", line)
            for part in (_flat(line), *map(_flat, re.split(r"<[^>]*>|\n", line)))
            if re.search(r"\w", part)
        }
        if not found <= self.texts:
            self.texts |= found
            self._pattern = None

    def add_rows(self) -> None:
        """Learn what stands in the database: every text but choices, and what was made of texts."""
        for model in apps.get_models():
            if model._meta.app_label not in _APPS or not model._meta.managed:
                continue
            names = [
                one.name
                for one in model._meta.concrete_fields
                if isinstance(one, CharField | TextField) and not one.choices
                if one.name not in _MADE
            ]
            for row in model._base_manager.values_list(*names) if names else ():
                self.add(row)

    def left(self, text: str, language: str) -> str:
        """The text without what is known and what is free; letters in it are somebody's lapse."""
        if self._pattern is None:
            every = sorted({*self.texts, *_BRAND}, key=len, reverse=True)
            self._pattern = re.compile(
                rf"(?<!\w)(?:{'|'.join(map(re.escape, every))})(?!\w)", re.IGNORECASE
            )
        text = _MONTHS[language].sub("", text) if language in _MONTHS else text
        return self._pattern.sub("", _FREE.sub("", text))


_APPS = {"core", "directory", "meetings", "actions", "welfare", "usersessions", "mfa"}
# Columns that hold what the house says: mails and documents are walked by themselves.
_MADE = {"template", "subject", "text", "html", "key"}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _strings(one))
    elif isinstance(value, list | tuple | set):
        yield from (text for one in value for text in _strings(one))


def _flat(text: str) -> str:
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


# -- Reading ---------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """What is wrong with a text, and where it stands."""

    what: str
    text: str
    where: str


_LETTER = re.compile(r"[^\W\d_]")


class _Reading:
    """Texts one after another, as a reader meets them, in which brackets are opened and closed."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.open: list[str] = []
        self.faults: list[Fault] = []
        self.plain: list[str] = []
        self.language = ""

    def read(self, text: str, language: str, where: str) -> None:
        """Go on reading."""
        self.language = language
        for part in _TOKEN.split(text):
            if part in _OPENS or part == HOLE[0]:
                self.flush(where)
                if part in _OPENS and _OPENS[part] != language:
                    shown = f"{_OPENS[part]} in {language}: {_flat(text)}"
                    self.faults.append(Fault("language", shown, where))
                self.open.append(part)
            elif part in _CLOSES or part == HOLE[1]:
                self.flush(where)
                if self.open:
                    self.open.pop()
            elif not self.open or self.open[-1] == HOLE[0]:
                self.plain.append(part)

    def flush(self, where: str) -> None:
        """What was read since the last bracket is plain: is it allowed?"""
        text = _flat("".join(self.plain))
        self.plain.clear()
        left = self.known.left(text, self.language) if _LETTER.search(text) else ""
        if _LETTER.search(left):
            self.faults.append(Fault("plain", text, where))

    def end(self, where: str) -> None:
        """Nothing goes on over the end of a paragraph."""
        self.flush(where)
        if self.open:
            self.faults.append(Fault("unclosed", "".join(self.open), where))
            self.open.clear()


_SPOKEN = (
    "title alt placeholder label summary abbr data-placeholder "
    "aria-label aria-description aria-roledescription aria-valuetext aria-placeholder"
).split()
_BUTTONS = {"submit", "button", "reset"}
_SILENT = {"script", "style", "template", "svg"}
# Elements that a sentence goes on through.
_INLINE = set(
    "a abbr b bdi cite code data del dfn em i ins kbd mark q s samp small span strong sub sup "
    "time u var br wbr".split()
)


def faults(page: str, known: Known, *, language: str = "") -> list[Fault]:
    """What on the page is neither translated into the language it stands in nor known.

    The language is what the nearest `lang` says; for a part of a page it is given.
    """
    return list(_walk(lxml_html.document_fromstring(page), known, language))


def _walk(root: HtmlElement, known: Known, language: str) -> Iterator[Fault]:
    for script in root.xpath("//script[@id='strings']"):
        for msgid, text in json.loads(script.text).items():
            text = re.sub(rf"{HOLE[0]}%\(\w+\)[sd]{HOLE[1]}", "", text)
            yield from said(text, known, language or _language(script, ""), f"script: {msgid}")
    reading = _Reading(known)

    def visit(element: HtmlElement, inherited: str) -> None:
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return
        here = element.get("lang", inherited)
        if element.get("class") in _OF_NO_LANGUAGE or _is_memory(element):
            return
        block = element.tag not in _INLINE
        where = _where(element)
        if block:
            reading.end(where)
        reading.read(element.text or "", here, where)
        reading.flush(where)
        for child in element:
            visit(child, here)
            reading.read(child.tail or "", here, where)
            reading.flush(where)
        if block:
            reading.end(where)

    visit(root, language)
    yield from reading.faults
    for element in root.iter("*"):
        if element.tag in _SILENT or element.get("class") in _OF_NO_LANGUAGE:
            continue
        for name in element.attrib:
            wanted = name in _SPOKEN or (
                name == "value" and element.tag == "input" and element.get("type") in _BUTTONS
            )
            wanted |= name == "content" and element.get("name") == "description"
            if wanted:
                where = f"{_where(element)} {name}"
                found = said(element.get(name), known, _language(element, language), where)
                # What invites to write stands in an element of the text's language.
                yield from (f for f in found if (f.what, name) != ("language", "data-placeholder"))


def _is_memory(element: HtmlElement) -> bool:
    """What a page keeps between two steps, in a field that nobody sees."""
    return element.tag == "textarea" and element.get("hidden") is not None


# Each name of a language stands there in that language; initials are a person's, and the letters
# before the points of a list nobody's.
_OF_NO_LANGUAGE = {"languages", "initials", "marker"}


def said(text: str, known: Known, language: str, where: str) -> list[Fault]:
    """The same for one text by itself: an attribute, a line of a mail, a message for a script."""
    reading = _Reading(known)
    reading.read(text, language, where)
    reading.end(where)
    return reading.faults


def _language(element: HtmlElement, given: str) -> str:
    nearest: list[str] = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
    return nearest[-1] if nearest else given


def _where(element: HtmlElement) -> str:
    parts = []
    for one in (element, *element.iterancestors()):
        name = one.tag + (f"#{one.get('id')}" if one.get("id") else "")
        parts.append(name + "".join(f".{c}" for c in (one.get("class") or "").split()[:1]))
        if one.get("id") or len(parts) == 3:
            break
    return " > ".join(reversed(parts))
