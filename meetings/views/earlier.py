"""The page of an item's earlier texts: who wrote when, what it changed, and back to it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import richtext
from directory.permissions import Verb
from meetings.earlier import stretches
from meetings.models import AgendaItem, ItemRevision
from meetings.services import earlier as services
from meetings.services import minutes
from meetings.states import require_open
from meetings.views import workspace
from meetings.views.access import Request, for_item

PAGE = 30


@require_safe
@for_item(Verb.WRITE, removed=True)
def earlier(request: Request, item: AgendaItem) -> HttpResponse:
    """What was written in the item, the newest first; `?at=` shows what one piece changed."""
    found = stretches(item.revisions.all()).select_related("by").defer("body", "marks")
    page = Paginator(found.order_by("-number"), PAGE).get_page(request.GET.get("page"))
    at = request.GET.get("at", "")
    revisions = item.revisions.select_related("by")
    if at.isascii() and at.isdigit() and len(at) < 9:
        chosen = revisions.filter(number=int(at)).first()
        if chosen is None:
            raise Http404
    else:
        chosen = revisions.order_by("number").last()
    before = (
        chosen
        and stretches(item.revisions.filter(number__lt=chosen.number)).order_by("number").last()
    )
    text = before_text = richtext.Body([])
    if chosen:
        text = richtext.Body.parse(chosen.body)
    if before:
        before_text = richtext.Body.parse(before.body)
    context = {
        "meeting": item.meeting,
        "item": item,
        "page": page,
        "chosen": chosen,
        "before": before,
        "lines": richtext.shortened(richtext.compare(before_text, text)),
        "text": mark_safe(text.html),  # noqa: S308  read and written by the cleaner
        "can_restore": chosen
        and chosen.number != item.revision
        and item.meeting.is_open
        and item.removed_at is None,
    }
    return render(request, "meetings/earlier.html", context)


@require_POST
@for_item(Verb.WRITE)
def restore(request: Request, item: AgendaItem, number: int) -> HttpResponse:
    """An earlier text stands again."""
    require_open(item.meeting)
    try:
        services.restore(item=item, number=number, by=request.user, now=timezone.now())
    except ItemRevision.DoesNotExist:
        raise Http404 from None
    except minutes.ItemGone:
        messages.error(request, _("The item has been taken off the agenda. Nothing was changed."))
    else:
        messages.success(request, _("The earlier text stands again."))
    return redirect(workspace.address(item.meeting, f"item-{item.pk}"))
