"""Forms of the groups."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import FreshForm, form_helper
from core.sorting import alphabetical
from directory.enums import Publicity
from directory.forms.days import DayField
from directory.forms.search import SearchForm
from directory.models import Group, Organisation, Person
from directory.models.naming import name_in_language
from directory.permissions import coordinated_by

LONGEST_RETENTION = 200  # years


class GroupSearchForm(SearchForm):
    """By name, kind, and whether it still meets."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Group.Kind.choices]
    )
    ended = forms.BooleanField(label=_("Also those that have ended"), required=False)

    def filter(self, found: QuerySet[Group], today: date) -> QuerySet[Group]:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        if not self.cleaned_data.get("ended"):
            found = found.filter(ended_on=None)
        if kind := self.cleaned_data.get("kind"):
            found = found.filter(kind=kind)
        return found.filter(self.words(("name_fi", "name_sv")))


class GroupForm(FreshForm):
    """What a group is. Where it belongs is an administrator's to say, and who makes it says once.

    `values()` is what the services take.
    """

    class Meta:
        model = Group
        fields = (
            "kind",
            "parent",
            "host",
            "name_fi",
            "name_sv",
            "language",
            "document_type",
            "numbers_meetings",
            "publicity",
            "task_class",
            "retention_years",
            "kept_permanently",
        )

    WATCHED = Meta.fields

    def __init__(self, *args: Any, by: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        host = self.fields["host"]
        assert isinstance(host, forms.ModelChoiceField)
        host.queryset = Organisation.objects.filter(
            Q(pk__in=Organisation.objects.valid(today).values("pk")) | Q(pk=row.host_id)
        ).order_by(alphabetical(name_in_language()), "pk")
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        above = Q(ended_on=None)
        if not by.is_administrator:
            above &= Q(pk__in=coordinated_by(by))
            del self.fields["kind"], self.fields["host"]
            parent.required = True
            if row.pk:
                del self.fields["parent"]
        parent.empty_label = _("none")
        parent.queryset = (
            Group.objects.filter(above | Q(pk=row.parent_id))
            .exclude(pk=row.pk)
            .order_by(alphabetical(name_in_language()), "pk")
        )
        publicity = self.fields["publicity"]
        assert isinstance(publicity, forms.ChoiceField)
        publicity.choices = [
            ("", _("not chosen")),
            *((value, label) for value, label in Publicity.choices if value != Publicity.SECRET),
        ]
        self.fields["retention_years"].widget.attrs |= {"min": 1, "max": LONGEST_RETENTION}

        def pair(*names: str) -> Div:
            return Div(*(Div(name, css_class="col-sm-6") for name in names), css_class="row")

        where = [name for name in ("kind", "parent", "host") if name in self.fields]
        self.helper = form_helper(
            "seen",
            *where,
            "name_fi",
            "name_sv",
            Fieldset(str(_("Its meetings")), pair("language", "document_type"), "numbers_meetings"),
            Fieldset(
                str(_("Its documents")),
                pair("publicity", "task_class"),
                "retention_years",
                "kept_permanently",
            ),
        )

    def values(self) -> dict[str, Any]:
        """The group's fields; a coordinator's new group is a sub-group with its parent's host."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        if not self.instance.pk and "kind" not in self.fields:
            values |= {"kind": Group.Kind.SUBGROUP, "host": values["parent"].host}
        return values

    def clean_retention_years(self) -> int | None:
        """A number of years that can be."""
        years: int | None = self.cleaned_data["retention_years"]
        if years is not None and not 1 <= years <= LONGEST_RETENTION:
            raise forms.ValidationError(_("Give a number of years from 1 to 200."))
        return years

    def clean(self) -> dict[str, Any]:
        """A sub-group has a group above it, nothing is above itself, no two are the same."""
        cleaned = super().clean() or self.cleaned_data
        row = self.instance
        parent = cleaned.get("parent", row.parent if "parent" not in self.fields else None)
        if cleaned.get("kind") == Group.Kind.SUBGROUP and "parent" in cleaned and not parent:
            self.add_error("parent", _("A sub-group is part of another group: choose which."))
        above = parent
        while above and row.pk:
            if above.pk == row.pk:
                self.add_error("parent", _("It would then be part of itself."))
                break
            above = above.parent
        if cleaned.get("kept_permanently") and cleaned.get("retention_years"):
            text = _("Give the years, or say that it is kept permanently.")
            self.add_error("retention_years", text)
        if name := cleaned.get("name_fi"):
            twins = Group.objects.filter(name_fi__iexact=name, parent=parent, ended_on=None)
            if twins.exclude(pk=row.pk).exists():
                self.add_error("name_fi", _("There is one of this name already."))
        return cleaned


class EndGroupForm(forms.Form):
    """The day on which a group ended."""

    on = DayField(label=_("Its last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = form_helper()

    def clean_on(self) -> date:
        """Today at the latest: a group that has ended has ended everywhere at once."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day: it ends at once."))
        return on
