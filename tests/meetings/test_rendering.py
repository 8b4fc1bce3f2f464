"""The article: what it says, in which language, and how marked lines and tables stand in it."""

from typing import Any

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe
from lxml import html
from lxml.html import HtmlElement

from meetings.bodies import Body
from meetings.rendering import document_html, document_title
from meetings.templatetags.meetings import lowered
from tests.meetings.documents import ATTENDANCE, document, item, long, mark, party, person


def article(data: dict[str, Any]) -> HtmlElement:
    return html.fragment_fromstring(document_html(data, for_print=False))


def texts(root: HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in root.cssselect(path)]


def facts(root: HtmlElement) -> dict[str, str]:
    return dict(
        zip(texts(root, ".document-facts dt"), texts(root, ".document-facts dd"), strict=True)
    )


def test_the_heading_data_in_finnish() -> None:
    root = article(document(number="5/2024"))
    assert texts(root, ".document-kind") == ["Muistio 5/2024"]
    assert facts(root) == {
        "Aika ja paikka": "22.10.2024 klo 13.00–15.30, Omnia, Kirkkokatu 16, Espoo",
        "Puheenjohtaja": "Tuulikki Haravainen, LUVN",
        "Sihteeri": "Kaisu Villanen, LUVN",
        "Muistion laati": "Kaisu Villanen, LUVN",
        "Jaettu": "25.10.2024",
    }


def test_the_words_are_in_the_documents_language_whatever_the_readers() -> None:
    with translation.override("fi"):
        root = article(document(language="sv", number="5/2024"))
    assert root.get("lang") == "sv"
    assert texts(root, ".document-kind") == ["Promemoria 5/2024"]
    assert facts(root)["Tid och plats"].startswith("22.10.2024 kl. 13.00–15.30")
    with translation.override("fi"):
        root = article(document(language="en"))
    assert facts(root)["Time and place"].startswith("22 October 2024 at 13:00–15:30")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "Muistio"),
        ({"draft": True}, "Muistio Luonnos"),
        ({"type": "minutes", "number": "3/2024"}, "Pöytäkirja 3/2024"),
        ({"kind": "agenda"}, "Esityslista"),
    ],
)
def test_what_the_document_is(changes: dict[str, Any], kind: str) -> None:
    assert texts(article(document(**changes)), ".document-kind") == [kind]


def test_its_name() -> None:
    assert document_title(document(draft=True)) == (
        "Muistio, Alueellisen opiskeluhuollon yhteistyöryhmän tapaaminen, 22.10.2024, Luonnos"
    )


def test_attendance_by_mode_with_organisation_and_role() -> None:
    found = facts(article(document(attendance=ATTENDANCE)))
    assert found["Läsnä"].startswith(
        "16, joista etänä 3 Tuulikki Haravainen, Länsi-Uudenmaan hyvinvointialue, puheenjohtaja "
        "Kaisu Villanen, Länsi-Uudenmaan hyvinvointialue, sihteeri Terhikki Tammisto, Luksia "
    )
    assert found["Läsnä"].endswith("Emmiliina Rompanen, Länsi-Uudenmaan hyvinvointialue, vieras")
    assert (
        found["Etänä"] == "Karl-Emil Gustavsén, Hanko Kristel Peltomaa, Vihti Eerik Klinga, Siuntio"
    )
    assert found["Estynyt"] == "Solveig Strandqvist, Axxell"
    assert found["Poissa"] == "Pontus Nyblin, Inkoo"


def test_attendance_in_other_cases() -> None:
    assert facts(article(document(attendance_taken=False)))["Läsnäolo"] == "Ei merkitty"
    everyone_remote = document(attendance=[person("Eira Kumpunen", "", "remote", role="rehtori")])
    assert facts(article(everyone_remote))["Etänä"] == "Eira Kumpunen, rehtori"
    assert "Läsnä" not in facts(article(document(kind="agenda", attendance=ATTENDANCE)))


def test_items_are_numbered_as_the_document_is() -> None:
    items = [item("1", "Avaus"), item("1.1", "Läsnäolo", presenter="Eira Kumpunen", minutes=20)]
    assert texts(article(document(items=items)), "h2, h3") == ["1 Avaus", "1.1 Läsnäolo"]
    root = article(document(items=items, type="minutes"))
    assert texts(root, "h2, h3") == ["1 § Avaus", "1.1 Läsnäolo"]
    assert texts(root, ".item-facts") == ["Esittelijä: Eira Kumpunen"]
    root = article(document(items=items, kind="agenda"))
    assert texts(root, ".item-facts") == ["Esittelijä: Eira Kumpunen · 20 min"]


