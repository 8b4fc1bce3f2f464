"""What becomes of meetings when two persons or organisations are merged.

Shared documents, their approval and redactions stay as they are: they name whom they named. Marks
in texts keep their ids, which `directory.merging.heirs` leads on.
"""

from django.utils.translation import ngettext_lazy

from directory.merging.registry import combines, ends, moves
from meetings.enums import Mode
from meetings.models import (
    Attachment,
    Attendance,
    ImportSource,
    ItemRevision,
    Presence,
    PublicCopy,
)


def combine_attendances(into: Attendance, other: Attendance) -> None:
    """Whoever was seen under either name was there; what is known fills what is not."""
    order = [Mode.IN_PERSON, Mode.REMOTE, Mode.APOLOGIES, Mode.ABSENT, Mode.UNSPECIFIED]
    into.mode = min(Mode(into.mode), Mode(other.mode), key=order.index)
    into.organisation = into.organisation or other.organisation
    into.organisation_name = into.organisation_name or other.organisation_name
    into.role = into.role or other.role
    into.is_guest = into.is_guest and other.is_guest
    into.position = min(into.position, other.position)


combines(Attendance, combine_attendances)
moves(
    Attendance,
    "person",
    "organisation",
    words=ngettext_lazy(
        "%(count)d row on lists of attendance", "%(count)d rows on lists of attendance", "count"
    ),
    group="meeting__group",
)
# Who wrote, checked, published: the texts' history says it, and is not counted.
moves(ItemRevision, "by", group="item__meeting__group")
moves(Attachment, "checked_by", group="item__meeting__group")
moves(ImportSource, "imported_by", group="meeting__group")
moves(PublicCopy, "published_by", "withdrawn_by", group="meeting__group")
# The double is logged out.
ends(Presence, "person", "a tab in which the double has a meeting open")
