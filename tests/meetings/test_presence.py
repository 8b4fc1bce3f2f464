"""Who else has a meeting open, and how it stands."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from directory.models import Membership, Person
from meetings.models import Presence
from meetings.services import agenda
from meetings.services.presence import FORGOTTEN, PRESENT
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
QUERIES = 7


@pytest.fixture
def chair(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.CHAIR).person


def beat(client: Client, cast: Cast, tab: str = "a", item: Any = None) -> dict[str, Any]:
    answer = client.post(
        f"/meetings/{cast.meeting.pk}/pulse/",
        json.dumps({"tab": tab, "item": item}),
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_two_see_each_other_and_where_they_are(cast: Cast, chair: Person) -> None:
    one, two = as_(chair), as_(cast.secretary)
    assert beat(one, cast, item=cast.item.pk)["others"] == []

    [other] = beat(two, cast)["others"]
    assert (other["name"], other["item"]) == (chair.name, cast.item.pk)
    [other] = beat(one, cast, item=cast.item.pk)["others"]
    assert (other["name"], other["item"]) == (cast.secretary.name, None)
    # Two tabs of one person are like two people.
    assert len(beat(one, cast, tab="b")["others"]) == 2


def test_who_is_not_heard_of_is_gone_and_then_forgotten(cast: Cast, chair: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        beat(as_(chair), cast)
        clock.shift(PRESENT + timedelta(seconds=1))
        assert beat(as_(cast.secretary), cast)["others"] == []
        assert Presence.objects.count() == 2
        clock.shift(FORGOTTEN)
        beat(as_(cast.secretary), cast)
        assert Presence.objects.get().person == cast.secretary


def test_the_agenda_has_another_digest_when_something_but_a_text_changes(
    cast: Cast, chair: Person
) -> None:
    client = as_(cast.secretary)
    first = beat(client, cast)
    assert beat(client, cast)["agenda"] == first["agenda"]
    agenda.update_item(item=cast.item, title="Toinen otsikko", by=chair)
    second = beat(client, cast)
    added = agenda.add_item(meeting=cast.meeting, title="Uusi", by=chair)
    third = beat(client, cast)
    assert len({first["agenda"], second["agenda"], third["agenda"]}) == 3
    assert set(third["revisions"]) == {str(cast.item.pk), str(added.pk)}


def test_parts_bring_what_the_page_does_not_have(cast: Cast, chair: Person) -> None:
    client = as_(cast.secretary)
    added = agenda.add_item(meeting=cast.meeting, title="Uusi", by=chair)

    answer = client.get(f"/meetings/{cast.meeting.pk}/parts/?known={cast.item.pk},x,99").json()

    assert [one["item"] for one in answer["heads"]] == [cast.item.pk]
    assert [one["item"] for one in answer["sections"]] == [added.pk]
    assert "Uusi" in answer["rail"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"tab": "a"}', '{"tab": "A B", "item": null}', '{"tab": "a", "item": "1"}',
     '{"tab": "a", "item": -1}', '{"tab": "a", "item": 99999999999}', '{"tab": "a", "item": true}'],
)  # fmt: skip
def test_what_is_not_understood_is_refused(cast: Cast, body: str) -> None:
    answer = as_(cast.secretary).post(
        f"/meetings/{cast.meeting.pk}/pulse/", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert not Presence.objects.exists()


def test_an_item_of_another_meeting_is_none(cast: Cast) -> None:
    beat(as_(cast.secretary), cast, item=cast.item.pk + 1000)
    assert Presence.objects.get().item is None


def test_it_takes_the_same_queries_whoever_is_here(
    cast: Cast, chair: Person, django_assert_num_queries: Any
) -> None:
    client = as_(cast.secretary)
    beat(client, cast)
    with django_assert_num_queries(QUERIES):
        beat(client, cast)
    beat(as_(chair), cast)
    agenda.add_item(meeting=cast.meeting, title="Uusi", by=chair)
    with django_assert_num_queries(QUERIES):
        beat(client, cast)


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Åsa von Essen", "ÅE"), ("Kati", "K"), ("Eeva Anna Ek", "EE"), ("", "?")],
)
def test_initials(name: str, initials: str) -> None:
    assert Person(name=name).initials == initials
