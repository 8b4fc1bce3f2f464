"""Who may open a page of a meeting: fetching and authorising are one step.

What a person may not see does not exist for them (404); what they see but may not do is refused
(403). The decorated view gets the meeting (item, attachment …) instead of its key, and carries its
verb as `view.verb`, from which the table of access is made.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from directory import access
from directory.access import View
from directory.models import Group, Membership
from directory.permissions import Verb, allows, role_in
from meetings.enums import Audience
from meetings.fetching import meeting_and_role
from meetings.models import AgendaItem, Attachment, Attendance, DocumentVersion, Meeting
from meetings.states import WrongState
from meetings.views.replies import wrong_state


class Request(access.Request):
    """A request of someone who is logged in, as every page of a meeting has."""

    role: str | None  # in the meeting's group; none for an administrator who is no member


def writes(request: Request) -> bool:
    """May the person prepare and write in the group of this page?"""
    return request.user.is_administrator or allows(request.role, Verb.WRITE)


def audience(request: Request) -> Audience:
    """How much of a document the person may read in the group of this page."""
    if writes(request):
        return Audience.COORDINATORS
    return Audience.ALL if request.role == Membership.Role.OBSERVER else Audience.MEMBERS


def _authorise(request: Request, verb: Verb) -> None:
    if not (request.user.is_administrator or allows(request.role, verb)):
        raise PermissionDenied


def visible_meeting(request: Request, verb: Verb, pk: int) -> Meeting:
    """The meeting, by the rule of `Meeting.objects.visible_to` for one object (a test compares)."""
    meeting, request.role = meeting_and_role(pk, request.user)
    if meeting is None:
        raise Http404
    if not writes(request):
        closed = meeting.is_closed and request.role == Membership.Role.OBSERVER
        if request.role is None or closed or not DocumentVersion.objects.of(meeting).exists():
            raise Http404
        _authorise(request, verb)
    return meeting


def _view(verb: Verb, call: Callable[..., HttpResponseBase], view: Callable[..., Any]) -> View:
    wrapper = cast(View, wraps(view)(call))
    wrapper.verb = verb
    return wrapper


def for_group(verb: Verb) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Give the view the group of the address, to one who may do `verb` in it."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        def call(request: Request, slug: str, **kwargs: Any) -> HttpResponseBase:
            group = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
            request.role = role_in(request.user, group)
            _authorise(request, verb)
            return view(request, group, **kwargs)

        return _view(verb, call, view)

    return decorate


def for_meeting(verb: Verb) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Give the view the meeting, to one who may do `verb` to it; word what its state forbids."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        def call(request: Request, pk: int, **kwargs: Any) -> HttpResponseBase:
            meeting = visible_meeting(request, verb, pk)
            try:
                return view(request, meeting, **kwargs)
            except WrongState:
                return wrong_state(request, meeting)

        return _view(verb, call, view)

    return decorate


def for_item(verb: Verb, *, removed: bool = False) -> Callable[[Callable[..., Any]], View]:
    """Give the view an item of the meeting; with `removed` also one taken off the agenda."""
    items = AgendaItem.objects.all() if removed else AgendaItem.objects.current()

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        def with_item(
            request: Request, meeting: Meeting, item: int, **kwargs: Any
        ) -> HttpResponseBase:
            found = get_object_or_404(items.filter(meeting=meeting), pk=item)
            found.meeting = meeting
            return view(request, found, **kwargs)

        return for_meeting(verb)(wraps(view)(with_item))

    return decorate


def for_attachment(verb: Verb) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Give the view an attachment of one of the meeting's items."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        def with_attachment(
            request: Request, meeting: Meeting, attachment: int, **kwargs: Any
        ) -> HttpResponseBase:
            attachments = Attachment.objects.filter(
                item__meeting=meeting, item__removed_at__isnull=True
            )
            found = get_object_or_404(attachments.select_related("item", "file"), pk=attachment)
            found.item.meeting = meeting
            return view(request, found, **kwargs)

        return for_meeting(verb)(wraps(view)(with_attachment))

    return decorate


def for_attendance(verb: Verb) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Give the view one row of the meeting's list of attendance."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        def with_attendance(
            request: Request, meeting: Meeting, attendance: int, **kwargs: Any
        ) -> HttpResponseBase:
            found = get_object_or_404(Attendance.objects.filter(meeting=meeting), pk=attendance)
            found.meeting = meeting
            return view(request, found, **kwargs)

        return for_meeting(verb)(wraps(view)(with_attendance))

    return decorate
