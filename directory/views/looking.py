"""Pages on which one begins and stops looking as another would."""

from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core import expired
from directory import looking
from directory.access import posted
from directory.forms.looking import LookForm
from directory.models import Group, Person
from directory.permissions import Verb, has_permission


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose as whom to look at the group, and begin."""
    person = cast(Person, request.user)
    group = get_object_or_404(Group.objects.visible_to(person), slug=slug)
    if not has_permission(person, Verb.WRITE, group):
        raise PermissionDenied
    form = LookForm(posted(request), group=group)
    if request.method == "POST" and form.is_valid():
        looking.begin(request, group=group, **form.cleaned_data)
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 400 if form.errors else 200
    return render(request, "directory/look.html", {"group": group, "form": form}, status=status)


look.verb = Verb.WRITE  # type: ignore[attr-defined]


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """See with one's own eyes again, and go on where one began or with what was typed."""
    group = looking.end(request)
    if expired.SESSION_KEY in request.session:
        return redirect("resume")
    visible = Group.objects.visible_to(cast(Person, request.user))
    if group and visible.filter(pk=group.pk).exists():
        return redirect(cast(Any, group))  # ABSOLUTE_URL_OVERRIDES says where
    return redirect(settings.LOGIN_REDIRECT_URL)
