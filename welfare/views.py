"""The pages around the meeting: home, groups; the language."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from directory.models import Person
from directory.permissions import Verb, has_permission, may_keep_members
from directory.services.invitations import uninvited
from directory.services.own import choose_language
from welfare import getting_started, selectors

PAGE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What comes next and what waits, for the one who looks."""
    person = cast(Person, request.user)
    context = {
        "home": selectors.home(person, now=timezone.localtime()),
        "today": timezone.localdate(),
    }
    if person.is_administrator:
        start = getting_started.start(person, now=timezone.now())
        if start.next or getting_started.HIDDEN not in request.COOKIES:
            context |= {"start": start, "is_starting": bool(start.next) and not start.is_running}
    return render(request, "welfare/home.html", context)


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The person's groups; straight to the group where there is just one."""
    found = list(selectors.groups(cast(Person, request.user)))
    if len(found) == 1:
        return redirect("group", found[0].slug)
    return render(request, "welfare/groups.html", {"groups": found})


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group that the person sees: its next meeting, its meetings, its members."""
    person = cast(Person, request.user)
    group = get_object_or_404(selectors.groups(person), slug=slug)
    meetings = selectors.group_meetings(group, person)
    writes = has_permission(person, Verb.WRITE, group)
    context = {
        "group": group,
        "writes": writes,
        "keeps": writes or (group.parent_id is not None and may_keep_members(person, group)),
        "uninvited": uninvited(group, now=timezone.now()).count() if writes else 0,
        "next_meeting": selectors.next_meeting(meetings, now=timezone.localtime()),
        "meetings": Paginator(meetings, PAGE).get_page(request.GET.get("page")),
        "seats": selectors.members(group),
        "subgroups": list(selectors.groups(person).filter(parent=group)),
    }
    return render(request, "welfare/group.html", context)


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Go on in another language; remembered in the browser, and for one who has logged in."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    person = request.user
    if isinstance(person, Person) and person.language != chosen:
        choose_language(person=person, language=chosen, by=person)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = redirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
