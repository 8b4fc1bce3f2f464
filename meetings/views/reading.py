"""What readers get: the agenda or minutes as a page and as a PDF, and attached files.

Everything comes stored: the page's HTML and the PDF are the bytes that were frozen.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.models import StoredFile
from directory.models import Group
from directory.permissions import Verb
from meetings import rendering, selectors
from meetings.document import document_data, for_audience
from meetings.enums import Audience
from meetings.models import Attachment, DocumentVersion, Meeting, Rendition
from meetings.states import may_become
from meetings.views import access
from meetings.views.access import Request, for_meeting


def _rendition(
    meeting: Meeting, audience: str, format: str, kind: str = "", number: int | None = None
) -> Rendition | None:
    """The stored output to show, without the version's data, which nobody needs here."""
    rows = selectors.renditions(audience=audience, format=format, kind=kind, number=number)
    return rows.filter(version__meeting=meeting).defer("version__data").first()


@require_safe
@for_meeting(Verb.READ)
def detail(request: Request, meeting: Meeting) -> HttpResponse:
    """The newest shared minutes, or the agenda that was sent."""
    return _page(request, meeting)


@require_safe
@for_meeting(Verb.READ)
def version(request: Request, meeting: Meeting, kind: str, number: int) -> HttpResponse:
    """One version of the agenda or the minutes, the newest or an older one."""
    return _page(request, meeting, kind, number)


def _page(
    request: Request, meeting: Meeting, kind: str = "", number: int | None = None
) -> HttpResponse:
    audience = access.audience(request)
    writes = audience == Audience.COORDINATORS
    shown = _rendition(meeting, audience, Rendition.Format.HTML, kind, number)
    if shown is None:
        if writes and not kind:
            return redirect("meetings:workspace", meeting.pk)
        raise Http404
    versions = selectors.versions(meeting)
    rows = [_row(meeting, version, shown.version_id) for version in versions]
    newest = next(v for v in versions if v.kind == shown.version.kind)
    context = {
        "meeting": meeting,
        "document": mark_safe(bytes(shown.content).decode()),  # noqa: S308  made by us, frozen
        "versions": rows,
        "shown": next(row for row in rows if row.is_shown),
        "newest": next(row for row in rows if row.version.pk == newest.pk),
        "writes": writes,
        "approvable": (
            writes
            and newest.kind == DocumentVersion.Kind.MINUTES
            and newest.pk == shown.version_id
            and not meeting.correcting
            and may_become(meeting, Meeting.State.APPROVED)
        ),
    }
    return render(request, "meetings/detail.html", context)


@dataclass(frozen=True)
class VersionRow:
    """A version as the page lists it."""

    version: DocumentVersion
    words: str
    url: str
    is_shown: bool


def _row(meeting: Meeting, version: DocumentVersion, shown: int) -> VersionRow:
    words = {"kind": _kind(meeting, version.kind), "number": version.number}
    return VersionRow(
        version=version,
        words=_("%(kind)s, version %(number)d") % words,
        url=reverse("meetings:version", args=[meeting.pk, version.kind, version.number]),
        is_shown=version.pk == shown,
    )


def _kind(meeting: Meeting, kind: str) -> str:
    if kind == DocumentVersion.Kind.AGENDA:
        return _("Agenda")
    if meeting.document_type == Group.DocumentType.MINUTES:
        return pgettext("document", "Minutes")
    return pgettext("document", "Memo")


@require_safe
@for_meeting(Verb.READ)
def pdf(
    request: Request, meeting: Meeting, kind: str = "", number: int | None = None
) -> HttpResponseBase:
    """The stored PDF of a version, the newest unless one is named; ?draft=… for those who write."""
    audience = access.audience(request)
    if draft := request.GET.get("draft"):
        if audience != Audience.COORDINATORS:
            raise PermissionDenied
        return _draft(meeting, draft)
    stored = _rendition(meeting, audience, Rendition.Format.PDF, kind, number)
    if stored is None:
        raise Http404
    etag = f'"{stored.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged:
        return unchanged
    name = _filename(meeting, stored.version.kind, version=stored.version.number)
    return _pdf(bytes(stored.content), name, ETag=etag, **{"Cache-Control": "private, no-cache"})


def _draft(meeting: Meeting, wanted: str) -> HttpResponse:
    """The PDF as it would be if it was sent or shared now."""
    kinds = DocumentVersion.Kind
    planned = meeting.state in (Meeting.State.PLANNED, Meeting.State.AGENDA_SENT)
    kind = wanted if wanted in kinds else (kinds.AGENDA if planned else kinds.MINUTES)
    data = for_audience(document_data(meeting, kind=kind), Audience.COORDINATORS)
    content = rendering.document_pdf(data, created=timezone.now())
    return _pdf(content, _filename(meeting, kind), **{"Cache-Control": "private, no-store"})


def _pdf(content: bytes, filename: str, **headers: str) -> HttpResponse:
    headers |= {"Content-Disposition": f'inline; filename="{filename}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _filename(meeting: Meeting, kind: str, version: int | None = None) -> str:
    """Such as "2024-10-22-muistio-v2.pdf"; plain letters, so that every system takes it."""
    day = timezone.localtime(meeting.starts_at).date().isoformat()
    last = _("draft") if version is None else f"v{version}"
    return f"{slugify(f'{day} {_kind(meeting, kind)} {last}')}.pdf"


@require_safe
@for_meeting(Verb.READ)
def file(request: Request, meeting: Meeting, sha256: str, filename: str) -> HttpResponseBase:
    """An attached file, as a download: one that is on the agenda now, or in a frozen version.

    It is named by its content, so what a shared version refers to stays when it is detached later.
    """
    audience = access.audience(request)
    if not (
        (audience == Audience.COORDINATORS and _is_attached(meeting, sha256, filename))
        or _is_frozen(meeting, audience, request.path)
    ):
        raise Http404
    stored = StoredFile.objects.get(sha256=sha256)
    return FileResponse(
        stored.content.open("rb"),
        as_attachment=True,
        filename=filename,
        content_type=stored.content_type,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"},
    )


def _is_attached(meeting: Meeting, sha256: str, filename: str) -> bool:
    return Attachment.objects.filter(
        item__meeting=meeting, file__sha256=sha256, filename=filename
    ).exists()


def _is_frozen(meeting: Meeting, audience: str, path: str) -> bool:
    """Is the file in a version, in an item that this audience may read?"""
    versions = DocumentVersion.objects.of(meeting).order_by("-pk").values_list("data", flat=True)
    return any(
        attachment["url"] == path
        for data in versions
        for item in for_audience(data, audience)["items"]
        for attachment in item["attachments"]
    )
