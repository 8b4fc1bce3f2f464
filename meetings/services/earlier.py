"""Earlier texts of an item: taken back into use, and thinned when the minutes have been shared."""

from datetime import datetime, timedelta
from uuid import uuid4

from core.audit import service
from directory.models import Person
from meetings.earlier import stretches
from meetings.models import AgendaItem, ItemRevision, Meeting
from meetings.services.minutes import Saved, save_item

# So long after the minutes were shared nobody's browser still holds an unsaved text.
QUIET = timedelta(days=30)


@service
def restore(*, item: AgendaItem, number: int, by: Person, now: datetime) -> Saved:
    """An earlier text stands again, as a new revision; what stood until now is an earlier one.

    Its lines get their marks back, and these their records. Raises `ItemRevision.DoesNotExist`,
    and what `save_item` raises.
    """
    revision = ItemRevision.objects.get(item=item, number=number)
    item.refresh_from_db(fields=["revision"])
    return save_item(
        item=item,
        base=item.revision,
        token=uuid4(),
        html=revision.body,
        marks=revision.marks,
        by=by,
        now=now,
    )


@service
def thin(*, by: Person | None, now: datetime) -> int:
    """Leave of shared minutes' texts the last of each stretch of writing; how many went.

    Saves stand a second or two apart while someone types; a year later nobody asks for each. A
    meeting that is being corrected, or was shared lately, keeps all of them.
    """
    settled = Meeting.objects.filter(
        state__in=(Meeting.State.SHARED, Meeting.State.APPROVED, Meeting.State.CANCELLED),
        correcting=False,
    )
    revisions = ItemRevision.objects.filter(item__meeting__in=settled)
    lately = revisions.filter(at__gt=now - QUIET).values("item__meeting")
    old = revisions.exclude(item__meeting__in=lately)
    kept = stretches(old).values("pk")
    gone, _by_model = old.exclude(pk__in=kept).delete()
    return gone
