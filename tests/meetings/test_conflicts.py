"""A conflict stands in its item, with who and when, until someone settles it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from directory.models import Membership, Person
from meetings import remarks
from meetings.services import minutes
from tests.cast import NOW, Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
A, B = "aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb"


def p(line: str, text: str) -> str:
    return f'<p data-line="{line}">{text}</p>'


def save(cast: Cast, html: str, base: int, by: Person) -> minutes.Saved:
    return minutes.save_item(
        item=cast.item,
        base=base,
        token=uuid4(),
        html=html,
        marks={},
        by=by,
        now=NOW + timedelta(minutes=base),
    )


@pytest.fixture
def chair(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.CHAIR).person


@pytest.fixture
def third(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.VICE_CHAIR).person


@pytest.fixture
def copy(cast: Cast, chair: Person, third: Person) -> str:
    """The line that holds the chair's text beside the secretary's."""
    save(cast, p(A, "klo 13") + p(B, "aulassa"), 0, cast.secretary)
    save(cast, p(A, "klo 14") + p(B, "aulassa"), 1, cast.secretary)
    save(cast, p(A, "klo 14") + p(B, "salissa"), 2, third)
    saved = save(cast, p(A, "klo 15") + p(B, "aulassa"), 1, chair)
    cast.item.refresh_from_db()
    return str(saved.open_conflicts[0]["copy"])


def standing(cast: Cast) -> list[str]:
    cast.item.refresh_from_db(fields=["conflicts"])
    return [one["copy"] or one["line"] for one in cast.item.conflicts]


def test_it_says_whose_is_whose_and_when(cast: Cast, copy: str, chair: Person) -> None:
    [conflict] = cast.item.conflicts
    assert conflict == {
        "line": A,
        "copy": copy,
        "kind": "both_changed",
        "by": cast.secretary.name,  # not who saved last, but who wrote it
        "mine_by": chair.name,
        "at": (NOW + timedelta(minutes=1)).isoformat(),
    }


def test_everyone_gets_it_with_the_text(cast: Cast, copy: str) -> None:
    client = Client()
    client.force_login(cast.secretary)
    address = f"/meetings/{cast.meeting.pk}/"
    answer = client.get(f"{address}items/{cast.item.pk}/text/").json()
    assert [one["copy"] for one in answer["conflicts"]] == [copy]
    assert f'"copy": "{copy}"' in client.get(f"{address}edit/").content.decode()
    [remark] = [one for one in remarks.remarks(cast.meeting) if one.code == "conflict"]
    assert (remark.text, remark.line_id) == ("klo 15", copy)


def test_it_stands_over_other_saves(cast: Cast, copy: str, third: Person) -> None:
    save(cast, cast.item.body + p("c" * 15, "muuta"), cast.item.revision, third)
    assert standing(cast) == [copy]


def test_it_is_over_when_one_of_its_lines_is_gone(cast: Cast, copy: str, chair: Person) -> None:
    save(cast, p(A, "klo 15") + p(B, "salissa"), cast.item.revision, chair)
    assert standing(cast) == []


def test_it_is_over_when_someone_says_that_both_stay(cast: Cast, copy: str, third: Person) -> None:
    client = Client()
    client.force_login(third)
    address = f"/meetings/{cast.meeting.pk}/items/{cast.item.pk}/settle/"
    before = cast.item.body

    for line in ("x", copy):
        answer = client.post(address, json.dumps({"line": line}), content_type="application/json")
        assert answer.status_code == 200
    assert standing(cast) == []
    cast.item.refresh_from_db()
    assert cast.item.body == before
    assert answer.json()["revision"] == cast.item.revision

    for body in ("", "[]", "{}"):
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code == 400


def test_a_line_kept_against_a_deletion_stands_too(cast: Cast, chair: Person) -> None:
    save(cast, p(A, "klo 13") + p(B, "aulassa"), 0, cast.secretary)
    save(cast, p(A, "klo 13"), 1, cast.secretary)
    save(cast, p(A, "klo 13") + p(B, "aulassa kahvit"), 1, chair)
    assert standing(cast) == [B]
    minutes.settle_conflict(item=cast.item, line=B, by=chair, now=NOW)
    assert standing(cast) == []
