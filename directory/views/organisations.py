"""The pages of organisations and schools."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.sorting import alphabetical
from directory.access import Request, for_coordinators
from directory.forms.organisations import OrganisationSearchForm
from directory.models import Organisation
from directory.models.naming import name_in_language

PAGE = 50


@require_safe
@for_coordinators
def listing(request: Request) -> HttpResponse:
    """All organisations, by name."""
    form = OrganisationSearchForm(request.GET)
    found = form.filter(Organisation.objects.current(), timezone.localdate())
    found = found.select_related("parent").order_by(alphabetical(name_in_language()), "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/organisations.html", {"form": form, "page": page})
