"""The pages of people."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.sorting import alphabetical
from directory import selectors
from directory.access import Request, View, for_coordinators, posted
from directory.forms.people import (
    AddPersonForm,
    AffiliationForm,
    PeopleSearchForm,
    PersonForm,
    taken,
)
from directory.models import Affiliation, Membership, Organisation, Person
from directory.models.naming import name_in_language, short_name_in_language
from directory.permissions import known_groups, may_invite, may_manage
from directory.services import people
from directory.services.invitations import can_be_invited
from directory.views import contacts

PAGE = 50
FORM = ["GET", "HEAD", "POST"]


def for_managers(view: Callable[..., HttpResponse]) -> View:
    """Open the page of a person to those who manage them; to other coordinators it is refused."""

    @for_coordinators
    @wraps(view)
    def call(request: Request, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        person = get_object_or_404(Person.objects.current(), pk=pk)
        if not may_manage(request.user, person):
            raise PermissionDenied
        try:
            return view(request, person, *args, **kwargs)
        except people.NotYours as error:  # since a moment ago
            raise PermissionDenied from error

    return call


@require_safe
@for_coordinators
def listing(request: Request) -> HttpResponse:
    """All people, by name."""
    today = timezone.localdate()
    groups = known_groups(request.user)
    form = PeopleSearchForm(
        request.GET,
        groups=groups.order_by(alphabetical(name_in_language()), "pk"),
        organisations=Organisation.objects.current().order_by(
            alphabetical(short_name_in_language()), "pk"
        ),
    )
    now = Membership.now(today=today)
    found = (
        form.filter(Person.objects.current(), groups=groups, today=today)
        .prefetch_related(
            Prefetch(
                "affiliations",
                Affiliation.objects.filter(now).select_related("organisation").order_by("pk"),
            ),
            Prefetch(
                "memberships",
                Membership.objects.filter(now, group__in=groups)
                .select_related("group", "organisation")
                .order_by("pk"),
            ),
        )
        .order_by(alphabetical("name"), "pk")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/people.html", {"form": form, "page": page})


@require_safe
@for_coordinators
def detail(request: Request, pk: int) -> HttpResponse:
    """A person: how they get in, where they take part, for whom they speak."""
    person = get_object_or_404(Person.objects.select_related("merged_into"), pk=pk)
    if person.merged_into:
        return redirect("directory:person", person.merged_into.pk)
    groups = known_groups(request.user)
    context = {
        **contacts.shown(request.user, today=timezone.localdate(), person=person),
        "person": person,
        "now": timezone.now(),
        "memberships": selectors.memberships_of(person, groups),
        "affiliations": selectors.affiliations_of(person),
        "invitation": person.login_invitations.order_by("-sent_at", "-pk").first(),
        "is_invitable": can_be_invited(person) and may_invite(request.user, person),
        "is_managed": may_manage(request.user, person),
    }
    return render(request, "directory/person.html", context)


@require_http_methods(FORM)
@for_coordinators
def add(request: Request) -> HttpResponse:
    """Add a person."""
    today = timezone.localdate()
    initial = {"organisation": request.GET.get("organisation")}
    form = AddPersonForm(posted(request), today=today, initial=initial)
    if form.is_valid():
        try:
            person = people.add_person(**form.cleaned_data, today=today, by=request.user)
        except people.EmailTaken:  # a moment ago
            form.add_error("email", taken(None))
        else:
            messages.success(request, _("%(name)s is added.") % {"name": person.name})
            return redirect("directory:person", person.pk)
    return _form(request, form, heading=_("Add a person"), save=_("Add"))


@require_http_methods(FORM)
@for_managers
def edit(request: Request, person: Person) -> HttpResponse:
    """Change a person's name, address and language."""
    initial = {"name": person.name, "email": person.email, "language": person.language}
    form = PersonForm(posted(request), person=person, initial=initial)
    if form.is_valid():
        try:
            people.change_person(
                person=person, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except people.EmailTaken:
            form.add_error("email", taken(None))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:person", person.pk)
    lead = _("A new address logs the person out everywhere, and letters go there from now on.")
    return _form(request, form, heading=_("Change the data"), person=person, lead=lead)


@require_POST
@for_managers
def set_login(request: Request, person: Person) -> HttpResponse:
    """Let a person log in (`may=on`), or not any more."""
    may = request.POST.get("may") == "on"
    try:
        people.set_login(person=person, may=may, by=request.user, now=timezone.now())
    except people.LastAdministrator:
        messages.error(request, _last())
    else:
        words = _("%(name)s may log in.") if may else _("%(name)s may not log in any more.")
        messages.success(request, words % {"name": person.name})
    return redirect("directory:person", person.pk)


@require_POST
@for_managers
def set_administrator(request: Request, person: Person) -> HttpResponse:
    """Make a person an administrator (`is_administrator=on`), or one no longer."""
    chosen = request.POST.get("is_administrator") == "on"
    try:
        people.set_administrator(person=person, is_administrator=chosen, by=request.user)
    except people.LastAdministrator:
        messages.error(request, _last())
    else:
        words = (
            _("%(name)s is an administrator.")
            if chosen
            else _("%(name)s is no administrator any more.")
        )
        messages.success(request, words % {"name": person.name})
    return redirect("directory:person", person.pk)


@require_http_methods(FORM)
@for_managers
def add_affiliation(request: Request, person: Person) -> HttpResponse:
    """Tie a person to an organisation."""
    return _affiliation(request, Affiliation(person=person), _("Add an organisation"))


@require_http_methods(FORM)
@for_managers
def edit_affiliation(request: Request, person: Person, affiliation: int) -> HttpResponse:
    """Change a person's tie to an organisation, or end it."""
    found = get_object_or_404(person.affiliations, pk=affiliation)
    return _affiliation(request, found, _("Change or end the tie"))


def _affiliation(request: Request, affiliation: Affiliation, heading: str) -> HttpResponse:
    form = AffiliationForm(posted(request), instance=affiliation, today=timezone.localdate())
    if form.is_valid():
        people.save_affiliation(affiliation=form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("directory:person", affiliation.person_id)
    return _form(request, form, heading=heading, person=affiliation.person)


def _form(
    request: Request,
    form: BaseForm,
    *,
    heading: str,
    person: Person | None = None,
    lead: str = "",
    save: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "person": person,
        "lead": lead,
        "save": save or _("Save"),
    }
    status = 400 if form.errors else 200
    return render(request, "directory/person_form.html", context, status=status)


def _last() -> str:
    return _("The region needs an administrator who can log in. Make someone else one first.")
