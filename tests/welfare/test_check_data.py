"""check_data finds drift wherever it is planted, and none where there is none."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from actions.models import ActionItem, Assignment
from core.richtext import mint
from meetings.models import AgendaItem, Line, Mark, Rendition
from meetings.services.minutes import save_item
from meetings.services.publishing import share
from tests.cast import NOW, Cast


@pytest.fixture
def sound(cast: Cast) -> Cast:
    """A shared meeting with a task."""
    line = mint()
    task = {
        "kind": "task",
        "owners": [{"type": "organisation", "id": str(cast.omnia.pk)}],
        "due": "2025-01",
    }
    save_item(
        item=cast.item,
        base=0,
        token=uuid4(),
        html=f'<p data-line="{line}">Omnia jakaa.</p>',
        marks={line: [task]},
        by=cast.secretary,
        now=NOW,
    )
    share(meeting=cast.meeting, by=cast.secretary, now=NOW)
    return cast


def test_sound_data_has_no_drift(sound: Cast) -> None:
    call_command("check_data")


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ActionItem, {"due_on": "2020-01-01"}),
        (Assignment, {"organisation": None, "person": "secretary"}),
        (AgendaItem, {"body": "<p>muuta</p>"}),
        (Line, {"text": "muuta"}),
        (Mark, {"data": {}}),
        (Rendition, {"sha256": "0" * 64}),
    ],
)
def test_planted_drift_is_found(sound: Cast, model: type, values: dict[str, object]) -> None:
    values = {k: sound.secretary if v == "secretary" else v for k, v in values.items()}
    model.objects.update(**values)
    with pytest.raises(CommandError):
        call_command("check_data")
