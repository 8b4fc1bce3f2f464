"""What named and dated things share."""

from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def in_language(finnish: str, swedish: str) -> str:
    """The name in the reader's language; Finnish where the other is missing, or in English."""
    return (swedish if translation.get_language() == "sv" else finnish) or finnish or swedish


def valid_in_order(name: str) -> models.CheckConstraint:
    """The constraint that `valid_to` is not before `valid_from`, where both are given."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_to__isnull=True)
        | Q(valid_from__isnull=True)
        | Q(valid_to__gte=models.F("valid_from")),
        violation_error_message=_("It cannot end before it begins."),
    )
