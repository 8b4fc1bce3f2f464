"""Whether the house is well, told to whoever watches it.

The two addresses are answered before all else: a probe knows neither our host names nor TLS.
"""

import os
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

ALIVE = "/healthz"
READY = "/readyz"

_migrated = False  # stays true while this process runs: its migrations are those it started with


class HealthMiddleware:
    """Answers `/healthz` (the process lives) and `/readyz` (and can do its work)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer those two; let all others pass."""
        if request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        wrong = troubles() if request.path_info == READY else []
        response = HttpResponse(
            ", ".join(wrong) or "ok", status=503 if wrong else 200, content_type="text/plain"
        )
        response["Cache-Control"] = "no-store"
        return response


def troubles() -> list[str]:
    """What keeps this process from its work: "database", "migrations", "storage"."""
    found = []
    try:
        if not _is_migrated():
            found.append("migrations")
    except Error:
        found.append("database")
    if not _is_writable():
        found.append("storage")
    return found


def _is_migrated() -> bool:
    global _migrated  # one answer for all threads
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _is_writable() -> bool:
    """Whether files can be written on disk; object storage is not asked each few seconds."""
    if not isinstance(default_storage, FileSystemStorage):
        return True
    folder = Path(default_storage.location)
    made = next(place for place in (folder, *folder.parents) if place.exists())
    return made.is_dir() and os.access(made, os.W_OK | os.X_OK)
