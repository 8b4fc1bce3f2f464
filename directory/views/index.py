"""The directory's front page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.access import Request, for_coordinators
from directory.models import Organisation, Person
from directory.permissions import known_groups


@require_safe
@for_coordinators
def index(request: Request) -> HttpResponse:
    """How many of what, and the ways on."""
    context = {
        "organisations": Organisation.objects.valid(timezone.localdate()).count(),
        "people": Person.objects.current().count(),
        "groups": known_groups(request.user).filter(ended_on=None).count(),
    }
    return render(request, "directory/index.html", context)
