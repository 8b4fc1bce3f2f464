"""Base forms, parts of compounds, readings; asked by several threads at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core import finnish


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Kirkkonummen", ("kirkkonummi",)),
        ("Hangosta", ("hanko",)),
        ("kunnille", ("kunta",)),
        ("tapaaminen", ("tavata",)),
        ("Axxellista", ("axxellista",)),  # unknown to Voikko: as it stands
        ("", ("",)),
    ],
)
def test_base_forms(word: str, expected: tuple[str, ...]) -> None:
    assert finnish.base_forms(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("opiskeluhuoltoryhmän", ("opiskelu", "huolto", "ryhmä")),
        (
            "kehittäjäkumppanioppilaitosverkostoon",
            ("kehittäjä", "kumppani", "oppi", "laitos", "verkosto"),
        ),
        ("maanantai-iltapäivään", ("maanantai", "ilta", "päivä")),
        ("LUVN-alueella", ("luvn", "alue")),  # the first part unknown to Voikko
        ("järjestäjille", ("järjestäjä",)),
        ("Axxell", ("axxell",)),
    ],
)
def test_parts_of_compounds(word: str, expected: tuple[str, ...]) -> None:
    assert finnish.parts(word) == expected


def test_readings_tell_verbs_names_and_cases() -> None:
    first = finnish.forms("luonnostelevat")[0]
    assert (first.base, first.person) == ("luonnostella", "3")
    assert finnish.forms("Sovittiin")[0].is_finite_verb
    assert not finnish.forms("sopimus")[0].is_finite_verb
    assert {form.case for form in finnish.forms("Espooseen")} == {"sisatulento"}
    assert finnish.forms("Espooseen")[0].is_name
    assert finnish.forms("x" * 1000) == ()


def test_threads_get_the_same_answers() -> None:
    words = [f"{stem}{ending}" for stem in ("koulu", "kunta", "talo") for ending in ("n", "ssa")]
    expected = [finnish.base_forms(word) for word in words]
    finnish.forms.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(finnish.base_forms, words * 200))
    assert answers == expected * 200
