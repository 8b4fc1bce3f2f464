"""What the editor asks and sends, in JSON."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import AgendaItem
from tests.cast import NOW, Cast
from tests.meetings.pages import JSON, browser, shared, url

LINE = "aaaaaaaaaaaaaaa"


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


def save(client: Client, cast: Cast, **changed: Any) -> Any:
    body = {"base": 0, "token": str(uuid4()), "html": "<p>Teksti</p>", "marks": {}} | changed
    there = url("save_item", cast.meeting, cast.item.pk)
    return client.post(there, body, content_type="application/json", **JSON)


def test_a_text_is_saved_and_read(cast: Cast, client: Client) -> None:
    answer = save(client, cast).json()
    assert sorted(answer) == ["conflicts", "html", "marks", "revision", "saved_at"]
    assert (answer["revision"], answer["conflicts"], answer["marks"]) == (1, [], {})
    found = client.get(url("item_text", cast.meeting, cast.item.pk)).json()
    assert found["html"] == answer["html"]
    assert found["revision"] == 1
    assert len(found["csrf"]) == 64


@pytest.mark.parametrize(
    "broken",
    [
        {"token": "no"},
        {"base": None},
        {"base": 7},
        {"marks": []},
        {"marks": {LINE: [{"kind": "wish"}]}},
    ],
)
def test_what_is_not_understood_changes_nothing(
    cast: Cast, client: Client, broken: dict[str, Any]
) -> None:
    answer = save(client, cast, **broken)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    for raw in (b"", b"[]", b"\xff", b'"x"', b"{}"):
        there = url("save_item", cast.meeting, cast.item.pk)
        sent = client.post(there, raw, content_type="application/json", **JSON)
        assert sent.status_code == 400
    assert AgendaItem.objects.get(pk=cast.item.pk).revision == 0


def test_a_text_can_be_too_long(cast: Cast, client: Client) -> None:
    answer = save(client, cast, html="<p>" + "x" * 3_000_000 + "</p>")
    assert answer.status_code == 400
    assert "too long" in answer.json()["error"]


def test_a_text_that_may_not_be_saved_any_more_is_told_why(cast: Cast, client: Client) -> None:
    AgendaItem.objects.filter(pk=cast.item.pk).update(removed_at=NOW)
    answer = save(client, cast)
    assert (answer.status_code, answer.json()["state"]) == (409, "deleted")
    AgendaItem.objects.filter(pk=cast.item.pk).update(removed_at=None)
    shared(cast)
    answer = save(client, cast)
    assert (answer.status_code, answer.json()["state"]) == (409, "shared")


def test_a_session_that_has_ended_is_told_in_json(cast: Cast) -> None:
    answer = save(Client(), cast)
    assert answer.status_code == 401
    assert "/account/login/" in answer.json()["login"]


def test_a_stale_token_is_told_in_json(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.secretary)
    answer = save(strict, cast)
    assert (answer.status_code, answer.json()) == (403, {"csrf": True})


def test_who_can_be_picked(cast: Cast, client: Client) -> None:
    found = client.get(url("pickable", cast.meeting)).json()
    assert sorted(found) == ["groups", "organisations", "persons", "sets"]
    assert {"id": str(cast.omnia.pk), "name": "Omnia"}.items() <= next(
        row for row in found["organisations"] if row["name"] == "Omnia"
    ).items()
