"""Search above a list: the form that knows how to filter it."""

from collections.abc import Sequence

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Words to look for; a list with more filters adds fields and extends `filter`."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)

    def words(self, fields: Sequence[str]) -> Q:
        """The condition that each word typed is in one of the fields."""
        condition = Q()
        for word in self.cleaned_data.get("q", "").split():
            anywhere = Q()
            for field in fields:
                anywhere |= Q(**{f"{field}__icontains": word})
            condition &= anywhere
        return condition
