"""From bytes to text: every encoding that people's programs save in, and plain reasons why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decoding import ImportProblem, Problem, decode

TEXT = "Nimi;Sähköposti\nŠimana Öhman-Åström;simana@example.org\n"
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "windows-1252",
    "iso-8859-15",
]


def problem(data: bytes, **options: int) -> ImportProblem:
    with pytest.raises(ImportProblem) as caught:
        decode(data, **options)
    return caught.value


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_programs_save_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("mark", ["\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_the_byte_order_mark_is_not_part_of_the_text(encoding: str, mark: str) -> None:
    assert decode((mark + TEXT).encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac-roman"])
def test_what_would_come_out_garbled_is_refused(encoding: str) -> None:
    found = problem("Päivi Järvinen;Mäkelän kylä\n".encode(encoding))
    assert found.code is Problem.ENCODING
    assert found.detail == {"encoding": "windows-1252", "offset": 1}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Problem.EMPTY),
        (b" \n\t\r\n ", Problem.EMPTY),
        (b"\xef\xbb\xbf\n", Problem.EMPTY),
        (b"\xff\xfe", Problem.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", Problem.BINARY),
        (b"L\xe4sn\xe4\x00\x01\x02", Problem.BINARY),
        (b"Nimi\x01\n", Problem.BINARY),
        (b"\xff\xfeN\x00i", Problem.ENCODING),
        (b"P\x81iv\x8d", Problem.ENCODING),
    ],
)
def test_reasons(data: bytes, code: Problem) -> None:
    assert problem(data).code is code


def test_too_large_says_how_large() -> None:
    found = problem(b"12345678901", limit=10)
    assert (found.code, found.detail) == (Problem.TOO_LARGE, {"size": 11, "limit": 10})


@given(st.binary(max_size=200))
def test_any_bytes_are_text_without_controls_or_a_reason(data: bytes) -> None:
    try:
        text = decode(data)
    except ImportProblem:
        return
    assert text.strip()
    assert not {sign for sign in text if sign < " "} - set("\t\n\v\f\r")


@given(st.text(st.characters(codec="windows-1252", categories=["L", "N", "P"]), min_size=1))
def test_windows_text_is_read_as_it_is_or_refused(text: str) -> None:
    """Never garbled in silence, unless by chance it is valid in UTF-8 as well, too."""
    typed = f"äö åå {text} - Öö"
    try:
        read = decode(typed.encode("windows-1252"))
    except ImportProblem:
        return
    assert read == typed
