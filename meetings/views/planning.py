"""Pages on which a meeting is made, copied, moved and cancelled."""

from copy import copy
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.keys import as_key
from directory.access import posted
from directory.models import Group
from directory.permissions import Verb
from meetings.forms import MeetingForm, NewMeetingForm
from meetings.models import Meeting
from meetings.services import planning
from meetings.states import may_become
from meetings.views.access import Request, for_group, for_meeting


@require_http_methods(["GET", "HEAD", "POST"])
@for_group(Verb.WRITE)
def create(request: Request, group: Group) -> HttpResponse:
    """A new meeting, with an empty agenda or an earlier one's headings (?copy=…)."""
    earlier = Meeting.objects.filter(group=group).order_by("-starts_at", "-pk")
    last = earlier.first()
    copied = as_key(request.GET.get("copy", ""))
    like = earlier.filter(pk=copied).first() if copied else None
    suggestion = _suggestion(group, like or last) | {"source": like}
    form = NewMeetingForm(posted(request), initial=suggestion, earlier=earlier)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        source = form.cleaned_data["source"]
        now = timezone.now()
        if source:
            meeting = planning.copy_agenda(source=source, **values, by=request.user, now=now)
        else:
            meeting = planning.create_meeting(group=group, **values, by=request.user, now=now)
        messages.success(request, _("The meeting has been made. Next: its agenda."))
        return redirect("meetings:workspace", meeting.pk)
    return render(request, "meetings/create.html", {"group": group, "form": form, "last": last})


def _suggestion(group: Group, last: Meeting | None) -> dict[str, object]:
    """An earlier meeting's title, times and place, since groups keep their habits."""
    if last is None:
        return {"title": group.name, "starts": time(9), "ends": time(11)}
    starts = timezone.localtime(last.starts_at)
    ends = timezone.localtime(last.ends_at) if last.ends_at else starts + timedelta(hours=2)
    return {
        "title": last.title,
        "starts": starts.time(),
        "ends": _same_day(starts, ends),
        "place": last.place,
        "remote_link": last.remote_link,
    }


def _same_day(starts: datetime, ends: datetime) -> time | None:
    return ends.time() if ends.date() == starts.date() else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def settings(request: Request, meeting: Meeting) -> HttpResponse:
    """Title, times, place, link, language and kind of minutes."""
    form = MeetingForm(posted(request), instance=copy(meeting))
    if request.method == "POST" and form.is_valid():
        planning.update_meeting(meeting=meeting, by=request.user, **form.values())
        messages.success(request, _("Saved."))
        return redirect("meetings:workspace", meeting.pk)
    cancellable = may_become(meeting, Meeting.State.CANCELLED)
    context = {"meeting": meeting, "form": form, "cancellable": cancellable}
    return render(request, "meetings/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def cancel(request: Request, meeting: Meeting) -> HttpResponse:
    """Say what cancelling does, and do it."""
    if request.method == "POST":
        planning.cancel_meeting(meeting=meeting, by=request.user)
        messages.success(request, _("The meeting has been cancelled."))
        return redirect("meetings:workspace", meeting.pk)
    return render(request, "meetings/cancel.html", {"meeting": meeting})


@require_POST
@for_meeting(Verb.WRITE)
def revive(request: Request, meeting: Meeting) -> HttpResponse:
    """Undo a cancellation."""
    planning.revive_meeting(meeting=meeting, by=request.user)
    messages.success(request, _("The meeting will be held after all."))
    return redirect("meetings:workspace", meeting.pk)
