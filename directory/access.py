"""Who gets to see the directory's pages at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse

from directory.models import Person
from directory.permissions import Verb, is_coordinator


def for_coordinators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Administrators and coordinators; for everyone else the page does not exist."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_coordinator(cast(Person, request.user)):
            raise Http404
        return view(request, *args, **kwargs)

    wrapped.verb = Verb.WRITE  # type: ignore[attr-defined]
    return wrapped
