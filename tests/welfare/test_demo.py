"""The demo's region: filled once, by the same services, and fit to be shown to anyone."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from actions.models import Assignment
from directory.models import Group, Membership, Organisation, Person
from meetings.enums import MarkKind
from meetings.models import DocumentVersion, Line, Mark, Meeting
from meetings.remarks import Code, remarks
from tests.core.test_audit import recorded
from welfare.demo import load

ROOT = Path(__file__).parents[2]
REAL_MEMO = ROOT.parent / "shared" / "minutes" / "2024-10-22"
DEMO_FILES = [
    path
    for path in sorted((ROOT / "welfare" / "demo").rglob("*"))
    if path.suffix in (".toml", ".txt", ".csv", ".py")
]


@pytest.fixture(scope="module")
def _region(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The filled region, made once for this module and rolled back after it."""
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), quick, transaction.atomic():
        call_command("demo_data", stderr=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def region(_region: None, db: None) -> None:
    """The filled region; what a test changes in it is undone after the test."""


def draft() -> Meeting:
    return Meeting.objects.get(state=Meeting.State.DRAFT)


@pytest.mark.usefixtures("region")
def test_a_second_run_changes_nothing() -> None:
    def counts() -> dict[str, int]:
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    before = counts()
    said = StringIO()
    call_command("demo_data", stderr=said)
    assert said.getvalue() == "The demo data are here already.\n"
    assert counts() == before


@pytest.mark.usefixtures("region")
def test_a_database_with_other_data_is_refused() -> None:
    Person.objects.filter(email=load.logins()[0][1]).update(email="someone@example.org")
    people = Person.objects.count()
    with pytest.raises(CommandError, match="holds other data"):
        call_command("demo_data")
    assert Person.objects.count() == people


@pytest.mark.usefixtures("region")
def test_every_change_has_an_actor() -> None:
    assert recorded(by_nobody=True) == set()
    assert len(recorded(by_nobody=False)) > 1000


@pytest.mark.usefixtures("region")
def test_the_region_is_whole() -> None:
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert kinds == {
        "county": 1,
        "municipality": 10,
        "provider": 5,
        "school": 21,
        "students": 2,
        "guardians": 1,
        "partner": 2,
    }
    group = Group.objects.get(slug="yhteistyoryhma")
    seats = group.memberships.filter(Membership.now())
    assert set(seats.values_list("seat", flat=True)) == set(Membership.Seat)
    represented = set(seats.exclude(role="observer").values_list("organisation", flat=True))
    providers = Organisation.objects.filter(is_provider=True)
    assert set(providers.values_list("pk", flat=True)) - represented == set()
    assert list(group.subgroups.values_list("slug", flat=True)) == ["yhdenmukaiset-suunnitelmat"]
    assert group.memberships.filter(role="deputy", deputy_for=None).count() == 0


@pytest.mark.usefixtures("region")
def test_two_years_of_meetings() -> None:
    states = Counter(Meeting.objects.values_list("group__slug", "state"))
    assert states == {
        ("yhteistyoryhma", "approved"): 7,
        ("yhteistyoryhma", "shared"): 1,
        ("yhteistyoryhma", "draft"): 1,
        ("yhteistyoryhma", "agenda_sent"): 1,
        ("yhteistyoryhma", "planned"): 1,
        ("yhdenmukaiset-suunnitelmat", "shared"): 1,
        ("yhdenmukaiset-suunnitelmat", "agenda_sent"): 1,
    }
    corrected = DocumentVersion.objects.get(kind="minutes", number=2)
    assert corrected.meeting.full_number == "2/2026"
    assert "torstaisin" in corrected.change_note
    assert Assignment.objects.filter(answered_at=None).exists()
    assert set(Assignment.objects.values_list("state", flat=True)) == set(Assignment.State)


@pytest.mark.usefixtures("region")
def test_the_draft_shows_all_that_minutes_can_hold() -> None:
    bodies = "".join(draft().items.values_list("body", flat=True))
    assert set(re.findall(r"<(?:ul|ol)[^>]*>", bodies)) == {
        "<ul>",
        "<ol>",
        '<ol type="a">',
        '<ol type="i">',
    }
    assert bodies.count("<table>") == 1
    assert set(re.findall(r'lang="(\w+)"', bodies)) == {"fi", "sv"}
    lines = Line.objects.filter(item__meeting=draft())
    assert max(lines.values_list("level", flat=True)) == 5
    assert lines.count() >= 80

    marks = Mark.objects.filter(item__meeting=draft())
    assert set(marks.values_list("kind", flat=True)) == set(MarkKind)
    dues = {
        re.sub(r"\d+", "9", mark.get("due") or mark.get("effective") or "")
        for found in draft().items.values_list("marks", flat=True)
        for mark in chain(*found.values())
    }
    assert dues >= {"9-9-9", "9-9", "9-spring", "next_meeting", "before_next_meeting", ""}
    assert set(draft().items.values_list("language", flat=True)) == {"fi", "sv"}
    assert draft().items.filter(body="").values_list("title", flat=True).get() == "Muut asiat"


@pytest.mark.usefixtures("region")
def test_the_draft_is_ready_to_be_shared() -> None:
    assert [remark.code for remark in remarks(draft())] == []


@pytest.mark.usefixtures("region")
def test_nothing_in_any_meeting_looks_like_a_pupil() -> None:
    found = {remark.code for meeting in Meeting.objects.all() for remark in remarks(meeting)}
    assert found & {Code.IDENTITY_CODE, Code.PUPIL} == set()


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("role", "meetings"),
    [
        ("coordinator", 13),
        ("municipality's representative", 10),
        ("provider's representative", 10),
        ("student observer", 10),
        ("administrator", 13),
    ],
)
def test_each_role_logs_in_and_sees_its_meetings(role: str, meetings: int) -> None:
    email = dict(load.logins())[role]
    assert Client().login(email=email, password=load.PASSWORD)
    person = Person.objects.get(email=email)
    assert Meeting.objects.visible_to(person).count() == meetings


def test_logins_are_printed_on_stdout() -> None:
    out = StringIO()
    call_command("demo_data", "--logins", stdout=out)
    rows = [re.split(r"  +", line) for line in out.getvalue().splitlines()]
    assert rows == [[role, email, load.PASSWORD] for role, email in load.logins()]
    assert len(rows) == 5
    assert len(load.PASSWORD) >= 12


def test_no_one_and_no_sentence_of_the_real_memo_is_here() -> None:
    text = REAL_MEMO.with_suffix(".txt")
    if not text.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The real memo is missing.")
        pytest.skip("The real memo is not here.")
    reading = json.loads(REAL_MEMO.with_suffix(".expected.json").read_text())
    surnames = {person["name"].split()[-1] for person in reading["attendees"]}
    demo = " ".join(path.read_text() for path in DEMO_FILES)
    assert surnames & set(re.findall(r"[\w-]+", demo)) == set()
    flat = " ".join(demo.split())
    sentences = re.split(r"(?<=[.:?]) |•|\bo ", " ".join(text.read_text().split()))
    assert [s for s in sentences if len(s) > 40 and s in flat] == []
