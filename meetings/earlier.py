"""The earlier texts of an item: who wrote when, as stretches of one person's writing."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import Lead

from meetings.models import ItemRevision

# Saves of one person that follow each other so soon are one piece of writing.
STRETCH = timedelta(minutes=10)


def stretches(revisions: QuerySet[ItemRevision]) -> QuerySet[ItemRevision]:
    """The last revision of each stretch of writing; what a conflict left is one by itself."""
    marked = revisions.annotate(next_by=_next("by_id"), next_at=_next("at")).annotate(
        pause=ExpressionWrapper(F("next_at") - F("at"), output_field=DurationField()),
    )
    return marked.filter(~GOES_ON)


def _next(name: str) -> Window:
    """The column of the save that follows."""
    return Window(Lead(name), partition_by=F("item_id"), order_by=F("number").asc())


_SAME_WRITER = Q(next_by=F("by_id")) | Q(next_by__isnull=True, by__isnull=True)
GOES_ON = Q(next_at__isnull=False, pause__lt=STRETCH) & _SAME_WRITER & Q(conflicts=[])
