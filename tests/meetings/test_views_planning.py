"""A meeting is made, copied, moved, cancelled on its pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import AgendaItemFactory, GroupFactory, MembershipFactory
from tests.meetings.pages import browser, shared, text, url


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Verkoston kokous",
        "date": "2024-10-22",
        "starts": "13:00",
        "ends": "15:30",
        "place": "Omnia",
        "remote_link": "",
        "source": "",
    } | changed


def new(cast: Cast) -> str:
    return reverse("meetings:create", args=[cast.group.slug])


def test_a_meeting_is_made_with_the_groups_people(cast: Cast, client: Client) -> None:
    response = client.post(new(cast), fields())
    meeting = Meeting.objects.latest("pk")
    assert response["Location"] == url("workspace", meeting)
    assert meeting.title == "Verkoston kokous"
    assert meeting.starts_at == datetime(2024, 10, 22, 10, 0, tzinfo=UTC)
    assert meeting.ends_at == datetime(2024, 10, 22, 12, 30, tzinfo=UTC)
    assert set(meeting.attendances.values_list("person", flat=True)) == {
        cast.secretary.pk,
        cast.member.pk,
        cast.observer.pk,
    }


def test_the_last_agenda_is_copied(cast: Cast, client: Client) -> None:
    AgendaItemFactory(meeting=cast.meeting, title="Verkosto", body="<p>Teksti</p>")
    page = text(client.get(new(cast) + f"?copy={cast.meeting.pk}"))
    assert f'<option value="{cast.meeting.pk}" selected>' in page
    assert f'value="{cast.meeting.title}"' in page
    client.post(new(cast), fields(source=cast.meeting.pk))
    copy = Meeting.objects.latest("pk")
    rows = copy.items.order_by("position").values_list("title", "body")
    assert list(rows) == [("Ajankohtaiset asiat", ""), ("Verkosto", "")]


def test_the_first_meeting_of_a_group_has_nothing_to_copy(cast: Cast) -> None:
    group = GroupFactory()
    person = MembershipFactory(group=group, role="chair").person
    page = text(browser(person).get(reverse("meetings:create", args=[group.slug])))
    assert "This is the group's first meeting" in page
    assert f'value="{group.name}"' in page


def test_another_groups_agenda_can_not_be_copied(cast: Cast, client: Client) -> None:
    other = AgendaItemFactory().meeting
    page = client.post(new(cast), fields(source=other.pk))
    assert "Select a valid choice." in text(page)
    assert Meeting.objects.filter(group=cast.group).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "12:00"}, "The meeting cannot end before it begins."),
        ({"date": "32.1.2024"}, "Enter a valid date."),
        ({"starts": ""}, "This field is required."),
        ({"title": ""}, "This field is required."),
        ({"remote_link": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_the_rest_kept(
    cast: Cast, client: Client, wrong: dict[str, Any], said: str
) -> None:
    for there in (new(cast), url("settings", cast.meeting)):
        more = {"language": "fi", "document_type": "memo"}
        page = text(client.post(there, fields(**wrong) | more))
        assert page.count(said) == 1
        assert 'value="Omnia"' in page
    assert Meeting.objects.count() == 1
    cast.meeting.refresh_from_db()
    assert cast.meeting.place == "Kaupungintalo"


def test_a_meeting_is_moved(cast: Cast, client: Client) -> None:
    page = text(client.get(url("settings", cast.meeting)))
    assert f'value="{cast.meeting.starts_at.date().isoformat()}"' in page
    more = {"language": "sv", "document_type": "minutes"}
    response = client.post(url("settings", cast.meeting), fields(ends="") | more)
    assert response["Location"] == url("workspace", cast.meeting)
    cast.meeting.refresh_from_db()
    assert (cast.meeting.ends_at, cast.meeting.language) == (None, "sv")


def test_a_meeting_is_cancelled_and_held_after_all(cast: Cast, client: Client) -> None:
    assert "You can undo this" in text(client.get(url("cancel", cast.meeting)))
    page = text(client.post(url("cancel", cast.meeting), follow=True))
    assert "The meeting has been cancelled. Its agenda stays here and can be copied." in page
    refused = client.post(
        url("settings", cast.meeting), fields(language="fi", document_type="memo")
    )
    assert refused.status_code == 302
    back = text(client.post(url("revive", cast.meeting), follow=True))
    assert "The meeting will be held after all." in back
    cast.meeting.refresh_from_db()
    assert cast.meeting.state == Meeting.State.PLANNED


def test_shared_minutes_keep_their_time(cast: Cast, client: Client) -> None:
    shared(cast)
    more = {"language": "fi", "document_type": "memo"}
    page = client.post(url("settings", cast.meeting), fields() | more, follow=True)
    assert "Open a correction to change them." in text(page)
    assert client.post(url("cancel", cast.meeting)).status_code == 302
    cast.meeting.refresh_from_db()
    assert cast.meeting.title != "Verkoston kokous"
    assert cast.meeting.state == Meeting.State.SHARED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"date": "2026-03-29", "starts": "03:30", "ends": "04:30"}, "ends"),
        ({"date": "0001-01-01"}, "date"),
        ({"starts": "11:00", "ends": "11:00"}, "ends"),
    ],
)
def test_a_time_that_cannot_be_is_said(
    cast: Cast, client: Client, changed: dict[str, str], field: str
) -> None:
    typed = fields(language="fi", document_type="memo", **changed)
    page = client.post(url("settings", cast.meeting), typed)
    assert page.context["form"].errors.keys() == {field}
