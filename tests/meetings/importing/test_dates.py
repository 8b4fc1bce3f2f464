"""Days, clock times and due times in three languages."""

from datetime import date, time

import pytest

from meetings.importing.dates import find_dates, find_due, find_times, without

MEETING = date(2024, 10, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22.10.2024", date(2024, 10, 22)),
        ("ti 22. 10. 2024", date(2024, 10, 22)),
        ("tiistaina 22. lokakuuta 2024", date(2024, 10, 22)),
        ("den 22 oktober 2024", date(2024, 10, 22)),
        ("tisdag 22.10.2024", date(2024, 10, 22)),
        ("22 October 2024", date(2024, 10, 22)),
        ("Tuesday, October 22, 2024", date(2024, 10, 22)),
        ("22nd October 2024", date(2024, 10, 22)),
        ("2024-10-22", date(2024, 10, 22)),
        ("22/10/2024", date(2024, 10, 22)),
        ("15.3.", date(2025, 3, 15)),  # without a year: the next after the meeting
        ("den 3 december", date(2024, 12, 3)),
        ("3 Dec", date(2024, 12, 3)),
        ("3. joulukuuta", date(2024, 12, 3)),
    ],
)
def test_day(text: str, expected: date) -> None:
    (found,) = find_dates(text)
    assert found.resolved(MEETING) == expected


@pytest.mark.parametrize("text", ["5/2024", "klo 13.10.", "31.2.2024", "1.13.", "§ 12", "30 lasta"])
def test_no_day(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("klo 9–10.30", time(9), time(10, 30)),
        ("kl. 9.00–11.00", time(9), time(11)),
        ("klo 13.00-15.30", time(13), time(15, 30)),
        ("9:00 am", time(9), None),
        ("9:00 am - 10:30 am", time(9), time(10, 30)),
        ("2–4 pm", time(14), time(16)),
        ("11–1 pm", time(11), time(13)),
        ("from 14:00 to 16:00", time(14), time(16)),
        ("klo 13", time(13), None),
        ("6pm – 8.15pm", time(18), time(20, 15)),
    ],
)
def test_clock(text: str, first: time, last: time | None) -> None:
    assert [(found.first, found.last) for found in find_times(text)] == [(first, last)]


def test_hours_alone_are_a_time_only_in_a_field_of_times() -> None:
    assert find_times("14-16") == []
    assert [(found.first, found.last) for found in find_times("14-16", bare_hours=True)] == [
        (time(14), time(16))
    ]
    text = "22.10.2024 klo 13"
    assert without(text, find_dates(text)) == " " * 10 + " klo 13"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("toimittaa 31.1.2025 mennessä", "2025-01-31"),
        ("viimeistään 15.3.", "2025-03-15"),
        ("senast den 3 december", "2024-12-03"),
        ("by Friday 3 December", "2024-12-03"),
        ("by 3 Dec", "2024-12-03"),
        ("ennen seuraavaa kokousta", "before_next_meeting"),
        ("seuraavaan kokoukseen mennessä", "before_next_meeting"),
        ("till nästa möte", "before_next_meeting"),
        ("före nästa möte", "before_next_meeting"),
        ("by the next meeting", "before_next_meeting"),
        ("seuraavalla kerralla", "next_meeting"),
        ("vid nästa möte", "next_meeting"),
        ("at the next meeting", "next_meeting"),
        ("tammikuun 2025 loppuun mennessä", "2025-01"),
        ("by the end of January", "2025-01"),
        ("i januari 2025", "2025-01"),
        ("maaliskuussa", "2025-03"),
        ("keväällä 2025", "2025-spring"),
        ("hösten 2025", "2025-autumn"),
        ("syksyllä", "2024-autumn"),
        ("talvella 2026", "2026-winter"),
        ("vuoden loppuun mennessä", "2024-12"),
        ("perjantaihin mennessä", "2024-10-25"),
        ("by Tuesday", "2024-10-29"),
    ],
)
def test_due(text: str, code: str) -> None:
    found = find_due(text, MEETING)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "text",
    [
        "tammikuusta 2025 alkaen",
        "from January 2025",
        "fr.o.m. 1.1.2025",
        "until June",
        "Ei kiirettä.",
    ],
)
def test_from_when_on_is_no_due_time(text: str) -> None:
    assert find_due(text, MEETING) is None


def test_a_week_is_due_but_no_day_is_told() -> None:
    found = find_due("Muistio viikolla 45 mennessä", MEETING)
    assert found is not None
    assert found.code is None
