"""Who has a meeting open, and where they are in it."""

from django.db import models

from directory.models import Person
from meetings.models.meetings import AgendaItem, Meeting


class Presence(models.Model):
    """One tab in which someone has the workspace open; what has not been heard of lately is gone.

    Two tabs of one person are like two people. Nothing is kept of who was here when.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    tab = models.CharField(max_length=32)
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person", "tab"], name="presence_once_a_tab")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.meeting_id}"
