"""Files of members' lists: what people's programs save, what is damaged, and what is dangerous."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import guard
from directory.members_import.columns import Column, lay_out
from directory.members_import.reading import read_file
from directory.members_import.table import (
    MASK,
    MAX_ROWS,
    Cell,
    Flaw,
    Refusal,
    Row,
    Rows,
    Table,
    Unreadable,
    carried,
    cell,
    uncarried,
)
from directory.members_import.text import read_text
from directory.members_import.values import Wrong, day, email, name, name_key, role, seat
from tests.directory.members_lists import csv, workbook

HEAD = ("Nimi", "Sähköposti", "Rooli")
ROWS = (HEAD, ("Šimana Öhman", "simana@example.org", "jäsen"), ("Veera Lampi", "", "sihteeri"))


def texts(table: Table) -> dict[int, list[str]]:
    return {row.number: [one.text for one in row.cells] for row in table.rows}


def refusal(data: bytes | str) -> tuple[Refusal, int]:
    with pytest.raises(Unreadable) as caught:
        read_text(data) if isinstance(data, str) else read_file(data)
    return caught.value.code, caught.value.row


# -- Text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1252", "iso-8859-15"]
)
def test_text_is_read_in_any_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    table = read_file(csv(*ROWS, delimiter=delimiter, encoding=encoding))
    assert texts(table) == {
        1: list(HEAD),
        2: ["Šimana Öhman", "simana@example.org", "jäsen"],
        3: ["Veera Lampi", "", "sihteeri"],
    }


def test_line_breaks_in_quotation_marks_belong_to_the_cell() -> None:
    table = read_text('Nimi;Nimike\n"Lampi,\nVeera";"rehtori ""ma."""\n\nAarni Pohjonen;\n')
    assert texts(table) == {
        1: ["Nimi", "Nimike"],
        2: ["Lampi, Veera", 'rehtori "ma."'],
        4: ["Aarni Pohjonen"],
    }


def test_excels_line_with_the_separator_is_no_row() -> None:
    assert texts(read_text("sep=,\r\nNimi,Rooli\r\nVeera Lampi,pj\r\n")) == {
        2: ["Nimi", "Rooli"],
        3: ["Veera Lampi", "pj"],
    }


def test_commas_in_names_do_not_make_them_columns() -> None:
    table = read_text(
        "Nimi;Sähköposti\nLampi, Veera;v@example.org\nPohjonen, Aarni;a@example.org\n"
    )
    assert texts(table)[2] == ["Lampi, Veera", "v@example.org"]


def test_an_unclosed_quotation_mark_is_found() -> None:
    assert refusal('Nimi;Rooli\nA B;jäsen\n"Veera Lampi;jäsen\nC D;jäsen\n') == (Refusal.QUOTES, 3)
    assert refusal('Nimi;Rooli\n"Veera;x\n"Aarni";y\n') == (Refusal.QUOTES, 2)
    # Pasted cells have them as they are.
    pasted = read_text('Nimi\tNimike\nVeera Lampi\t"Ope\n')
    assert texts(pasted)[2] == ["Veera Lampi", '"Ope']


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Refusal.EMPTY),
        (b";;;\r\n;;\r\n", Refusal.EMPTY),
        (b"%PDF-1.7\n", Refusal.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, Refusal.OLD_EXCEL),
        (b"<html><table><tr><td>Nimi</td></tr></table></html>", Refusal.WEB_PAGE),
        (b'<?xml version="1.0"?><Workbook/>', Refusal.WEB_PAGE),
        (b"PK\x03\x04 not a zip", Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n", Refusal.BINARY),
        (b"Nimi\x00\x01", Refusal.BINARY),
        ("Päivi Järvi;Nimi".encode("cp850"), Refusal.ENCODING),
        (b"x" * (5 * 1024 * 1024 + 1), Refusal.TOO_LARGE),
        (csv(HEAD, *(("Veera Lampi", "", "") for _ in range(10_000))), Refusal.TOO_MANY_ROWS),
        (csv(("Nimi", *("x" for _ in range(40)))), Refusal.TOO_WIDE),
    ],
)
def test_refusals(data: bytes, code: Refusal) -> None:
    assert refusal(data)[0] == code


# -- Workbooks -------------------------------------------------------------------------------------


