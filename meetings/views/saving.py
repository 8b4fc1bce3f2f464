"""What the editor asks and sends, in JSON: an item's text, and who can be picked."""

import json
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import richtext
from directory.permissions import Verb
from meetings import selectors
from meetings.marks import BadMarks
from meetings.models import AgendaItem, Meeting
from meetings.services import minutes
from meetings.views import replies
from meetings.views.access import Request, for_item, for_meeting

# What comes of reading JSON that is none, or none of ours: nested without end, say.
_ODD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@require_POST
@for_item(Verb.WRITE, removed=True)
def save_item(request: Request, item: AgendaItem) -> HttpResponse:
    """Save what an editor sends, {base, token, html, marks}: merged, never overwritten."""
    try:
        sent = json.loads(request.body)
        saved = minutes.save_item(
            item=item,
            base=int(sent["base"]),
            token=UUID(sent["token"]),
            html=str(sent["html"]),
            marks=sent["marks"],
            by=request.user,
            now=timezone.now(),
        )
    except minutes.ItemGone:
        gone = _("The item has been taken off the agenda. Your text is kept in this browser.")
        return JsonResponse({"error": gone, "state": "deleted"}, status=409)
    except minutes.Redacted:
        gone = _("Something has been removed from this text for good. Reload the page to go on.")
        return JsonResponse({"error": gone, "state": "redacted"}, status=409)
    except (richtext.TooLong, RequestDataTooBig):
        return replies.json(error=_("The text of this item is too long to be saved. Divide it."))
    except (BadMarks, minutes.UnknownBase, *_ODD):
        return replies.json(error=_("The save was not understood. Reload the page."))
    return JsonResponse(
        {
            "revision": saved.revision,
            "html": saved.html,
            "marks": saved.marks,
            "conflicts": saved.open_conflicts,
            "saved_at": saved.at.isoformat(),
        }
    )


@require_POST
@for_item(Verb.WRITE)
def settle(request: Request, item: AgendaItem) -> HttpResponse:
    """Both texts of a conflict, {line}, stay: it is settled."""
    try:
        line = str(json.loads(request.body)["line"])
    except _ODD:
        return replies.json(error=_("The save was not understood. Reload the page."))
    try:
        saved = minutes.settle_conflict(item=item, line=line, by=request.user, now=timezone.now())
    except minutes.ItemGone as error:  # since a moment ago
        raise Http404 from error
    return JsonResponse({"revision": saved.revision, "conflicts": saved.open_conflicts})


@require_GET
@for_item(Verb.WRITE)
def item_text(request: Request, item: AgendaItem) -> HttpResponse:
    """An item's text as it stands, and a fresh token to save it with."""
    return JsonResponse(
        {
            "revision": item.revision,
            "redacted_revision": item.redacted_revision,
            "html": item.body,
            "marks": item.marks,
            "conflicts": item.conflicts,
            "csrf": get_token(request),
        }
    )


@require_GET
@for_meeting(Verb.WRITE)
def pickable(request: Request, meeting: Meeting) -> HttpResponse:
    """Everyone who can own or receive a task, with the words that find them."""
    return JsonResponse(selectors.pickable(meeting))
