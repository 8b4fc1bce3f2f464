"""The room's work by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from core.audit import house
from meetings.services import earlier, web


@app.periodic(cron="7 1 * * *")
@app.task(name="meetings.erase_web_copies", queueing_lock="meetings.erase_web_copies")
def erase_web_copies(timestamp: int) -> None:
    """Erase the content of web copies whose day has come; readers have got none since that day."""
    with house("erase_web_copies"):
        web.erase_ended(by=None, now=timezone.now())


@app.periodic(cron="37 1 * * 6")
@app.task(name="meetings.thin_revisions", queueing_lock="meetings.thin_revisions")
def thin_revisions(timestamp: int) -> None:
    """Leave of old minutes' saves the last of each piece of writing."""
    with house("thin_revisions"):
        earlier.thin(by=None, now=timezone.now())