def test_a_workbook_is_read_with_its_days_and_numbers() -> None:
    data = workbook(
        ("Nimi", "Alkaen", "Asti", "Muu"),
        ("Veera Lampi", date(2026, 8, 1), datetime(2027, 7, 31), 12.0),  # noqa: DTZ001  as Excel has them
        (),
        (" Aarni  Pohjonen ", None, "toistaiseksi", True),
    )
    assert texts(read_file(data)) == {
        1: ["Nimi", "Alkaen", "Asti", "Muu"],
        2: ["Veera Lampi", "2026-08-01", "2027-07-31", "12"],
        4: ["Aarni Pohjonen", "", "toistaiseksi", "True"],
    }


def test_a_formula_is_never_computed() -> None:
    data = workbook(("Nimi", "Sähköposti"), ("Veera Lampi", '=CONCATENATE("a","@b.fi")'))
    (_, row) = read_file(data).rows
    assert row.cells == (Cell("Veera Lampi"), Cell(flaw=Flaw.FORMULA))


def test_hidden_rows_and_sheets_are_left_out_and_told() -> None:
    def arrange(book: Any) -> None:
        book.active.title = "Jäsenet"
        book.active.row_dimensions[2].hidden = True
        book.create_sheet("Vanhat").append(["Nimi"])
        hidden = book.create_sheet("Salainen", 0)
        hidden.append(["Nimi"])
        hidden.sheet_state = "hidden"
        book.create_sheet("Tyhjä", 0)

    table = read_file(workbook(*ROWS, arrange=arrange))
    assert list(texts(table)) == [1, 3]
    assert (table.hidden, table.sheet, table.other_sheets) == ((2,), "Jäsenet", ("Vanhat",))


def test_cells_merged_from_top_to_bottom_count_for_each_row() -> None:
    def arrange(book: Any) -> None:
        book.active.merge_cells("B2:B3")
        book.active.merge_cells("A4:C4")

    table = read_file(
        workbook(
            ("Nimi", "Organisaatio", "Rooli"),
            ("Veera Lampi", "Espoo", "jäsen"),
            ("Aarni Pohjonen", None, "jäsen"),
            ("Olli Outo", None, None),
            arrange=arrange,
        )
    )
    assert texts(table)[3] == ["Aarni Pohjonen", "Espoo", "jäsen"]
    assert texts(table)[4] == ["Olli Outo"]


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name_, content in parts.items():
            made.writestr(name_.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def rezipped(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (package(mimetype="application/vnd.oasis.opendocument.spreadsheet"), Refusal.OPEN_DOCUMENT),
        (package(xl__workbook_bin="x"), Refusal.OLD_EXCEL),
        (package(word__document_xml="<w/>"), Refusal.BINARY),
        (package(a="0" * (21 * 1024 * 1024)), Refusal.TOO_LARGE),
        (workbook(*ROWS)[:900], Refusal.BROKEN),
        (rezipped(workbook(*ROWS), "xl/worksheets/sheet1.xml", BOMB), Refusal.BROKEN),
        (rezipped(workbook(*ROWS), "xl/worksheets/sheet1.xml", b"<worksheet"), Refusal.BROKEN),
        (rezipped(workbook(*ROWS), "xl/workbook.xml", b"<workbook"), Refusal.BROKEN),
        (workbook(), Refusal.EMPTY),
        (workbook(HEAD, *(("Veera Lampi",) for _ in range(10_000))), Refusal.TOO_MANY_ROWS),
        (workbook(tuple("x" for _ in range(41))), Refusal.TOO_WIDE),
    ],
)
def test_packages_that_are_refused(data: bytes, code: Refusal) -> None:
    assert refusal(data)[0] == code


def test_a_cell_at_the_far_end_of_a_sheet_is_no_list() -> None:
    def arrange(book: Any) -> None:
        book.active["A1048576"] = "Veera Lampi"

    assert refusal(workbook(*ROWS, arrange=arrange))[0] == Refusal.TOO_MANY_ROWS


# -- Cells -----------------------------------------------------------------------------------------


