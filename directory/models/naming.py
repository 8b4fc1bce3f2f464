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


def short_name_in_language(prefix: str = "") -> Coalesce:
    """`Organisation.short_name` for the database, to sort a list or a choice by what it shows.

    `prefix` leads to the organisation, such as `organisation__`.
    """
    order = ["short_fi", "name_fi"]
    if translation.get_language() == "sv":
        order = ["short_sv", "name_sv", *order]
    names = [NullIf(models.F(f"{prefix}{field}"), Value("")) for field in order]
    return Coalesce(*names, Value(""), output_field=models.CharField())


def name_in_language(prefix: str = "") -> Coalesce:
    """The same of `name_fi` and `name_sv` for the database, to sort by what is shown."""
    order = ["name_fi", "name_sv"]
    if translation.get_language() == "sv":
        order.reverse()
    names = [NullIf(models.F(f"{prefix}{field}"), Value("")) for field in order]
    return Coalesce(*names, output_field=models.CharField())


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
