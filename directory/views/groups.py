"""The pages of groups."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import BooleanField, Count, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.sorting import alphabetical
from directory import composition, selectors
from directory.access import Request, View, for_coordinators, posted
from directory.forms.groups import EndGroupForm, GroupForm, GroupSearchForm
from directory.forms.memberships import MemberSearchForm
from directory.models import Group, Membership, lasting
from directory.models.naming import name_in_language
from directory.permissions import (
    Verb,
    has_permission,
    kept_groups,
    known_groups,
    may_add_group,
    may_keep_members,
)
from directory.services import groups as services
from directory.services.invitations import uninvited
from directory.views import contacts

PAGE = 50
FORM = ["GET", "HEAD", "POST"]
# A list this long is seen at a glance; a longer one gets a search above it.
_AT_A_GLANCE = 12


def for_keepers(view: Callable[..., HttpResponse]) -> View:
    """Open the page of a group to those who keep its members; to who only knows it it is refused.

    To coordinators who don't know the group it does not exist.
    """

    @for_coordinators
    @wraps(view)
    def call(request: Request, slug: str, *args: object, **kwargs: object) -> HttpResponse:
        known = known_groups(request.user).select_related("parent", "host")
        group = get_object_or_404(known, slug=slug)
        if not may_keep_members(request.user, group):
            raise PermissionDenied
        try:
            return view(request, group, *args, **kwargs)
        except services.NotYours as error:  # since a moment ago
            raise PermissionDenied from error
        except Membership.DoesNotExist as error:
            raise Http404 from error

    return call


@require_safe
@for_coordinators
def listing(request: Request) -> HttpResponse:
    """The groups that one keeps or is in, by name."""
    today = timezone.localdate()
    form = GroupSearchForm(request.GET)
    members = Count(
        "memberships__person", filter=Membership.now("memberships__", today), distinct=True
    )
    kept = Exists(kept_groups(request.user).filter(pk=OuterRef("pk")))
    found = (
        form.filter(known_groups(request.user), today)
        .annotate(members=members, is_kept=Cast(kept, BooleanField()))
        .select_related("parent")
        .order_by(alphabetical(name_in_language()), "pk")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/groups.html", {"form": form, "page": page})


@require_safe
@for_coordinators
def detail(request: Request, slug: str) -> HttpResponse:
    """A group: what it is, what it lacks, who is in it and for whom, what is below it."""
    today, by = timezone.localdate(), request.user
    known = known_groups(by)
    group = get_object_or_404(known.select_related("parent", "host"), slug=slug)
    is_kept = may_keep_members(by, group)
    form = MemberSearchForm(request.GET)
    found = form.filter(selectors.roster(group, today=today), today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    count = group.memberships.aggregate(all=Count("pk"), running=Count("pk", filter=lasting(today)))
    gaps = composition.Gaps() if group.ended_on else composition.gaps(group, today=today)
    vacant = [] if group.ended_on else composition.vacant(group, on=today)
    above = known.filter(pk=group.parent_id) if group.parent_id else known.none()
    context = {
        "group": group,
        "is_kept": is_kept,
        "may_add_subgroup": may_add_group(by, group),
        "reads": Group.objects.visible_to(by).filter(pk=group.pk).exists(),
        "writes": has_permission(by, Verb.WRITE, group),
        "parent": above.first(),
        "subgroups": known.filter(parent=group).order_by(
            "-ended_on", alphabetical(name_in_language()), "pk"
        ),
        "form": form,
        "page": page,
        "seats": [(_heading(place), list(rows)) for place, rows in groupby(page, _place)],
        "count": count,
        "searchable": count["all"] > _AT_A_GLANCE or count["all"] > count["running"],
        "lacks": [*vacant, *composition.missing(gaps)],
        "by_law": gaps != composition.Gaps(),
        "without": [(one, composition.seat_of(one)) for one in gaps.organisations],
        "uninvited": uninvited(group, now=timezone.now()).count() if is_kept else 0,
        **contacts.shown(by, today=today, group=group),
    }
    return render(request, "directory/group.html", context)


def _place(row: Any) -> int:
    return int(row.place)


def _heading(place: int) -> str:
    seats = list(Membership.Seat)
    if place < len(seats):
        return str(seats[place].label)
    return _("Others") if place == len(seats) else _("Their time is over")


@require_http_methods(FORM)
@for_coordinators
def add(request: Request) -> HttpResponse:
    """A new group; `?parent=` begins a sub-group of that group."""
    initial: dict[str, Any] = {"kind": Group.Kind.COOPERATION}
    above = Group.objects.filter(slug=request.GET.get("parent", "").replace("\0", "")).first()
    if above and may_add_group(request.user, above):
        initial = {
            "kind": Group.Kind.SUBGROUP,
            "parent": above.pk,
            "host": above.host_id,
            "language": above.language,
            "document_type": above.document_type,
            "publicity": above.publicity,
            "task_class": above.task_class,
            "retention_years": above.retention_years,
            "kept_permanently": above.kept_permanently,
        }
    today = timezone.localdate()
    form = GroupForm(posted(request), by=request.user, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add(values=form.values(), by=request.user)
        except services.NotYours as error:  # since a moment ago
            raise PermissionDenied from error
        words = _("%(name)s was added. Now add its first members.")
        messages.success(request, words % {"name": made.name})
        return redirect("directory:group", made.slug)
    status = 400 if form.errors else 200
    context = {"form": form, "above": above}
    return render(request, "directory/group_form.html", context, status=status)


@require_http_methods(FORM)
@for_keepers
def edit(request: Request, group: Group) -> HttpResponse:
    """Change what is known of a group."""
    # Whoever saves second waits here, and then sees what the first has saved.
    with transaction.atomic():
        if request.method == "POST":
            group = Group.objects.select_for_update().get(pk=group.pk)
        form = GroupForm(
            posted(request), instance=copy(group), by=request.user, today=timezone.localdate()
        )
        if request.method == "POST" and form.is_valid():
            services.change(group=group, values=form.values(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("directory:group", group.slug)
    status = 400 if form.errors else 200
    context = {"form": form, "group": group}
    return render(request, "directory/group_form.html", context, status=status)


@require_http_methods(FORM)
@for_keepers
def end(request: Request, group: Group) -> HttpResponse:
    """Give a group its last day."""
    today = timezone.localdate()
    form = EndGroupForm(posted(request), today=today, initial={"on": group.ended_on or today})
    if request.method == "POST" and form.is_valid():
        try:
            services.end(group=group, on=form.cleaned_data["on"], by=request.user)
        except services.StillAtWork:
            form.add_error(None, _("Its sub-groups have not ended. End them first."))
        else:
            messages.success(request, _("Its last day is noted."))
            return redirect("directory:group", group.slug)
    context = {
        "form": form,
        "group": group,
        "subgroups": group.subgroups.filter(ended_on=None).order_by(
            alphabetical(name_in_language()), "pk"
        ),
    }
    status = 400 if form.errors else 200
    return render(request, "directory/group_end.html", context, status=status)


@require_POST
@for_keepers
def reopen(request: Request, group: Group) -> HttpResponse:
    """Take a group into use again."""
    services.reopen(group=group, by=request.user)
    messages.success(request, _("The group is in use again."))
    return redirect("directory:group", group.slug)
