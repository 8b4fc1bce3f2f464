"""A day in a form."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput


class DayField(forms.DateField):
    """A day on which something of the directory may begin or end."""

    widget = DateInput
    default_validators = [
        MinValueValidator(date(1900, 1, 1), _("The year can't be right.")),
        MaxValueValidator(date(2200, 1, 1), _("The year can't be right.")),
    ]
