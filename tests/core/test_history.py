"""History: each change a sentence, for those who may read it, in a fixed number of queries."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from actions.models import ActionItem, Assignment
from core import history
from core.audit import acting
from core.history import Page, Place, Story, registry
from directory.models import ContactPerson, Membership, Person
from meetings.models import Redaction
from meetings.services import agenda, attendance, planning
from meetings.services.redaction import redact
from tests.cast import NOW, Cast, do_share, write
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Some sentences are worded only when they are read."""
    with translation.override("en"):
        yield


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


def test_a_draft_mark_a_removed_item_and_attendance_are_told_of(cast: Cast) -> None:
    line = '<p data-line="aaaaaaaaaaaaaaa">Sovitaan näin</p>'
    write(cast, line, {"aaaaaaaaaaaaaaa": [{"kind": "agreed"}]})
    guest = attendance.add_guest(meeting=cast.meeting, name="Vieras", by=cast.secretary)
    attendance.set_mode(attendance=guest, mode="remote", by=cast.secretary)
    attendance.remove_attendance(attendance=guest, by=cast.secretary)
    cast.item.refresh_from_db()
    agenda.delete_item(item=cast.item, by=cast.secretary, now=NOW)
    who = cast.secretary.name
    meeting = f"{cast.meeting.title} 22 October 2024"
    told = said("group", cast.group.pk, by=str(cast.secretary.pk))
    with translation.override("en"):
        meeting = str(registry.names[type(cast.meeting)].words(cast.meeting))
    assert sorted(told) == sorted(
        [
            f"{who} took the item off the agenda. | Ajankohtaiset asiat · {meeting}",
            f"{who} took a mark off. | Agreed · Sovitaan näin · {meeting}",
            f"{who} took someone off the list of attendance. | Vieras · {meeting}",
            f"{who} recorded the attendance: in person → remotely. | Vieras · {meeting}",
            f"{who} put someone on the list of attendance. | Vieras · {meeting}",
            f"{who} marked a line. | Agreed · Sovitaan näin · {meeting}",
            f"{who} wrote in the text. | Ajankohtaiset asiat · {meeting}",
        ]
    )


def test_what_a_column_held_before_it_was_recorded_is_not_invented(cast: Cast) -> None:
    """A column that came by a later migration is empty in older rows of the history."""
    events = registry.stories[type(cast.meeting)].rows
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {events._meta.db_table} ALTER publicity DROP NOT NULL")
    events._base_manager.update(publicity=None)
    before = cast.meeting.title
    planning.update_meeting(meeting=cast.meeting, by=cast.secretary, title="Toinen")
    [entry, _made] = read("meeting", cast.meeting.pk, about="meeting")
    assert entry.sentences == [f"{cast.secretary.name} renamed the meeting “{before}” to “Toinen”."]


# -- What was removed for good ---------------------------------------------------------------------

CODE = "131052-308T"


def test_a_redaction_reaches_the_history_and_is_told_of(cast: Cast) -> None:
    agenda.update_item(item=cast.item, by=cast.secretary, title=f"Asia {CODE}")
    write(cast, f'<p data-line="aaaaaaaaaaaaaaa">Kirje: {CODE}</p>', task())
    agenda.update_item(item=cast.item, by=cast.secretary, title="Asia")
    assert any(CODE in one for one in said("meeting", cast.meeting.pk))
    redact(
        meeting=cast.meeting,
        needle=CODE,
        kind=Redaction.Kind.IDENTITY_CODE,
        reason="Ei kuulu pöytäkirjaan",
        by=cast.secretary,
        now=NOW,
    )
    for kind, pk in (("meeting", cast.meeting.pk), ("group", cast.group.pk)):
        told = said(kind, pk)
        assert not any(CODE in one for one in told)
        assert any("Ei kuulu pöytäkirjaan" in one for one in told)
        assert any("[poistettu]" in one for one in told)


# -- Who reads what --------------------------------------------------------------------------------


def answer(client: Client, person: Person, kind: str, pk: int) -> int:
    client.force_login(person)
    return client.get(f"/history/{kind}/{pk}/").status_code


def test_a_meetings_and_a_groups_history_are_for_those_who_write(
    cast: Cast, client: Client
) -> None:
    do_share(cast)
    other = MembershipFactory(role=Membership.Role.SECRETARY).person
    for kind, pk in (("meeting", cast.meeting.pk), ("group", cast.group.pk)):
        answers = [
            answer(client, one, kind, pk)
            for one in (cast.secretary, cast.member, cast.observer, cast.stranger, other)
        ]
        assert answers == [200, 403, 403, 404, 404]
        assert answer(client, cast.secretary, kind, 10**15) == 404
    assert answer(client, cast.secretary, "nothing", 1) == 404
    client.logout()
    assert client.get(f"/history/group/{cast.group.pk}/").status_code == 302


def test_a_meeting_that_was_not_sent_has_no_history_for_its_readers(
    cast: Cast, client: Client
) -> None:
    assert answer(client, cast.member, "meeting", cast.meeting.pk) == 404


def test_people_and_organisations_have_one_for_coordinators(cast: Cast, client: Client) -> None:
    for kind, pk in (("person", cast.member.pk), ("organisation", cast.espoo.pk)):
        answers = [
            answer(client, one, kind, pk) for one in (cast.secretary, cast.member, cast.stranger)
        ]
        assert answers == [200, 404, 404]


