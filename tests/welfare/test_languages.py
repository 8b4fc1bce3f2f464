"""A Finnish and a Swedish page say nothing in English, wherever a coordinator goes."""

import gettext
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from lxml import html
from lxml.html import HtmlElement

from directory.models import Person
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import AttendanceFactory
from tests.meetings.pages import sent, shared

LANGUAGES = ["fi", "sv"]
SPOKEN = ["aria-label", "title", "placeholder", "alt", "data-placeholder"]  # attributes
SILENT = {"script", "style"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@cache
def english(language: str) -> tuple[frozenset[str], "re.Pattern[str]"]:
    """What should never stand on a page in that language: msgids whose translation differs.

    The whole ones as a set, and those with placeholders as one pattern.
    """
    catalogue = gettext.translation("django", settings.LOCALE_PATHS[0], [language])
    texts = {}
    for key, translation in catalogue._catalog.items():  # type: ignore[attr-defined]
        msgid = key[0] if isinstance(key, tuple) else key  # a plural has a key for each form
        texts[" ".join(msgid.split("\x04")[-1].split())] = translation
    translations = set(texts.values())
    differing = {msgid for msgid in texts if msgid and msgid not in translations}
    whole = {msgid for msgid in differing if not PLACEHOLDER.search(msgid)}
    shapes = (map(re.escape, PLACEHOLDER.split(msgid)) for msgid in differing - whole)
    labels = {msgid[:1].upper() + msgid[1:] for msgid in whole}  # as a form shows a field's name
    return frozenset(whole | labels), re.compile("|".join(map(".+".join, shapes)))


def said(page: HtmlElement, language: str) -> Iterator[str]:
    """Every text of the page that is seen, heard or given to a script; not what is marked foreign.

    Foreign is an element that says in its `lang` that it is in another language.
    """
    for script in page.xpath("//script[@id='strings']"):
        yield from json.loads(script.text).values()
    for element in page.iter("{*}*"):
        if element.tag in SILENT or foreign(element, language):
            continue
        yield element.text or ""
        yield from (child.tail or "" for child in element)
        yield from (element.get(name, "") for name in SPOKEN)


def foreign(element: HtmlElement, language: str) -> bool:
    """Does the nearest `lang` around the element name another language?"""
    nearest: list[str] = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
    return nearest != [language]


def leftovers(content: str, language: str) -> list[str]:
    """The English texts of a page in that language."""
    whole, patterns = english(language)
    texts = (
        " ".join(text.split()).rstrip("*") for text in said(html.fromstring(content), language)
    )
    return [text for text in texts if text in whole or patterns.fullmatch(text)]


def addresses(values: dict[str, Any]) -> dict[str, str]:
    """Each page's name and address; of one that needs a value we don't have, nothing."""
    found = {}
    todo: list[tuple[str, URLResolver]] = [("", get_resolver())]
    while todo:
        space, resolver = todo.pop()
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                todo.append((inner, pattern))
            elif isinstance(pattern, URLPattern) and pattern.name:
                wanted = pattern.pattern.regex.groupindex
                if wanted.keys() <= values.keys():
                    name = f"{space}{pattern.name}"
                    found[name] = reverse(name, kwargs={key: values[key] for key in wanted})
    return found


@pytest.fixture
def values(cast: Cast) -> dict[str, Any]:
    """What stands in the addresses of the cast's pages."""
    link = cast.item.attachments.create(title="Linkki", url="https://example.org", position=0)
    return {
        "pk": cast.meeting.pk,
        "item": cast.item.pk,
        "attachment": link.pk,
        "attendance": AttendanceFactory(meeting=cast.meeting).pk,
        "kind": "agenda",
        "number": 1,
        "sha256": "0" * 64,
        "filename": "a.pdf",
        "slug": cast.group.slug,
        "uidb36": "1",
        "key": "2-x",
    }


def visit(person: Person | None, language: str, values: dict[str, Any]) -> dict[str, list[str]]:
    """The English texts of every HTML page that the person gets."""
    found = {}
    for name, address in addresses(values).items():
        client = Client()
        if person:
            client.force_login(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(address)
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            found[name] = leftovers(response.content.decode(), language)
    return found


def drafted(cast: Cast) -> None:
    Meeting.objects.filter(pk=cast.meeting.pk).update(state=Meeting.State.DRAFT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("steps", "page"),
    [
        ([], "meetings:send_agenda"),
        ([drafted], "meetings:share"),
        ([sent, shared], "meetings:detail"),
    ],
    ids=["planned", "draft", "shared"],
)
def test_no_page_of_a_coordinator_says_anything_in_english(
    cast: Cast,
    values: dict[str, Any],
    steps: list[Callable[[Cast], object]],
    page: str,
    language: str,
) -> None:
    for step in steps:
        step(cast)
    found = visit(cast.secretary, language, values)
    assert {"home", "group", "meetings:workspace", page} <= found.keys()
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_before_login_says_anything_in_english(
    values: dict[str, Any], language: str
) -> None:
    found = visit(None, language, values)
    assert {"account_login", "account_reset_password", "account_signup"} <= found.keys()
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_english_is_recognised() -> None:
    page = """<html lang="fi"><body title="Saved."><p>Jaa muistio<b>Share  the minutes</b> </p>
        <p lang="en">New meeting</p><p>item 3</p><label>Place*</label><i>Omnia</i>
        <script id="strings" type="application/json">{"Bold": "Bold"}</script></body></html>"""
    assert leftovers(page, "fi") == ["Bold", "Saved.", "Share the minutes", "item 3", "Place"]
