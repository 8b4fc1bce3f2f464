"""A PDF keeps both standards, shows every sign it can, and is the same each time."""

import logging
import re
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import page
import pikepdf
import pytest
from django.conf import settings

from core import pdf
from tests import pdf_structure

WHEN = datetime(2024, 10, 25, 9, 12, tzinfo=UTC)
STANDARDS = (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1)


def render(body: str, language: str = "fi") -> bytes:
    return pdf.render_pdf(
        f"<!DOCTYPE html><html lang={language}><head><title>Otsikko</title></head>"
        f"<body>{body}</body></html>",
        title='Muistio & "liite"',
        language=language,
        author="Länsi-Uudenmaan hyvinvointialue",
        created=WHEN,
    )


def failures(file: bytes) -> list[str]:
    """What the checker finds against PDF/A-2a and PDF/UA-1."""
    reports = [page.validate_pdf_bytes(file, profile=standard) for standard in STANDARDS]
    assert [report.rules.total for report in reports] == [154, 104]
    return [failure.message for report in reports for failure in report.failures]


def test_both_standards_hold() -> None:
    assert (
        failures(render("<h1>Kokous</h1><p>Asia <a href='https://esimerkki.fi/'>linkki</a></p>"))
        == []
    )


def test_both_standards_hold_whatever_byte_the_packed_data_end_in() -> None:
    ends = [render(f"<h1>{number}</h1><p>{number * 7919}</p>") for number in range(40)]
    assert [failures(file) for file in ends] == [[]] * 40


def test_a_broken_file_fails_the_same_check() -> None:
    with pikepdf.open(BytesIO(render("<h1>Kokous</h1><p>Asia</p>"))) as document:
        del document.Root.MarkInfo
        del document.Root.Lang
        broken = BytesIO()
        document.save(broken)
    assert len(failures(broken.getvalue())) >= 2


def test_the_metadata_say_what_it_is() -> None:
    with pikepdf.open(BytesIO(render("<p>Asia</p>"))) as document:
        with document.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == (
                "2",
                "A",
                "1",
            )
            assert xmp["dc:title"] == 'Muistio & "liite"'
            assert xmp["dc:creator"] == ["Länsi-Uudenmaan hyvinvointialue"]
        assert document.docinfo["/Title"] == 'Muistio & "liite"'
        assert document.docinfo["/CreationDate"] == "D:20241025091200+00'00"
        assert document.Root.Lang == "fi"
        assert "/Filter" not in document.Root.Metadata  # readable without unpacking the file


SIGNS = (
    "Áilu Ŋuohtti Ǥǥ Ǩǩ Ʒʒ Đđ, Анна Ґалаґан, Łukasz Żółć, Nguyễn Thị Ánh, 😀 👩‍👩‍👧 🇫🇮 👍🏽 1️⃣ ⚠️, "
    "→ ≥ ½ ☐ ✓ ◦ ▪ ● ‑ €, Νίκος, Հայկ, ნინო, דוד, محمد, ไทย, effective office"
)


def test_names_in_other_scripts_and_emoji_are_drawn(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        file = render(f"<p>{SIGNS}</p><p><em>{SIGNS}</em></p><p><strong>{SIGNS}</strong></p>")
    assert caplog.messages == []
    assert failures(file) == []
    text = pdf_structure.read(file).find("P")[0].text()
    for word in ("Ŋuohtti", "Ґалаґан", "Nguyễn", "Łukasz", "😀", "ნინო", "effective", "office"):
        assert word in text


def test_a_sign_that_no_font_has_is_shown_as_missing(caplog: pytest.LogCaptureFixture) -> None:
    file = render("<p>漢 and a control\x02\u2028sign\ufff9</p>")
    assert caplog.messages == ["no font for U+6F22"]
    assert (
        pdf_structure.read(file).find("P")[0].text()
        == "\N{REPLACEMENT CHARACTER} and a control sign"
    )
    assert failures(file) == []


def test_the_style_sheets_name_no_font_features() -> None:
    """WeasyPrint leaks them, half a megabyte a document; core.pdf gives the fonts theirs."""
    for sheet in pdf.HOUSE_STYLES:
        text = (settings.BASE_DIR / "static" / sheet).read_text(encoding="utf-8")
        assert not re.search(r"font-(variant|feature|kerning)[a-z-]*:", text)


def test_nothing_is_fetched(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.css"
    secret.write_text("p::after { content: 'leaked' }")
    file = render(f"<link rel=stylesheet href='{secret.as_uri()}'><p>Asia</p>")
    assert pdf_structure.read(file).text() == "Asia"


def test_parts_carry_their_language_and_lists_their_shape() -> None:
    root = pdf_structure.read(
        render(
            "<p>Suomea <em lang=sv>svenska</em></p><section lang=sv><p>Mer</p></section>"
            "<dl><dt>Aika</dt><dd>13.00</dd><div><dt>Paikka</dt><dd>Omnia</dd></div></dl>"
            "<ul><li><p>yksi</p><ol><li><p>kaksi</p></li></ol><p>vielä yksi</p></li></ul>"
        )
    )
    assert [(part.language, part.text()) for part in root.walk() if part.language] == [
        ("sv", "svenska"),
        ("sv", "Mer"),
    ]
    facts, outer, _inner = root.find("L")
    assert [
        [(part.type, part.text()) for part in entry.elements] for entry in facts.find("LI")
    ] == [
        [("Lbl", "Aika"), ("LBody", "13.00")],
        [("Lbl", "Paikka"), ("LBody", "Omnia")],
    ]
    (entry,) = outer.elements
    assert [part.type for part in entry.elements] == ["Lbl", "LBody"]
    assert [(part.type, part.text()) for part in entry.elements[1].elements] == [
        ("P", "yksi"),
        ("L", "1. kaksi"),
        ("P", "vielä yksi"),
    ]


def test_two_processes_make_the_same_bytes() -> None:
    program = (
        "import django, hashlib; django.setup(); from tests.core import test_pdf as t;"
        "print(hashlib.sha256(t.render(f'<h1>Kokous</h1><p>{t.SIGNS}</p>')).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(hashes) == 1
    assert len(hashes.pop()) == 65
