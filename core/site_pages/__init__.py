"""Accessibility statement, privacy notice, feedback: pages that an administrator words.

A text is plain: a line that begins with "# " is a heading, one with "- " an item of a list, an
empty line parts paragraphs. Nothing else is markup, so nothing typed can do harm; addresses become
links. The texts that come with the house stand beside this file, one for each page and language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

from core.audit import service
from core.models import SitePage

LANGUAGES = ("fi", "sv", "en")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Shown:
    """A page as it is shown: its text, the language it is in, and when it was last changed."""

    text: str
    language: str
    updated_at: datetime | None


@lru_cache(maxsize=16)
def _with_the_house(key: str, language: str) -> str:
    return (_FOLDER / f"{key}.{language}.txt").read_text(encoding="utf-8").strip()


def initial(key: str, language: str, *, controller: str) -> str:
    """The text that comes with the house, with the name of who is responsible in its place."""
    return _with_the_house(key, language).replace("{controller}", controller)


def shown(key: str, language: str, *, controller: str) -> Shown:
    """The page in the reader's language; in Finnish where nobody has worded it in that one."""
    page = SitePage.objects.filter(key=key).first()
    if page is None:
        return Shown(initial(key, language, controller=controller), language, None)
    text = getattr(page, f"text_{language}")
    if not text.strip():
        language, text = "fi", page.text_fi
    return Shown(text, language, page.updated_at)


def as_html(text: str) -> SafeString:
    """The text as HTML; what is not one of the few marks stands as it was typed."""
    parts = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        parts += _block(block.strip("\n").split("\n"))
    return mark_safe("\n".join(parts))  # noqa: S308  every line is escaped


def _block(lines: list[str]) -> list[str]:
    parts: list[str] = []
    paragraph: list[str] = []
    items: list[str] = []

    def close() -> None:
        if paragraph:
            parts.append(f"<p>{'<br>'.join(paragraph)}</p>")
        if items:
            parts.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
        paragraph.clear()
        items.clear()

    for line in lines:
        if line.startswith("# "):
            close()
            parts.append(f"<h2>{escape(line[2:].strip())}</h2>")
        elif line.startswith("- "):
            if paragraph:
                close()
            items.append(urlize(line[2:].strip(), autoescape=True))
        elif line.strip():
            if items:
                close()
            paragraph.append(urlize(line.strip(), autoescape=True))
    close()
    return parts


@service
def save_page(*, key: str, texts: Mapping[str, str], by: Any, now: datetime) -> SitePage:
    """Word a page anew; `texts` are by language, and the Finnish one is not empty."""
    page = SitePage.objects.filter(key=key).first() or SitePage(key=key)
    for language in LANGUAGES:
        setattr(page, f"text_{language}", texts[language].replace("\r\n", "\n").strip())
    page.updated_at = now
    page.full_clean()
    page.save()
    return page
