"""A form whose time ran out keeps what was typed.

Two things can meet a person who presses Save after lunch: the session has ended, or the form's
CSRF token is stale. Both keep the typed fields, say what happened, and offer one button that
sends them again.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

SESSION_KEY = "expired_form"
_NEVER_KEPT = {"csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2"}


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER_KEPT
        for value in values
    ]


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Every page asks for login; a form posted without one is kept until after the login."""

    def handle_no_permission(  # type: ignore[override]  # not only redirects
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """Send to the login page; tell a script so in JSON, since it saves without a page."""
        if request.headers.get("Accept") == "application/json":
            login = super().handle_no_permission(request, view_func)
            return JsonResponse({"login": login.headers["Location"]}, status=401)
        if request.method == "POST":
            request.session[SESSION_KEY] = {
                "path": request.get_full_path(),
                "fields": _typed(request),
                "had_files": bool(request.FILES),
            }
            return redirect(f"{resolve_url(self.get_login_url(view_func))}?next=/resume/")
        return super().handle_no_permission(request, view_func)


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """After the login: show what was typed and send it again at the press of a button.

    It stays in the session, so that reloading the page or coming back to it loses nothing.
    """
    kept = request.session.get(SESSION_KEY)
    if not kept or not url_has_allowed_host_and_scheme(kept["path"], allowed_hosts=None):
        return HttpResponseRedirect("/")
    return _offer(request, **kept)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: nothing was saved, nothing typed is lost."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"csrf": True}, status=403)
    if reason.startswith(("Origin", "Referer")):
        # Another site sent it, not our page: what it says must not be one click from being sent.
        return render(request, "400.html", status=403)
    return _offer(
        request,
        path=request.get_full_path(),
        fields=_typed(request),
        had_files=bool(request.FILES),
        status=403,
    )


def _offer(
    request: HttpRequest,
    *,
    path: str,
    fields: list[tuple[str, str]],
    had_files: bool,
    status: int = 200,
) -> HttpResponse:
    shown = [(name, value) for name, value in fields if value]
    context = {"path": path, "fields": fields, "shown": shown, "had_files": had_files}
    return render(request, "core/expired.html", context, status=status)
