"""Minutes are put on the web, and taken down: a third act, apart from sharing and approving."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from core import downloads
from core.audit import service
from directory.enums import Publicity
from directory.models import Person
from meetings import rendering
from meetings.document import Data, sha256_of
from meetings.models import Approval, DocumentVersion, Meeting, PublicCopy
from meetings.services.publishing import printable_data
from meetings.states import locked
from meetings.webcopy import WebCopy, representatives, web_copy


class NotPublic(Exception):
    """It may not stand on the web. `code`: closed (members, secret), not_approved, not_shared."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Changed(Exception):
    """A newer version has been shared, or the text looked at is no longer what would be shown."""


def publishable(meeting: Meeting) -> DocumentVersion:
    """The version that may stand on the web now; raises `NotPublic`."""
    if meeting.is_closed:
        raise NotPublic("closed")
    newest = (
        DocumentVersion.objects.of(meeting)
        .latest_of(DocumentVersion.Kind.MINUTES)
        .select_related("meeting__group")
        .first()
    )
    if newest is None:
        raise NotPublic("not_shared")
    if (
        meeting.publicity != Publicity.PUBLIC
        and not Approval.objects.filter(version=newest).exists()
    ):
        raise NotPublic("not_approved")
    return newest


def made(
    version: DocumentVersion, *, chosen: set[str] | None = None, remove_on: date | None = None
) -> WebCopy:
    """What would stand on the web of this version, and what a person has to look at first."""
    people = representatives(version.meeting)
    data = printable_data(version)
    return web_copy(version, data, people=people, chosen=chosen, remove_on=remove_on)


def digest(copy: WebCopy) -> str:
    """A sum of the words that would stand on the web: what was looked at is what is shown."""
    html = rendering.document_html(copy.data | {"web": None}, for_print=False)
    return hashlib.sha256(html.encode()).hexdigest()[:16]


@service
def publish(
    *,
    meeting: Meeting,
    seen: str,
    files: Collection[str],
    remove_on: date,
    noindex: bool,
    by: Person,
    now: datetime,
) -> PublicCopy:
    """Put the newest version on the web until `remove_on` has gone by, in place of what is there.

    `seen` is the digest of the text that the person looked at with all files that may go with it
    (`Changed` where it is another by now), `files` the sums of those that shall.
    """
    meeting = locked(meeting)
    version = publishable(meeting)
    if digest(made(version)) != seen:
        raise Changed
    copy = made(version, chosen=set(files), remove_on=remove_on)
    attached = [
        [sha256_of(row), row["filename"]]
        for item in copy.data["items"]
        for row in item["attachments"]
        if row["filename"]
    ]
    public, _is_new = PublicCopy.objects.select_for_update().get_or_create(
        meeting=meeting,
        defaults={
            "version": version,
            "published_at": now,
            "published_by": by,
            "remove_on": remove_on,
        },
    )
    _point_to_web(copy.data, meeting.pk)
    public.version = version
    public.html = rendering.document_html(copy.data, for_print=False)
    public.pdf = rendering.document_pdf(copy.data, created=now)
    public.files = attached
    public.noindex = noindex
    public.published_at, public.published_by = now, by
    public.remove_on = remove_on
    public.withdrawn_at = public.withdrawn_by = None
    public.save()
    return public


def _point_to_web(data: Data, meeting: int) -> None:
    """Let files be downloaded from where no login is asked for."""
    for item in data["items"]:
        for row in item["attachments"]:
            if row["filename"]:
                row["url"] = downloads.address("public", meeting, sha256_of(row), row["filename"])


@service
def withdraw(*, public: PublicCopy, by: Person | None, now: datetime) -> PublicCopy:
    """Take it down at once and erase its content; that it was there stays known."""
    public = PublicCopy.objects.select_for_update().get(pk=public.pk)
    if public.withdrawn_at is None:
        public.html, public.pdf, public.files = "", b"", []
        public.withdrawn_at, public.withdrawn_by = now, by
        public.save()
    return public


@service
def withdraw_of(*, meetings: Collection[int], by: Person | None, now: datetime) -> int:
    """Take down what stands on the web of these meetings; how many there were."""
    rows = list(PublicCopy.objects.filter(meeting__in=meetings, withdrawn_at__isnull=True))
    for row in rows:
        withdraw(public=row, by=by, now=now)
    return len(rows)


@service
def erase_ended(*, by: Person | None, now: datetime) -> int:
    """Erase the content of what has stood on the web until its day; readers got none since then."""
    ended = PublicCopy.objects.filter(
        withdrawn_at__isnull=True, remove_on__lt=timezone.localdate(now)
    )
    return withdraw_of(meetings=list(ended.values_list("meeting", flat=True)), by=by, now=now)
