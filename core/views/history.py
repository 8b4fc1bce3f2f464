"""The history of one object: each change a sentence, the newest first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import history as told


@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What was done to an object and what belongs to it, as far as its room lets one read it."""
    if kind not in told.kinds:
        raise Http404
    of = told.kinds[kind]
    place = of.fetch(request.user, pk)
    chosen = {name: request.GET.get(name, "") for name in ("by", "about")}
    found = told.pages(
        told.Page(kind, pk, of.model, place), number=request.GET.get("page", ""), **chosen
    )
    return render(request, "core/history.html", {"place": place, "found": found} | chosen)