def test_another_groups_matters_are_not_in_a_persons_or_an_organisations_history(
    cast: Cast, client: Client
) -> None:
    """Each fact of another group is left out; the directory's own are not."""
    elsewhere = GroupFactory(name_fi="Salainen ryhmä")
    with acting(cast.secretary):
        MembershipFactory(group=elsewhere, person=cast.member, organisation=cast.espoo)
        for group in (elsewhere, None):
            ContactPerson.objects.create(
                organisation=cast.espoo, person=cast.member, group=group, purpose=f"{group}"
            )
    for kind, pk in (("person", cast.member.pk), ("organisation", cast.espoo.pk)):
        client.force_login(cast.secretary)
        page = client.get(f"/history/{kind}/{pk}/").text
        assert "Salainen" not in page
        assert page.count("None") == 1
        client.force_login(PersonFactory(is_administrator=True))
        assert "Salainen" in client.get(f"/history/{kind}/{pk}/").text


def test_an_actions_history_begins_for_readers_when_the_group_was_told(
    cast: Cast, client: Client
) -> None:
    write(cast, TASK, task(due="2024-12-03"))
    write(cast, TASK, task(due="2025-01-10"))
    pk = ActionItem.objects.get().pk
    assert answer(client, cast.member, "action", pk) == 404
    do_share(cast)
    assert answer(client, cast.stranger, "action", pk) == 404
    part = AssignmentFactory(owner__action_id=pk, organisation=cast.espoo)
    with acting(cast.member):
        part.state = Assignment.State.DECLINED
        part.reason = "Ei koske meitä"
        part.save()
    client.force_login(cast.member)
    client.cookies["django_language"] = "en"
    page = client.get(f"/history/action/{pk}/").text
    assert f"{cast.member.name} changed the answer: open → declined." in page
    assert ("10 January 2025" in page, "Ei koske meitä" in page) == (False, False)
    client.force_login(cast.secretary)
    page = client.get(f"/history/action/{pk}/").text
    assert "moved the due date from 3 December 2024 to 10 January 2025." in page


def test_a_contact_person_sees_their_part_and_no_history_of_the_whole(
    cast: Cast, client: Client
) -> None:
    owner = {"type": "organisation", "id": str(cast.omnia.pk)}
    write(cast, TASK, task(owners=[owner]))
    do_share(cast)
    ContactPerson.objects.create(organisation=cast.omnia, person=cast.stranger)
    action = ActionItem.objects.get()
    assert action in ActionItem.objects.visible_to(cast.stranger)
    assert answer(client, cast.stranger, "action", action.pk) == 404


# -- The page --------------------------------------------------------------------------------------


def test_the_page_is_paged_and_narrowed_by_the_database(cast: Cast, client: Client) -> None:
    other = MembershipFactory(group=cast.group, role=Membership.Role.SECRETARY).person
    for number in range(60):
        agenda.update_item(item=cast.item, by=cast.secretary, title=f"Asia {number}")
    attendance.add_guest(meeting=cast.meeting, name="Vieras Vainio", by=other)
    client.force_login(cast.secretary)
    path = f"/history/meeting/{cast.meeting.pk}/"
    first, second = client.get(path).text, client.get(path, {"page": "2"}).text
    assert ("Vieras Vainio" in first, "Vieras Vainio" in second) == (True, False)
    assert ("Asia 59" in first, "Asia 1”" in second) == (True, True)
    narrowed = client.get(path, {"by": other.pk}).text
    assert ("Vieras Vainio" in narrowed, "Asia 59" in narrowed) == (True, False)
    about = {"about": "agendaitem", "by": cast.secretary.pk, "page": "2"}
    assert f"about=agendaitem&amp;by={cast.secretary.pk}&amp;page=1" in client.get(path, about).text
    for nonsense in ({"by": "x"}, {"by": "9" * 30}, {"about": "x"}, {"page": "x"}):
        assert client.get(path, nonsense).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("group", 12), ("organisation", 11), ("person", 11)])
def test_a_page_asks_a_fixed_number_of_queries(
    cast: Cast,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
    kind: str,
    queries: int,
) -> None:
    for row in range(rows):
        with acting(PersonFactory() if row else cast.secretary):
            MembershipFactory(group=cast.group, organisation=cast.espoo, person=cast.member)
            AttendanceFactory(meeting=MeetingFactory(group=cast.group), person=cast.member)
    pk = {"group": cast.group, "organisation": cast.espoo, "person": cast.member}[kind].pk
    client.force_login(cast.secretary)
    with django_assert_num_queries(queries):
        client.get(f"/history/{kind}/{pk}/")


def test_values_are_escaped(cast: Cast, client: Client) -> None:
    agenda.update_item(item=cast.item, by=cast.secretary, title="<b>100 %(who)s %s</b>")
    agenda.update_item(item=cast.item, by=cast.secretary, title="Asia")
    client.force_login(cast.secretary)
    page = client.get(f"/history/meeting/{cast.meeting.pk}/").text
    assert "&lt;b&gt;100 %(who)s %s&lt;/b&gt;" in page
