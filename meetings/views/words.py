"""Sentences of the workspace that are put together from numbers and states."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.enums import Mode
from meetings.models import Attendance, Meeting
from meetings.remarks import Code, Remark
from meetings.selectors import Headcount


def headcount(count: Headcount) -> list[str]:
    """Who was there, in a few words: "Läsnä 16, joista etänä 3", "estynyt tai poissa 2"."""
    if not count.taken:
        return [_("Attendance has not been taken yet.")]
    words = {"present": count.present, "remote": count.remote}
    if count.remote:
        said = [_("Present %(present)d, of whom remotely %(remote)d") % words]
    else:
        said = [_("Present %(present)d") % words]
    if count.away:
        said.append(_("away %(away)d") % {"away": count.away})
    if count.unknown:
        said.append(_("not recorded %(unknown)d") % {"unknown": count.unknown})
    return said


def missing(people: list[Attendance]) -> str:
    """The organisations of which nobody was there, once attendance has been taken."""
    if not Headcount.of(people).taken:
        return ""
    there = {row.organisation_name for row in people if Mode(row.mode).is_present}
    names = dict.fromkeys(row.organisation_name for row in people if not row.is_guest)
    return ", ".join(name for name in names if name and name not in there)


@dataclass(frozen=True)
class Step:
    """The one primary action: its word, where it leads, and whether it acts at once (POST)."""

    label: str
    url: str
    acts: bool


def next_step(meeting: Meeting) -> Step | None:
    """What the meeting's state makes the next thing to do."""
    state = Meeting.State
    match meeting.state:
        case state.PLANNED:
            name, label, acts = "send_agenda", _("Send agenda…"), False
        case state.AGENDA_SENT:
            name, label, acts = "start", _("Start the meeting"), True
        case state.IN_SESSION:
            name, label, acts = "end", _("End the meeting"), True
        case state.DRAFT | state.COMMENTS:
            name, label, acts = "share", _("Share minutes…"), False
        case state.SHARED | state.APPROVED if meeting.correcting:
            name, label, acts = "share", _("Share the correction…"), False
        case state.SHARED | state.APPROVED:
            name, label, acts = "correct", _("Correct…"), False
        case _:
            return None
    return Step(label, reverse(f"meetings:{name}", args=[meeting.pk]), acts)


_REMARKS = {
    Code.IDENTITY_CODE: _lazy("Looks like a personal identity code. Take it out, or check it."),
    Code.PUPIL: _lazy("May tell of one pupil. Pupils' matters do not belong in minutes."),
    Code.NO_OWNER: _lazy("A task without an owner"),
    Code.NO_DUE: _lazy("A task without a due date"),
    Code.DOUBTS: _lazy("Doubts left from reading the old minutes in"),
    Code.NO_ATTENDANCE: _lazy("Attendance has not been taken."),
    Code.EMPTY: _lazy("No item has any text."),
}


@dataclass(frozen=True)
class Spot:
    """Where a remark points: the words there, and the address in the workspace."""

    text: str
    number: str
    url: str


@dataclass(frozen=True)
class RemarkGroup:
    """Remarks of one kind, the gravest kind first."""

    title: str
    asks_twice: bool
    spots: list[Spot]


def remark_groups(meeting: Meeting, found: list[Remark]) -> list[RemarkGroup]:
    """The remarks by kind, each with a link to its item and line."""
    workspace = reverse("meetings:workspace", args=[meeting.pk])
    groups = []
    for code, title in _REMARKS.items():
        spots = [
            Spot(remark.text, remark.number, _spot_url(workspace, remark))
            for remark in found
            if remark.code == code
        ]
        if spots:
            groups.append(RemarkGroup(str(title), code == Code.IDENTITY_CODE, spots))
    return groups


def _spot_url(workspace: str, remark: Remark) -> str:
    if not remark.item_id:
        return f"{workspace}#people" if remark.code == Code.NO_ATTENDANCE else workspace
    line = f"?line={remark.line_id}" if remark.line_id else ""
    return f"{workspace}{line}#item-{remark.item_id}"
