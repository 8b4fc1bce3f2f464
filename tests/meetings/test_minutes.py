"""Saving an item's text: merged, idempotent, its lines and marks in step."""

from uuid import UUID, uuid4

import pytest

from actions.models import ActionItem, Assignment
from core.richtext import mint
from meetings.marks import BadMarks
from meetings.models import AgendaItem, ItemRevision, Line, Mark, Meeting
from meetings.services.minutes import ItemGone, Saved, UnknownBase, save_item
from meetings.states import WrongState
from tests.cast import NOW, Cast
from tests.factories import AgendaItemFactory, AttendanceFactory, MeetingFactory

A, B, C = (mint() for _ in range(3))


def p(line: str, text: str) -> str:
    return f'<p data-line="{line}">{text}</p>'


def save(
    cast: Cast,
    html: str,
    *,
    base: int = 0,
    marks: object = None,
    item: AgendaItem | None = None,
    token: UUID | None = None,
) -> Saved:
    return save_item(
        item=item or cast.item,
        base=base,
        token=token or uuid4(),
        html=html,
        marks={} if marks is None else marks,
        by=cast.secretary,
        now=NOW,
    )


def task(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "kind": "task",
        "owners": [{"type": "organisation", "id": str(cast.omnia.pk)}],
        "recipient": {"type": "organisation", "id": str(cast.espoo.pk)},
        "due": "next_meeting",
    } | more


def test_a_save_keeps_the_text_as_a_revision_and_as_lines(cast: Cast) -> None:
    saved = save(cast, p(A, "Avaus") + p(B, "Talousarvio <strong>valmistuu</strong>"))

    assert saved.revision == 1
    cast.item.refresh_from_db()
    assert cast.item.body == saved.html
    assert ItemRevision.objects.get().body == saved.html
    assert list(Line.objects.order_by("position").values_list("id", "level", "text")) == [
        (A, 0, "Avaus"),
        (B, 0, "Talousarvio valmistuu"),
    ]


def test_the_same_token_again_is_the_same_save(cast: Cast) -> None:
    token = uuid4()
    first = save(cast, p(A, "yksi"), token=token)
    save(cast, p(A, "yksi") + p(B, "kaksi"), base=1)

    again = save(cast, p(A, "yksi"), token=token)

    assert again == first
    assert ItemRevision.objects.count() == 2


def test_two_people_on_different_lines_lose_nothing(cast: Cast) -> None:
    save(cast, p(A, "yksi") + p(B, "kaksi"))
    save(cast, p(A, "yksi ja puoli") + p(B, "kaksi"), base=1)

    saved = save(cast, p(A, "yksi") + p(B, "kaksi ja puoli"), base=1)

    assert saved.html == p(A, "yksi ja puoli") + p(B, "kaksi ja puoli")
    assert saved.conflicts == []
    assert saved.revision == 3


def test_a_line_that_both_changed_keeps_both_texts_and_says_whose(cast: Cast) -> None:
    save(cast, p(A, "talousarvio tulee"))
    save(cast, p(A, "talousarvio saadaan"), base=1)

    saved = save(cast, p(A, "talousarvio puuttuu"), base=1)

    assert "saadaan" in saved.html
    assert "puuttuu" in saved.html
    assert [c["by"] for c in saved.conflicts] == [cast.secretary.name]


def test_a_base_that_never_was_is_refused(cast: Cast) -> None:
    save(cast, p(A, "yksi"))
    with pytest.raises(UnknownBase):
        save(cast, p(A, "kaksi"), base=7)
    assert ItemRevision.objects.count() == 1


def test_a_missing_or_doubled_id_is_minted(cast: Cast) -> None:
    saved = save(cast, "<p>ilman</p>" + p(A, "yksi") + p(A, "kopio"))

    ids = list(Line.objects.order_by("position").values_list("id", flat=True))
    assert ids[1] == A
    assert len(set(ids)) == 3
    assert saved.html.count(A) == 1


def test_a_line_of_another_meeting_comes_without_its_id_and_mark(cast: Cast) -> None:
    other = AgendaItemFactory(meeting=MeetingFactory(group=cast.group))
    save(cast, p(A, "Sovittiin"), item=other, marks={A: [{"kind": "agreed"}]})

    saved = save(cast, p(A, "Sovittiin"))

    assert A not in saved.html
    assert saved.marks == {}
    assert Line.objects.get(id=A).item == other


def test_marks_become_records_and_a_task_an_action_with_an_assignment(cast: Cast) -> None:
    saved = save(
        cast,
        p(A, "Omnia jakaa pohjansa Espooseen."),
        marks={A: [task(cast), {"kind": "agreed", "effective": "2025-01"}]},
    )

    assert [mark["kind"] for mark in saved.marks[A]] == ["agreed", "task"]
    assert saved.marks[A][1]["owners"][0]["name"] == "Omnia"
    action = ActionItem.objects.get()
    assert (action.text, action.due, action.due_on) == (
        "Omnia jakaa pohjansa Espooseen.",
        "next_meeting",
        None,
    )
    assert action.recipient_organisation == cast.espoo
    assert action.origin.live_from is None
    assert not ActionItem.objects.live().exists()
    assert Assignment.objects.get().organisation == cast.omnia
    assert set(Mark.objects.values_list("kind", flat=True)) == {"agreed", "task"}


