"""Forms of the organisations."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.forms.search import SearchForm
from directory.models import Organisation, OrganisationQuerySet


class OrganisationSearchForm(SearchForm):
    """By name, kind, and whether it still exists."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Organisation.Kind.choices]
    )
    ended = forms.BooleanField(label=_("Also those that have ended"), required=False)

    def filter(self, found: OrganisationQuerySet, today: date) -> OrganisationQuerySet:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        fields = ("name_fi", "name_sv", "short_fi", "short_sv")
        if not self.cleaned_data.get("ended"):
            found = found.valid(today)
        if kind := self.cleaned_data.get("kind"):
            found = found.filter(kind=kind)
        return found.filter(self.words(fields))
