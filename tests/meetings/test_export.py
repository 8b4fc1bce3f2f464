"""`export_minutes`: a shared version as it was stored, else the draft, in each format."""

import json
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from core.richtext import mint
from meetings.models import Rendition
from meetings.services.minutes import save_item
from meetings.services.publishing import share
from tests.cast import NOW, Cast


def export(cast: Cast, folder: Path, format: str) -> bytes:
    output = folder / f"minutes.{format}"
    call_command("export_minutes", str(cast.meeting.pk), format=format, output=output)
    return output.read_bytes()


@pytest.fixture
def written(cast: Cast) -> Cast:
    save_item(
        item=cast.item,
        base=0,
        token=uuid4(),
        html=f'<p data-line="{mint()}">Omnia jakaa pohjansa.</p>',
        marks={},
        by=cast.secretary,
        now=NOW,
    )
    return cast


@pytest.mark.parametrize("format", ["pdf", "html", "json"])
def test_a_shared_version_is_written_as_it_was_frozen(
    written: Cast, tmp_path: Path, format: str
) -> None:
    share(meeting=written.meeting, by=written.secretary, now=NOW)
    stored = bytes(Rendition.objects.get(format=format).content)

    content = export(written, tmp_path, format)

    if format == "html":  # the article in a page of its own
        assert stored in content
        assert content.startswith(b"<!DOCTYPE html>")
    else:
        assert content == stored


def test_a_draft_says_so_and_is_the_same_again(written: Cast, tmp_path: Path) -> None:
    first, second = (export(written, tmp_path, "pdf") for _ in range(2))

    assert first == second
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(first)).pages)
    assert "Luonnos" in text
    assert json.loads(export(written, tmp_path, "json"))["draft"] is True


def test_what_is_wrong_is_said(written: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no meeting"):
        call_command("export_minutes", "999999", output=tmp_path / "x")
    with pytest.raises(CommandError, match="Could not write"):
        call_command(
            "export_minutes", str(written.meeting.pk), format="json", output=tmp_path / "no" / "x"
        )
