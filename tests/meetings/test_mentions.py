"""Names found in texts in all their forms, and roles put in their place."""

import pytest

from meetings.mentions import GUARDIANS, STUDENTS, Named, case_of, mentions, without_names

PEOPLE = [
    Named(("Matti Meikäläinen",), STUDENTS),
    Named(("Aino Virta",), GUARDIANS),
    Named(("Karl Nyblin", "Kalle Nyblin"), STUDENTS),
    Named(("Eeva-Liisa Korpi-Haravainen",), GUARDIANS),
]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Matti Meikäläisen esitys.", "fi", "Opiskelijoiden edustajan esitys."),
        ("Kiitos Meikäläiselle.", "fi", "Kiitos opiskelijoiden edustajalle."),
        ("Sovittiin. Virralta tieto.", "fi", "Sovittiin. Huoltajien edustajalta tieto."),
        ("Tieto Aino\u00a0Virtaan.", "fi", "Tieto huoltajien edustajaan."),
        ("kuten M. Meikäläinen sanoi", "fi", "kuten opiskelijoiden edustaja sanoi"),
        ("kuten Meikäläinen Matti sanoi", "fi", "kuten opiskelijoiden edustaja sanoi"),
        ("vastuu Kalle Nyblinillä", "fi", "vastuu opiskelijoiden edustajalla"),
        ("esittää Eeva-Liisa Korpi-Haravaista", "fi", "esittää huoltajien edustajaa"),
        ("Karl Nyblins förslag", "sv", "De studerandes representants förslag"),
        ("av Aino Virta", "sv", "av vårdnadshavarnas representant"),
        ("as Nyblin's note says", "en", "as student representative’s note says"),
        ("aino.virta@koulu.example", "fi", "Huoltajien edustaja"),
        ("virta katkesi, matti kudottiin", "fi", "virta katkesi, matti kudottiin"),
        ("Lumivirta ja Korpi", "fi", "Lumivirta ja Korpi"),
    ],
)
def test_a_role_stands_in_place_of_a_name_in_its_case(
    text: str, language: str, expected: str
) -> None:
    assert without_names(text, PEOPLE, language) == expected


@pytest.mark.parametrize("text", ["Ainon puheenvuoro", "Virtanen puhui", "Meikäläsen sana"])
def test_what_may_be_a_name_is_only_reported(text: str) -> None:
    assert without_names(text, PEOPLE, "fi") == text
    assert [one.is_sure for one in mentions(text, PEOPLE)] == [False]


def test_a_surname_that_an_official_has_too_is_not_sure() -> None:
    others = ["Pekka Virta"]
    assert without_names("Virran mukaan", PEOPLE, "fi", others=others) == "Virran mukaan"
    assert without_names("Aino Virran mukaan", PEOPLE, "fi", others=others) == (
        "Huoltajien edustajan mukaan"
    )


@pytest.mark.parametrize(
    ("word", "name", "case"),
    [
        ("Mäen", "Mäki", "omanto"),
        ("Lahdelle", "Lahti", "ulkotulento"),
        ("Rkkonen", "Rkkonen", "nimento"),
        ("Rkkosessa", "Rkkonen", "sisaolento"),
        ("Zorpan", "Zorppa", "omanto"),
        ("Zorppaan", "Zorppa", "sisatulento"),
        ("Söderholmia", "Söderholm", "osanto"),
        ("Ander:lle", "Ander", "ulkotulento"),
        ("Zorpassaan", "Zorppa", None),
        ("mäen", "Mäki", None),
    ],
)
def test_forms_of_names_also_of_those_that_no_dictionary_has(
    word: str, name: str, case: str | None
) -> None:
    assert case_of(word, name) == case
