"""Merging two persons or two organisations: find the double, look at both, do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.sorting import alphabetical
from directory.access import Request, for_coordinators
from directory.forms.merging import OrganisationTwinForm, PersonTwinForm
from directory.merging import Mergeable, doubles, rules
from directory.merging.preview import preview
from directory.models import Organisation, Person
from directory.models.naming import name_in_language
from directory.services import merging as services

PAGE = 50


@dataclass(frozen=True)
class _Kind:
    """What differs between persons and organisations."""

    name: str  # for addresses
    plural: str
    rows: Callable[[], QuerySet[Any]]
    mergeable: Callable[[Person], QuerySet[Any]]
    likely: Callable[[QuerySet[Any]], QuerySet[Any]]
    like: Callable[[Any, QuerySet[Any]], QuerySet[Any]]
    form: Any
    order: Callable[[], Any]
    merge: Callable[..., Any]


_PEOPLE = _Kind(
    "person",
    "people",
    lambda: Person.objects.select_related("merged_into"),
    rules.mergeable_people,
    doubles.likely_people,
    doubles.like_person,
    PersonTwinForm,
    lambda: alphabetical("name"),
    services.merge_people,
)
_ORGANISATIONS = _Kind(
    "organisation",
    "organisations",
    lambda: Organisation.objects.select_related("merged_into", "parent", "municipality"),
    rules.mergeable_organisations,
    doubles.likely_organisations,
    doubles.like_organisation,
    OrganisationTwinForm,
    lambda: alphabetical(name_in_language()),
    services.merge_organisations,
)


@require_safe
@for_coordinators
def double_people(request: Request) -> HttpResponse:
    """People who may be in the directory twice."""
    return _doubles(request, _PEOPLE)


@require_safe
@for_coordinators
def double_organisations(request: Request) -> HttpResponse:
    """Organisations that may be in the directory twice."""
    return _doubles(request, _ORGANISATIONS)


def _doubles(request: Request, kind: _Kind) -> HttpResponse:
    found = kind.likely(kind.mergeable(request.user))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    twins = kind.rows().in_bulk([row.twin_id for row in page])
    pairs = [(twins[row.twin_id], row) for row in page]
    context = {"kind": kind, "page": page, "pairs": pairs}
    return render(request, "directory/merge_doubles.html", context)


@require_safe
@for_coordinators
def pick_person(request: Request, pk: int) -> HttpResponse:
    """Which other person is the same as this one?"""
    return _pick(request, _PEOPLE, pk)


@require_safe
@for_coordinators
def pick_organisation(request: Request, pk: int) -> HttpResponse:
    """Which other organisation is the same as this one?"""
    return _pick(request, _ORGANISATIONS, pk)


def _pick(request: Request, kind: _Kind, pk: int) -> HttpResponse:
    """Without words to look for, the likely ones; only what may be merged is offered."""
    one = get_object_or_404(kind.rows(), pk=pk)
    if one.merged_into:
        return _led_on(request, kind, one.merged_into)
    others = kind.mergeable(request.user)
    if not others.filter(pk=pk).exists():
        raise PermissionDenied
    form = kind.form(request.GET)
    searched = bool(request.GET.get("q", "").strip())
    others = others.exclude(pk=pk)
    if isinstance(one, Organisation):
        others = others.filter(kind=one.kind)
    found = form.filter(others) if searched else kind.like(one, others)
    page = Paginator(found.order_by(kind.order(), "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"kind": kind, "one": one, "form": form, "page": page, "searched": searched}
    return render(request, "directory/merge_pick.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def merge_people(request: Request, pk: int, other: int) -> HttpResponse:
    """Look at two persons, and make the second one with the first."""
    return _merge(request, _PEOPLE, pk, other)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def merge_organisations(request: Request, pk: int, other: int) -> HttpResponse:
    """Look at two organisations, and make the second one with the first."""
    return _merge(request, _ORGANISATIONS, pk, other)


def _merge(request: Request, kind: _Kind, pk: int, other: int) -> HttpResponse:
    kept, double = get_object_or_404(kind.rows(), pk=pk), get_object_or_404(kind.rows(), pk=other)
    refused: str = ""
    status = 200
    try:
        for one in (double, kept):
            if one.merged_into:
                raise services.AlreadyMerged(one.merged_into)
        rules.check(kept, double, request.user)
        if request.method == "POST":
            kind.merge(
                kept=kept,
                double=double,
                seen=request.POST.get("seen", ""),
                by=request.user,
                now=timezone.now(),
            )
            words = _("%(double)s was merged into %(kept)s.")
            messages.success(request, words % {"double": double.name, "kept": kept.name})
            return redirect(f"directory:{kind.name}", kept.pk)
    except services.AlreadyMerged as error:
        return _led_on(request, kind, error.into)
    except rules.NotYours as error:
        refused, status = str(error.words), 403
    except rules.Refused as error:
        refused, status = str(error.words), 400 if request.method == "POST" else 200
    except services.Changed:
        messages.error(
            request,
            _("Something has changed since you looked. This is how it is now: look again."),
        )
        status = 409
    context = {
        "kind": kind,
        "kept": kept,
        "double": double,
        "refused": refused,
        "preview": None if status == 403 else preview(kept, double, by=request.user),
    }
    return render(request, "directory/merge.html", context, status=status)


def _led_on(request: Request, kind: _Kind, into: Mergeable) -> HttpResponse:
    """Someone else was quicker, or the address is an old one."""
    words = _("These have been merged already. This is the one that stays.")
    messages.info(request, words)
    return redirect(f"directory:{kind.name}", into.pk)
