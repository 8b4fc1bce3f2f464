"""Pages on a meeting's documents as records: what is noted about them, and the archive package."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory.access import posted
from directory.permissions import Verb
from meetings import archiving
from meetings.models import Attachment, DocumentVersion, Meeting, PublicCopy
from meetings.record_forms import RecordForm
from meetings.services import filing
from meetings.views.access import Request, for_meeting
from meetings.views.words import lacks


@require_http_methods(["GET", "HEAD", "POST"])
@for_meeting(Verb.WRITE)
def records(request: Request, meeting: Meeting) -> HttpResponse:
    """Publicity, record number, task class, retention; whether attached files were checked."""
    form = RecordForm(posted(request), instance=copy(meeting))
    is_live = PublicCopy.objects.live(timezone.localdate()).filter(meeting=meeting).exists()
    if request.method == "POST" and form.is_valid():
        filing.set_record(meeting=meeting, by=request.user, now=timezone.now(), **form.cleaned_data)
        still = PublicCopy.objects.live(timezone.localdate()).filter(meeting=meeting).exists()
        if is_live and not still:
            messages.success(request, _("Saved. The minutes have been taken off the web."))
        else:
            messages.success(request, _("Saved."))
        return redirect("meetings:records", meeting.pk)
    context = {"meeting": meeting, "form": form, "is_live": is_live}
    status = 400 if form.errors else 200
    return render(request, "meetings/records.html", context, status=status)


def _newest(meeting: Meeting) -> DocumentVersion | None:
    """The minutes for the archive: the newest version that is approved, else the newest shared."""
    minutes = DocumentVersion.objects.of(meeting).filter(kind=DocumentVersion.Kind.MINUTES)
    by_number = minutes.select_related("meeting__group").order_by("-number")
    return by_number.filter(approval__isnull=False).first() or by_number.first()


@require_safe
@for_meeting(Verb.WRITE)
def archive(request: Request, meeting: Meeting) -> HttpResponse:
    """Is it ready for the archive? What is missing, and the package."""
    version = _newest(meeting)
    files = Attachment.objects.filter(
        item__meeting=meeting, item__removed_at__isnull=True, file__isnull=False
    )
    found = archiving.missing(meeting, version)
    context = {
        "meeting": meeting,
        "version": version,
        "is_ready": not any(one.is_needed for one in found),
        "lacks": lacks(meeting, found),
        "attachments": files.select_related("file", "checked_by").order_by(
            "item__position", "position", "pk"
        ),
    }
    return render(request, "meetings/archive.html", context)


@require_safe
@for_meeting(Verb.WRITE)
def archive_package(request: Request, meeting: Meeting) -> HttpResponse:
    """The package as a download, ready or not."""
    version = _newest(meeting)
    if version is None:
        return redirect("meetings:archive", meeting.pk)
    try:
        content = archiving.package(version)
    except archiving.FileLost as error:
        text = _("The attachment “%(title)s” is not in the storage as it was. Attach it anew.")
        messages.error(request, text % {"title": error.title})
        return redirect("meetings:archive", meeting.pk)
    day = timezone.localtime(meeting.starts_at).date().isoformat()
    name = slugify(f"{meeting.group.slug} {day} v{version.number}")
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.zip"',
            "Cache-Control": "private, no-store",
        },
    )
