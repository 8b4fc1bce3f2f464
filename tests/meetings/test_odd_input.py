"""What no page of ours sends is refused or passed over; it is never an error of the house."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast

LONG = "9" * 5000  # more digits than Python reads as a number
DEEP = "[" * 200_000  # deeper than JSON is read


@pytest.mark.parametrize(
    ("page", "query"), [("workspace", "removed"), ("parts", "known"), ("create", "copy")]
)
def test_a_number_without_end_in_an_address(
    client: Client, cast: Cast, page: str, query: str
) -> None:
    client.force_login(cast.secretary)
    of = cast.group.slug if page == "create" else cast.meeting.pk
    for number in (LONG, "²", "-1", "\0"):
        answer = client.get(reverse(f"meetings:{page}", args=[of]), {query: number})
        assert answer.status_code == 200, number


@pytest.mark.parametrize("page", ["pulse", "save_item", "settle"])
@pytest.mark.parametrize(
    "body",
    [DEEP, b"\xff", f'{{"base": Infinity, "token": "{uuid4()}", "html": "", "marks": {{}}}}'],
    ids=["deep", "not UTF-8", "no number"],
)
def test_json_that_is_none(client: Client, cast: Cast, page: str, body: str) -> None:
    client.force_login(cast.secretary)
    of = [cast.meeting.pk] if page == "pulse" else [cast.meeting.pk, cast.item.pk]
    address = reverse(f"meetings:{page}", args=of)
    assert client.post(address, body, content_type="application/json").status_code == 400
