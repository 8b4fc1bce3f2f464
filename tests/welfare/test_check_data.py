"""check_data finds drift wherever it is planted, and none where there is none."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

import directory.integrity
from actions.models import ActionItem, Assignment
from core.richtext import mint
from directory.models import Organisation, Person
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


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_what_points_at_one_who_was_merged_is_found(sound: Cast, kind: str) -> None:
    into: Person | Organisation = sound.secretary if kind == "person" else sound.espoo
    double: Person | Organisation = sound.member if kind == "person" else sound.omnia
    double.merged_into = into  # type: ignore[assignment]
    double.save()
    found = list(directory.integrity.drift())
    expected = {
        "person": ["directory.Membership", "person"],
        "organisation": ["actions.Owner", "actions.Assignment"],
    }
    assert [sentence.split()[0] for sentence in found] == expected[kind]
    with pytest.raises(CommandError):
        call_command("check_data")
