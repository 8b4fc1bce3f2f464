"""What named and dated things share."""

from datetime import date

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _


def in_language(finnish: str, swedish: str) -> str:
    """The name in the reader's language; Finnish where the other is missing, or in English."""
    return (swedish if translation.get_language() == "sv" else finnish) or finnish or swedish


def name_in_language() -> Coalesce:
    """The same of `name_fi` and `name_sv` for the database, to sort by what is shown."""
    order = ["name_fi", "name_sv"]
    if translation.get_language() == "sv":
        order.reverse()
    return Coalesce(*(NullIf(name, Value("")) for name in order), output_field=models.CharField())


def lasting(today: date | None = None) -> Q:
    """The condition that something is in force on the day (today in Helsinki), or will be later."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=today or timezone.localdate())


def valid_in_order(name: str) -> models.CheckConstraint:
    """The constraint that `valid_to` is not before `valid_from`, where both are given."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_to__isnull=True)
        | Q(valid_from__isnull=True)
        | Q(valid_to__gte=models.F("valid_from")),
        violation_error_message=_("It cannot end before it begins."),
    )
