"""Who did it: the context that the history's triggers record with each change.

Every service is decorated with `service`, so that a change made in a view, a task, a command or
behind a signed link carries its actor in the same way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any
from uuid import uuid4

import pghistory
from django.db import transaction
from pghistory import runtime

_house: ContextVar[str] = ContextVar("house", default="")
_via: ContextVar[str] = ContextVar("via", default="")


class NobodyActs(Exception):
    """A service was called with `by=None` outside of `house`: nobody can be said to have acted."""


@contextmanager
def house(part: str) -> Iterator[None]:
    """Within this the house itself may act (`by=None`): a command, a task, the demo.

    `part` is a short name ("import_minutes") for which a room gives words by
    `core.history.house`. Also a decorator. A person's own acts within it stay the person's.
    """
    before = _house.set(part)
    try:
        yield
    finally:
        _house.reset(before)


@contextmanager
def via(way: str) -> Iterator[None]:
    """Within this people act by another way than by logging in: "link", a signed link."""
    before = _via.set(way)
    try:
        yield
    finally:
        _via.reset(before)


@contextmanager
def acting(by: Any) -> Iterator[None]:
    """Record what changes within this as done by `by`; None for the house or whoever acts.

    Someone else acting inside gets a context of their own, so that no one's acts become another's.
    """
    now = getattr(runtime._tracker, "value", None)
    if by is None and now is None and not _house.get():
        raise NobodyActs
    who = {"actor": by.pk} if by else {"actor": None, "house": _house.get()}
    if way := _via.get():
        who["via"] = way
    if now is None:
        with pghistory.context(**who):
            yield
    elif by is None or now.metadata == who:
        yield
    else:
        runtime._tracker.value = runtime.Context(id=uuid4(), metadata=who)
        try:
            yield
        finally:
            runtime._tracker.value = now


def service[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` one transaction whose changes are recorded as done by its `by=`.

    `by` is a keyword-only argument: a person, or None where the house itself acts, within `house`;
    a service called by a service with None goes on in the name of whoever acts there.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), acting(kwargs["by"]):
            return function(*args, **kwargs)

    call.is_service = True  # type: ignore[attr-defined]
    return call


def track[M](exclude: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Record every row added, changed and deleted of a model; `exclude` names what is left out.

    Left out are texts that have a history of their own, password hashes and tokens. Each other
    field needs a sentence in the room's `history` (see `core.history`).
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )
