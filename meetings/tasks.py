"""The room's work by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from core.audit import house
from meetings.services import web


@app.periodic(cron="7 1 * * *")
@app.task(name="meetings.erase_web_copies", queueing_lock="meetings.erase_web_copies")
def erase_web_copies(timestamp: int) -> None:
    """Erase the content of web copies whose day has come; readers have got none since that day."""
    with house("erase_web_copies"):
        web.erase_ended(by=None, now=timezone.now())
