"""Headings without numbers that no empty line sets off: where unsure, with a doubt."""

from hypothesis import given
from hypothesis import strategies as st

from meetings.importing import DoubtReason, Reading, read_minutes
from tests.meetings.importing.test_properties import QUIET, WORDS

TOP = "Työryhmän kokous 3.4.2024\nPaikalla: Aarni Pohjonen, Veikko Salo\n\n"


def _titles(reading: Reading) -> list[str]:
    return [item.title for item in reading.agenda]


def _doubted(reading: Reading) -> list[str]:
    return [one.text for one in reading.doubts if one.reason is DoubtReason.HEADING_UNCLEAR]


def test_headings_right_above_their_text() -> None:
    reading = read_minutes(
        "Möte i arbetsgruppen 3.4.2024\nDeltagare: Anna L, Bo E\nFrånvarande: -\n\n"
        "Aktuellt\nAnna berättade om läget.\nBeslut\n"
        "Vi beslöt att ordna en enkät. Bo gör ett utkast till 15.4.\nÖvrigt\nInget.\n"
    )
    assert _titles(reading) == ["Aktuellt", "Beslut", "Övrigt"]
    assert [[line.text for line in item.lines] for item in reading.agenda] == [
        ["Anna berättade om läget."],
        ["Vi beslöt att ordna en enkät. Bo gör ett utkast till 15.4."],
        ["Inget."],
    ]
    # The other two are set off by an empty line, or named as agendas name them.
    (doubt,) = [one for one in reading.doubts if one.reason is DoubtReason.HEADING_UNCLEAR]
    assert (doubt.text, [(a.change, a.value) for a in doubt.alternatives]) == (
        "Beslut",
        [("item.join", "Aktuellt")],
    )


def test_a_heading_after_a_list() -> None:
    reading = read_minutes(
        f"{TOP}Keskustelua\n\nKäytiin läpi edellinen muistio.\n• Sovittiin, että Aarni tekee"
        " luonnoksen.\n  ◦ Luonnos lähetetään Veikolle\nMuut asiat\nEi muuta.\n"
    )
    assert _titles(reading) == ["Keskustelua", "Muut asiat"]
    assert _doubted(reading) == ["Keskustelua"]


def test_labels_that_come_in_item_after_item_are_their_text() -> None:
    reading = read_minutes(
        f"{TOP}Retki\n\nBussi on varattu.\nPäätös\nLähdetään keväällä.\n\n"
        "Talkoot\n\nPiha siivotaan.\nPäätös\nTalkoot ovat toukokuussa.\n"
    )
    assert _titles(reading) == ["Retki", "Talkoot"]
    assert _doubted(reading) == []


def test_no_heading_in_the_middle_of_a_sentence_or_list() -> None:
    reading = read_minutes(
        f"{TOP}Retki\n\nMukaan ilmoittautuivat Aarni ja\nVeikko Salo\nsekä muita.\n- Ensimmäinen\n"
        "  Toinen rivi\n- Toinen\n\nTalkoot\n\nPiha siivotaan.\n"
    )
    assert _titles(reading) == ["Retki", "Talkoot"]


def test_a_single_line_that_may_be_a_heading_stays_text_with_a_doubt() -> None:
    reading = read_minutes(f"{TOP}Keskusteltiin retkestä.\nBussikuljetus\nBussi on varattu.\n")
    assert len(reading.agenda) == 1
    assert "Bussikuljetus" in " ".join(line.text for line in reading.agenda[0].lines)
    assert _doubted(reading) == ["Bussikuljetus"]


@QUIET
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
            st.lists(
                st.lists(st.sampled_from(WORDS), min_size=2, max_size=9), min_size=1, max_size=4
            ),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_every_line_is_in_the_item_under_whose_heading_it_stands(
    items: list[tuple[list[str], list[list[str]]]],
) -> None:
    planned = [
        (
            f"Otsikko k{n}x {' '.join(title)}",
            [f"Rivi k{n}x{at} {' '.join(words)}." for at, words in enumerate(lines)],
        )
        for n, (title, lines) in enumerate(items)
    ]
    reading = read_minutes(TOP + "\n".join("\n".join([title, *lines]) for title, lines in planned))
    assert _titles(reading) == [title for title, _ in planned]
    assert [[line.text for line in item.lines] for item in reading.agenda] == [
        lines for _, lines in planned
    ]
    assert set(_doubted(reading)) == {title for title, _ in planned[1:]}
    assert sorted(reading.placements) == [
        number for number, text in enumerate(reading.source, 1) if text.strip()
    ]
