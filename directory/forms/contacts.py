"""Forms of contact persons."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import FreshForm
from core.sorting import alphabetical
from directory.forms.days import DayField
from directory.forms.people import offer_organisations
from directory.models import ContactPerson, Person
from directory.models.naming import name_in_language
from directory.permissions import kept_groups, may_keep_contacts


class ContactForm(FreshForm):
    """For which group, for what, and until when one is an organisation's contact person."""

    valid_to = DayField(
        label=_("Until"), required=False, help_text=_("The last day. Empty while it goes on.")
    )

    WATCHED = ("group", "purpose", "valid_to")

    class Meta:
        model = ContactPerson
        fields = ["group", "purpose", "valid_to"]
        labels = {"group": _("Group"), "purpose": _("For what")}
        help_texts = {
            "purpose": _("Such as: school transport. Empty means everything."),
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.fields["group"]
        assert isinstance(groups, forms.ModelChoiceField)
        here = self.instance.group_id
        groups.queryset = (
            kept_groups(by)
            .filter(Q(ended_on=None) | Q(pk=here))
            .order_by(alphabetical(name_in_language()), "pk")
        )
        if may_keep_contacts(by, None):
            groups.empty_label = _("All groups")
        else:
            groups.required = True


class AddContactForm(ContactForm):
    """The same of a new one: of which organisation, and who."""

    class Meta(ContactForm.Meta):
        fields = ["organisation", "person", "group", "purpose", "valid_to"]
        labels = {
            **ContactForm.Meta.labels,
            "organisation": _("Organisation"),
            "person": _("Person"),
        }

    def __init__(self, *args: Any, by: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.today = today
        offer_organisations(self, today)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Person.objects.current().order_by(alphabetical("name"), "pk")

    def clean_valid_to(self) -> date | None:
        """Not over before it begins, which is now."""
        day: date | None = self.cleaned_data["valid_to"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day

    def validate_unique(self) -> None:
        """Left to the service: who was it before may be it again."""

    def validate_constraints(self) -> None:
        """Left to the service, as well."""
