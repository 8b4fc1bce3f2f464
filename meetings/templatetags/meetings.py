"""What templates say of a meeting."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from meetings.models import Meeting
from meetings.rendering import period

register = template.Library()


@register.filter
def held(meeting: Meeting) -> str:
    """When and where: "22.10.2024 klo 13.00–15.30 · Omnia"."""
    when = period(meeting.starts_at, meeting.ends_at)
    return f"{when} · {meeting.place}" if meeting.place else when


@register.filter
def lowered(document: SafeString, levels: int) -> SafeString:
    """A document shown within a page: its headings look the same and stand so many levels lower."""

    def lower(heading: re.Match[str]) -> str:
        return f'{heading[0]} aria-level="{int(heading[1]) + levels}"'

    return mark_safe(re.sub(r"<h([1-4])\b", lower, document))  # noqa: S308  safe before, too
