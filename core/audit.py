"""Who did it: the context that the history's triggers record with each change.

Every service is decorated with `service`, so that a change made in a view, a task, a command or
behind a signed link carries its actor in the same way.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from django.db import transaction


def service[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` one transaction whose changes are recorded as done by its `by=`.

    `by` is a keyword-only argument: a person, or None where the house itself acts (set-up, import).
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        with transaction.atomic(), pghistory.context(actor=by.pk if by else None):
            return function(*args, **kwargs)

    return call


def track[M](exclude: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Record every row added, changed and deleted of a model; `exclude` names what is left out.

    Left out are texts that have a history of their own, password hashes and tokens.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )
