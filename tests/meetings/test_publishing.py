"""Agendas sent, minutes shared, corrected, approved: frozen versions for each audience."""

import json
from io import BytesIO
from threading import Thread

import psycopg
import pytest
from django.db import connections
from pypdf import PdfReader

from actions.models import ActionItem
from core.richtext import mint
from meetings.document import audiences_of
from meetings.enums import Audience
from meetings.fetching import stored
from meetings.models import AgendaItem, DocumentVersion, ItemRevision, Meeting, Rendition
from meetings.remarks import Code, remarks
from meetings.services import publishing
from meetings.services.publishing import (
    HasChanges,
    NoteMissing,
    UnconfirmedCode,
    approve,
    close_correction,
    open_correction,
    send_agenda,
)
from meetings.states import TRANSITIONS, WrongState
from tests.cast import NOW, Cast, do_share, write
from tests.factories import AgendaItemFactory, AttendanceFactory

A, B = mint(), mint()
CODE = "131052-308T"  # the authority's own example of an identity code


def task(cast: Cast, due: str = "") -> dict[str, object]:
    return {
        "kind": "task",
        "owners": [{"type": "organisation", "id": str(cast.omnia.pk)}],
        "due": due,
    }


def read(cast: Cast, audience: str, format: str) -> str:
    found = stored(cast.meeting, audience=audience, format=format)
    assert found
    content = found.content
    if format == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        return text.replace("\u00ad", "")
    return content.decode()


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Meeting.State)
    assert set().union(*TRANSITIONS.values()) <= set(Meeting.State)


