"""How a verb answers: a page for a browser, the touched parts of the workspace for its script."""

import json as _json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from meetings.models import Meeting


def by_script(request: HttpRequest) -> bool:
    """Did the workspace's script ask, rather than a browser that wants a page?"""
    return request.headers.get("Accept") == "application/json"


def json(**parts: Any) -> JsonResponse:
    """Parts of the workspace, or an `error` in words, for the script."""
    return JsonResponse(parts, status=400 if "error" in parts else 200)


def parts_of(answer: HttpResponse) -> dict[str, Any]:
    """The parts of an answer made by `json`, to be sent with others."""
    parts: dict[str, Any] = _json.loads(answer.content)
    return parts


def why_not(meeting: Meeting) -> str:
    """Why nothing may be changed, in words."""
    match meeting.state:
        case Meeting.State.CANCELLED:
            return _("The meeting has been cancelled. Nothing was changed.")
        case Meeting.State.SHARED | Meeting.State.APPROVED:
            return _("The minutes have been shared. Open a correction to change them.")
        case _:
            return _("The meeting has moved on meanwhile. Nothing was changed.")


def wrong_state(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Someone did what the meeting's state does not allow; it may have changed under them."""
    meeting.refresh_from_db(fields=["state", "correcting"])
    if by_script(request):
        gone = Meeting.State.CANCELLED if meeting.state == Meeting.State.CANCELLED else "shared"
        return JsonResponse({"error": why_not(meeting), "state": gone}, status=409)
    messages.error(request, why_not(meeting))
    return redirect("meetings:workspace", meeting.pk)
