"""The pages of organisations and schools."""

from copy import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.sorting import alphabetical
from directory import hanging
from directory.access import Request, for_coordinators, posted
from directory.forms.organisations import EndForm, OrganisationForm, OrganisationSearchForm
from directory.merging.rules import mergeable_organisations
from directory.models import Group, Membership, Organisation
from directory.models.naming import name_in_language
from directory.services import organisations as services
from directory.views import contacts

PAGE = 50


@require_safe
@for_coordinators
def listing(request: Request) -> HttpResponse:
    """All organisations, by name."""
    form = OrganisationSearchForm(request.GET)
    found = form.filter(Organisation.objects.current(), timezone.localdate())
    found = found.select_related("parent", "municipality").order_by(
        alphabetical(name_in_language()), "pk"
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/organisations.html", {"form": form, "page": page})


@require_safe
@for_coordinators
def detail(request: Request, pk: int) -> HttpResponse:
    """One organisation with what belongs to it, as far as the reader's groups go."""
    found = Organisation.objects.select_related("parent", "municipality", "merged_into")
    organisation = get_object_or_404(found, pk=pk)
    if organisation.merged_into:
        return redirect("directory:organisation", organisation.merged_into.pk)
    today = timezone.localdate()
    groups = Group.objects.visible_to(request.user).values("pk")
    by_person = alphabetical("person__name")
    affiliations = organisation.affiliations.filter(Membership.now(today=today))
    context = {
        **contacts.shown(request.user, today=today, organisation=organisation),
        "organisation": organisation,
        "is_mergeable": mergeable_organisations(request.user).filter(pk=pk).exists(),
        "levels": [Organisation.Level(level).label for level in organisation.levels],
        "has_ended": organisation.valid_to is not None and organisation.valid_to < today,
        "pupils": organisation.pupil_counts.order_by("-counted_on"),
        "schools": organisation.schools.valid(today).order_by(
            alphabetical(name_in_language()), "pk"
        ),
        "affiliations": affiliations.select_related("person").order_by(by_person, "pk"),
        "memberships": organisation.memberships.filter(group__in=groups)
        .filter(Membership.now(today=today))
        .select_related("person", "group")
        .order_by("group__name_fi", by_person, "pk"),
    }
    return render(request, "directory/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def add(request: Request) -> HttpResponse:
    """A new organisation; `?parent=` begins a school of that provider."""
    initial: dict[str, str] = {"kind": Organisation.Kind.SCHOOL}
    if request.GET.get("parent", "").isascii() and request.GET.get("parent", "").isdigit():
        initial["parent"] = request.GET["parent"]
    form = OrganisationForm(posted(request), initial=initial, pupils={})
    if request.method == "POST" and form.is_valid():
        made = services.add(
            values=form.values(), pupils=form.cleaned_data["pupils"], by=request.user
        )
        messages.success(request, _("%(name)s was added.") % {"name": made.name})
        return redirect("directory:organisation", made.pk)
    status = 400 if form.errors else 200
    return render(request, "directory/organisation_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is known of an organisation."""
    # Whoever saves second waits here, and then sees what the first has saved.
    with transaction.atomic():
        current = Organisation.objects.current()
        if request.method == "POST":
            current = current.select_for_update(of=("self",))
        organisation = get_object_or_404(current.select_related("parent", "municipality"), pk=pk)
        pupils = {row.counted_on.year: row.count for row in organisation.pupil_counts.all()}
        form = OrganisationForm(posted(request), instance=copy(organisation), pupils=pupils)
        if request.method == "POST" and form.is_valid():
            services.change(
                organisation=organisation,
                values=form.values(),
                pupils=form.cleaned_data["pupils"],
                by=request.user,
            )
            messages.success(request, _("Saved."))
            return redirect("directory:organisation", pk)
    context = {"form": form, "organisation": organisation}
    status = 400 if form.errors else 200
    return render(request, "directory/organisation_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def end(request: Request, pk: int) -> HttpResponse:
    """Give an organisation its last day, knowing what hangs on it."""
    organisation = get_object_or_404(Organisation.objects.current(), pk=pk)
    today = timezone.localdate()
    form = EndForm(
        posted(request),
        begins=organisation.valid_from,
        initial={"on": organisation.valid_to or today},
    )
    if request.method == "POST" and form.is_valid():
        services.end(organisation=organisation, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, _("Its last day is noted."))
        return redirect("directory:organisation", pk)
    context = {
        "form": form,
        "organisation": organisation,
        "hanging": hanging.on(organisation, by=request.user, today=today),
    }
    status = 400 if form.errors else 200
    return render(request, "directory/organisation_end.html", context, status=status)


@require_POST
@for_coordinators
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take the last day away again."""
    organisation = get_object_or_404(Organisation.objects.current(), pk=pk)
    services.reopen(organisation=organisation, by=request.user)
    messages.success(request, _("It has no last day any more."))
    return redirect("directory:organisation", pk)
