"""Signed links: for one purpose, for a time, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.links import BrokenLink, read, sign

NOW = datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def test_a_link_says_what_was_put_into_it() -> None:
    assert read(sign("answer", assignment=7, language="sv"), "answer", WEEK) == {
        "assignment": 7,
        "language": "sv",
    }


def test_a_link_is_good_for_its_time_only() -> None:
    with time_machine.travel(NOW, tick=False):
        token = sign("answer", assignment=7)
    with time_machine.travel(NOW + WEEK, tick=False):
        assert read(token, "answer", WEEK) == {"assignment": 7}
    with (
        time_machine.travel(NOW + WEEK + timedelta(seconds=1), tick=False),
        pytest.raises(BrokenLink),
    ):
        read(token, "answer", WEEK)


@pytest.mark.parametrize("token", ["", "a:b:c", sign("other", x=1), sign("answer", x=1) + "_"])
def test_another_link_is_none(token: str) -> None:
    with pytest.raises(BrokenLink):
        read(token, "answer", WEEK)
