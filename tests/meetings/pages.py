"""Browsers of people, for tests of the meetings' pages."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from directory.models import Person
from meetings.models import DocumentVersion, Meeting
from meetings.services import publishing
from tests.cast import NOW, Cast

JSON = {"headers": {"accept": "application/json"}}


def browser(person: Person) -> Client:
    """A browser in which the person is logged in, in English, which needs no translations."""
    client = Client()
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name: str, meeting: Meeting, *more: Any) -> str:
    """The address of a meeting's page."""
    return reverse(f"meetings:{name}", args=[meeting.pk, *more])


def text(response: HttpResponse) -> str:
    """What the response says, with the template's line breaks as spaces."""
    return " ".join(response.content.decode().split())


def sent(cast: Cast) -> DocumentVersion:
    """Send the cast's agenda."""
    meeting = Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)
    version = publishing.send_agenda(meeting=meeting, by=cast.secretary, now=NOW)
    cast.meeting.refresh_from_db()
    return version


def shared(cast: Cast) -> DocumentVersion:
    """Share the cast's minutes."""
    meeting = Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)
    version = publishing.share(meeting=meeting, by=cast.secretary, now=NOW)
    cast.meeting.refresh_from_db()
    return version
