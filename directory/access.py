"""Who may open a page of the directory: it exists for those who keep it, and for nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from directory.models import Person
from directory.permissions import Verb, is_coordinator


class Request(HttpRequest):
    """A request of someone who is logged in."""

    user: Person


class View(Protocol):
    """A view that says what it lets people do."""

    verb: Verb

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields that were posted, be they none, or nothing on a GET."""
    return request.POST if request.method == "POST" else None


def for_coordinators(view: Callable[..., HttpResponseBase]) -> View:
    """Open the page to coordinators and administrators; to others it does not exist."""

    @wraps(view)
    def call(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_coordinator(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    wrapper = cast(View, call)
    wrapper.verb = Verb.KEEP
    return wrapper
