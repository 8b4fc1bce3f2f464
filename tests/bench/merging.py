"""The three-way merge of a long body, against difflib on the same lines."""

import difflib
from collections.abc import Iterator
from random import Random
from time import perf_counter

from core.richtext import Body, merge, mint

NAME = "merge"
LIMIT = 3
LINES = 5_000
EDITS = 200
_WORDS = (
    "kokous sovittiin että kunnat toimittavat tiedot joulukuun loppuun mennessä ja palaavat "
    "asiaan seuraavassa kokouksessa"
).split()

type Lines = list[tuple[str, str]]


def samples() -> Iterator[tuple[float, float]]:
    """Seconds of a merge of three bodies that are read already, and of two diffs of their lines."""
    random = Random(1)
    base = [(mint(), " ".join(random.choices(_WORDS, k=12))) for _ in range(LINES)]
    versions = [base, _edited(base, "t"), _edited(base, "m")]
    bodies = [Body.parse(_html(lines)) for lines in versions]
    texts = [[text for _id, text in lines] for lines in versions]
    while True:
        begun = perf_counter()
        merged = merge(*bodies)
        ours = perf_counter() - begun
        assert not merged.conflicts
        begun = perf_counter()
        for text in texts[1:]:
            difflib.SequenceMatcher(None, texts[0], text, autojunk=False).get_opcodes()
        yield ours, perf_counter() - begun


def _edited(lines: Lines, name: str) -> Lines:
    """A word more in 200 lines."""
    random = Random(name)
    out = list(lines)
    for number, place in enumerate(random.sample(range(LINES), EDITS)):
        identity, text = out[place]
        words = text.split()
        words.insert(random.randint(0, len(words)), f"{name}{number}")
        out[place] = identity, " ".join(words)
    return out


def _html(lines: Lines) -> str:
    return "".join(f'<p data-line="{identity}">{text}</p>' for identity, text in lines)
