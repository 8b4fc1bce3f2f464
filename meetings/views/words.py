"""Sentences of the workspace that are put together from numbers and states."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.archiving.readiness import Lack, Missing
from meetings.enums import Mode
from meetings.models import Attendance, Meeting
from meetings.remarks import Code, Remark
from meetings.selectors import Headcount
from meetings.states import may_become


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
    """Something to do: its words, where it leads, whether it acts at once (a POST)."""

    label: str
    url: str
    acts: bool = False
    dangerous: bool = False


def _step(meeting: Meeting, name: str, label: str, **kind: bool) -> Step:
    return Step(label, reverse(f"meetings:{name}", args=[meeting.pk]), **kind)


def next_step(meeting: Meeting) -> Step | None:
    """The one primary action: what the meeting's state makes the next thing to do."""
    state = Meeting.State
    match meeting.state:
        case state.PLANNED:
            return _step(meeting, "send_agenda", _("Send agenda…"))
        case state.AGENDA_SENT:
            return _step(meeting, "start", _("Start the meeting"), acts=True)
        case state.IN_SESSION:
            return _step(meeting, "end", _("End the meeting"), acts=True)
        case state.DRAFT | state.COMMENTS:
            return _step(meeting, "share", _("Share minutes…"))
        case state.SHARED | state.APPROVED if meeting.correcting:
            return _step(meeting, "share", _("Share the correction…"))
        case state.SHARED | state.APPROVED:
            return _step(meeting, "correct", _("Correct…"))
        case state.CANCELLED:
            return _step(meeting, "revive", _("Hold it after all"), acts=True)
    return None


def other_steps(meeting: Meeting) -> list[Step]:
    """What one seldom needs, behind "More"; the dangerous last."""
    state = Meeting.State
    steps = []
    if meeting.is_open:
        steps.append(_step(meeting, "settings", _("Time, place and language")))
    if meeting.state == state.PLANNED:
        steps.append(_step(meeting, "start", _("Start without sending the agenda"), acts=True))
    elif meeting.state == state.AGENDA_SENT:
        steps.append(_step(meeting, "send_agenda", _("Send the agenda again…")))
    elif meeting.state == state.IN_SESSION:
        steps.append(_step(meeting, "detail", _("Read the agenda that was sent")))
    elif meeting.state == state.DRAFT:
        steps.append(_step(meeting, "start", _("Continue the meeting"), acts=True))
    if meeting.is_shared:
        steps.append(_step(meeting, "detail", _("Read what was shared")))
    if meeting.correcting:
        steps.append(_step(meeting, "close_correction", _("Close without correcting"), acts=True))
    if meeting.is_open:
        draft = _step(meeting, "pdf", _("Draft as PDF"))
        steps.append(Step(draft.label, f"{draft.url}?draft=1"))
    copied = reverse("meetings:create", args=[meeting.group.slug])
    steps.append(Step(_("Copy the agenda to a new meeting"), f"{copied}?copy={meeting.pk}"))
    steps.append(_step(meeting, "records", _("Publicity and records")))
    if meeting.is_shared:
        steps.append(_step(meeting, "publish", _("Put on the web…")))
        steps.append(_step(meeting, "archive", _("Ready for the archive?")))
    steps.append(_step(meeting, "redact", _("Remove personal data…"), dangerous=True))
    if may_become(meeting, state.CANCELLED):
        steps.append(_step(meeting, "cancel", _("Cancel the meeting…"), dangerous=True))
    return steps


_REMARKS = {
    Code.IDENTITY_CODE: gettext_lazy(
        "Looks like a personal identity code. Take it out, or check it."
    ),
    Code.PUPIL: gettext_lazy("May tell of one pupil. Pupils' matters do not belong in minutes."),
    Code.CONFLICT: gettext_lazy("Two people changed the same words, and nobody has chosen yet"),
    Code.NO_OWNER: gettext_lazy("A task without an owner"),
    Code.NO_DUE: gettext_lazy("A task without a due date"),
    Code.DOUBTS: gettext_lazy("Doubts left from reading the old minutes in"),
    Code.NO_ATTENDANCE: gettext_lazy("Attendance has not been taken."),
    Code.EMPTY: gettext_lazy("No item has any text."),
}


@dataclass(frozen=True)
class Spot:
    """Where a remark points: the words there, and the address in the workspace."""

    text: str
    language: str
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
            Spot(
                remark.text,
                remark.language or meeting.language,
                remark.number,
                _spot_url(workspace, remark),
            )
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


_LACKS = {
    Lack.NOT_SHARED: gettext_lazy("The minutes have not been shared."),
    Lack.CORRECTING: gettext_lazy("The minutes are being corrected."),
    Lack.NOT_APPROVED: gettext_lazy("The group has not approved the minutes."),
    Lack.NO_RECORD_NUMBER: gettext_lazy("There is no record number."),
    Lack.NO_TASK_CLASS: gettext_lazy("There is no task class."),
    Lack.NO_RETENTION: gettext_lazy("It is not said how long the minutes are kept."),
    Lack.UNCHECKED: gettext_lazy("The accessibility of an attachment has not been checked."),
    Lack.IDENTITY_CODE: gettext_lazy("A personal identity code stands in the text."),
    Lack.PUPIL: gettext_lazy("The text may tell of one pupil."),
    Lack.LINK: gettext_lazy("A link is attached. What it leads to is not in the package."),
}
_WHERE = {
    Lack.NOT_SHARED: "workspace",
    Lack.CORRECTING: "workspace",
    Lack.NOT_APPROVED: "detail",
    Lack.NO_RECORD_NUMBER: "records",
    Lack.NO_TASK_CLASS: "records",
    Lack.NO_RETENTION: "records",
    Lack.IDENTITY_CODE: "redact",
    Lack.PUPIL: "redact",
}


def lacks(meeting: Meeting, found: list[Missing]) -> list[tuple[str, str, str]]:
    """What is missing for the archive: words, the spot, and the page on which it is put right."""
    return [
        (
            str(_LACKS[one.lack]),
            one.text,
            reverse(f"meetings:{_WHERE[one.lack]}", args=[meeting.pk])
            if one.lack in _WHERE
            else "",
        )
        for one in found
    ]


_NOT_PUBLIC = {
    "closed": gettext_lazy(
        "The documents of this meeting are only for members, or secret. They can’t be put on the "
        "web."
    ),
    "not_approved": gettext_lazy(
        "The minutes are internal until the group has approved them. Mark them as approved first."
    ),
    "not_shared": gettext_lazy("The minutes have not been shared yet."),
}


def why_not_public(code: str) -> str:
    """Why minutes can't be put on the web, in words."""
    return str(_NOT_PUBLIC[code])
