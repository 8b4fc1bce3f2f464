"""History: each change a sentence, for those who may read it, in a fixed number of queries."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from actions.models import ActionItem, Assignment
from core import history
from core.audit import acting, house
from core.history import Change, Page, Place, Story, registry
from directory.models import Group, Membership, Organisation, Person
from directory.services.own import choose_language
from meetings.models import Redaction
from meetings.services import agenda, attendance, planning
from meetings.services.redaction import redact
from tests.cast import NOW, Cast, do_share, write
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)


def read(
    kind: str, pk: int, groups: list[int] | None = None, language: str = "en", **narrowed: str
) -> list[history.Entry]:
    """The entries of the first page, the newest first."""
    page = Page(kind, pk, history.kinds[kind].model, Place("", "/", groups))
    with translation.override(language):
        return [entry for one in history.pages(page, **narrowed).days for entry in one.entries]


def said(kind: str, pk: int, **narrowed: str) -> list[str]:
    """What the first page says, the newest first: sentences, and behind a bar what they are of."""
    return [
        " ".join(entry.sentences) + (f" | {', '.join(entry.things)}" if entry.things else "")
        for entry in read(kind, pk, **narrowed)
    ]


def task(line: str = "aaaaaaaaaaaaaaa", **more: object) -> dict[str, list[dict[str, object]]]:
    """A mark as the editor sends it."""
    return {line: [{"kind": "task", "owners": [], "recipient": None, "due": "", **more}]}


TASK = '<p data-line="aaaaaaaaaaaaaaa">Tilataan kirjeet</p>'


# -- Every field has its sentence -----------------------------------------------------------------


def tracked() -> list[type[models.Model]]:
    return [m.pgh_tracked_model for m in apps.get_models() if hasattr(m, "pgh_tracked_model")]


def untold(model: type[models.Model], story: Story | None) -> list[str]:
    """What of a tracked model has neither sentence nor reason, or both, or is on no page."""
    if story is None:
        return [model._meta.label]
    recorded = {one.name for one in story.recorded}
    wrong = (recorded ^ {*story.fields, *story.unsaid}) | (story.fields.keys() & story.unsaid)
    nowhere = [] if any(model in of for of in registry.parts.values()) else ["page"]
    return [f"{model._meta.label}.{name}" for name in sorted(wrong) + nowhere]


def test_every_field_of_every_tracked_model_has_a_sentence_or_a_reason() -> None:
    assert len(tracked()) > 15
    assert [lack for one in tracked() for lack in untold(one, registry.stories.get(one))] == []


def test_a_model_or_a_field_without_a_sentence_is_caught() -> None:
    story = registry.stories[Membership]
    fewer = {name: one for name, one in story.fields.items() if name != "role"}
    planted = Story(
        Membership, story.rows, "", ("person",), "", fields=fewer, unsaid={"seat": "", "group": ""}
    )
    assert untold(Membership, None) == ["directory.Membership"]
    assert untold(Membership, planted) == ["directory.Membership.role", "directory.Membership.seat"]


def sentences(story: Story) -> list[str]:
    """Each sentence of a model's fields, as it is written in the code."""
    with translation.override(None):
        return [
            str(text)
            for change in story.fields.values()
            for text in (change.changed, change.given, change.cleared)
            if text
        ]


def test_each_sentence_has_its_subject_and_only_places_that_are_filled() -> None:
    for story in registry.stories.values():
        for sentence in sentences(story):
            assert "%(who)s" in sentence
            assert sentence % {"who": "Kati", "old": "a", "new": "b"}
        for added in filter(None, (story.added, story.removed)):
            assert "Kati" in str(added % {"who": "Kati", "count": 2})


def test_each_kind_of_change_has_a_sentence() -> None:
    """From nothing, to something else, to nothing: whatever the column allows."""
    lacking = [
        f"{story.label}.{one.name}"
        for story in registry.stories.values()
        for one in story.recorded
        if (change := story.fields.get(one.name))
        if not (change.changed or (change.given and (change.cleared or not one.null)))
        or (isinstance(one, models.BooleanField) and not (change.given and change.cleared))
    ]
    assert lacking == []


def test_no_sentence_repeats_a_long_text() -> None:
    assert [
        f"{story.label}.{one.name}"
        for story in registry.stories.values()
        for one in story.recorded
        if isinstance(one, models.TextField | models.JSONField) and one.name in story.fields
        for change in [story.fields[one.name]]
        if "%(old)s" in f"{change.changed}{change.given}{change.cleared}"
    ] == []


