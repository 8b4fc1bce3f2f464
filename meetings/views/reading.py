"""What readers get: the agenda or minutes as a page and as a PDF.

Everything comes stored: the page's HTML and the PDF are the bytes that were frozen.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core import downloads
from directory.models import Group
from directory.permissions import Verb
from meetings import export, selectors
from meetings.enums import Audience
from meetings.fetching import Stored, stored
from meetings.models import DocumentVersion, Meeting, Rendition
from meetings.states import may_become
from meetings.views import access
from meetings.views.access import Request, for_meeting


def _stored(
    request: Request, meeting: Meeting, format: str, kind: str = "", number: int = 0
) -> Stored | None:
    audience = access.audience(request)
    return stored(meeting, audience=audience, format=format, kind=kind, number=number)


@require_safe
@for_meeting(Verb.READ)
def detail(request: Request, meeting: Meeting) -> HttpResponse:
    """The newest shared minutes, or the agenda that was sent."""
    shown = _stored(request, meeting, Rendition.Format.HTML)
    if shown is None:  # only those who write see such a meeting
        return redirect("meetings:workspace", meeting.pk)
    return _page(request, meeting, shown)


@require_safe
@for_meeting(Verb.READ)
def version(request: Request, meeting: Meeting, kind: str, number: int) -> HttpResponse:
    """One version of the agenda or the minutes: the newest, to those who write an older one too.

    What a correction took away, or closed to some, is not to be read in the version before it.
    """
    newest = _stored(request, meeting, Rendition.Format.HTML, kind)
    shown = newest
    if newest and newest.number != number:
        if not access.writes(request) and number < newest.number:
            return redirect("meetings:version", meeting.pk, kind, newest.number)
        shown = _stored(request, meeting, Rendition.Format.HTML, kind, number)
    if newest is None or shown is None:
        raise Http404
    return _page(request, meeting, shown, is_newest=newest.number == shown.number)


def _page(
    request: Request, meeting: Meeting, shown: Stored, *, is_newest: bool = True
) -> HttpResponse:
    writes = access.writes(request)
    context = {
        "meeting": meeting,
        "document": mark_safe(shown.content.decode()),  # noqa: S308  made by us, frozen
        "shown": shown,
        "words": _words(meeting, shown.kind, shown.number),
        "is_newest": is_newest,
        "writes": writes,
        "approvable": (
            writes
            and is_newest
            and shown.kind == DocumentVersion.Kind.MINUTES
            and not meeting.correcting
            and may_become(meeting, Meeting.State.APPROVED)
        ),
    }
    return render(request, "meetings/detail.html", context)


@require_safe
@for_meeting(Verb.READ)
def versions(request: Request, meeting: Meeting) -> HttpResponse:
    """Every version of the agenda and the minutes, with what each changed."""
    rows = [(_words(meeting, v.kind, v.number), v) for v in selectors.versions(meeting)]
    newest = {version.kind: version.pk for _name, version in reversed(rows)}.values()
    context = {
        "meeting": meeting,
        "rows": [(words, v, access.writes(request) or v.pk in newest) for words, v in rows],
    }
    return render(request, "meetings/versions.html", context)


def _words(meeting: Meeting, kind: str, number: int) -> str:
    return _("%(kind)s, version %(number)d") % {"kind": _kind(meeting, kind), "number": number}


def _kind(meeting: Meeting, kind: str) -> str:
    if kind == DocumentVersion.Kind.AGENDA:
        return _("Agenda")
    if meeting.document_type == Group.DocumentType.MINUTES:
        return pgettext("document", "Minutes")
    return pgettext("document", "Memo")


@require_safe
@for_meeting(Verb.READ)
def pdf(request: Request, meeting: Meeting, kind: str = "", number: int = 0) -> HttpResponseBase:
    """The stored PDF of a version, the newest unless one is named; ?draft=… for those who write."""
    if draft := request.GET.get("draft"):
        if not access.writes(request):
            raise PermissionDenied
        return _draft(meeting, draft)
    older = number if access.writes(request) else 0  # as on the page: readers get the newest
    found = _stored(request, meeting, Rendition.Format.PDF, kind, older)
    if found is None or found.number < number:
        raise Http404
    etag = f'"{found.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged:
        return unchanged
    name = _filename(meeting, found.kind, version=found.number)
    return _pdf(found.content, name, ETag=etag, **{"Cache-Control": "private, no-cache"})


def _draft(meeting: Meeting, wanted: str) -> HttpResponse:
    """The PDF as it would be if it was sent or shared now."""
    kinds = DocumentVersion.Kind
    planned = meeting.state in (Meeting.State.PLANNED, Meeting.State.AGENDA_SENT)
    kind = wanted if wanted in kinds else (kinds.AGENDA if planned else kinds.MINUTES)
    content = export.draft(
        meeting, format=Rendition.Format.PDF, audience=Audience.COORDINATORS, kind=kind
    )
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
def file(request: Request, meeting: Meeting, sha256: str, filename: str) -> HttpResponse:
    """Where attached files used to be: documents shared before they moved still lead here."""
    return redirect(downloads.address("meeting", meeting.pk, sha256, filename))
