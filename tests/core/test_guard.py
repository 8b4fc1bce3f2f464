"""Identity codes by their check sign, and hints of a single pupil."""

import json
import os
from pathlib import Path

import pytest

from core.guard import Found, identity_codes, pupil_hints

REAL = Path(__file__).parents[2] / ".." / "shared" / "minutes" / "2024-10-22.txt"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("131052-308T", ["131052-308T"]),
        ("Oppilas (131052-308T) oli", ["131052-308T"]),
        ("131052-308t,131052–308T", ["131052-308t", "131052–308T"]),
        # since 2023 the same day and number may come with another sign
        *((f"131052{sign}308T", [f"131052{sign}308T"]) for sign in "YXWVU"),
        *((f"010100{sign}900F", [f"010100{sign}900F"]) for sign in "ABCDEF"),
        ("010100+900F", ["010100+900F"]),
        ("290200A900B", ["290200A900B"]),
        # not the check sign, not a day, not a sign of the century, not so long
        ("131052-308U", []),
        ("311152-3087", []),
        ("290201A900L", []),
        ("131052G308T", []),
        ("131052 308T", []),
        ("131052-001W", []),
        ("1131052-308T", []),
        ("131052-308TA", []),
        ("puh. 040 123 4567, 22.10.2024", []),
        ("", []),
    ],
)
def test_identity_codes(text: str, codes: list[str]) -> None:
    assert [found.text for found in identity_codes(text)] == codes


def test_a_finding_says_where_it_stands() -> None:
    assert identity_codes("hetu 131052-308T.") == [Found(5, 16, "131052-308T")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Käsiteltiin, miten oppilas Matti M. on poissa."),
        ("fi", "oppilaan A. B. asia"),
        ("fi", "Oppilas Matti Meikäläinen ei tule kouluun."),
        ("fi", "5-luokkalainen poika ei käy koulua"),
        ("fi", "viidesluokkalaisen tytön poissaolot"),
        ("fi", "12-vuotias oppilas"),
        ("fi", "8B:n oppilas on kiusannut"),
        ("fi", "8 b -luokan oppilaalla on"),
        ("fi", "Erään oppilaan äiti oli yhteydessä"),
        ("fi", "kyseisellä nuorella on diagnoosi"),
        ("fi", "pojan isä soitti"),
        ("sv", "eleven i klass 5 har frånvaro"),
        ("sv", "En flicka på årskurs 8 mobbas"),
        ("sv", "elevens mamma ringde"),
        ("sv", "den 12-åriga pojken"),
        ("sv", "eleven Matti M. var borta"),
        ("en", "a pupil in year 5 whose mother called"),
        ("en", "The student's mother called"),
        ("en", "a 12-year-old girl"),
        ("en", "pupil Matti M. was away"),
    ],
)
def test_text_about_one_pupil_is_noticed(language: str, text: str) -> None:
    assert len(pupil_hints(text, language)) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "kartoitusta 30 lapsen tai nuoren ja heidän vanhempiensa kanssa"),
        ("fi", "oppilaiden ja opiskelijoiden edustaja"),
        ("fi", "Oppilaskunnan hallitus ja opiskelijakunta"),
        ("fi", "oppilaan oikeus opiskeluhuoltoon"),
        ("fi", "Oppilaan huoltajan suostumus tarvitaan"),
        ("fi", "yksittäisen oppilaan tukemiseksi"),
        ("fi", "Opiskelija Maija Mallikas edusti opiskelijakuntaa"),
        ("fi", "8B:n oppilaat ja 5-luokkalaiset"),
        ("fi", "9. luokan oppilas saa hakea lukioon"),
        ("fi", "Lapsi- ja nuorisopolitiikka; eräissä kouluissa"),
        ("fi", "lapsen ja nuoren etu, 7–9-luokkalaiset oppilaat"),
        ("fi", "oppilaan Espoon Kivimäen koulussa"),
        ("sv", "elevernas vårdnadshavare, elever i klass 5"),
        ("sv", "varje elev i årskurs 8 får en enkät"),
        ("sv", "elevkårens styrelse; eleven har rätt till elevvård"),
        ("en", "pupils in year 5 and their mothers"),
        ("en", "every student in year 9; the student council"),
        ("en", "a student welfare group"),
        ("de", "Schüler Matti M."),
    ],
)
def test_groups_organs_and_rules_are_no_hint(language: str, text: str) -> None:
    assert pupil_hints(text, language) == []


def test_the_real_memo_raises_nothing() -> None:
    if not REAL.exists() and os.environ.get("CI") != "true":
        pytest.skip("the real memo is not here")
    text = " ".join(REAL.read_text(encoding="utf-8").split())

    assert identity_codes(text) == []
    assert json.dumps([found.text for found in pupil_hints(text, "fi")]) == "[]"
