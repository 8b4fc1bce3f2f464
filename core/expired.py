"""A form whose time ran out keeps what was typed.

Two things can meet a person who presses Save after lunch: the session has ended, or the form's
CSRF token is stale. Both keep the typed fields, say what happened, and offer one button that
sends them again.

What was typed after the session ended waits for the login in the new session, for the person who
was logged in in this browser before (a signed cookie says who), and for nobody else.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

SESSION_KEY = "expired_form"
COOKIE = "person"
COOKIE_AGE = 60 * 60 * 24 * 30  # seconds; a form does not stay open longer
MOST_KEPT = 1024 * 1024  # characters
# Passwords, and what is to be removed from minutes for good.
_NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "needle",
}


# What a form carries by itself.
_NOT_TYPED = {"seen", "token"}


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER_KEPT
        for value in values
    ]


def _last_person(request: HttpRequest) -> str:
    """The key of the person who was logged in in this browser last, or nothing."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_AGE))


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Every page asks for login; a form posted without one is kept until after the login."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """Once the form that was kept is sent again, it is kept no longer."""
        if request.method == "POST" and request.user.is_authenticated:
            kept = request.session.get(SESSION_KEY)
            if kept and kept["path"] == request.get_full_path():
                del request.session[SESSION_KEY]
        return super().process_view(request, *args)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Remember who is logged in, in case the session ends before the form is sent."""
        person = getattr(request, "user", None)
        if (
            person
            and request.method == "GET"
            and person.is_authenticated
            and _last_person(request) != str(person.pk)
        ):
            response.set_signed_cookie(
                COOKIE,
                str(person.pk),
                salt=COOKIE,
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def handle_no_permission(  # type: ignore[override]  # not only redirects
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """Send to the login page; tell a script so in JSON, since it saves without a page."""
        if request.headers.get("Accept") == "application/json":
            login = super().handle_no_permission(request, view_func)
            return JsonResponse({"login": login.headers["Location"]}, status=401)
        if keep(request, _last_person(request)):
            return redirect(f"{resolve_url(self.get_login_url(view_func))}?next=/resume/")
        return super().handle_no_permission(request, view_func)


def keep(request: HttpRequest, person: str, *, timed_out: bool = True) -> bool:
    """Keep what was posted for the person with this key, until it can be sent again at /resume/.

    Nothing is kept, and the answer is False, where there is nobody, nothing, or far too much.
    """
    typed = _typed(request) if request.method == "POST" else []
    if not person or not typed or sum(len(value) for _name, value in typed) > MOST_KEPT:
        return False
    request.session[SESSION_KEY] = {
        "person": person,
        "path": request.get_full_path(),
        "fields": typed,
        "had_files": bool(request.FILES),
        "timed_out": timed_out,
    }
    return True


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """After the login: show what was typed and send it again at the press of a button.

    It stays in the session until it is sent, so that reloading the page loses nothing. Someone else
    than who typed it does not get to see it.
    """
    kept = dict(request.session.get(SESSION_KEY) or {})
    if kept and kept.pop("person") != str(request.user.pk):
        del request.session[SESSION_KEY]
        kept = {}
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
    timed_out: bool = True,
    status: int = 200,
) -> HttpResponse:
    shown = [(name, value) for name, value in fields if value and name not in _NOT_TYPED]
    context = {
        "path": path,
        "fields": fields,
        "shown": shown,
        "had_files": had_files,
        "timed_out": timed_out,
    }
    return render(request, "core/expired.html", context, status=status)
