"""What templates say of a meeting."""

from django import template

from meetings.models import Meeting
from meetings.rendering import period

register = template.Library()


@register.filter
def held(meeting: Meeting) -> str:
    """When and where: "22.10.2024 klo 13.00–15.30 · Omnia"."""
    when = period(meeting.starts_at, meeting.ends_at)
    return f"{when} · {meeting.place}" if meeting.place else when