def test_a_secret_item_names_its_section() -> None:
    items = [
        item("1", "Asia", visibility="secret", secrecy="JulkL 24 § 1 mom. 25 kohta"),
        item("2", "Asia", visibility="members"),
    ]
    assert texts(article(document(items=items)), ".item-facts") == [
        "Salassa pidettävä: JulkL 24 § 1 mom. 25 kohta",
        "Vain ryhmän jäsenille",
    ]


def test_a_part_in_another_language_says_so_and_words_about_it_do_not() -> None:
    items = [
        item(
            "1",
            "Ärende",
            '<p data-line="a">Text.</p>',
            language="sv",
            presenter="Eira Kumpunen",
            marks={"a": [mark("task", "Hangö", recipient=None, due="")]},
        )
    ]
    root = article(document(items=items))
    assert [
        (part.tag, part.get("class"), part.get("lang")) for part in root.cssselect("[lang]")
    ] == [
        ("article", "document", "fi"),
        ("section", "document-item", "sv"),
        ("p", "item-facts", "fi"),
        ("p", "mark-label", "fi"),
        ("p", "mark-facts", "fi"),
        ("span", None, "sv"),  # quoted in the summary
    ]


def body(text: str, marks: dict[str, Any] | None = None, **changes: Any) -> Body:
    settings: dict[str, Any] = {"formal": False, "language": "fi", "for_print": False} | changes
    with translation.override("fi"):
        return Body(text, marks or {}, **settings)


@pytest.mark.parametrize(
    ("marks", "label", "said"),
    [
        ([mark("agreed", effective="")], "Sovittu", []),
        ([mark("agreed", effective="2025-01")], "Sovittu", ["Voimassa alkaen: tammikuu 2025"]),
        (
            [mark("task", "Omnia", "Luksia", recipient=party("Espoo"), due="2024-12-03")],
            "Tehtävä",
            ["Vastuu: Omnia, Luksia · Saaja: Espoo · Määräaika: 3.12.2024"],
        ),
        (
            [mark("agreed", effective=""), mark("task", "Omnia", recipient=None, due="")],
            "Sovittu · Tehtävä",
            ["Tehtävä – Vastuu: Omnia"],
        ),
        (
            [mark("request", owners=[party("", "set", "providers")], recipient=None, due="")],
            "Pyyntö",
            ["Vastuu: koulutuksen järjestäjät"],
        ),
        ([mark("question")], "Avoin kysymys", []),
        ([mark("milestone", due="2025-spring")], "Etappi", ["Määräaika: kevät 2025"]),
        ([mark("awaiting", due="")], "Odottaa tietoa", []),
        ([mark("joining", "Luksia")], "Liittyminen", ["Vastuu: Luksia"]),
    ],
)
def test_a_marked_line_is_set_apart_in_place(
    marks: list[dict[str, Any]], label: str, said: list[str]
) -> None:
    made = body(
        '<ul><li><p data-line="x">Asia</p><ul><li><p>ala</p></li></ul></li></ul>', {"x": marks}
    )
    root = html.fragment_fromstring(made.html)
    (box,) = root.cssselect("li > .marked")
    assert box.getnext().tag == "ul"
    assert [(part.get("class"), part.text) for part in box] == [
        ("mark-label", label),
        (None, "Asia"),
        *(("mark-facts", fact) for fact in said),
    ]


def test_what_a_memo_agrees_minutes_decide() -> None:
    decided = body('<p data-line="x">Asia</p>', {"x": [mark("agreed", effective="")]}, formal=True)
    assert html.fragment_fromstring(decided.html)[0].text == "Päätös"


def test_a_body_without_text_is_nothing() -> None:
    assert body("").html == ""
    assert body("<p></p><p> </p>").html == ""


def test_a_line_can_be_linked_to() -> None:
    assert body('<p data-line="abc">Asia</p>').html == '<p id="line-abc">Asia</p>'
    assert body('<p data-line="abc">Asia</p>', for_print=True).html == "<p>Asia</p>"


