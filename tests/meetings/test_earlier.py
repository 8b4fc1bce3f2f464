"""An item's earlier texts: read, taken back into use, thinned long after sharing."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from core.audit import house
from directory.models import Membership, Person
from meetings.earlier import stretches
from meetings.models import ItemRevision, Mark, Meeting
from meetings.services import earlier, minutes
from tests.cast import NOW, Cast
from tests.factories import MembershipFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db
QUERIES = 8
A, B = "aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb"


def p(line: str, text: str) -> str:
    return f'<p data-line="{line}">{text}</p>'


def save(
    cast: Cast, html: str, at: datetime, by: Person | None = None, marks: object = None
) -> int:
    cast.item.refresh_from_db()
    return minutes.save_item(
        item=cast.item,
        base=cast.item.revision,
        token=uuid4(),
        html=html,
        marks=marks or {},
        by=by or cast.secretary,
        now=at,
    ).revision


@pytest.fixture
def chair(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, role=Membership.Role.CHAIR).person


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.secretary)
    cast.secretary.language = "en"
    cast.secretary.save(update_fields=["language"])
    return client


def address(cast: Cast) -> str:
    return f"/meetings/{cast.meeting.pk}/items/{cast.item.pk}/earlier/"


def numbers(client: Client, cast: Cast) -> list[int]:
    return [row.number for row in client.get(address(cast)).context["page"]]


def test_one_persons_saves_in_a_row_are_one_piece_of_writing(
    client: Client, cast: Cast, chair: Person
) -> None:
    for second in (0, 2, 4):
        save(cast, p(A, f"sana {second}"), NOW + timedelta(seconds=second))
    save(cast, p(A, "sana 4 ja"), NOW + timedelta(seconds=6), by=chair)
    save(cast, p(A, "sana 4 ja muuta"), NOW + timedelta(minutes=20), by=chair)
    assert numbers(client, cast) == [5, 4, 3]


def test_the_page_shows_what_a_piece_changed(client: Client, cast: Cast, chair: Person) -> None:
    save(cast, p(A, "kokous alkaa") + p(B, "toinen"), NOW)
    save(cast, p(A, "kokous päättyy"), NOW + timedelta(hours=1), by=chair)

    page = client.get(address(cast)).content.decode()
    assert chair.name in page
    assert "alkaa</del>" in page
    assert "päättyy</ins>" in page
    assert "toinen</del>" in page
    assert "Use this text again" not in page  # it stands now

    page = client.get(address(cast) + "?at=1").content.decode()
    assert "kokous alkaa</ins>" in page
    assert "Use this text again" in page


@pytest.mark.parametrize("at", ["99", "-1", "x", "²", "9" * 30])
def test_an_unknown_text_is_none(client: Client, cast: Cast, at: str) -> None:
    save(cast, p(A, "sana"), NOW)
    assert client.get(address(cast), {"at": at}).status_code == (404 if at == "99" else 200)


def test_an_item_without_text_says_so(client: Client, cast: Cast) -> None:
    assert "Nothing has been written" in client.get(address(cast)).content.decode()


def test_an_earlier_text_stands_again_with_its_marks(client: Client, cast: Cast) -> None:
    agreed = {A: [{"kind": "agreed"}]}
    save(cast, p(A, "sovittiin näin"), NOW, marks=agreed)
    save(cast, p(B, "jotain muuta"), NOW + timedelta(hours=1))
    mark = Mark.objects.get(line_id=A)
    assert mark.hidden_at

    client.post(address(cast) + "1/restore/")

    cast.item.refresh_from_db()
    assert cast.item.body == p(A, "sovittiin näin")
    assert cast.item.revision == 3
    mark.refresh_from_db()
    assert mark.hidden_at is None
    assert ItemRevision.objects.filter(item=cast.item, number=2).exists()
    assert client.post(address(cast) + "9/restore/").status_code == 404


def test_a_shared_text_is_not_changed_by_restoring(client: Client, cast: Cast) -> None:
    save(cast, p(A, "eka"), NOW)
    save(cast, p(A, "toka"), NOW)
    Meeting.objects.filter(pk=cast.meeting.pk).update(state=Meeting.State.SHARED)
    assert client.post(address(cast) + "1/restore/").status_code == 302
    cast.item.refresh_from_db()
    assert cast.item.body == p(A, "toka")


def test_old_texts_are_thinned_when_the_minutes_have_been_shared_long(
    cast: Cast, chair: Person
) -> None:
    for second in range(5):
        save(cast, p(A, f"sana {second}"), NOW + timedelta(seconds=second))
    save(cast, p(A, "sana viisi"), NOW + timedelta(seconds=9), by=chair)
    later = NOW + earlier.QUIET + timedelta(days=1)

    def thinned(now: datetime) -> list[int]:
        with house("thin_revisions"):
            earlier.thin(by=None, now=now)
        return list(ItemRevision.objects.order_by("number").values_list("number", flat=True))

    everything = [1, 2, 3, 4, 5, 6]
    assert thinned(later) == everything  # still being written
    Meeting.objects.update(state=Meeting.State.SHARED, correcting=True)
    assert thinned(later) == everything
    Meeting.objects.update(correcting=False)
    assert thinned(NOW + timedelta(days=1)) == everything
    assert thinned(later) == [5, 6]
    assert thinned(later) == [5, 6]


def test_a_browser_that_was_away_meanwhile_is_merged_all_the_same(cast: Cast) -> None:
    for second in range(3):
        save(cast, p(A, f"sana {second}") + p(B, "toinen"), NOW + timedelta(seconds=second))
    Meeting.objects.update(state=Meeting.State.SHARED)
    with house("thin_revisions"):
        earlier.thin(by=None, now=NOW + earlier.QUIET + timedelta(days=1))
    Meeting.objects.update(state=Meeting.State.DRAFT)

    saved = minutes.save_item(
        item=cast.item,
        base=2,
        token=uuid4(),
        html=p(A, "sana 1") + p(B, "toinen rivi"),
        marks={},
        by=cast.secretary,
        now=NOW,
    )
    assert "sana 2" in saved.html
    assert "toinen rivi" in saved.html


@pytest.mark.parametrize("writers", [(True, False), (False, True)])
def test_a_text_of_the_house_and_one_of_a_person_are_two_pieces(
    cast: Cast, writers: tuple[bool, ...]
) -> None:
    """A command read minutes in, and someone went on in them at once."""
    at = NOW - timedelta(days=60)
    with house("demo_data"):
        for number, is_person in enumerate(writers):
            minutes.save_item(
                item=cast.item,
                base=number,
                token=uuid4(),
                html=f"<p>{number}</p>",
                marks={},
                by=cast.secretary if is_person else None,
                now=at + timedelta(seconds=number),
            )
        Meeting.objects.filter(pk=cast.meeting.pk).update(state=Meeting.State.CANCELLED)
        assert earlier.thin(by=None, now=NOW) == 0
    assert [one.number for one in stretches(cast.item.revisions.order_by("number"))] == [1, 2]


def test_the_job_runs(cast: Cast) -> None:
    from meetings.tasks import thin_revisions

    thin_revisions.defer(timestamp=0)
    run_jobs()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries(
    client: Client, cast: Cast, django_assert_num_queries: object, rows: int
) -> None:
    for hour in range(rows):
        save(cast, p(A, f"sana {hour}"), timezone.now() + timedelta(hours=hour))
    client.get(address(cast))
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        client.get(address(cast))
