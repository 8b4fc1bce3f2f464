"""What minutes call themselves, and their number; neither is guessed."""

import pytest

from meetings.importing import DoubtReason, Kind, Place, Reading, read_minutes

REST = """Aika: 4.5.2023 klo 9
Läsnä: Aarni Pohjonen, Veera Lampi

1. Avaus
Kokous avattiin.
"""


def _read(top: str, rest: str = REST) -> Reading:
    return read_minutes(f"{top}\n{rest}")


@pytest.mark.parametrize(
    ("top", "number", "kind"),
    [
        ("PROTOKOLL 3/2023", "3/2023", Kind.MINUTES),
        ("Pöytäkirja 5/2024", "5/2024", Kind.MINUTES),
        ("Pöytäkirja n:o 12", "12", Kind.MINUTES),
        ("Koulun jaosto              Pöytäkirja    1 (3)\n             Nro 4/2025", "4/2025",
         Kind.MINUTES),
        ("Minutes no. 3/2024", "3/2024", Kind.MINUTES),
        ("Muistio 2 / 2025", "2/2025", Kind.MEMO),
        ("Promemoria", None, Kind.MEMO),
        ("Hallituksen kokous 4/2024", "4/2024", None),
        ("Työryhmän tapaaminen", None, None),
        ("Työryhmän tapaaminen 12/3/2024", None, None),
        ("Muistio\nDnro 12/2024", None, Kind.MEMO),
    ],
)  # fmt: skip
def test_number_and_kind_are_those_of_the_text(
    top: str, number: str | None, kind: Kind | None
) -> None:
    reading = _read(top)
    assert (reading.number, reading.kind) == (number, kind)
    assert reading.as_dict()["number"] == number


def test_section_signs_tell_minutes() -> None:
    assert _read("Työryhmä", REST.replace("1. Avaus", "1 § Avaus")).kind is Kind.MINUTES


def test_the_name_above_kind_and_number_is_the_body() -> None:
    reading = _read("Merikylän koulu\nPÖYTÄKIRJA 5/2024")
    assert (reading.title, reading.body) == ("PÖYTÄKIRJA 5/2024", "Merikylän koulu")
    assert reading.placements[1].place is Place.BODY
    assert not [one for one in reading.doubts if one.reason is DoubtReason.OUTSIDE_ITEMS]


def test_kind_and_number_are_no_title_beside_a_better_one() -> None:
    for top in (
        "PÖYTÄKIRJA 5/2024\nMerikylän koulun suunnitteluilta",
        "PÖYTÄKIRJA\nNro 5/2024\nMerikylän koulun suunnitteluilta",
    ):
        reading = _read(top)
        assert (reading.title, reading.number) == ("Merikylän koulun suunnitteluilta", "5/2024")


def test_a_line_that_is_only_a_number_has_its_place() -> None:
    assert _read("Koulun jaosto\nNro 4/2025").placements[2].place is Place.NUMBER
