"""Forms of the people."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.sorting import alphabetical
from directory.enums import Language
from directory.forms.days import DayField
from directory.forms.search import SearchForm
from directory.models import (
    Affiliation,
    ContactPerson,
    Group,
    Membership,
    Organisation,
    Person,
    PersonQuerySet,
    lasting,
)
from directory.models.naming import short_name_in_language


class PeopleSearchForm(SearchForm):
    """By name, address or organisation; by group, login, and whether they still take part."""

    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, empty_label=_("All")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("All")
    )
    login = forms.BooleanField(label=_("Only those who have logged in"), required=False)
    ended = forms.BooleanField(label=_("Also those who have left"), required=False)

    def __init__(
        self, *args: Any, groups: QuerySet[Group], organisations: QuerySet[Organisation]
    ) -> None:
        super().__init__(*args)
        for name, choices in (("group", groups), ("organisation", organisations)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices

    def filter(
        self, found: PersonQuerySet, *, groups: QuerySet[Group], today: date
    ) -> PersonQuerySet:
        """Those that match, as far as memberships of `groups` tell; a wrong field filters nothing.

        A person has left when each of their ties has ended; who has none yet has not.
        """
        self.is_valid()
        data = self.cleaned_data
        mine: dict[str, Any] = {"person": OuterRef("pk")}
        members = Membership.objects.filter(group__in=groups, **mine)
        affiliations = Affiliation.objects.filter(**mine)
        contacts = ContactPerson.objects.filter(**mine)
        if not data.get("ended"):
            ties = (Membership.objects.filter(**mine), affiliations, contacts)
            some = [Exists(tie) for tie in ties]
            some_now = [Exists(tie.filter(lasting(today))) for tie in ties]
            found = found.filter(reduce(or_, some_now) | ~reduce(or_, some))
        if group := data.get("group"):
            found = found.filter(Exists(members.filter(Membership.now(today=today), group=group)))
        if one := data.get("organisation"):
            found = found.filter(
                Exists(affiliations.filter(Membership.now(today=today), organisation=one))
                | Exists(members.filter(Membership.now(today=today), organisation=one))
            )
        if data.get("login"):
            found = found.filter(is_active=True, last_login__isnull=False)
        for word in data.get("q", "").split():
            named = Q()
            for field in ("name_fi", "name_sv", "short_fi", "short_sv"):
                named |= Q(**{f"organisation__{field}__icontains": word})
            found = found.filter(
                Q(name__icontains=word)
                | Q(email__icontains=word)
                | Exists(affiliations.filter(named))
                | Exists(members.filter(named))
            )
        return found


class PersonForm(forms.Form):
    """A person's name, address and language."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Needed for logging in and for mail. May be left empty."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str | None:
        """In lower case, and nobody else's."""
        email = self.cleaned_data["email"].lower() or None
        if email and (holder := Person.objects.filter(email=email).exclude(pk=self._pk).first()):
            raise forms.ValidationError(taken(holder))
        return email

    @property
    def _pk(self) -> int | None:
        return self.person.pk if self.person else None


class AddPersonForm(PersonForm):
    """The same of a new person, and where they work."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False
    )
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_organisations(self, today)


class AffiliationForm(forms.ModelForm):
    """A tie to an organisation: it ends by the last day."""

    valid_from = DayField(label=_("From"), required=False)
    valid_to = DayField(
        label=_("Until"), required=False, help_text=_("The last day. Empty while it goes on.")
    )

    class Meta:
        model = Affiliation
        fields = ["organisation", "title", "valid_from", "valid_to"]
        labels = {"organisation": _("Organisation")}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_organisations(self, today, also=self.instance.organisation_id)


def taken(holder: Person | None) -> str:
    """Why an address cannot be used: whose it is, for readers of the directory, who know all."""
    if holder is None or holder.merged_into_id:
        return str(_("Someone has this e-mail address already."))
    return format_html(
        gettext("{name} has this e-mail address already."),
        name=format_html(
            '<a href="{}">{}</a>', reverse("directory:person", args=[holder.pk]), holder.name
        ),
    )


def offer_organisations(form: forms.BaseForm, today: date, also: int | None = None) -> None:
    """Let the field `organisation` choose among those that exist today, or the one there is."""
    field = form.fields["organisation"]
    assert isinstance(field, forms.ModelChoiceField)
    existing = Organisation.objects.valid(today).values("pk")
    field.queryset = Organisation.objects.filter(Q(pk__in=existing) | Q(pk=also)).order_by(
        alphabetical(short_name_in_language()), "pk"
    )
