"""Stored files as downloads, from an address of their own: `/files/…`.

The room that attached a file decides who may read it; it registers that in `AppConfig.ready`. Apart
from the pages, so that a proxy can serve it from another host, and so that nothing in a file is
ever shown as a page of the house.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.models import StoredFile

# May whoever asks read the file of that sum and name, which hangs on the room's object of that key?
Rule = Callable[[HttpRequest, int, str, str], bool]


@dataclass(frozen=True)
class _Place:
    may_read: Rule
    is_public: bool


_places: dict[str, _Place] = {}


def register(place: str, may_read: Rule, *, is_public: bool = False) -> None:
    """Let files be read at `/files/<place>/<key>/…` by whom `may_read` lets.

    Without `is_public` only those who are logged in are asked about.
    """
    _places[place] = _Place(may_read, is_public)


def address(place: str, key: int, sha256: str, filename: str) -> str:
    """Where the file can be downloaded."""
    return reverse("file", args=[place, key, sha256, filename])


@login_not_required
@require_safe
def download(
    request: HttpRequest, place: str, key: int, sha256: str, filename: str
) -> HttpResponseBase:
    """A stored file, to whom its room lets read it; everyone else learns nothing of it (404)."""
    found = _places.get(place)
    if found is None:
        raise Http404
    if not found.is_public and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not found.may_read(request, key, sha256, filename):
        raise Http404
    stored = get_object_or_404(StoredFile, sha256=sha256)
    try:
        content = stored.content.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=filename,
        content_type=stored.content_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
