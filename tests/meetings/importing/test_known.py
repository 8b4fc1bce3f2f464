"""What the directory knows helps, and what it can't settle is left to a person."""

from typing import Any

from meetings.importing import DoubtReason, Known, KnownOrganisation, Reading, read_minutes

HEADER = """Alueellisen työryhmän kokous 22.10.2024

Läsnä: Aarni Pohjonen (Espoo), Veera Lampi (Lohja), Otso Kuusela

1. Asiat

"""


def _actions(text: str, known: Known | None = None) -> list[dict[str, Any]]:
    return read_minutes(HEADER + text, known or Known()).as_dict()["actions"]


def _owners(text: str, known: Known | None = None) -> list[list[str]]:
    return [action["owners"] for action in _actions(text, known)]


def test_inflected_forms_of_organisations_come_from_the_directory() -> None:
    known = Known(
        organisations=(
            KnownOrganisation("Oppiva", aliases=("Oppivan opisto", "OPP"), forms=("Oppivaisille",)),
        )
    )
    (action,) = _actions("Sovittiin, että OPP toimittaa raportin Oppivaisille.", known)
    assert action["owners"] == ["Oppiva"]
    (action,) = _actions("Sovittiin, että Aarni toimittaa raportin Oppivaisille.", known)
    assert action["owners"] == ["Aarni Pohjonen"]


def test_names_without_a_directory_get_their_base_form() -> None:
    recipients = {
        "Espooseen": "Espoo",
        "Lohjalle": "Lohja",
        "Axxelliin": "Axxell",
        "Luksiaan": "Luksia",
        "LUVN:lle": "LUVN",
        "sihteerille": "sihteeri",
        "kunnille": "kunnat",
        "koulutuksen järjestäjille": "koulutuksen järjestäjät",
    }
    for form, base in recipients.items():
        (action,) = _actions(f"Sovitaan, että Otso toimittaa raportin {form}.")
        assert action["recipient"] == base


def test_sets_and_groups_of_the_directory() -> None:
    known = Known(sets=("yksityiset koulut",), groups=("Kuraattoritiimi",))
    assert _owners("Sovitaan, että yksityiset koulut vastaavat kyselyyn.", known) == [
        ["yksityiset koulut"]
    ]
    assert _owners("Kuraattoritiimi laatii ohjeen 1.12. mennessä.", known) == [["Kuraattoritiimi"]]


def _reading(people: str, text: str) -> Reading:
    return read_minutes(f"Työryhmän kokous 22.10.2024\n\nLäsnä: {people}\n\n1. Asiat\n\n{text}\n")


def test_a_first_name_of_two_people_is_left_to_a_person() -> None:
    reading = _reading("Maija Ranta, Maija Koski", "Maija selvittää hinnan 1.12. mennessä.")
    assert reading.as_dict()["actions"][0]["owners"] == ["Maija"]
    (doubt,) = reading.doubts
    assert doubt.reason is DoubtReason.OWNER_AMBIGUOUS
    assert [choice.value for choice in doubt.alternatives] == ["Maija Ranta", "Maija Koski"]


def test_initials_that_nobody_has_are_a_doubt() -> None:
    reading = _reading("Maija Ranta, Otso Koski", "Tilataan värit.\nVastuu: XY")
    assert reading.as_dict()["actions"] == [
        {"item": "1", "text": "Tilataan värit.", "owners": ["XY"], "recipient": None, "due": None}
    ]
    (doubt,) = reading.doubts
    assert (doubt.reason, doubt.line, doubt.detail["owner"]) == (
        DoubtReason.OWNER_UNKNOWN,
        8,
        "XY",
    )


def test_a_wish_and_work_under_way_are_no_tasks() -> None:
    assert _actions("Olisi hyvä, että Espoo lähettää tiedot.") == []
    assert _actions("Espoo kokoaa parhaillaan tilastoja.") == []
    assert _actions("Otso esitteli tilanteen.") == []
    assert _actions("Ehdotus: Otso laatii ohjeen 1.12. mennessä.") == []


def test_a_sentence_may_give_two_tasks() -> None:
    assert [(a["owners"], a["text"], a["due"]) for a in _actions(
        "Sovittiin, että Aarni laatii kutsun 1.12. mennessä ja Veera varaa tilan."
    )] == [
        (["Aarni Pohjonen"], "Aarni laatii kutsun 1.12. mennessä", "2024-12-01"),
        (["Veera Lampi"], "Veera varaa tilan.", None),
    ]  # fmt: skip