# -- Sentences ------------------------------------------------------------------------------------


def test_a_due_date_moves(cast: Cast) -> None:
    cast.secretary.name = "Kati Virtanen"
    cast.secretary.save()
    write(cast, TASK, task(due="2024-12-03"))
    write(cast, TASK, task(due="2025-01-10"))
    write(cast, TASK, task(due="2025-spring"))
    write(cast, TASK, task())
    action = ActionItem.objects.get()
    assert said("action", action.pk)[:3] == [
        "Kati Virtanen removed the due date, spring 2025.",
        "Kati Virtanen moved the due date from 10 January 2025 to spring 2025.",
        "Kati Virtanen moved the due date from 3 December 2024 to 10 January 2025.",
    ]
    [entry] = read("action", action.pk, language="fi", about="actionitem")[2:3]
    assert "3.12.2024" in entry.sentences[0]
    assert "10.1.2025" in entry.sentences[0]


def test_changes_of_one_act_stand_together(cast: Cast) -> None:
    cast.meeting.starts_at = datetime(2024, 10, 22, 10, 0, tzinfo=UTC)
    cast.meeting.ends_at = datetime(2024, 10, 22, 12, 30, tzinfo=UTC)
    cast.meeting.save()
    before, ended = cast.meeting.title, "22 October 2024 at 15:30"
    planning.update_meeting(
        meeting=cast.meeting,
        by=cast.secretary,
        title="Ylimääräinen kokous",
        place="",
        ends_at=None,
    )
    who = cast.secretary.name
    entry = read("meeting", cast.meeting.pk, about="meeting")[0]
    assert (entry.who, entry.things) == (who, [])
    assert entry.sentences == [
        f"{who} renamed the meeting “{before}” to “Ylimääräinen kokous”.",
        f"{who} removed the end of the meeting, {ended}.",
        f"{who} removed the place of the meeting (Kaupungintalo).",
    ]


def test_things_alike_are_told_of_in_one_sentence(cast: Cast) -> None:
    meeting = planning.create_meeting(
        group=cast.group,
        title="Kokous",
        starts_at=datetime(2024, 10, 22, 9, 0, tzinfo=UTC),
        by=cast.secretary,
        now=NOW,
    )
    who = cast.secretary.name
    names = [cast.secretary.name, cast.member.name, cast.observer.name]
    made, listed = sorted(read("meeting", meeting.pk), key=lambda entry: len(entry.things))
    assert made.sentences == [f"{who} made a meeting."]
    assert listed.sentences == [f"{who} put 3 people on the list of attendance."]
    assert sorted(one.split(" · ")[0] for one in listed.things) == sorted(names)


def test_what_was_made_in_an_act_is_not_said_to_have_changed_in_it(cast: Cast) -> None:
    write(cast, TASK, task(owners=[{"type": "organisation", "id": str(cast.omnia.pk)}]))
    who = cast.secretary.name
    assert sorted(said("action", ActionItem.objects.get().pk)) == [
        f"{who} named an owner for a task. | Omnia",
        f"{who} noted a task or a request.",
    ]


def test_an_hour_of_writing_is_told_once(cast: Cast) -> None:
    for text in ("yksi", "kaksi", "kolme"):
        write(cast, f"<p>{text}</p>")
    texts = said("meeting", cast.meeting.pk, about="itemrevision")
    assert texts == [f"{cast.secretary.name} wrote in the text. | Ajankohtaiset asiat"]


def test_choices_dates_and_things_are_worded(cast: Cast) -> None:
    membership = Membership.objects.get(person=cast.member)
    with acting(cast.secretary):
        membership.role = Membership.Role.OBSERVER
        membership.organisation = cast.omnia
        membership.seat = ""
        membership.valid_to = date(2024, 12, 31)
        membership.save()
    who = cast.secretary.name
    entry = read("group", cast.group.pk, about="membership", by=str(cast.secretary.pk))[0]
    assert entry.sentences == [
        f"{who} changed a member's role: member → observer.",
        f"{who} changed the organisation that a member represents: Espoo → Omnia.",
        f"{who} removed a member's seat (municipality).",
        f"{who} set the last day of a membership: 31 December 2024.",
    ]
    assert entry.things == [f"{cast.member.name} · Omnia"]
