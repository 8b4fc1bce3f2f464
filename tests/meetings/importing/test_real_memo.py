"""The real memo, read from beside the repository; what it should come to is in the file beside it.

Elsewhere than in the continuous integration the memo may be absent, and then this skips.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from meetings.importing import DoubtReason, Place, Reading, decode, read_minutes

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "minutes"
MEMO = FOLDER / "2024-10-22.txt"

pytestmark = pytest.mark.skipif(
    not MEMO.exists() and os.environ.get("CI") != "true", reason="the memo is not here"
)


@cache
def _reading() -> Reading:
    return read_minutes(decode(MEMO.read_bytes()))


@cache
def _expected() -> dict[str, Any]:
    return json.loads((FOLDER / "2024-10-22.expected.json").read_text())


def _flat(nodes: list[dict[str, Any]], level: int) -> list[tuple[int, str | None, str]]:
    """The careful reading's tree as lines. A paragraph's children are one list deeper, or, where
    they are paragraphs themselves, paragraphs too."""
    found = []
    for node in nodes:
        own = level if node["marker"] else 0
        found.append((own, node["marker"], node["text"]))
        found += _flat(node.get("children", []), own + 1)
    return found


def test_heading_data() -> None:
    reading, expected = _reading().as_dict(), _expected()
    for key in ("language", "title", "body", "date", "start", "end", "place", "chair", "secretary"):
        assert reading[key] == expected[key]
    assert reading["number"] is None
    assert reading["absent"] == []
    assert reading["next_meeting"] is None


def test_everyone_with_organisation_role_and_mode() -> None:
    assert _reading().as_dict()["attendees"] == [
        {
            "name": person["name"],
            "organisation": person["organisation_as_written"],
            "role": person.get("role"),
            "mode": person["mode"],
        }
        for person in _expected()["attendees"]
    ]


def test_items() -> None:
    assert [(item.number, item.title) for item in _reading().agenda] == [
        (item["marker"].rstrip(")"), item["text"]) for item in _expected()["agenda"]
    ]


def test_every_line_at_its_level() -> None:
    for item, expected in zip(_reading().agenda, _expected()["agenda"], strict=True):
        wanted = _joined(_flat(expected["children"], 1))
        assert [(line.level, line.marker, line.text) for line in item.lines] == wanted


def _joined(lines: list[tuple[int, str | None, str]]) -> list[tuple[int, str | None, str]]:
    """The careful reading cuts one bullet into its sentences, which the layout cannot tell."""
    found: list[tuple[int, str | None, str]] = []
    for level, marker, text in lines:
        if marker is None and found and found[-1][1] == "•":
            found[-1] = (found[-1][0], "•", f"{found[-1][2]} {text}")
        else:
            found.append((level, marker, text))
    return found


def test_sources_are_the_lines_read() -> None:
    reading = _reading()
    for item in reading.agenda:
        for line in item.lines:
            words = " ".join(" ".join(reading.source[n - 1].split()) for n in line.sources)
            written = f"{line.marker} {line.text}" if line.marker else line.text
            assert words.replace(" ", "") == written.replace(" ", "")


def test_links_at_their_labels() -> None:
    reading = _reading()
    found = reading.as_dict()["links"]
    assert [(link["url"], link["label"], link["item"]) for link in found] == [
        (link["url"], link["label"], link["item"].rstrip(")")) for link in _expected()["links"]
    ]
    for link in found:
        first = link["label"].split()[0]
        assert first in reading.source[link["line"] - 1]


def test_agreements_in_the_words_of_the_text() -> None:
    decisions = _reading().as_dict()["decisions"]
    expected = {entry["id"]: entry for entry in _expected()["decisions"]}
    wanted = ["D1", "D2", "D3", "D5"]
    assert [decision["item"] for decision in decisions] == [
        expected[which]["item"].rstrip(")") for which in wanted
    ]
    for decision, which in zip(decisions, wanted, strict=True):
        assert decision["text"].startswith(expected[which]["verb"])
    everything = " ".join(line.text for item in _reading().agenda for line in item.lines)
    assert all(decision["text"] in everything for decision in decisions)


def test_tasks_with_owners_recipient_and_due() -> None:
    expected = {entry["id"]: entry for entry in _expected()["actions"]}
    wanted = []
    for which in ("A1", "A2", "A5"):
        entry = expected[which]
        wanted.append(
            {
                "item": entry["item"].rstrip(")"),
                # "koulutuksen järjestäjät (kaikki)" explains the set, it is not in the text.
                "owners": [name.split(" (")[0] for name in entry["owner"].split("; ")],
                "recipient": entry.get("recipient"),
                "due": entry["due"],
            }
        )
    found = _reading().as_dict()["actions"]
    assert [{key: action[key] for key in wanted[0]} for action in found] == wanted


def test_few_doubts_among_them_the_bracket_and_the_addresses() -> None:
    doubts = _reading().doubts
    assert len(doubts) <= 10
    (bracket,) = [one for one in doubts if one.reason is DoubtReason.UNCLOSED_BRACKET]
    open_line = _reading().source[bracket.line - 1]
    assert open_line.count("(") > open_line.count(")")
    interrupting = {one.text for one in doubts if one.reason is DoubtReason.INTERRUPTING_LINK}
    assert interrupting == {link["url"] for link in _expected()["links"]}


def test_every_line_went_somewhere() -> None:
    reading = _reading()
    assert sorted(reading.placements) == [
        number for number, text in enumerate(reading.source, 1) if text.strip()
    ]
    assert {placement.place for placement in reading.placements.values()} == {
        Place.TITLE,
        Place.DATE,
        Place.TIME,
        Place.ATTENDANCE,
        Place.ITEM_HEADING,
        Place.ITEM_LINE,
        Place.LINK,
    }
