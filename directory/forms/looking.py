"""As whom to look at the house."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.sorting import alphabetical
from directory.enums import Part
from directory.models import ContactPerson, Group, Membership, Organisation
from directory.models.naming import short_name_in_language


class LookForm(forms.Form):
    """A part in the group, and for which of the organisations that have a say in it."""

    part = forms.ChoiceField(
        label=_("As"), choices=Part, initial=Part.MEMBER, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For the organisation"),
        required=False,
        empty_label=_("none"),
    )

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_group = Q(group=group) | Q(group__isnull=True)
        members = Membership.objects.filter(
            Membership.now(), group=group, organisation=OuterRef("pk")
        )
        contacts = ContactPerson.objects.filter(of_group, organisation=OuterRef("pk"))
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(Exists(members) | Exists(contacts)).order_by(
            alphabetical(short_name_in_language()), "pk"
        )

    def clean(self) -> dict[str, Any]:
        """A contact person is some organisation's."""
        cleaned = super().clean() or self.cleaned_data
        is_contact = cleaned.get("part") == Part.CONTACT
        if is_contact and cleaned.get("organisation", self) is None:
            self.add_error("organisation", _("Choose whose contact person."))
        return cleaned
