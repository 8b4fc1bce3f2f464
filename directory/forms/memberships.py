"""Forms of the members of a group."""

from datetime import date
from typing import Any, cast

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import FreshForm, form_helper
from core.sorting import alphabetical
from directory.enums import Language
from directory.forms.days import DayField
from directory.forms.organisations import EndForm
from directory.forms.people import offer_organisations
from directory.forms.search import SearchForm
from directory.models import Group, Membership, Person, lasting

NAMES = ("name_fi", "name_sv", "short_fi", "short_sv")


class MemberSearchForm(SearchForm):
    """By the name of the person or of whom they represent, and whether they still are members."""

    ended = forms.BooleanField(label=_("Also those whose time is over"), required=False)

    def filter(self, found: QuerySet[Membership], today: date) -> QuerySet[Membership]:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        if not self.cleaned_data.get("ended"):
            found = found.filter(lasting(today))
        fields = ["person__name", *(f"organisation__{name}" for name in NAMES)]
        return found.filter(self.words(fields))


class DeputyField(forms.ModelChoiceField):
    """Another member of the group, by name and organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """Who, and for whom they sit: the same person may do so for two."""
        return f"{obj.person.name} ({obj.organisation})" if obj.organisation else obj.person.name


class PersonField(forms.ModelChoiceField):
    """Someone in the directory, by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        """The address tells two of one name apart."""
        return f"{obj.name} ({obj.email})" if obj.email else obj.name


class MembershipForm(FreshForm):
    """A member's role, organisation, seat and time. `values()` is what the service takes."""

    deputy_for = DeputyField(
        Membership.objects.none(),
        label=_("Deputy of"),
        required=False,
        empty_label=_("nobody in particular"),
        help_text=_("Only for the role of deputy member."),
    )
    valid_from = DayField(
        label=_("From"), required=False, help_text=_("Empty where it is not known.")
    )
    valid_to = DayField(
        label=_("Until"), required=False, help_text=_("The last day. Empty while it goes on.")
    )

    class Meta:
        model = Membership
        fields = ("role", "organisation", "seat", "deputy_for", "valid_from", "valid_to")
        help_texts = {
            "seat": _("Whom the member sits for at the table, by the law on the group."),
        }

    WATCHED: tuple[str, ...] = Meta.fields

    def __init__(self, *args: Any, group: Group, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        offer_organisations(self, today, also=row.organisation_id)
        cast(forms.ModelChoiceField, self.fields["organisation"]).empty_label = _("none")
        seat = cast(forms.ChoiceField, self.fields["seat"])
        seat.choices = [("", _("none")), *Membership.Seat.choices]
        deputed = cast(forms.ModelChoiceField, self.fields["deputy_for"])
        deputed.queryset = (
            group.memberships.filter(
                (lasting(today) & ~Q(role=Membership.Role.DEPUTY)) | Q(pk=row.deputy_for_id)
            )
            .exclude(pk=row.pk)
            .exclude(person=row.person_id)
            .select_related("person", "organisation")
            .order_by(alphabetical("person__name"), "pk")
        )
        self.helper = form_helper("seen", *self.place())

    def place(self) -> list[object]:
        """The fields of the place in the group, as the layout has them."""
        return [
            _pair("role", "deputy_for"),
            _pair("organisation", "seat"),
            _pair("valid_from", "valid_to"),
        ]

    def values(self) -> dict[str, Any]:
        """The membership's fields."""
        return {name: self.cleaned_data[name] for name in MembershipForm.Meta.fields}

    def _words(self, name: str) -> Any:
        deputed = self.instance.deputy_for
        if name == "deputy_for":
            return deputed.person.name if deputed else "–"
        return super()._words(name)

    def validate_constraints(self) -> None:
        """Left to the service, which says at which field it is."""


class AddMemberForm(MembershipForm):
    """The same of a new member: someone of the directory, or someone who is added to it.

    `newcomer()` is the new person's name, e-mail and language, None where someone was chosen.
    """

    person = PersonField(
        Person.objects.none(), label=_("Person"), required=False, empty_label=_("choose")
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Needed for logging in and for mail.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language, required=False)

    WATCHED = ()

    def __init__(self, *args: Any, group: Group, today: date, **kwargs: Any) -> None:
        super().__init__(*args, group=group, today=today, **kwargs)
        people = cast(forms.ModelChoiceField, self.fields["person"])
        people.queryset = Person.objects.current().order_by(alphabetical("name"), "pk")
        self.initial.setdefault("language", group.language)
        self.initial.setdefault("valid_from", today)
        self.helper = form_helper(
            "seen",
            Fieldset(
                str(_("Who")),
                "person",
                HTML(format_html('<p class="or">{}</p>', _("or someone new"))),
                _pair("name", "email"),
                "language",
            ),
            Fieldset(str(_("Place in the group")), *self.place()),
        )

    def newcomer(self) -> dict[str, Any] | None:
        """The person to add to the directory."""
        data = self.cleaned_data
        if data.get("person"):
            return None
        language = data["language"] or Language.FINNISH
        return {"name": data["name"], "email": data["email"] or None, "language": language}

    def clean_email(self) -> str:
        """In lower case, as addresses are kept."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """One person: chosen or new, and who has the address already is chosen."""
        cleaned = super().clean() or self.cleaned_data
        person, name, email = (cleaned.get(one) for one in ("person", "name", "email"))
        holder = Person.objects.filter(email=email).first() if email else None
        if person and (name or email) and holder != person:
            text = _("Choose a person, or write a new one's name: not both.")
            self.add_error("person", text)
        elif holder and not person and not holder.merged_into_id:
            self._choose(holder)
        elif holder and holder.merged_into_id:
            self.add_error("email", _("Someone has this e-mail address already."))
        elif not person and not name and not {"person", "name"} & set(self.errors):
            self.add_error("person", _("Choose a person, or write a new one's name."))
        return cleaned

    def _choose(self, holder: Person) -> None:
        """Show the form again with the holder of the address chosen."""
        shown = cast(QueryDict, self.data).copy()
        shown[self.add_prefix("person")] = str(holder.pk)
        self.data = shown
        link = format_html(
            '<a href="{}">{}</a>', reverse("directory:person", args=[holder.pk]), holder.name
        )
        text = gettext(
            "{name} has this e-mail address already, and is chosen above now. "
            "Press the button again to take them into the group."
        )
        self.add_error("email", forms.ValidationError(format_html(text, name=link), code="holder"))


class EndMembershipForm(EndForm):
    """The last day of a membership."""

    on = DayField(label=_("The last day"))


def _pair(*names: str) -> Div:
    return Div(*(Div(name, css_class="col-sm-6") for name in names), css_class="row")
