"""Verbs on agenda items. The script gets the touched parts, a browser without it the page."""

from copy import copy

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.files import UnsuitableFile
from directory.access import posted
from directory.permissions import Verb
from meetings import selectors
from meetings.document import attachment_url
from meetings.forms import AttachForm, ItemForm, TitleForm
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.services import agenda, filing
from meetings.states import require_open
from meetings.views import replies, workspace
from meetings.views.access import Request, for_attachment, for_item, for_meeting

_DIRECTIONS = ("up", "down", "in", "out")


def _wrong_title(form: TitleForm) -> str:
    return " ".join(str(error) for error in form.errors["title"])


@require_POST
@for_meeting(Verb.WRITE)
def add_item(request: Request, meeting: Meeting) -> HttpResponse:
    """Add an item at the end of the agenda."""
    form = TitleForm(request.POST)
    if not form.is_valid():
        if replies.by_script(request):
            return replies.json(error=_wrong_title(form))
        return workspace.page(request, meeting, new_item=form)
    item = agenda.add_item(meeting=meeting, title=form.cleaned_data["title"], by=request.user)
    if replies.by_script(request):
        return replies.json(**workspace.agenda_parts(request, meeting, section=item))
    return redirect(workspace.address(meeting, f"item-{item.pk}"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_item(Verb.WRITE)
def edit_item(request: Request, item: AgendaItem) -> HttpResponse:
    """An item's own page: particulars, place in the agenda, attachments, removal."""
    require_open(item.meeting)
    form = ItemForm(posted(request), instance=copy(item))
    if request.method == "POST" and form.is_valid():
        agenda.update_item(item=item, by=request.user, **form.cleaned_data)
        if replies.by_script(request):
            parts = workspace.agenda_parts(request, item.meeting, head=item)
            return replies.json(**parts, close=True)
        return redirect(workspace.address(item.meeting, f"item-{item.pk}"))
    return _item_page(request, item, form=form)


def _item_page(
    request: Request,
    item: AgendaItem,
    *,
    form: ItemForm | None = None,
    attach: AttachForm | None = None,
) -> HttpResponse:
    """The item's page, or for the script the same in the workspace's dialog."""
    numbered = {row.item.pk: row for row in selectors.agenda(item.meeting)}[item.pk]
    context = {
        "meeting": item.meeting,
        "item": item,
        "number": numbered.number,
        "depth": numbered.depth,
        "form": form or ItemForm(instance=copy(item)),
        "attach": attach or AttachForm(),
        "attachments": [
            (row, attachment_url(item, row)) for row in numbered.item.attachments.all()
        ],
    }
    if replies.by_script(request):
        dialog = render_to_string("meetings/item.html#panel", context, request)
        return replies.json(dialog=dialog)
    failed = any(bound and bound.errors for bound in (form, attach))
    return render(request, "meetings/item.html", context, status=400 if failed else 200)


def _touched(request: Request, item: AgendaItem) -> HttpResponse:
    """After a change made in the item's dialog: the agenda, the item's head, the dialog anew."""
    if not replies.by_script(request):
        return redirect("meetings:edit_item", item.meeting_id, item.pk)
    if request.headers.get("X-From") != "dialog":
        return replies.json(**workspace.agenda_parts(request, item.meeting))
    parts = workspace.agenda_parts(request, item.meeting, head=item)
    panel = _item_page(request, item)
    return replies.json(**parts, **replies.parts_of(panel))


@require_POST
@for_item(Verb.WRITE)
def rename_item(request: Request, item: AgendaItem) -> HttpResponse:
    """Give an item another heading, in its place."""
    form = TitleForm(request.POST, instance=copy(item))
    if not form.is_valid():
        if replies.by_script(request):
            return replies.json(error=_wrong_title(form))
        return _item_page(request, item, form=ItemForm(request.POST, instance=copy(item)))
    item = agenda.update_item(item=item, title=form.cleaned_data["title"], by=request.user)
    if replies.by_script(request):
        return replies.json(**workspace.agenda_parts(request, item.meeting, head=item))
    return redirect(workspace.address(item.meeting, f"item-{item.pk}"))


@require_POST
@for_item(Verb.WRITE)
def move_item(request: Request, item: AgendaItem) -> HttpResponse:
    """Move an item one step up, down, in or out."""
    direction = request.POST.get("direction", "")
    if direction in _DIRECTIONS:
        meeting = item.meeting
        item = agenda.move_item(item=item, direction=direction, by=request.user)
        item.meeting = meeting
    return _touched(request, item)


@require_POST
@for_item(Verb.WRITE)
def delete_item(request: Request, item: AgendaItem) -> HttpResponse:
    """Take an item off the agenda with its text, and offer to undo that."""
    agenda.delete_item(item=item, by=request.user, now=timezone.now())
    if replies.by_script(request):
        parts = workspace.agenda_parts(request, item.meeting, removed=item)
        return replies.json(**parts, close=True)
    return redirect(f"{workspace.address(item.meeting)}?removed={item.pk}")


@require_POST
@for_item(Verb.WRITE, removed=True)
def restore_item(request: Request, item: AgendaItem) -> HttpResponse:
    """Undo a removal."""
    item = agenda.restore_item(item=item, by=request.user, now=timezone.now())
    if replies.by_script(request):
        return replies.json(**workspace.agenda_parts(request, item.meeting, section=item))
    return redirect(workspace.address(item.meeting, f"item-{item.pk}"))


@require_POST
@for_item(Verb.WRITE)
def attach(request: Request, item: AgendaItem) -> HttpResponse:
    """Attach a file or a link."""
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return _item_page(request, item, attach=form)
    title, url, upload = (form.cleaned_data[name] for name in ("title", "url", "file"))
    if url:
        agenda.attach_link(item=item, title=title, url=url, by=request.user)
        return _touched(request, item)
    try:
        agenda.attach_file(
            item=item, title=title, upload=upload, by=request.user, now=timezone.now()
        )
    except UnsuitableFile as error:
        form.add_error("file", error)
        return _item_page(request, item, attach=form)
    return _touched(request, item)


@require_POST
@for_attachment(Verb.WRITE)
def detach(request: Request, attachment: Attachment) -> HttpResponse:
    """Take an attachment off its item; what has been shared keeps it."""
    agenda.detach(attachment=attachment, by=request.user)
    if not replies.by_script(request):
        messages.success(request, _("The attachment has been taken off."))
    return _touched(request, attachment.item)


@require_POST
@for_attachment(Verb.WRITE)
def check(request: Request, attachment: Attachment) -> HttpResponse:
    """Say that an attached file's accessibility has been checked, or with `undo` that it has not.

    Also of minutes that are shared: their page and PDF say so from then on.
    """
    if attachment.file is None:
        raise Http404
    filing.check_attachment(
        attachment=attachment,
        checked="undo" not in request.POST,
        by=request.user,
        now=timezone.now(),
    )
    if request.POST.get("next") == "archive":
        return redirect("meetings:archive", attachment.item.meeting_id)
    return _touched(request, attachment.item)
