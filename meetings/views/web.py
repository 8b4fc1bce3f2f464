"""The page on which minutes are put on the web and taken down."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory.access import posted
from directory.permissions import Verb
from meetings import rendering
from meetings.document import sha256_of
from meetings.models import Meeting, PublicCopy
from meetings.record_forms import PublishForm
from meetings.services import web
from meetings.views.access import Request, for_meeting
from meetings.views.words import why_not_public
from meetings.webcopy import WebCopy


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def publish(request: Request, meeting: Meeting) -> HttpResponse:
    """What would stand on the web, what to look at in it, and the button that puts it there."""
    public = PublicCopy.objects.filter(meeting=meeting).select_related("version").first()
    today = timezone.localdate()
    context: dict[str, Any] = {
        "meeting": meeting,
        "public": public,
        "is_live": public is not None and public.is_live(today),
    }
    try:
        version = web.publishable(meeting)
    except web.NotPublic as error:
        context["why_not"] = why_not_public(error.code)
        return render(request, "meetings/publish.html", context)
    copy = web.made(version)
    form = _form(request, copy, today)
    if request.method == "POST" and form.is_valid():
        try:
            web.publish(
                meeting=meeting,
                seen=form.cleaned_data["seen"],
                files=form.cleaned_data.get("attached", []),
                remove_on=form.cleaned_data["remove_on"],
                noindex=form.cleaned_data["noindex"],
                by=request.user,
                now=timezone.now(),
            )
        except web.Changed:
            form.add_error(
                None, _("The text below has changed since you read it. Read it through again.")
            )
            again = request.POST.copy()
            again["seen"] = web.digest(copy)
            again.pop("checked", None)
            form.data = again
        else:
            messages.success(request, _("The minutes are on the web. Anyone can read them."))
            return redirect("meetings:publish", meeting.pk)
    context |= {
        "form": form,
        "version": version,
        "copy": copy,
        "newer": public is not None and public.version.number < version.number,
        "document": mark_safe(rendering.document_html(copy.data, for_print=False)),  # noqa: S308  made by us
    }
    return render(request, "meetings/publish.html", context, status=400 if form.errors else 200)


def _form(request: Request, copy: WebCopy, today: date) -> PublishForm:
    files = [
        (sha256_of(row), row["title"])
        for item in copy.data["items"]
        for row in item["attachments"]
        if row["filename"]
    ]
    initial = {"seen": web.digest(copy)}
    return PublishForm(posted(request), initial=initial, today=today, files=files)


@require_POST
@for_meeting(Verb.WRITE)
def withdraw(request: Request, meeting: Meeting) -> HttpResponse:
    """Take the minutes off the web at once."""
    public = PublicCopy.objects.filter(meeting=meeting).first()
    if public is None:
        raise Http404
    web.withdraw(public=public, by=request.user, now=timezone.now())
    messages.success(request, _("The minutes have been taken off the web."))
    return redirect("meetings:publish", meeting.pk)
