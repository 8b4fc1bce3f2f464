"""Everyone present, then the exceptions; guests."""

from meetings.enums import Mode
from meetings.models import Attendance
from tests.cast import Cast
from tests.factories import AttendanceFactory, MeetingFactory
from tests.meetings.pages import JSON, browser, shared, text, url


def modes(cast: Cast) -> list[str]:
    rows = Attendance.objects.filter(meeting=cast.meeting).order_by("position", "pk")
    return list(rows.values_list("mode", flat=True))


def test_everyone_and_then_the_exceptions_by_taps(cast: Cast) -> None:
    rows = AttendanceFactory.create_batch(3, meeting=cast.meeting)
    client = browser(cast.secretary)
    whole = client.post(url("everyone_present", cast.meeting), **JSON).json()
    assert "Present 3" in whole["people"]
    tapped = client.post(url("set_mode", cast.meeting), {f"mode-{rows[1].pk}": "remote"}, **JSON)
    assert list(tapped.json()) == ["headcount"]
    assert "Present 3, of whom remotely 1" in tapped.json()["headcount"]
    assert modes(cast) == [Mode.IN_PERSON, Mode.REMOTE, Mode.IN_PERSON]


def test_without_a_script_the_whole_list_is_one_form(cast: Cast) -> None:
    first, second = AttendanceFactory.create_batch(2, meeting=cast.meeting)
    response = browser(cast.secretary).post(
        url("set_mode", cast.meeting),
        {f"mode-{first.pk}": "apologies", f"mode-{second.pk}": "absent"},
    )
    assert response["Location"] == url("workspace", cast.meeting) + "#people"
    assert modes(cast) == [Mode.APOLOGIES, Mode.ABSENT]


def test_what_is_no_mode_or_another_meetings_row_changes_nothing(cast: Cast) -> None:
    mine = AttendanceFactory(meeting=cast.meeting)
    foreign = AttendanceFactory(meeting=MeetingFactory(group=cast.group))
    client = browser(cast.secretary)
    sent = {f"mode-{mine.pk}": "asleep", f"mode-{foreign.pk}": "absent"}
    client.post(url("set_mode", cast.meeting), sent)
    assert client.post(url("remove_guest", cast.meeting, foreign.pk)).status_code == 404
    assert set(Attendance.objects.values_list("mode", flat=True)) == {Mode.UNSPECIFIED}


def test_a_guest_comes_and_goes(cast: Cast) -> None:
    client = browser(cast.secretary)
    guest = {"guest-name": "Ville Vieras", "guest-organisation_name": "THL", "guest-mode": "remote"}
    answer = client.post(url("add_guest", cast.meeting), guest, **JSON).json()
    assert "Present 1, of whom remotely 1" in answer["people"]
    row = Attendance.objects.get(meeting=cast.meeting)
    assert (row.name, row.organisation_name, row.mode, row.is_guest) == (
        "Ville Vieras",
        "THL",
        "remote",
        True,
    )
    client.post(url("remove_guest", cast.meeting, row.pk))
    assert not Attendance.objects.filter(meeting=cast.meeting).exists()


def test_a_guest_without_a_name_is_asked_for_it_and_the_rest_is_kept(cast: Cast) -> None:
    client = browser(cast.secretary)
    guest = {"guest-name": "", "guest-organisation_name": "THL", "guest-mode": "remote"}
    page = client.post(url("add_guest", cast.meeting), guest)
    assert page.status_code == 400
    part = client.post(url("add_guest", cast.meeting), guest, **JSON).json()["people"]
    for said in (text(page), part):
        assert 'value="THL"' in said
        assert 'id="id_guest-name_error"' in said
        assert '<details class="guest" open>' in said


def test_after_sharing_attendance_stands(cast: Cast) -> None:
    row = AttendanceFactory(meeting=cast.meeting)
    shared(cast)
    client = browser(cast.secretary)
    answer = client.post(url("set_mode", cast.meeting), {f"mode-{row.pk}": "remote"}, **JSON)
    assert (answer.status_code, answer.json()["state"]) == (409, "shared")
    assert modes(cast) == [Mode.UNSPECIFIED]
