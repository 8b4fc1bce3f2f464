"""What the open workspaces of a meeting ask all the time: who else is here, what has changed."""

import json
import re

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.keys import as_key
from directory.permissions import Verb
from meetings.models import Meeting
from meetings.services import presence
from meetings.views import replies, workspace
from meetings.views.access import Request, for_meeting

_TAB = re.compile(r"[0-9a-z]{1,32}")


@require_POST
@for_meeting(Verb.WRITE)
def pulse(request: Request, meeting: Meeting) -> HttpResponse:
    """One tab says where it is, {tab, item}; it hears how the meeting stands."""
    try:
        sent = json.loads(request.body)
        tab, item = str(sent["tab"]), sent["item"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return replies.json(error="tab, item")
    if not _TAB.fullmatch(tab) or not (item is None or (type(item) is int and 0 < item < 2**31)):
        return replies.json(error="tab, item")
    others = (
        presence.note(meeting=meeting, person=request.user, tab=tab, item=item, now=timezone.now())
        if meeting.is_open
        else []
    )
    found = presence.pulse(meeting=meeting, others=others)
    return JsonResponse(
        {
            "open": meeting.is_open,
            "revisions": found.revisions,
            "agenda": found.agenda,
            "others": [
                {
                    "key": other.key,
                    "name": other.name,
                    "initials": other.initials,
                    "item": other.item,
                }
                for other in found.others
            ],
        }
    )


@require_GET
@for_meeting(Verb.WRITE)
def parts(request: Request, meeting: Meeting) -> HttpResponse:
    """The agenda, the items' heads, and whole those items that `?known=1,2` does not name."""
    known = {found for one in request.GET.get("known", "").split(",") if (found := as_key(one))}
    return replies.json(**workspace.parts_for(request, meeting, known))
