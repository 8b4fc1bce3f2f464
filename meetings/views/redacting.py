"""Removing what must not stand in a meeting's documents: an identity code, a name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from directory.access import posted
from directory.permissions import Verb
from meetings.forms import REDACTION_ERRORS, RedactForm
from meetings.models import Meeting
from meetings.services import redaction
from meetings.views.access import Request, for_meeting


@sensitive_post_parameters("needle")
@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def redact(request: Request, meeting: Meeting) -> HttpResponse:
    """Say what will happen, remove, and tell how many places there were; never repeat the text."""
    form = RedactForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            record = redaction.redact(
                meeting=meeting, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except redaction.CannotRedact as error:
            form.add_error(*REDACTION_ERRORS[error.code])
        else:
            said = ngettext(
                "Removed from %(places)d place.", "Removed from %(places)d places.", record.places
            )
            messages.success(request, said % {"places": record.places})
            return redirect("meetings:redact", meeting.pk)
    done = meeting.redactions.select_related("redacted_by").order_by("-redacted_at", "-pk")
    context = {"meeting": meeting, "form": form, "done": done}
    return render(request, "meetings/redact.html", context, status=400 if form.errors else 200)
