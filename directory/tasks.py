"""The room's work by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from core.audit import house
from directory.services import leaving


@app.periodic(cron="3 * * * *")
@app.task(name="directory.close_logins", queueing_lock="directory.close_logins")
def close_logins(timestamp: int) -> None:
    """Close the logins of those whose last day has passed."""
    with house("close_logins"):
        leaving.close_logins(today=timezone.localdate(), by=None, now=timezone.now())
