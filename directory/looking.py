"""Look as another would (näytä kuten): a coordinator sees the house as, say, a member sees it.

No rule of access knows of it. For each page a person is made who has the part that was chosen, in
the group that was chosen and in nothing else; the page is made for that person; and the transaction
is rolled back, whatever was done in it. So the answers are those that such a person would get,
nothing can be saved, and there is nothing to be seen that the coordinator of the group may not see.

The session says only what was chosen. It stays the coordinator's own, and so do the pages of one's
own account, the language and the way back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext as _

from core.expired import keep
from directory.enums import Part
from directory.models import Group, Organisation, Person
from directory.permissions import Verb, has_permission
from directory.services.looking import stand_in

SESSION_KEY = "looking"
_SAFE = ("GET", "HEAD", "OPTIONS")
# These stay one's own; what is typed into a form that came too late is its writer's.
_OWN = {"language", "resume", "directory:stop_looking"}
_OWN_ROUTE = "account/"


@dataclass(frozen=True)
class Looking:
    """As whom one looks: in which group, and where it matters for which organisation."""

    group: Group
    part: Part
    organisation: Organisation | None

    @property
    def words(self) -> str:
        """What the bar at the top says."""
        words = {"group": self.group.name, "organisation": self.organisation}
        if self.organisation is None:
            said = {
                Part.MEMBER: _("You see what a member of %(group)s sees."),
                Part.DEPUTY: _("You see what a deputy member of %(group)s sees."),
                Part.OBSERVER: _("You see what an observer in %(group)s sees."),
            }
        else:
            said = {
                Part.MEMBER: _("You see what a member of %(group)s for %(organisation)s sees."),
                Part.DEPUTY: _(
                    "You see what a deputy member of %(group)s for %(organisation)s sees."
                ),
                Part.OBSERVER: _(
                    "You see what an observer in %(group)s for %(organisation)s sees."
                ),
                Part.CONTACT: _(
                    "You see what the contact person of %(organisation)s for %(group)s sees."
                ),
            }
        return said[self.part] % words


def begin(
    request: HttpRequest, *, group: Group, part: str, organisation: Organisation | None
) -> None:
    """From the next page on, look as one who has this part in the group."""
    request.session[SESSION_KEY] = {
        "group": group.pk,
        "part": part,
        "organisation": organisation.pk if organisation else None,
    }


def end(request: HttpRequest) -> Group | None:
    """See with one's own eyes again; the group that was looked at, where it still is."""
    chosen = request.session.pop(SESSION_KEY, None)
    return Group.objects.filter(pk=chosen["group"]).first() if chosen else None


class LookingMiddleware:
    """Stands last, so that everything about the session and the login is done as oneself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the one whose part was chosen would be answered."""
        looking = self._looking(request)
        request.looking = looking  # type: ignore[attr-defined]  # for the bar in base.html
        if looking is None or _is_own(request):
            return self.get_response(request)
        if request.method not in _SAFE:
            return _refuse(request)
        return self._answer(request, looking)

    def _looking(self, request: HttpRequest) -> Looking | None:
        """What was chosen, as long as the person still coordinates the group."""
        chosen = request.session.get(SESSION_KEY)
        if not chosen or not request.user.is_authenticated:
            return None
        group = Group.objects.filter(pk=chosen["group"]).first()
        organisation = Organisation.objects.current().filter(pk=chosen["organisation"]).first()
        is_lost = chosen["organisation"] and not organisation
        if not group or is_lost or not has_permission(_person(request), Verb.WRITE, group):
            del request.session[SESSION_KEY]
            return None
        return Looking(group, Part(chosen["part"]), organisation)

    def _answer(self, request: HttpRequest, looking: Looking) -> HttpResponse:
        oneself = _person(request)
        with transaction.atomic():
            request.user = stand_in(
                group=looking.group,
                part=looking.part,
                organisation=looking.organisation,
                by=oneself,
            )
            try:
                response: Any = self.get_response(request)
                if response.streaming:  # what is still to be read is read while the person is there
                    response.streaming_content = list(response.streaming_content)
            finally:
                request.user = oneself
                transaction.set_rollback(True)
        return response


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _is_own(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info)
    except Http404:
        return False
    return match.view_name in _OWN or match.route.startswith(_OWN_ROUTE)


def _refuse(request: HttpRequest) -> HttpResponse:
    """Nothing is saved; what was typed can be sent when one sees with one's own eyes again."""
    if request.headers.get("Accept") == "application/json":
        text = _("You are looking as someone else would, so nothing is saved. Stop looking first.")
        return JsonResponse({"error": text}, status=400)
    kept = keep(request, str(request.user.pk), timed_out=False)
    return render(request, "directory/looking_refused.html", {"kept": kept}, status=403)
