"""Work for later: jobs in PostgreSQL, named, deferred in the transaction that causes them."""

from typing import Any

from procrastinate.contrib.django import app


def defer(name: str, **arguments: Any) -> int:
    """Queue the task called `name` (such as "core.retry_stalled"); it exists when we commit."""
    return app.configure_task(name).defer(**arguments)
