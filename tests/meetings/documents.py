"""Documents as they are frozen: a short one, a long one like a real memo, and one of everything.

Persons are invented.
"""

from itertools import count
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def body(name: str) -> str:
    """A body from tests/fixtures."""
    return (FIXTURES / f"{name}.html").read_text(encoding="utf-8")


def document(**changes: Any) -> dict[str, Any]:
    """A memo without items; `changes` replace its fields."""
    return {
        "schema": 1,
        "kind": "minutes",
        "type": "memo",
        "language": "fi",
        "title": "Alueellisen opiskeluhuollon yhteistyöryhmän tapaaminen",
        "organisation": "Länsi-Uudenmaan hyvinvointialue",
        "body": "Alueellinen opiskeluhuollon yhteistyöryhmä",
        "number": "",
        "draft": False,
        "version": 1,
        "supersedes": None,
        "change_note": "",
        "starts_at": "2024-10-22T10:00:00+00:00",
        "ends_at": "2024-10-22T12:30:00+00:00",
        "place": "Omnia, Kirkkokatu 16, Espoo",
        "remote_link": "",
        "chair": {"name": "Tuulikki Haravainen", "organisation": "LUVN"},
        "secretary": {"name": "Kaisu Villanen", "organisation": "LUVN"},
        "attendance": [],
        "attendance_taken": True,
        "items": [],
        "next_meeting": None,
        "prepared_by": {"name": "Kaisu Villanen", "organisation": "LUVN"},
        "shared_at": "2024-10-25T09:12:00+00:00",
        "approved_at": None,
    } | changes


def item(number: str, title: str, html: str = "", **changes: Any) -> dict[str, Any]:
    """An item of the agenda; `changes` replace its fields."""
    return {
        "id": int(number.replace(".", "")),
        "number": number,
        "depth": number.count("."),
        "title": title,
        "language": "",
        "kind": "discussion",
        "presenter": "",
        "minutes": None,
        "visibility": "all",
        "secrecy": "",
        "html": html,
        "marks": {},
        "attachments": [],
    } | changes


def person(name: str, organisation: str, mode: str = "in_person", **changes: Any) -> dict[str, Any]:
    """Someone in the list of attendance."""
    return {
        "name": name,
        "organisation": organisation,
        "role": "member",
        "mode": mode,
        "guest": False,
    } | changes


def mark(kind: str, *owners: str, **changes: Any) -> dict[str, Any]:
    """A mark with organisations as owners."""
    found: dict[str, Any] = {"kind": kind}
    if kind in ("task", "request", "joining"):
        found["owners"] = [
            {"type": "organisation", "id": str(place), "name": name}
            for place, name in enumerate(owners)
        ]
    return found | changes


def party(name: str, kind: str = "organisation", key: str = "1") -> dict[str, str]:
    """A recipient, or an owner of another kind than an organisation."""
    return {"type": kind, "id": key, "name": name}


def short() -> dict[str, Any]:
    """Half a page: one item, no attendance, a draft."""
    return document(
        draft=True,
        shared_at=None,
        attendance_taken=False,
        items=[item("1", "Kokouksen avaus", "<p>Puheenjohtaja avasi kokouksen.</p>")],
    )


ATTENDANCE = [
    person("Tuulikki Haravainen", "Länsi-Uudenmaan hyvinvointialue", role="chair"),
    person("Kaisu Villanen", "Länsi-Uudenmaan hyvinvointialue", role="secretary"),
    person("Terhikki Tammisto", "Luksia"),
    person("Ville Olkinuora", "Omnian opiskelijoiden kattohallitus"),
    person("Hannamari Otavainen", "Länsi-Uudenmaan hyvinvointialue"),
    person("Eira Kumpunen", "Omnia"),
    person("Astri Kaivola", "Kirkkonummi"),
    person("Annukka Kaarnamäki", "Espoo"),
    person("Marjukka Leppänurmi", "Espoo", role="deputy"),
    person("Jonnamaria Karila", "Länsi-Uudenmaan hyvinvointialue"),
    person("Liisi Saarnikoski", "Lohja"),
    person("Ossian Kokkinen", "Karkkila"),
    person("Emmiliina Rompanen", "Länsi-Uudenmaan hyvinvointialue", role="", guest=True),
    person("Karl-Emil Gustavsén", "Hanko", "remote"),
    person("Kristel Peltomaa", "Vihti", "remote"),
    person("Eerik Klinga", "Siuntio", "remote"),
    person("Solveig Strandqvist", "Axxell", "apologies"),
    person("Pontus Nyblin", "Inkoo", "absent"),
]


