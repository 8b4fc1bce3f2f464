"""Pages travel compressed, files as they are."""

import pytest
from django.test import Client

from meetings.models import Meeting
from meetings.services.publishing import share
from tests.cast import NOW, Cast


@pytest.mark.parametrize(("path", "compressed"), [("", True), ("pdf/", False)])
def test_pages_are_compressed_and_files_are_not(
    cast: Cast, client: Client, path: str, compressed: bool
) -> None:
    share(meeting=Meeting.objects.get(), by=cast.secretary, now=NOW)
    client.force_login(cast.member)

    response = client.get(
        f"/meetings/{cast.meeting.pk}/{path}", headers={"accept-encoding": "gzip"}
    )

    assert response.status_code == 200
    assert (response.headers.get("Content-Encoding") == "gzip") is compressed
