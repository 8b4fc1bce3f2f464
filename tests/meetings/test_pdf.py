"""The PDF: conformance of short, long and maximal documents, and what its own tags say."""

import hashlib
import logging
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from meetings.rendering import document_pdf
from tests import pdf_structure
from tests.core.test_pdf import failures
from tests.meetings import documents

WHEN = datetime(2024, 10, 25, 9, 12, tzinfo=UTC)


@cache
def made(name: str, language: str = "fi") -> bytes:
    """One of tests/meetings/documents.py as a PDF."""
    data: dict[str, Any] = getattr(documents, name)()
    return document_pdf(data | {"language": language}, created=WHEN)


@pytest.mark.parametrize(
    ("name", "language"), [("short", "fi"), ("long", "fi"), ("long", "sv"), ("maximal", "fi")]
)
def test_both_standards_hold(name: str, language: str, caplog: pytest.LogCaptureFixture) -> None:
    made.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert failures(made(name, language)) == []
    assert caplog.messages == []


def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "import django, hashlib; django.setup(); from tests.meetings.test_pdf import made;"
        "print(hashlib.sha256(made('maximal')).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert other.strip() == hashlib.sha256(made("maximal")).hexdigest()


def test_it_reads_in_order_by_its_tags() -> None:
    root = pdf_structure.read(made("long"))
    assert [element.text() for element in root.find("H1", "H2", "H3")][:4] == [
        "Alueellisen opiskeluhuollon yhteistyöryhmän tapaaminen",
        "1 Ajankohtaiset asiat",
        "2 Kehittäjäkumppanioppilaitosverkoston kokoaminen",
        "2.1 Samarbetsenkäten i de svenskspråkiga skolorna",
    ]
    first = [element.text() for element in root.find("P")][:4]
    assert first == [
        "Länsi-Uudenmaan hyvinvointialue",
        "Alueellinen opiskeluhuollon yhteistyöryhmä",
        "Muistio 5/2024",
        "22.10.2024",
    ]
    text = root.text()
    for sentence in (
        "kehittäjäkumppanioppilaitosverkostossa ja muissa alueen yhteistyötapaamisissa.",
        "Vastuu: Kaisu Villanen, Alatyöryhmä · Määräaika: ennen seuraavaa kokousta",
        "Karl-Emil Gustavsén Hanko",
        "Seuraava kokous 3.12.2024 klo 13.00, Luksia, Lohja",
    ):
        assert sentence in text


def test_each_page_says_what_it_is_outside_the_text() -> None:
    running = pdf_structure.artifacts(made("long"))
    assert running[0] == "1 (4)"
    assert running[1:] == [
        "Länsi-Uudenmaan hyvinvointialue Alueellinen opiskeluhuollon yhteistyöryhmä "
        f"Muistio 5/2024 22.10.2024 {number} (4) "
        "Alueellisen opiskeluhuollon yhteistyöryhmän tapaaminen"
        for number in (2, 3, 4)
    ]


def test_a_draft_says_so_on_every_page() -> None:
    draft = documents.long(draft=True)
    file = document_pdf(draft, created=WHEN)
    assert "Muistio 5/2024 Luonnos" in pdf_structure.read(file).text()
    pages = pdf_structure.artifacts(file)
    assert [("Luonnos" in page) for page in pages] == [False, *(True for _ in pages[1:])]
    with pikepdf.open(BytesIO(file)) as document:
        assert str(document.docinfo["/Title"]).endswith(", Luonnos")


def test_a_part_in_another_language_is_tagged_and_hyphenated_so() -> None:
    root = pdf_structure.read(made("long"))
    (swedish,) = [part for part in root.find("Sect") if part.language == "sv"]
    assert "Elevhälsogrupperna har utnyttjat resultaten" in swedish.text()
    assert [part.text() for part in swedish.find("P") if part.language == "fi"][-1] == (
        "Suomenkielinen tiivistelmä liitetään alueelliseen opiskeluhuoltosuunnitelmaan."
    )


def test_headings_are_bookmarks_without_soft_hyphens() -> None:
    with pikepdf.open(BytesIO(made("long"))) as document, document.open_outline() as outline:
        (top,) = outline.root
        titles = [entry.title for entry in top.children]
    assert titles[:3] == [
        "1 Ajankohtaiset asiat",
        "2 Kehittäjäkumppanioppilaitosverkoston kokoaminen",
        f"3 {documents.long()['items'][3]['title']}",
    ]


def test_a_table_over_pages_repeats_its_head_and_names_its_headers() -> None:
    root = pdf_structure.read(made("maximal"))
    heads = [row.text() for row in root.find("THead")]
    assert heads.count("Yksikkö Kuvaus Oppilaita") >= 2
    with pikepdf.open(BytesIO(made("maximal"))) as document:
        cells = [
            thing
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TD"
        ]
    assert len(cells) > 120
    with pikepdf.open(BytesIO(made("maximal"))) as document:
        headers = {
            len(thing.A.Headers)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TD"
        }
    assert headers == {2}  # the row's and the column's


def test_sixty_people_stand_in_it() -> None:
    text = pdf_structure.read(made("maximal")).text()
    for name in (
        "Анна Каренина-Ґалаґан",
        "Áilu Ŋuohtti Ǥǥ Ǩǩ Ʒʒ Đđ",
        "Юрий Петров 😀",
        "Łukasz Żółć",
    ):
        assert name in text
    assert text.count("Osanottaja Esimerkkinen-Numeroitu") == 55