def test_an_actions_text_follows_its_line_while_draft(cast: Cast) -> None:
    save(cast, p(A, "Omnia jakaa"), marks={A: [task(cast)]})
    save(cast, p(A, "Omnia jakaa pohjan"), base=1, marks={A: [task(cast, due="2025-01-31")]})

    action = ActionItem.objects.get()
    assert (action.text, str(action.due_on)) == ("Omnia jakaa pohjan", "2025-01-31")


def test_deleting_a_line_hides_its_record_and_undo_restores_it(cast: Cast) -> None:
    save(cast, p(A, "Omnia jakaa") + p(B, "muuta"), marks={A: [task(cast)]})
    save(cast, p(B, "muuta"), base=1)
    record = Mark.objects.get()
    assert record.hidden_at
    assert record.action.hidden_at

    save(cast, p(A, "Omnia jakaa") + p(B, "muuta"), base=2, marks={A: [task(cast)]})

    record = Mark.objects.get()
    assert record.hidden_at is None
    assert record.action.hidden_at is None
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("base", [-1, 5, 10**30])
def test_a_base_out_of_the_row_is_refused(cast: Cast, base: int) -> None:
    with pytest.raises(UnknownBase):
        save(cast, p(A, "yksi"), base=base)


@pytest.mark.parametrize("old_item_first", [True, False])
def test_cut_and_paste_moves_the_mark_whichever_item_is_saved_first(
    cast: Cast, old_item_first: bool
) -> None:
    other = AgendaItemFactory(meeting=cast.meeting, title="Toinen")
    save(cast, p(A, "Omnia jakaa") + p(B, "jää"), marks={A: [task(cast)]})

    def leave() -> None:
        save(cast, p(B, "jää"), base=1)

    def arrive() -> Saved:
        return save(cast, p(C, "alku") + p(A, "Omnia jakaa"), item=other)

    if old_item_first:
        leave()
        saved = arrive()
    else:
        saved = arrive()
        leave()

    assert [mark["kind"] for mark in saved.marks[A]] == ["task"]
    record = Mark.objects.get()
    assert (record.item, record.hidden_at) == (other, None)
    assert ActionItem.objects.get().hidden_at is None
    assert Line.objects.get(id=A).item == other


def test_marks_of_two_people_are_merged_line_by_line(cast: Cast) -> None:
    save(cast, p(A, "yksi") + p(B, "kaksi"))
    save(cast, p(A, "yksi") + p(B, "kaksi"), base=1, marks={A: [{"kind": "agreed"}]})

    saved = save(cast, p(A, "yksi") + p(B, "kaksi"), base=1, marks={B: [{"kind": "question"}]})

    assert {line: [m["kind"] for m in marks] for line, marks in saved.marks.items()} == {
        A: ["agreed"],
        B: ["question"],
    }


@pytest.mark.parametrize(
    "marks",
    [
        [],
        {A: [{"kind": "nonsense"}]},
        {A: [{"kind": "task", "owners": [{"type": "set", "id": "everyone"}]}]},
        {A: [{"kind": "task", "owners": [{"type": "person", "id": "9" * 20}]}]},
        {A: [{"kind": "task", "owners": [{"type": "person", "id": "1; drop"}]}]},
        {A: [{"kind": "task", "due": "huomenna"}]},
    ],
)
def test_what_is_not_marks_is_refused_and_nothing_saved(cast: Cast, marks: object) -> None:
    with pytest.raises(BadMarks):
        save(cast, p(A, "yksi"), marks=marks)
    assert not ItemRevision.objects.exists()


def test_who_cannot_be_picked_is_no_owner_and_the_text_is_saved_all_the_same(cast: Cast) -> None:
    owners = [
        {"type": "person", "id": str(cast.stranger.pk)},
        {"type": "organisation", "id": "999999"},
        {"type": "organisation", "id": str(cast.omnia.pk)},
    ]
    saved = save(cast, p(A, "yksi"), marks={A: [task(cast, owners=owners)]})
    assert [owner["name"] for owner in saved.marks[A][0]["owners"]] == ["Omnia"]


def test_an_owner_who_left_the_meeting_stays_with_a_line_that_moves_or_comes_back(
    cast: Cast,
) -> None:
    row = AttendanceFactory(meeting=cast.meeting, person=cast.stranger)
    marks = {A: [task(cast, owners=[{"type": "person", "id": str(cast.stranger.pk)}])]}
    save(cast, p(A, "yksi"), marks=marks)
    row.delete()
    save(cast, p(B, "kaksi"), base=1)
    back = save(cast, p(A, "yksi"), base=2, marks=marks)
    other = AgendaItemFactory(meeting=cast.meeting)
    moved = save(cast, p(A, "yksi"), item=other)
    names = [[o["name"] for o in s.marks[A][0]["owners"]] for s in (back, moved)]
    assert names == [[cast.stranger.name]] * 2


def test_no_text_is_saved_into_what_is_shared_or_taken_away(cast: Cast) -> None:
    Meeting.objects.update(state=Meeting.State.SHARED)
    with pytest.raises(WrongState):
        save(cast, p(A, "yksi"))
    Meeting.objects.update(state=Meeting.State.DRAFT)
    AgendaItem.objects.update(removed_at=NOW)
    with pytest.raises(ItemGone):
        save(cast, p(A, "yksi"))


def test_history_has_the_actor_and_leaves_the_body_out(cast: Cast) -> None:
    save(cast, p(A, "Omnia jakaa"), marks={A: [task(cast)]})

    event = ActionItem.pgh_event_model.objects.select_related("pgh_context").get()
    assert event.pgh_context.metadata["actor"] == cast.secretary.pk
    assert not hasattr(AgendaItem.pgh_event_model(), "body")
