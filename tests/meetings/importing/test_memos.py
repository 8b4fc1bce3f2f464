"""Memos of many kinds, each with the reading that a careful person gives it.

The memos and their people are invented. Beside each `.txt` stands a `.json` with all that must come
out, checked by hand against the text; a change there is a change of what the import promises.
"""

import json
from pathlib import Path

import pytest

from meetings.importing import decode, read_minutes

FIXTURES = Path(__file__).parent / "fixtures"
MEMOS = sorted(path.stem for path in FIXTURES.glob("*.txt"))


@pytest.mark.parametrize("name", MEMOS)
def test_memo_is_read_as_a_careful_person_reads_it(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.json").read_text())
    reading = read_minutes(decode((FIXTURES / f"{name}.txt").read_bytes()))
    assert reading.as_dict() == expected


@pytest.mark.parametrize("name", MEMOS)
def test_every_line_of_a_memo_goes_somewhere(name: str) -> None:
    reading = read_minutes((FIXTURES / f"{name}.txt").read_text())
    assert sorted(reading.placements) == [
        number for number, text in enumerate(reading.source, 1) if text.strip()
    ]
