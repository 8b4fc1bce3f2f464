"""What the worker does, done by a test at the moment it chooses, in the test's own transaction."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def run_jobs() -> list[str]:
    """Run the jobs that are due, also those they defer, and return their names in order."""
    done = []
    while job := _take():
        name, arguments = job
        app.tasks[name].func(**arguments)
        done.append(name)
    return done


def _take() -> tuple[str, dict[str, object]] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))"
            " RETURNING task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, arguments = row
    return name, json.loads(arguments) if isinstance(arguments, str) else arguments
