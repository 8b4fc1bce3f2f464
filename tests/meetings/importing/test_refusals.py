"""Files and texts that are refused, each with the reason that fits it."""

import pytest

from meetings.importing import MAX_BYTES, ImportProblem, Problem, decode, read_minutes

MINUTES = (
    "Työryhmän kokous 3.3.2025\nLäsnä: Aarni Pohjonen, Veera Lampi\n\n1. Avaus\nKokous avattiin.\n"
)

NOVEL = """Alkoi olla jo myöhä, kun Matti astui ulos. Kokous oli venynyt, ja hän oli väsynyt.

Luku 2

Seuraavana aamuna 3.5.1899 hän heräsi varhain. Läsnä oli vain hiljaisuus.
"Missä olit?" kysyi Liisa. Matti ei vastannut.

Luku 3

Mennyt maailma. Kukaan ei enää muistanut.
"""
LETTER = """Hei Maija,

kiitos viestistäsi. Tavataan tiistaina 3.12. klo 13 kahvilassa.

Terveisin
Pekka
"""
CHANGELOG = """# Changelog

## 2.0.0 - 2024-10-22

- Meeting page added
- Fixed minutes export

## 1.9.0 - 2024-09-01

- Notes on attendees
"""
LOG = "2024-10-22 12:00:01 INFO start\n2024-10-22 12:00:02 INFO meeting created\n" * 5
CSV = "name;date;meeting\nMatti;1.1.2024;Espoo\nLiisa;2.1.2024;Vantaa\nPekka;3.1.2024;Lohja\n"
SOURCE_CODE = '''import meeting

def minutes(present):
    """Present: those who came."""
    return [person for person in present]

class Meeting:
    date = "2024-10-22"
'''


def _problem(data: bytes) -> ImportProblem:
    with pytest.raises(ImportProblem) as caught:
        read_minutes(decode(data))
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Problem.EMPTY),
        (b" \n\t\r\n ", Problem.EMPTY),
        (b"\xef\xbb\xbf\n", Problem.EMPTY),
        ("\u00a0\n".encode(), Problem.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", Problem.BINARY),
        (b"PK\x03\x04\x14\x00", Problem.BINARY),
        (b"L\xe4sn\xe4\x00\x01\x02", Problem.BINARY),
        (b"ok\x00" * 10, Problem.BINARY),
        (MINUTES.encode("cp850"), Problem.ENCODING),
        (NOVEL.encode(), Problem.UNRECOGNISED),
        (LETTER.encode(), Problem.UNRECOGNISED),
        (CHANGELOG.encode(), Problem.UNRECOGNISED),
        (LOG.encode(), Problem.UNRECOGNISED),
        (CSV.encode(), Problem.UNRECOGNISED),
        (SOURCE_CODE.encode(), Problem.UNRECOGNISED),
        (b"\xc2\xa7", Problem.UNRECOGNISED),
    ],
)
def test_reason(data: bytes, code: Problem) -> None:
    assert _problem(data).code is code


def test_too_large_says_how_large() -> None:
    problem = _problem(b"a" * (MAX_BYTES + 1))
    assert problem.code is Problem.TOO_LARGE
    assert problem.detail == {"size": MAX_BYTES + 1, "limit": MAX_BYTES}


def test_too_many_lines() -> None:
    assert _problem(MINUTES.encode() + b"a\n" * 310_000).code is Problem.TOO_LARGE


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-16-le"])
def test_other_encodings_than_utf_8_do_not_matter(encoding: str) -> None:
    assert decode(MINUTES.encode(encoding)) == MINUTES


def test_byte_order_mark_and_line_ends_do_not_matter() -> None:
    plain = read_minutes(MINUTES).as_dict()
    assert read_minutes(decode(b"\xef\xbb\xbf" + MINUTES.encode())).as_dict() == plain
    assert read_minutes(MINUTES.replace("\n", "\r\n")).as_dict() == plain
    assert [item["number"] for item in plain["agenda"]] == ["1"]
