"""Template tags of the whole house; built in, so no template loads them."""

from datetime import date, datetime

from django import template
from django.utils import timezone, translation
from django.utils.formats import number_format

from core import vague

register = template.Library()


@register.filter
def when(code: str) -> str:
    """A due or effective date in words: `{{ mark.due|when }}`."""
    return vague.label(code or "", translation.get_language() or "fi")


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in figures, the Finnish way: `{{ meeting.starts_at|day }}`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return vague.day(value, translation.get_language() or "fi")


@register.filter
def number(value: float) -> str:
    """A number for reading: 1 234,5 in Finnish and Swedish, 1,234.5 in English.

    Keys and years are not for reading; whatever is not filtered stays ungrouped.
    """
    return number_format(value, force_grouping=True)


@register.filter
def clock(value: datetime | None) -> str:
    """A time of day: 9.15 in Finnish and Swedish, 9:15 in English."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    dot = ":" if translation.get_language() == "en" else "."
    return f"{local.hour}{dot}{local.minute:02}"