def test_signs_that_cannot_be_seen() -> None:
    assert cell("Vee\u00adra\u200b\u00a0 Lampi\ufeff") == Cell("Veera Lampi")
    assert cell("Veera\u202eipmaL") == Cell("Veera�ipmaL", Flaw.UNSEEN)
    assert cell("A\u0308ijo\u0308") == Cell("Äijö")
    assert cell("x" * 501).flaw == Flaw.LONG


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), max_size=8))
def test_what_the_page_carries_comes_back_as_it_was(given_rows: list[list[str]]) -> None:
    rows = Rows()
    for number, values in enumerate(given_rows, 1):
        rows.add(number, [cell(value) for value in values])
    if rows.found:
        table = rows.table(hidden=(3,), sheet="Lista", other_sheets=("Muu",))
        assert uncarried(carried(table)) == table


@given(
    st.text(max_size=20),
    st.sampled_from(["131052-308T", "010594Y9021", "131052–308T"]),
    st.text(max_size=20),
)
def test_no_identity_code_gets_through(before: str, code: str, after: str) -> None:
    made = cell(f"{before} {code} {after}")
    assert not guard.identity_codes(made.text)
    assert made.flaw == Flaw.IDENTITY
    assert MASK in made.text


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_a_reason(data: bytes) -> None:
    try:
        table = read_file(data)
    except Unreadable:
        return
    assert 0 < len(table.rows) <= MAX_ROWS


# -- Columns and values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        "Nimi,Sähköpostiosoite,Organisaatio,Rooli,Paikka,Varajäsen kenelle?,Alkaen,Asti,Nimike",
        "Namn,E-post,Organisation,Roll,Plats,Suppleant för,Fr.o.m.,T.o.m.,Titel",
        "Name *,E-mail (work),Organisation,Role,Seat,Deputy of,From,Until,Job title",
    ],
)
def test_headings_are_known_in_three_languages_and_any_order(headings: str) -> None:
    names = headings.split(",")
    wanted = {
        Column.NAME: 0,
        Column.EMAIL: 1,
        Column.ORGANISATION: 2,
        Column.ROLE: 3,
        Column.SEAT: 4,
        Column.DEPUTY_FOR: 5,
        Column.VALID_FROM: 6,
        Column.VALID_TO: 7,
        Column.TITLE: 8,
    }
    assert lay_out(read_text(";".join(names))).columns == wanted
    backwards = {column: 8 - place for column, place in wanted.items()}
    assert lay_out(read_text(";".join(reversed(names)))).columns == backwards


def test_a_list_of_names_alone_is_read_with_and_without_a_heading() -> None:
    assert lay_out(read_text("Nimi\nVeera Lampi\n")).data == (Row(2, (Cell("Veera Lampi"),)),)
    bare = lay_out(read_text("Veera Lampi\nAarni Pohjonen\n"))
    assert bare.heading is None
    assert len(bare.data) == 2
    assert bare.columns == {Column.NAME: 0}


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (name, "Lampi, Veera", "Veera Lampi"),
        (email, "Veera Lampi <Veera@Example.org>", "veera@example.org"),
        (email, "mailto:v@example.org", "v@example.org"),
        (role, "Pj.", "chair"),
        (role, "Viceordförande", "vice_chair"),
        (role, "Varajäsen", "deputy"),
        (seat, "Koulutuksen järjestäjä", "provider"),
        (seat, "Vårdnadshavare", "guardians"),
        (day, "1.8.2026", date(2026, 8, 1)),
        (day, "01. 08. 2026", date(2026, 8, 1)),
        (day, "2026-08-01", date(2026, 8, 1)),
        (day, "2026-08-01T12:00:00", date(2026, 8, 1)),
    ],
)
def test_values(reader: Any, text: str, value: object) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (email, "v@"),
        (email, "=a@example.org"),
        (email, "a@example.org, b@example.org"),
        (email, f"{'a' * 250}@example.org"),
        (name, "12345"),
        (day, "08/01/2026"),
        (day, "1.8.26"),
        (day, "1.1.1066"),
        (role, "kuningas"),
    ],
)
def test_values_that_are_wrong(reader: Any, text: str) -> None:
    with pytest.raises(Wrong):
        reader(text)


def test_names_are_compared_by_their_words() -> None:
    assert (
        name_key("Anna-Liisa MÄKI") == name_key("Mäki, Anna-Liisa") == name_key("mäki anna liisa")
    )
    assert name_key("Anna Mäki") != name_key("Anna Maki")
