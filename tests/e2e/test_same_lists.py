"""Lists look the same in the editor, on the web page and in the PDF: level, marker and text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from meetings.rendering import document_html, document_pdf
from tests import pdf_structure
from tests.meetings.documents import body, document, item

READ_LISTS = (Path(__file__).parent / "read_lists.js").read_text(encoding="utf-8")

# What tests/fixtures/five_levels.html should look like, told apart from all three ways of showing.
FIVE_LEVELS = [
    (1, "•", "Yhdessä kouluun -hankkeesta"),
    (2, "a.", "Hankkeen aikana on kartoitettu koulupoissaoloja."),
    (2, "b.", "Neljä tavoitetta projektin loppuajalle:"),
    (3, "i.", "Yhteistyön kehittäminen"),
    (4, "1.", "Alueelliset työpajat"),
    (5, "–", "kuntien ja koulujen työntekijöille"),
    (5, "–", "hyvinvointialueen työntekijöille"),
    (4, "2.", "Yhteinen aikataulu"),
    (3, "ii.", "Tietopankki"),
    (1, "•", "Perhekeskusesite"),
    (2, "–", "Esitteet voi tulostaa eri kieliversioina."),
    (3, "·", "suomeksi"),
    (4, "c.", "kolmas kohta"),
    (5, "iv.", "neljäs alakohta"),
    (1, "9.", "yhdeksäs"),
    (1, "10.", "kymmenes"),
]


def read_lists(page: Page, selector: str) -> list[tuple[int, str, str]]:
    """The lists below an element, as the browser shows them."""
    found = page.locator(selector).evaluate(READ_LISTS)
    return [(entry["level"], entry["marker"], entry["text"]) for entry in found]


def markers(page: Page) -> list[str]:
    """The markers that the browser itself draws and a screen reader hears, in reading order."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in tree["nodes"]}

    def walk(node: dict[str, Any]) -> Iterator[str]:
        if node.get("role", {}).get("value") == "ListMarker":
            yield node["name"]["value"].strip()
        for child in node.get("childIds", ()):
            yield from walk(nodes[child])

    return list(walk(tree["nodes"][0]))


def five_levels() -> dict[str, object]:
    return document(items=[item("1", "Viisi tasoa", body("five_levels"))])


def test_the_web_page_shows_them(page: Page) -> None:
    sheets = [
        (settings.BASE_DIR / "static/css" / f"{name}.css").read_text(encoding="utf-8")
        for name in ("tokens", "base", "lists", "document")
    ]
    page.set_content(document_html(five_levels(), for_print=False))
    for sheet in sheets:
        page.add_style_tag(content=sheet)
    assert read_lists(page, ".rich") == FIVE_LEVELS
    assert markers(page) == [marker for _level, marker, _text in FIVE_LEVELS]


def test_the_pdf_shows_them() -> None:
    file = document_pdf(five_levels(), created=datetime(2024, 10, 25, tzinfo=UTC))
    facts = {"Aika ja paikka", "Puheenjohtaja", "Sihteeri", "Muistion laati", "Jaettu"}
    assert [entry for entry in pdf_structure.lists(file) if entry[1] not in facts] == FIVE_LEVELS