def test_a_table_gets_a_head_and_directions() -> None:
    table = (
        "<table><tbody><tr><th><p>Nimi</p></th><th><p>Luku</p></th></tr>"
        "<tr><th><p>A</p></th><td><p>1</p></td></tr></tbody></table>"
    )
    assert body(table, for_print=True).html == (
        '<table><thead><tr><th scope="col"><p>Nimi</p></th><th scope="col"><p>Luku</p></th></tr>'
        "</thead>"
        '<tbody><tr><th scope="row"><p>A</p></th><td><p>1</p></td></tr></tbody></table>'
    )
    assert body(table).html.startswith(
        '<div class="table-scroll" tabindex="0" role="group" aria-label="Taulukko"><table>'
    )


def test_the_summary_gathers_agreements_and_tasks() -> None:
    root = article(long())
    assert texts(root, ".document-summary h2") == ["Sovitut asiat", "Tehtävät ja pyynnöt"]
    assert [row[0] for row in rows(root, ".agreements")] == ["1", "1", "1", "2", "2.1"]
    assert rows(root, ".agreements")[2][2] == "tammikuu 2025"
    assert rows(root, ".tasks")[1] == [
        "1",
        "Tehtävä: Sovitaan, että Omnia jakaa Espooseen oman pohjansa tälle.",
        "Omnia → Espoo",
        "–",
    ]
    assert [row[3] for row in rows(root, ".tasks")] == [
        "–",
        "–",
        "seuraava kokous",
        "ennen seuraavaa kokousta",
        "maaliskuu 2025",
    ]
    assert texts(article(long(kind="agenda")), ".document-summary") == []


def test_a_line_that_is_a_task_and_a_request_is_listed_as_both() -> None:
    marks = [
        mark("task", "Omnia", recipient=None, due="2024-12-03"),
        mark("request", "Inkoo", recipient=None, due=""),
    ]
    items = [item("1", "Asia", '<p data-line="x">Lomake.</p>', marks={"x": marks})]
    assert rows(article(document(items=items)), ".tasks") == [
        ["1", "Tehtävä: Lomake.", "Omnia", "3.12.2024"],
        ["1", "Pyyntö: Lomake.", "Inkoo", "–"],
    ]


def rows(root: HtmlElement, table: str) -> list[list[str]]:
    return [texts(row, "th, td") for row in root.cssselect(f"{table} tbody tr")]


def test_the_end() -> None:
    root = article(
        long(version=2, supersedes=1, change_note="Läsnäolijat korjattu.")
        | {"approved_at": "2024-12-03T11:30:00+00:00"}
    )
    assert texts(root, ".document-supersedes") == [
        "Versio 2. Korvaa version 1. Läsnäolijat korjattu."
    ]
    assert texts(root, ".document-attachments li") == [
        "Työryhmän esitys kumppanioppilaitoksista (kohta 2)"
    ]
    found = facts(root)
    assert found["Seuraava kokous"] == "3.12.2024 klo 13.00, Luksia, Lohja"
    assert found["Jaettu"] == "25.10.2024, versio 2"
    assert found["Hyväksytty"] == "3.12.2024"
    assert texts(root, ".document-signature") == []


def test_minutes_are_signed() -> None:
    root = article(document(type="minutes"))
    assert texts(root, ".document-signature") == [
        "Tuulikki Haravainenpuheenjohtaja",
        "Kaisu Villanensihteeri",
    ]
    assert "Muistion laati" not in facts(root)


def test_what_people_typed_is_never_markup() -> None:
    root = article(
        document(
            title="<b>Otsikko</b>",
            place="<script>alert(1)</script>",
            items=[item("1", "a < b & c", '<p data-line="x">5 &lt; 6</p>')],
        )
    )
    assert texts(root, "h1") == ["<b>Otsikko</b>"]
    assert texts(root, "h2") == ["1 a < b & c"]
    assert root.cssselect("script") == []
    assert texts(root, ".rich") == ["5 < 6"]


def test_no_style_and_no_script_on_the_web() -> None:
    assert "style=" not in document_html(long(), for_print=False)


def test_a_document_within_a_page_stands_under_its_headings() -> None:
    html = mark_safe("<h1>Kokous</h1><header><h2 id='a'>Asia</h2></header>")
    assert lowered(html, 2) == (
        '<h1 aria-level="3">Kokous</h1><header><h2 aria-level="4" id=\'a\'>Asia</h2></header>'
    )
