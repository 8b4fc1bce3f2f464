"""Handing over when someone leaves: one form, its preview, and the doing of what was shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.access import Request, posted
from directory.forms.leaving import LeavingForm
from directory.models import Person
from directory.services import leaving
from directory.views.people import for_managers


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def leave(request: Request, person: Person) -> HttpResponse:
    """Choose what ends and who takes over; see what will happen; let it happen.

    `step` says where one is: "preview" (nothing is done yet), "confirm" or back to "edit".
    """
    today, now = timezone.localdate(), timezone.now()
    form = LeavingForm(
        posted(request), person=person, by=request.user, today=today, initial={"on": today}
    )
    step = request.POST.get("step", "preview")
    context = {"form": form, "person": person}
    if request.method != "POST" or step == "edit" or not form.is_valid():
        status = 400 if form.errors and step != "edit" else 200
        return render(request, "directory/person_leave.html", context, status=status)
    plan, by, status = form.plan(), request.user, 200
    try:
        if step == "confirm":
            seen = request.POST.get("seen", "")
            leaving.hand_over(person=person, plan=plan, seen=seen, by=by, today=today, now=now)
            messages.success(request, _("It is handed over as shown."))
            return redirect("directory:person", person.pk)
        outcome = leaving.preview(person=person, plan=plan, by=by, today=today, now=now)
    except leaving.Changed as error:
        outcome, status = error.outcome, 409
    except leaving.Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.words)
        return render(request, "directory/person_leave.html", context, status=400)
    context |= {"outcome": outcome, "has_changed": status == 409}
    return render(request, "directory/person_leave_preview.html", context, status=status)
