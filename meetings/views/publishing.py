"""Pages on which an agenda is sent and minutes are shared, corrected and approved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory.access import posted
from directory.permissions import Verb
from meetings import selectors
from meetings.forms import ShareForm
from meetings.models import DocumentVersion, Meeting
from meetings.remarks import remarks
from meetings.services import publishing
from meetings.states import WrongState, may_become
from meetings.views import workspace
from meetings.views.access import Request, for_meeting
from meetings.views.words import remark_groups


def _still_typing(request: Request) -> None:
    messages.error(
        request, _("Others were writing just then, so nothing was frozen. Try again in a moment.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def send_agenda(request: Request, meeting: Meeting) -> HttpResponse:
    """Show what the members will get, and freeze it as the agenda."""
    if not may_become(meeting, Meeting.State.AGENDA_SENT):
        raise WrongState(meeting, Meeting.State.AGENDA_SENT)
    codes = [remark for remark in remarks(meeting) if remark.asks_twice]
    form = ShareForm(posted(request), correction=False, codes=bool(codes))
    if request.method == "POST" and form.is_valid():
        try:
            publishing.send_agenda(
                meeting=meeting,
                by=request.user,
                now=timezone.now(),
                confirmed_codes=form.cleaned_data.get("confirmed_codes", False),
            )
        except publishing.UnconfirmedCode:
            form = _asking_twice(request, meeting)
        except publishing.StillTyping:
            _still_typing(request)
            return redirect("meetings:send_agenda", meeting.pk)
        else:
            messages.success(request, _("The agenda has been sent. The members can read it here."))
            return redirect("meetings:workspace", meeting.pk)
    context = {
        "meeting": meeting,
        "rows": selectors.agenda(meeting),
        "groups": remark_groups(meeting, codes),
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "meetings/send_agenda.html", context, status=status)


def _asking_twice(request: Request, meeting: Meeting) -> ShareForm:
    """The form again, with the box that says that the codes have been looked at."""
    form = ShareForm(posted(request), correction=meeting.correcting, codes=True)
    problem = _("Check the personal identity codes first, then tick this box.")
    form.add_error("confirmed_codes", problem)
    return form


@require_POST
@for_meeting(Verb.WRITE)
def start(request: Request, meeting: Meeting) -> HttpResponse:
    """The meeting begins."""
    publishing.start_meeting(meeting=meeting, by=request.user)
    messages.success(request, _("The meeting has begun. Take attendance first."))
    return redirect(workspace.address(meeting))


@require_POST
@for_meeting(Verb.WRITE)
def end(request: Request, meeting: Meeting) -> HttpResponse:
    """The meeting is over; the minutes are a draft until they are shared."""
    publishing.end_meeting(meeting=meeting, by=request.user)
    messages.success(
        request, _("The meeting is over. Its minutes are a draft until you share them.")
    )
    return redirect(workspace.address(meeting))


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def share(request: Request, meeting: Meeting) -> HttpResponse:
    """What is worth a second look, and the button that shares the minutes."""
    if not may_become(meeting, Meeting.State.SHARED) or not meeting.is_open:
        raise WrongState(meeting, Meeting.State.SHARED)
    found = remarks(meeting)
    form = ShareForm(
        posted(request),
        correction=meeting.correcting,
        codes=any(remark.asks_twice for remark in found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            publishing.share(
                meeting=meeting,
                by=request.user,
                now=timezone.now(),
                change_note=form.cleaned_data.get("change_note", ""),
                confirmed_codes=form.cleaned_data.get("confirmed_codes", False),
            )
        except publishing.UnconfirmedCode:
            form = _asking_twice(request, meeting)
        except publishing.StillTyping:
            _still_typing(request)
        else:
            messages.success(request, _("The minutes have been shared with the group."))
            return redirect("meetings:detail", meeting.pk)
    context = {"meeting": meeting, "groups": remark_groups(meeting, found), "form": form}
    return render(request, "meetings/share.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def correct(request: Request, meeting: Meeting) -> HttpResponse:
    """Say what a correction is, and open shared minutes for one."""
    if not meeting.is_shared:
        raise WrongState(meeting)
    if request.method == "POST":
        publishing.open_correction(meeting=meeting, by=request.user)
        messages.success(
            request, _("You can correct the minutes now. Readers keep the version they have.")
        )
        return redirect("meetings:workspace", meeting.pk)
    return render(request, "meetings/correct.html", {"meeting": meeting})


@require_POST
@for_meeting(Verb.WRITE)
def close_correction(request: Request, meeting: Meeting) -> HttpResponse:
    """A correction opened by mistake is closed, as long as nothing was changed."""
    try:
        publishing.close_correction(meeting=meeting, by=request.user)
    except publishing.HasChanges:
        messages.error(
            request, _("Something has been changed already. Share the correction, or undo it.")
        )
    else:
        messages.success(request, _("The correction is closed. Nothing was changed."))
    return redirect("meetings:workspace", meeting.pk)


@require_POST
@for_meeting(Verb.WRITE)
def approve(request: Request, meeting: Meeting) -> HttpResponse:
    """The group has approved the newest version, the one that was looked at (field `version`)."""
    newest = DocumentVersion.objects.of(meeting).latest_of(DocumentVersion.Kind.MINUTES).first()
    if newest is None or str(newest.number) != request.POST.get("version"):
        messages.error(request, _("There is a newer version now. Read it before you approve."))
        return redirect("meetings:detail", meeting.pk)
    publishing.approve(version=newest, by=request.user, now=timezone.now())
    messages.success(request, _("The minutes are marked as approved."))
    return redirect("meetings:detail", meeting.pk)