def test_sharing_freezes_the_text_in_three_formats(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">Omnia jakaa pohjansa.</p>', {A: [task(cast)]})

    version = do_share(cast)

    assert (version.kind, version.number) == ("minutes", 1)
    assert sorted(version.renditions.values_list("format", "audience")) == [
        ("html", "all"),
        ("json", "all"),
        ("pdf", "all"),
    ]
    assert "Omnia jakaa pohjansa." in read(cast, Audience.ALL, "html")
    assert "Omnia jakaa pohjansa." in read(cast, Audience.ALL, "pdf")
    assert json.loads(read(cast, Audience.ALL, "json")) == version.data
    cast.meeting.refresh_from_db()
    assert cast.meeting.state == Meeting.State.SHARED
    assert ActionItem.objects.live().get().text == "Omnia jakaa pohjansa."


def test_each_audience_reads_its_own_items_only(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">kaikille</p>')
    members = AgendaItemFactory(meeting=cast.meeting, title="Jäsenten asia", visibility="members")
    secret = AgendaItemFactory(
        meeting=cast.meeting, title="Salainen asia", visibility="secret", secrecy="24 §"
    )
    under = AgendaItemFactory(meeting=cast.meeting, title="Salaisen alla", parent=secret)

    version = do_share(cast)

    assert audiences_of(version.data) == ["all", "members", "coordinators"]
    for audience, titles in (
        (Audience.ALL, []),
        (Audience.MEMBERS, [members.title]),
        (Audience.COORDINATORS, [members.title, secret.title, under.title]),
    ):
        for format in Rendition.Format.values:
            text = read(cast, audience, format)
            seen = [t for t in (members.title, secret.title, under.title) if t in text]
            assert seen == titles, (audience, format)


def test_what_is_shown_comes_from_the_frozen_version(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">ennen</p>')
    do_share(cast)
    before = read(cast, Audience.ALL, "html")
    Meeting.objects.update(title="Aivan muuta")
    AgendaItem.objects.update(body="<p>jälkeen</p>")

    assert read(cast, Audience.ALL, "html") == before


def test_a_correction_is_the_next_version_and_says_what_changed(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">Omnia jakaa</p>', {A: [task(cast)]})
    other = AgendaItemFactory(meeting=cast.meeting, title="Muut asiat")
    first = do_share(cast)
    with pytest.raises(WrongState):
        write(cast, f'<p data-line="{A}">Omnia ei jaa</p>')

    meeting = open_correction(meeting=cast.meeting, by=cast.secretary)
    write(cast, f'<p data-line="{A}">Omnia jakaa pohjan</p>', {A: [task(cast, "2027-01")]})
    # Nobody sees the correction before it is shared: the action stays as it was.
    assert ActionItem.objects.get().text == "Omnia jakaa"
    assert "pohjan" not in read(cast, Audience.ALL, "html")
    with pytest.raises(NoteMissing):
        do_share(cast)
    second = do_share(cast, change_note="Tarkennettiin tehtävää.")

    assert (first.number, second.number) == (1, 2)
    assert second.data["supersedes"] == 1
    assert second.data["changed_items"] == ["1"]
    assert "Tarkennettiin tehtävää." in read(cast, Audience.ALL, "html")
    assert "Tarkennettiin tehtävää." in read(cast, Audience.ALL, "pdf")
    action = ActionItem.objects.get()
    assert (action.text, action.due) == ("Omnia jakaa pohjan", "2027-01")
    assert not Meeting.objects.get(pk=meeting.pk).correcting
    assert other.title in read(cast, Audience.ALL, "html")


def test_a_task_taken_out_by_a_correction_stands_until_it_is_shared(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">Omnia jakaa</p>', {A: [task(cast)]})
    do_share(cast)
    open_correction(meeting=cast.meeting, by=cast.secretary)
    write(cast, f'<p data-line="{B}">Ei tehtävää.</p>')
    assert ActionItem.objects.live().count() == 1

    do_share(cast, change_note="Tehtävä poistettiin.")

    assert ActionItem.objects.live().count() == 0
    assert ActionItem.objects.count() == 1


def test_an_agenda_gets_its_number_when_it_is_sent(cast: Cast) -> None:
    cast.group.numbers_meetings = True
    cast.group.save()
    meeting = Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)

    first = send_agenda(meeting=meeting, by=cast.secretary, now=NOW)
    meeting.refresh_from_db()
    second = send_agenda(meeting=meeting, by=cast.secretary, now=NOW)

    assert first.data["number"] == second.data["number"] == meeting.full_number
    assert meeting.number == 1
    assert [first.number, second.number] == [1, 2]
    assert meeting.state == Meeting.State.AGENDA_SENT


def test_approval_is_appended_and_the_version_stays(cast: Cast) -> None:
    version = do_share(cast)
    before = version.renditions.count()

    approve(version=version, by=cast.secretary, now=NOW)

    assert Meeting.objects.get().state == Meeting.State.APPROVED
    assert version.renditions.count() == 2 * before
    assert DocumentVersion.objects.get().data == version.data


def test_an_identity_code_asks_twice_and_other_remarks_inform(cast: Cast) -> None:
    AttendanceFactory(meeting=cast.meeting)
    write(
        cast,
        f'<p data-line="{A}">Tunnus on {CODE}.</p><p data-line="{B}">Joku tekee.</p>',
        {B: [{"kind": "task"}]},
    )
    found = [(r.code, r.line_id) for r in remarks(cast.meeting)]

    assert found == [
        (Code.NO_ATTENDANCE, ""),
        (Code.IDENTITY_CODE, A),
        (Code.NO_OWNER, B),
        (Code.NO_DUE, B),
    ]
    with pytest.raises(UnconfirmedCode):
        do_share(cast)
    assert do_share(cast, confirmed_codes=True).number == 1


def test_sharing_renders_again_where_someone_saves_meanwhile(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, f'<p data-line="{A}">yksi</p>')
    render, times = publishing.render, []

    def render_slowly(data: publishing.Data) -> list[publishing.Output]:
        times.append(1)
        if len(times) == 1:
            write(cast, f'<p data-line="{A}">yksi ja kaksi</p>')
        return render(data)

    monkeypatch.setattr(publishing, "render", render_slowly)
    do_share(cast)

    assert len(times) == 2
    assert "yksi ja kaksi" in read(cast, Audience.ALL, "html")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["documentversion", "rendition", "approval", "redaction"])
@pytest.mark.parametrize(
    "sql", ["UPDATE meetings_{} SET id = id", "DELETE FROM meetings_{}", "TRUNCATE meetings_{}"]
)
def test_the_apps_role_cannot_change_what_is_frozen(
    cast: Cast, app_role: psycopg.Connection, table: str, sql: str
) -> None:
    version = do_share(cast)
    approve(version=version, by=cast.secretary, now=NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_role.execute(sql.format(table))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["actions_actionitemevent", "meetings_meetingevent"])
def test_the_apps_role_cannot_rewrite_history(
    cast: Cast, app_role: psycopg.Connection, table: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_role.execute(f"UPDATE {table} SET pgh_label = 'x'")


def test_a_draft_version_leaves_revisions_alone(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">yksi</p>')
    do_share(cast)
    assert ItemRevision.objects.count() == 1


def test_a_code_typed_while_rendering_or_in_the_note_asks_twice_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, f'<p data-line="{A}">yksi</p>')
    render, times = publishing.render, []

    def render_slowly(data: publishing.Data) -> list[publishing.Output]:
        if not times:
            write(cast, f'<p data-line="{A}">yksi {CODE}</p>')
        times.append(1)
        return render(data)

    monkeypatch.setattr(publishing, "render", render_slowly)
    with pytest.raises(UnconfirmedCode):
        do_share(cast)
    assert do_share(cast, confirmed_codes=True).number == 1

    open_correction(meeting=cast.meeting, by=cast.secretary)
    write(cast, f'<p data-line="{A}">yksi</p>')
    with pytest.raises(UnconfirmedCode):
        do_share(cast, change_note=f"Poistettu {CODE}")


def test_an_agenda_with_a_code_asks_twice(cast: Cast) -> None:
    AgendaItem.objects.update(title=f"Asia {CODE}")
    meeting = Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)
    with pytest.raises(UnconfirmedCode):
        send_agenda(meeting=meeting, by=cast.secretary, now=NOW)
    version = send_agenda(meeting=meeting, by=cast.secretary, now=NOW, confirmed_codes=True)
    assert version.number == 1


def test_only_the_newest_version_is_approved_and_not_while_it_is_corrected(cast: Cast) -> None:
    first = do_share(cast)
    open_correction(meeting=cast.meeting, by=cast.secretary)
    with pytest.raises(WrongState):
        approve(version=first, by=cast.secretary, now=NOW)
    do_share(cast, change_note="x")
    with pytest.raises(WrongState):
        approve(version=first, by=cast.secretary, now=NOW)


def test_what_stands_under_a_restricted_item_is_as_restricted(cast: Cast) -> None:
    AgendaItem.objects.update(visibility="members")
    child = AgendaItemFactory(meeting=cast.meeting, parent=cast.item)
    write(cast, f'<p data-line="{A}">Espoo tekee</p>', {A: [task(cast)]}, item=child)

    do_share(cast)

    assert ActionItem.objects.get().origin.audience == "members"
    assert not ActionItem.objects.visible_to(cast.observer).exists()
    assert ActionItem.objects.visible_to(cast.member).exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waits_for_the_sharing_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, f'<p data-line="{A}">yksi</p>')
    refused: list[BaseException] = []

    def save_late() -> None:
        try:
            write(cast, f'<p data-line="{A}">yksi, myöhässä</p>')
        except WrongState as error:
            refused.append(error)
        finally:
            connections.close_all()

    store, late = publishing.store_renditions, Thread(target=save_late)

    def store_slowly(**options: object) -> None:
        late.start()
        late.join(1)  # it waits for the item's lock, which we hold
        store(**options)

    monkeypatch.setattr(publishing, "store_renditions", store_slowly)
    do_share(cast)
    late.join()

    assert len(refused) == 1
    assert "myöhässä" not in AgendaItem.objects.get().body


def test_a_correction_opened_by_mistake_is_closed_unless_something_changed(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">yksi</p>')
    do_share(cast)
    open_correction(meeting=cast.meeting, by=cast.secretary)
    assert not close_correction(meeting=cast.meeting, by=cast.secretary).correcting

    open_correction(meeting=cast.meeting, by=cast.secretary)
    write(cast, f'<p data-line="{A}">kaksi</p>')
    with pytest.raises(HasChanges):
        close_correction(meeting=cast.meeting, by=cast.secretary)


def test_what_changed_in_a_restricted_item_is_not_told_to_others(cast: Cast) -> None:
    item = AgendaItemFactory(meeting=cast.meeting, visibility="members")
    do_share(cast)
    open_correction(meeting=cast.meeting, by=cast.secretary)
    write(cast, f'<p data-line="{A}">muutos</p>', item=item)
    do_share(cast, change_note="x")
    for audience, changed in ((Audience.ALL, []), (Audience.MEMBERS, ["2"])):
        assert json.loads(read(cast, audience, "json"))["changed_items"] == changed
