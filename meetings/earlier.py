"""The earlier texts of an item: who wrote when, as stretches of one person's writing."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, Lead

from meetings.models import ItemRevision

# Saves of one person that follow each other so soon are one piece of writing.
STRETCH = timedelta(minutes=10)


def stretches(revisions: QuerySet[ItemRevision]) -> QuerySet[ItemRevision]:
    """The last revision of each stretch of writing; what a conflict left is one by itself."""
    marked = revisions.annotate(next_by=_next(_WRITER), next_at=_next("at")).annotate(
        pause=ExpressionWrapper(F("next_at") - F("at"), output_field=DurationField()),
    )
    return marked.filter(~GOES_ON)


def _next(column: str | Coalesce) -> Window:
    """The column of the save that follows."""
    return Window(Lead(column), partition_by=F("item_id"), order_by=F("number").asc())


# Never NULL, which is neither the same writer nor another: the house's own saves have nobody.
_WRITER = Coalesce(F("by_id"), 0)
GOES_ON = Q(next_at__isnull=False, pause__lt=STRETCH, next_by=_WRITER, conflicts=[])
