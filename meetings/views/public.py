"""Pages on the open web: a group's minutes that have been put there, for anyone, without login."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from directory.models import Group
from meetings.models import PublicCopy

_ON_A_PAGE = 30


@login_not_required
@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """What of a group stands on the web now; a group of which nothing ever did is not found."""
    found = get_object_or_404(Group.objects.select_related("host"), slug=slug)
    copies = PublicCopy.objects.filter(meeting__group=found)
    if not copies.exists():
        raise Http404
    live = (
        copies.live(timezone.localdate())
        .select_related("meeting")
        .defer("html", "pdf")
        .order_by("-meeting__starts_at", "-pk")
    )
    page = Paginator(live, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/public_group.html", {"group": found, "copies": page})


def _live(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the web copy of the address; of one that was removed say so (410)."""

    @wraps(view)
    def call(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        copies = PublicCopy.objects.select_related("meeting__group__host", "version")
        found = get_object_or_404(copies.defer("version__data"), meeting=pk)
        if not found.is_live(timezone.localdate()):
            response: HttpResponseBase = render(
                request, "meetings/public_gone.html", {"group": found.meeting.group}, status=410
            )
        else:
            response = view(request, found, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")  # what is taken down is gone
        if found.noindex:
            response["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(call)


@require_safe
@_live
def minutes(request: HttpRequest, public: PublicCopy) -> HttpResponse:
    """Minutes on the web."""
    context = {
        "public": public,
        "meeting": public.meeting,
        "document": mark_safe(public.html),  # noqa: S308  made by us from what was cleaned
    }
    return render(request, "meetings/public.html", context)


@require_safe
@_live
def pdf(request: HttpRequest, public: PublicCopy) -> HttpResponseBase:
    """The same as a PDF."""
    etag = f'"{public.published_at.timestamp():.6f}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    day = timezone.localtime(public.meeting.starts_at).date().isoformat()
    return HttpResponse(
        bytes(public.pdf),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{day}.pdf"', "ETag": etag},
    )
