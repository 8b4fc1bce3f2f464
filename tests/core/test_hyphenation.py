"""Soft hyphens where Finnish, Swedish and English words break, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import html

from core.hyphenation import SOFT_HYPHEN, hyphenate, hyphenate_tree


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fi", "opiskeluhuoltoryhmän", "opis|ke|lu|huol|to|ryh|män"),
        ("fi", "yhteisövaikuttaminen", "yhtei|sö|vai|kut|ta|mi|nen"),
        ("fi", "hyvinvointialue", "hyvin|voin|ti|alue"),
        ("fi", "Kirkkonummella, tilastot.", "Kirk|ko|num|mella, tilas|tot."),
        ("sv", "studerandevården", "stu|de|ran|de|vår|den"),
        ("en", "cooperation", "cooper|a|tion"),
        # left whole: short words, abbreviations with endings, numbers, addresses, other languages
        (
            "fi",
            "kokous LUVNin ePerusteetONki 22.10.2024",
            "kokous LUVNin ePerusteetONki 22.10.2024",
        ),
        ("fi", "https://esimerkki.fi/opiskeluhuolto", "https://esimerkki.fi/opiskeluhuolto"),
        ("fi", "www.hyvinvointialue.fi", "www.hyvinvointialue.fi"),
        ("fi", "(opiskeluhuolto@hyvinvointialue.fi)", "(opiskeluhuolto@hyvinvointialue.fi)"),
        ("fi", "opiskeluhuoltosuunnitelma.pdf", "opiskeluhuoltosuunnitelma.pdf"),
        ("de", "Zusammenarbeit", "Zusammenarbeit"),
    ],
)
def test_words_break_where_the_language_lets_them(language: str, text: str, expected: str) -> None:
    assert hyphenate(text, language).replace(SOFT_HYPHEN, "|") == expected


def test_each_part_breaks_in_its_own_language() -> None:
    root = html.fragment_fromstring(
        "<div><h2>opiskeluhuolto</h2>"
        "<p>opiskeluhuolto <em lang='sv'>studerandevården</em> suunnitelma</p>"
        "<p translate='no'>Villanenmäki</p>"
        "<a href='https://opiskeluhuolto.fi/'>suunnitelma</a></div>"
    )
    hyphenate_tree(root, "fi")
    assert html.tostring(root, encoding="unicode").replace(SOFT_HYPHEN, "|") == (
        "<div><h2>opiskeluhuolto</h2><p>opis|ke|lu|huolto "
        '<em lang="sv">stu|de|ran|de|vår|den</em> suun|ni|telma</p>'
        '<p translate="no">Villanenmäki</p>'
        '<a href="https://opiskeluhuolto.fi/">suun|ni|telma</a></div>'
    )


def test_threads_may_hyphenate_at_once() -> None:
    words = [
        f"{start}huoltosuunnitelma" for start in ("opiskelu", "oppilas", "nuoriso", "perhe")
    ] * 50
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(lambda word: hyphenate(word, "fi"), words))
    assert at_once == [hyphenate(word, "fi") for word in words]
