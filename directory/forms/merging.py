"""Finding the double of a person or an organisation."""

from typing import Any

from django.db.models import QuerySet

from directory.forms.search import SearchForm
from directory.models import OrganisationQuerySet, Person


class PersonTwinForm(SearchForm):
    """By name and address."""

    def filter(self, found: QuerySet[Person]) -> QuerySet[Any]:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        return found.filter(self.words(("name", "email")))


class OrganisationTwinForm(SearchForm):
    """By any name."""

    def filter(self, found: OrganisationQuerySet) -> QuerySet[Any]:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        fields = ("name_fi", "name_sv", "short_fi", "short_sv", "other_names")
        return found.other_names().filter(self.words(fields))
