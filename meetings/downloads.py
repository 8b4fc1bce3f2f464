"""Who may read a file that is attached to a meeting's item."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from directory.permissions import Verb
from meetings.document import for_audience, sha256_of
from meetings.enums import Audience
from meetings.models import Attachment, DocumentVersion, Meeting, PublicCopy
from meetings.views import access


def may_read(request: HttpRequest, key: int, sha256: str, filename: str) -> bool:
    """May the person read it: attached now, to those who write; or in a frozen version they read?

    A file is named by its content, so what a shared version refers to stays when it is detached.
    """
    mine = cast(access.Request, request)
    meeting = access.visible_meeting(mine, Verb.READ, key)
    audience = access.audience(mine)
    if audience == Audience.COORDINATORS and _is_attached(meeting, sha256, filename):
        return True
    return _is_frozen(meeting, audience, sha256, filename)


def may_read_public(request: HttpRequest, key: int, sha256: str, filename: str) -> bool:
    """Does the file go with the meeting's minutes on the web, as they stand there today?"""
    live = PublicCopy.objects.live(timezone.localdate())
    return live.filter(meeting=key, files__contains=[[sha256, filename]]).exists()


def _is_attached(meeting: Meeting, sha256: str, filename: str) -> bool:
    return Attachment.objects.filter(
        item__meeting=meeting, file__sha256=sha256, filename=filename
    ).exists()


def _is_frozen(meeting: Meeting, audience: str, sha256: str, filename: str) -> bool:
    """Is the file in a version, in an item that this audience may read?"""
    versions = DocumentVersion.objects.of(meeting)
    if audience != Audience.COORDINATORS:  # readers have the newest versions only
        versions = versions.order_by("kind", "-number").distinct("kind")
    return any(
        (sha256_of(attachment), attachment["filename"]) == (sha256, filename)
        for data in versions.values_list("data", flat=True)
        for item in for_audience(data, audience)["items"]
        for attachment in item["attachments"]
    )