def long(**changes: Any) -> dict[str, Any]:
    """A memo of the length and the depth of a real one, with marks and an item in Swedish."""
    return document(
        number="5/2024",
        attendance=ATTENDANCE,
        items=[
            item(
                "1",
                "Ajankohtaiset asiat",
                body("memo_news"),
                kind="information",
                marks={
                    "neuvola0000001": [mark("milestone", due="2025-spring")],
                    "verkosto000002": [mark("joining", "Luksia", "Hanko")],
                    "verkosto000003": [
                        mark("request", "Inkoo", "Raasepori", "Siuntio", "Axxell", due="")
                    ],
                    "jarjestaja0003": [
                        mark("agreed", effective=""),
                        mark("task", "Omnia", recipient=party("Espoo"), due=""),
                    ],
                    "jarjestaja0004": [
                        mark("agreed", effective=""),
                        mark(
                            "task",
                            owners=[party("providers", "set", "providers")],
                            recipient=None,
                            due="next_meeting",
                        ),
                    ],
                    "psykologi00001": [mark("agreed", effective="2025-01")],
                },
            ),
            item(
                "2",
                "Kehittäjäkumppanioppilaitosverkoston kokoaminen",
                body("memo_network"),
                presenter="Tuulikki Haravainen",
                minutes=20,
                kind="decision",
                marks={
                    "kumppani000007": [mark("agreed", effective="")],
                    "kumppani000010": [mark("question")],
                    "kumppani000011": [
                        mark(
                            "task",
                            owners=[
                                party("Kaisu Villanen", "person"),
                                party("Alatyöryhmä", "group"),
                            ],
                            recipient=None,
                            due="before_next_meeting",
                        )
                    ],
                },
                attachments=[
                    {
                        "title": "Työryhmän esitys kumppanioppilaitoksista",
                        "url": "https://www.esimerkki.fi/liitteet/esitys.pdf",
                        "filename": "esitys.pdf",
                        "size": 182_000,
                        "checked": True,
                    }
                ],
            ),
            item(
                "2.1",
                "Samarbetsenkäten i de svenskspråkiga skolorna",
                body("memo_swedish"),
                language="sv",
                marks={
                    "svenska0000002": [
                        mark("agreed", effective=""),
                        mark("task", "Hangö", "Raseborg", recipient=None, due="2025-03"),
                    ]
                },
            ),
            item(
                "3",
                "Alatyöryhmän alustus: yhteiset prosessit, esimerkiksi ohjeiden ja suunnitelmien "
                "yhdenmukaisuus ja niiden jalkauttaminen",
                body("memo_plan"),
                presenter="Eira Kumpunen",
            ),
            item("4", "Muut asiat"),
        ],
        next_meeting={"starts_at": "2024-12-03T11:00:00+00:00", "place": "Luksia, Lohja"},
        **changes,
    )


def maximal() -> dict[str, Any]:
    """Everything at once: five levels, a table over pages, 60 people, odd signs, formal minutes."""
    names = count(1)
    people = [
        person(
            f"Osanottaja Esimerkkinen-Numeroitu {number}", "Suomenkielinen opiskelijakunta", mode
        )
        for mode, many in (("in_person", 30), ("remote", 15), ("apologies", 8), ("absent", 2))
        for number in (next(names) for _ in range(many))
    ]
    people += [
        person("Анна Каренина-Ґалаґан", "Lohja"),
        person("Áilu Ŋuohtti Ǥǥ Ǩǩ Ʒʒ Đđ", "Sámi oahpahus"),
        person("Юрий Петров 😀", "Espoo", "unspecified"),
        person("Łukasz Żółć", "Vihti", "unspecified", role="observer"),
        person("Nguyễn Thị Ánh", "Karkkila", "unspecified", role="vice_chair"),
    ]
    rows = "".join(
        f"<tr><th><p>Yksikkö {row}</p></th><td><p>Esi- ja perusopetus, yhteistyökysely</p></td>"
        f"<td><p>{row * 37}</p></td></tr>"
        for row in range(1, 61)
    )
    table = (
        "<table><tbody><tr><th><p>Yksikkö</p></th><th><p>Kuvaus</p></th><th><p>Oppilaita</p></th></tr>"
        f"{rows}</tbody></table>"
    )
    signs = (
        '<p data-line="merkit00000001">Merkkejä: 👩‍👩‍👧 ⚠️ ✅ → ≥ ½ ☐ ◦ ▪ € ‑ 🇫🇮 👍🏽 1️⃣ '
        "<em>Ŋŧ Ґ kursiivissa</em>, <strong>Ŋŧ Ґ 😀 lihavoituna</strong>, "
        "עברית, العربية, ქართული.</p>"
        '<p data-line="merkit00000002" lang="sv">Ett stycke på svenska om elevhälsosamarbetet.</p>'
        '<p data-line="merkit00000003" lang="en">A passage in English about cooperation.</p>'
    )
    every = {
        "aaaaaaaaaaaaa4": [mark("question")],
        "aaaaaaaaaaaaa7": [mark("awaiting", due="2025-06-10")],
        "aaaaaaaaaaaab2": [
            mark("agreed", effective="2025-01"),
            mark("task", "Omnia", recipient=party("Espoo"), due="2024-12-03"),
            mark("request", "Inkoo", recipient=None, due="2025-autumn"),
        ],
        "aaaaaaaaaaaac4": [mark("milestone", due="2025-spring")],
    }
    return long(
        type="minutes",
        version=3,
        supersedes=2,
        change_note="Korjattu kohdan 2 osallistujat.",
        approved_at="2024-12-03T11:30:00+00:00",
    ) | {
        "attendance": people,
        "items": [
            item("1", "Viisi tasoa", body("five_levels"), marks=every),
            item("2", "Taulukko 📊 yli sivujen", table, visibility="members"),
            item(
                "3",
                "Salainen",
                signs,
                visibility="secret",
                secrecy="JulkL 24 § 1 mom. 25 kohta",
            ),
            *(
                item(str(number), f"Käsittelykohta {number}", body("memo_network"))
                for number in range(4, 9)
            ),
        ],
    }
