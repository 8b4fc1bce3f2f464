"""Logs without personal data, one JSON object a line.

Only what stands in the source code is logged as text: the words of a message, but not what was put
into them, where it is no number; an exception's type and where it was raised, but not its words nor
any value. An address is logged as the pattern of its route, without what was in the address.
So nobody has to remember what must not be logged, in our code or in a library's.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType
from typing import Any, Final
from uuid import uuid4

HIDDEN: Final = "…"  # stands where something was left out
REQUEST_ID = "X-Request-ID"
# What the web server says of its own processes; of requests it speaks under other names.
_OPEN: Final = {"_granian", "_granian.serve"}

logger = logging.getLogger(__name__)
_request: ContextVar[Any] = ContextVar("request", default=None)
_PLACES: Final = ("site-packages/", "dist-packages/", f"{Path(__file__).resolve().parents[1]}/")


class JSONFormatter(logging.Formatter):
    """A record as one line of JSON; of its texts only those that stand in the source code."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "at": f"{_short(record.pathname)}:{record.lineno}",
        }
        job = getattr(record, "job", None)
        if isinstance(job, dict):
            line["job"] = {name: job.get(name) for name in ("id", "task_name", "attempts")}
        request = _request.get() or getattr(record, "request", None)
        if request is not None:
            line |= _described(request)
        for name in ("status_code", "milliseconds"):
            if isinstance(value := getattr(record, name, None), int):
                line[name] = value
        if record.exc_info and record.exc_info[1]:
            line["exceptions"] = list(_exceptions(record.exc_info[1], set()))
        return json.dumps(line, ensure_ascii=False)


class RequestLogMiddleware:
    """Gives each request an id, and logs one line when it has been answered."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        """Answer, and tell of it."""
        request.log_id = uuid4().hex
        token, started = _request.set(request), time.monotonic()
        try:
            response = self.get_response(request)
            response[REQUEST_ID] = request.log_id
            numbers = {
                "status_code": response.status_code,
                "milliseconds": round((time.monotonic() - started) * 1000),
            }
            logger.info("answered", extra=numbers)
        finally:
            _request.reset(token)
        return response


def _described(request: Any) -> dict[str, Any]:
    match = getattr(request, "resolver_match", None)
    known = getattr(request, "_cached_user", None)  # asking for the user would ask the database
    return {
        "request": getattr(request, "log_id", None),
        "method": request.method if request.method in _METHODS else HIDDEN,
        "route": f"/{match.route}" if match else HIDDEN,
        "person": known.pk if known is not None else None,
    }


_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _message(record: logging.LogRecord) -> str:
    """The record's words as far as they stand in the source code, with the numbers in them."""
    words = record.msg
    if record.name in _OPEN:
        return record.getMessage()
    if not isinstance(words, str) or not _stands_in_code(words):
        action = getattr(record, "action", None)  # the queue's short word for what happens
        return action if isinstance(action, str) and _stands_in_code(action) else HIDDEN
    arguments: Any = record.args
    if not arguments:
        return words
    if isinstance(arguments, Mapping):
        arguments = {name: _harmless(value) for name, value in arguments.items()}
    elif isinstance(arguments, tuple):
        arguments = tuple(map(_harmless, arguments))
    try:
        return words % arguments
    except (TypeError, ValueError, KeyError):
        return words


def _harmless(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return HIDDEN


def _stands_in_code(words: str) -> bool:
    """Whether it is a literal of a function that is now running, such as the one that logs."""
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        if _has_constant(frame.f_code, words):
            return True
    return False


def _has_constant(code: CodeType, words: str) -> bool:
    return words in code.co_consts or any(
        words in one for one in code.co_consts if isinstance(one, tuple)
    )


def _exceptions(error: BaseException, seen: set[int]) -> Iterator[dict[str, Any]]:
    """An exception and what led to it: types and places, no words and no values."""
    while error and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        told: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
        # What the database says of it: a code, and the name of a constraint of ours.
        if sqlstate := getattr(error, "sqlstate", None):
            told["sqlstate"] = sqlstate
            told["constraint"] = error.diag.constraint_name  # type: ignore[attr-defined]
        told["traceback"] = [
            f"{_short(frame.f_code.co_filename)}:{number} {frame.f_code.co_name}"
            for frame, number in _steps(error)
        ]
        yield told
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _exceptions(one, seen)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)  # type: ignore[assignment]


def _steps(error: BaseException) -> Iterator[tuple[Any, int]]:
    step = error.__traceback__
    while step:
        yield step.tb_frame, step.tb_lineno
        step = step.tb_next


def _short(path: str) -> str:
    """A source file's path without where it is installed."""
    for place in _PLACES:
        path = path.rpartition(place)[2]
    return path
