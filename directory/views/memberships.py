"""The pages on which members of a group are added, changed and ended."""

from copy import copy
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.templatetags.house import day
from directory import composition
from directory.access import Request, posted
from directory.forms.memberships import AddMemberForm, EndMembershipForm, MembershipForm
from directory.forms.people import taken
from directory.models import Group, Membership, lasting
from directory.permissions import is_coordinator, known_groups, may_manage
from directory.services import memberships as services
from directory.services import people
from directory.views.groups import FORM, for_keepers


@require_http_methods(FORM)
@for_keepers
def add(request: Request, group: Group) -> HttpResponse:
    """A new member: someone of the directory, or someone new.

    `?role=`, `?seat=`, `?organisation=` and `?deputy_for=` say what the form begins with.
    """
    today = timezone.localdate()
    form = AddMemberForm(posted(request), group=group, today=today, initial=_begun(request, group))
    if request.method == "POST" and form.is_valid():
        place = form.values()
        newcomer = form.newcomer()
        try:
            if newcomer:
                made = services.add_newcomer(
                    group=group, **newcomer, place=place, today=today, by=request.user
                )
            else:
                person = form.cleaned_data["person"]
                made = services.add(group=group, person=person, **place, by=request.user)
        except services.NotKept as error:  # since a moment ago
            raise PermissionDenied from error
        except services.Refused as refused:
            form.add_error(refused.field, str(refused))
        except people.EmailTaken:  # a moment ago
            form.add_error("email", taken(None))
        else:
            words = _("%(name)s is in the group now.")
            messages.success(request, words % {"name": made.person.name})
            if "again" in request.POST:
                query = urlencode({"seat": made.seat} if made.seat else {})
                address = reverse("directory:add_member", args=[group.slug])
                return redirect(f"{address}?{query}" if query else address)
            return redirect("directory:group", group.slug)
    context = {"form": form, "group": group}
    status = 400 if form.errors else 200
    return render(request, "directory/membership_add.html", context, status=status)


def _begun(request: Request, group: Group) -> dict[str, Any]:
    """What the address says the new member is to be; a value that cannot be is left out."""
    asked = request.GET
    begun: dict[str, Any] = {
        name: asked[name] for name in ("role", "seat", "organisation") if asked.get(name)
    }
    number = asked.get("deputy_for", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        deputed = group.memberships.filter(pk=number).first()
        if deputed:
            begun |= {
                "role": Membership.Role.DEPUTY,
                "seat": deputed.seat,
                "organisation": deputed.organisation_id,
                "deputy_for": deputed.pk,
            }
    return begun


@require_http_methods(FORM)
@for_keepers
def edit(request: Request, group: Group, pk: int) -> HttpResponse:
    """Change a member's role, organisation, seat and time."""
    today = timezone.localdate()
    found = group.memberships.select_related("person", "organisation", "deputy_for__person")
    with transaction.atomic():
        membership = get_object_or_404(found, pk=pk)
        if request.method == "POST":
            # Whoever saves second waits here, and then sees what the first has saved.
            services.held(membership)
            membership = get_object_or_404(found, pk=pk)
        form = MembershipForm(posted(request), instance=copy(membership), group=group, today=today)
        if request.method == "POST" and form.is_valid():
            try:
                saved = services.change(
                    membership=membership, values=form.values(), by=request.user
                )
            except services.NotKept as error:  # since a moment ago
                raise PermissionDenied from error
            except services.Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, _("Saved."))
                return _back(request, group, membership, saved)
    deputies = membership.deputies.filter(lasting(today)).select_related("person")
    context = {
        "form": form,
        "group": group,
        "membership": membership,
        "deputies": deputies.order_by("pk"),
        "is_over": _is_over(membership, today),
    }
    status = 400 if form.errors else 200
    return render(request, "directory/membership_form.html", context, status=status)


@require_http_methods(FORM)
@for_keepers
def end(request: Request, group: Group, pk: int) -> HttpResponse:
    """Give a membership its last day, knowing what the group lacks then."""
    today = timezone.localdate()
    found = group.memberships.select_related("person", "organisation")
    membership = get_object_or_404(found, pk=pk)
    last = membership.valid_to or today
    form = EndMembershipForm(posted(request), begins=membership.valid_from, initial={"on": last})
    if request.method == "POST" and form.is_valid():
        last = form.cleaned_data["on"]
        try:
            saved = services.end(membership=membership, on=last, by=request.user)
        except services.NotKept as error:  # since a moment ago
            raise PermissionDenied from error
        except services.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The last day is noted."))
            return _back(request, group, membership, saved)
    deputies = membership.deputies.filter(lasting(today)).select_related("person")
    vacant = composition.vacant(group, on=last + timedelta(days=1), without=membership)
    context = {
        "form": form,
        "group": group,
        "membership": membership,
        "deputies": deputies.order_by("pk"),
        "is_last": any(gap.place["role"] == membership.role for gap in vacant),
        "is_new": services.is_new(membership, today),
        "is_managed": may_manage(request.user, membership.person),
        "is_own": membership.person_id == request.user.pk,
    }
    status = 400 if form.errors else 200
    return render(request, "directory/membership_end.html", context, status=status)


@require_POST
@for_keepers
def remove(request: Request, group: Group, pk: int) -> HttpResponse:
    """Take away a membership that was a mistake."""
    membership = get_object_or_404(group.memberships.select_related("person"), pk=pk)
    try:
        services.remove(membership=membership, today=timezone.localdate(), by=request.user)
    except services.NotKept as error:  # since a moment ago
        raise PermissionDenied from error
    except services.Refused as refused:
        messages.error(request, str(refused))
        return redirect("directory:end_member", group.slug, pk)
    words = _("%(name)s was taken out of the group.")
    messages.success(request, words % {"name": membership.person.name})
    return _to_group(request, group)


def _is_over(membership: Membership, today: date) -> bool:
    return membership.valid_to is not None and membership.valid_to < today


def _back(request: Request, group: Group, before: Membership, saved: Membership) -> HttpResponse:
    """To the group's page, with a word on what the group lacks by this."""
    on = timezone.localdate()
    if saved.role == before.role and saved.valid_to:
        on = max(saved.valid_to + timedelta(days=1), on)
    is_other = (saved.role, saved.valid_to) != (before.role, before.valid_to)
    for gap in composition.vacant(group, on=on) if is_other else ():
        if gap.place["role"] == before.role:
            words = _("From %(day)s: %(lack)s")
            messages.warning(request, words % {"day": day(on), "lack": gap.words})
    return _to_group(request, group)


def _to_group(request: Request, group: Group) -> HttpResponse:
    """To the group's page, or to what one still sees who ended their own place."""
    keeps = is_coordinator(request.user)
    if keeps and known_groups(request.user).filter(pk=group.pk).exists():
        return redirect("directory:group", group.slug)
    return redirect("directory:groups" if keeps else settings.LOGIN_REDIRECT_URL)
