"""What other programs put on the clipboard: lists, links and tables stay, the rest is dropped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core import richtext
from tests.e2e.desk import Desk

FIXTURES = Path(__file__).parent.parent / "fixtures" / "clipboard"

Line = tuple[int, str, str]

PRINTED = (
    "Opiskeluhuollon yhteistyöryhmä käsitteli alueellisen suunnitelman seurantaa ja totesi, että "
    "sosiaali- ja terveydenhuollon tiedot saadaan vasta tammikuussa. Länsi-Uudenmaan kunnat "
    "toimittavat omansa sitä ennen."
)

EXPECTED: dict[str, list[Line]] = {
    "word_desktop.html": [
        (0, "", "Lomakkeen käyttöönotto"),
        (0, "", "Keskustelu käytiin vilkkaana, ks. lomake."),
        (1, "ul", "Espoo kokeilee keväällä"),
        (2, "ul", "kaksi koulua"),
        (3, "ul", "Kartanon koulu"),
        (1, "ul", "Lohja odottaa tuloksia"),
        (0, "", "Vaiheet:"),
        (1, "1", "kysely"),
        (2, "a", "henkilöstölle"),
        (3, "i", "suomeksi"),
        (1, "1", "yhteenveto"),
        (0, "", "Kunta"),
        (0, "", "Aloitus"),
        (0, "", "Hanko"),
        (1, "ul", "elokuu"),
    ],
    "outlook.html": [
        (0, "", "Hej,"),
        (0, "", "blanketten finns här."),
        (1, "ul", "Hangö svarar"),
        (2, "ul", "senast fredag"),
        (1, "ul", "Ingå svarar"),
        (0, "", "Med vänlig hälsning\nMaj-Britt"),
    ],
    "google_docs.html": [
        (0, "", "Kokouksen muistiinpanot, ohje"),
        (1, "1", "ensimmäinen"),
        (2, "a", "alakohta"),
        (3, "i", "tarkennus"),
        (1, "1", "toinen"),
        (1, "ul", "luettelo"),
    ],
    "word_web.html": [
        (0, "", "Sovittiin jatkosta."),
        (1, "ul", "Raasepori kokoaa"),
        (2, "ul", "koulujen vastaukset"),
        (3, "1", "yläkoulut"),
        (1, "ul", "Siuntio seuraa"),
    ],
    "teams.html": [
        (0, "", "Hei Kirsi Laine, tässä luonnos:"),
        (1, "ul", "avaus"),
        (2, "ul", "läsnäolijat"),
        (1, "ul", "muut asiat"),
        (0, "", "terveisin Outi"),
    ],
    "web_page.html": [
        (0, "", "Kouluterveyskysely"),
        (0, "", "Tulokset julkaistaan syyskuussa."),
        (0, "", "Kohde"),
        (0, "", "8. ja 9. luokka"),
        (1, "a", "perusopetus 1"),
        (1, "a", "lukio"),
        (1, "", "ja tutkintokoulutus"),
        (0, "", "Vastaajat"),
        (0, "", "Vuosi"),
        (0, "", "Määrä"),
        (0, "", "2025"),
        (0, "", "1 234"),
    ],
    "spreadsheet.html": [(0, "", "Vihti"), (0, "", "12"), (0, "", "Karkkila"), (0, "", "4")],
    "pdf_viewer.txt": [
        (
            0,
            "",
            PRINTED,
        ),
        (1, "ul", "kooste lähetetään jäsenille"),
        (1, "ul", "kommentit pyydetään kahden viikon kuluessa kokouksesta ryhmän sihteerille"),
        (0, "", "Kokous päättyi."),
    ],
    "plain_text.txt": [
        (0, "", "Muistilista:"),
        (1, "ul", "kutsut"),
        (2, "ul", "esityslista"),
        (3, "ul", "liitteet"),
        (1, "ul", "tilat"),
        (1, "1", "avaus"),
        (1, "1", "asiat"),
        (2, "a", "koulut"),
        (2, "a", "kunnat"),
        (0, "", "Terveisin"),
        (0, "", "Anna"),
    ],
}
LINKS = {
    "word_desktop.html": ["https://yhteispoyta.example/lomake?a=1&amp;b=2"],
    "outlook.html": ["https://yhteispoyta.example/blankett"],
    "google_docs.html": ["https://yhteispoyta.example/ohje"],
}
TABLES = {"word_desktop.html", "web_page.html", "spreadsheet.html"}


def paste(desk: Desk, name: str) -> None:
    kind = "text/html" if name.endswith(".html") else "text/plain"
    desk.text.evaluate(
        """(editable, [kind, content]) => {
            const data = new DataTransfer();
            data.setData(kind, content);
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            editable.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        [kind, (FIXTURES / name).read_text("utf-8")],
    )


def test_each_fixture_is_pasted() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_pasted_keeps_its_shape(desk_of: Callable[..., Desk], name: str) -> None:
    desk = desk_of().write()
    paste(desk, name)
    body = desk.stored().body
    found = [
        (line.level, line.marker, line.text.strip().replace("\xa0", " "))
        for line in richtext.lines_of(body)
        if line.text.strip()
    ]
    assert found == EXPECTED[name]
    assert [part.split('"')[0] for part in body.split('href="')[1:]] == LINKS.get(name, [])
    assert ("<table>" in body) == (name in TABLES)
    assert desk.page.evaluate("document.querySelectorAll('.editable [style]').length") == 0


def test_one_line_of_text_goes_where_the_cursor_is(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of().write()
    desk.type("alku loppu")
    desk.place("alku loppu", 4)
    desk.text.evaluate(
        """(editable) => {
            const data = new DataTransfer();
            data.setData("text/plain", " keskellä");
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            editable.dispatchEvent(new ClipboardEvent("paste", how));
        }"""
    )
    assert [line.text for line in richtext.lines_of(desk.stored().body)] == ["alku keskellä loppu"]
