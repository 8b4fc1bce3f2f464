"""Who was there: everyone, then the exceptions, one tap each; guests by name."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from directory.permissions import Verb
from meetings.enums import Mode
from meetings.forms import GuestForm
from meetings.models import Attendance, Meeting
from meetings.services import attendance
from meetings.views import replies, workspace
from meetings.views.access import Request, for_attendance, for_meeting


def _answer(request: Request, meeting: Meeting, *, whole: bool) -> HttpResponse:
    if replies.by_script(request):
        return replies.json(**workspace.people_parts(request, meeting, whole=whole))
    return redirect(workspace.address(meeting, "people"))


@require_POST
@for_meeting(Verb.WRITE)
def everyone_present(request: Request, meeting: Meeting) -> HttpResponse:
    """All of whom nothing is recorded yet were there in person."""
    attendance.everyone_present(meeting=meeting, by=request.user)
    return _answer(request, meeting, whole=True)


@require_POST
@for_meeting(Verb.WRITE)
def set_mode(request: Request, meeting: Meeting) -> HttpResponse:
    """Record how people attended: fields `mode-<id>`, one of them (a tap) or the whole list."""
    rows = Attendance.objects.filter(meeting=meeting).order_by("position", "pk")
    with transaction.atomic():
        for row in rows:
            mode = request.POST.get(f"mode-{row.pk}", "")
            if mode in Mode.values and mode != row.mode:
                row.meeting = meeting
                attendance.set_mode(attendance=row, mode=mode, by=request.user)
    return _answer(request, meeting, whole=False)


@require_POST
@for_meeting(Verb.WRITE)
def add_guest(request: Request, meeting: Meeting) -> HttpResponse:
    """Put a guest on the list."""
    form = GuestForm(request.POST)
    if form.is_valid():
        attendance.add_guest(meeting=meeting, **form.cleaned_data, by=request.user)
        return _answer(request, meeting, whole=True)
    if replies.by_script(request):
        return replies.json(**workspace.people_parts(request, meeting, whole=True, guest=form))
    return workspace.page(request, meeting, guest=form)


@require_POST
@for_attendance(Verb.WRITE)
def remove(request: Request, row: Attendance) -> HttpResponse:
    """Take someone off the list."""
    attendance.remove_attendance(attendance=row, by=request.user)
    return _answer(request, row.meeting, whole=True)
