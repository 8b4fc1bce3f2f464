"""Forms of the organisations."""

import re
from datetime import date
from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.db.models import Q
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from core.forms import FreshForm, form_helper
from core.sorting import alphabetical
from core.templatetags.house import day
from directory.forms.days import DayField
from directory.forms.search import SearchForm
from directory.models import Organisation, OrganisationQuerySet
from directory.models.naming import short_name_in_language

MOST_LINES = 100
LONGEST_LINE = 200
# "2026 543", "2026: 1 302", "2026 1–4": the year of the count and the number as published.
_COUNT = re.compile(r"(?P<year>\d{4})\s*[:;]?\s+(?P<count>\d[\d\s]*(?:[-–]\s*\d+)?)")


class OrganisationSearchForm(SearchForm):
    """By name, kind, and whether it still exists."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Organisation.Kind.choices]
    )
    ended = forms.BooleanField(label=_("Also those that have ended"), required=False)

    def filter(self, found: OrganisationQuerySet, today: date) -> OrganisationQuerySet:
        """Those that match; a field with an error filters nothing."""
        self.is_valid()
        fields = ("name_fi", "name_sv", "short_fi", "short_sv", "other_names")
        if not self.cleaned_data.get("ended"):
            found = found.valid(today)
        if kind := self.cleaned_data.get("kind"):
            found = found.filter(kind=kind)
        return found.other_names().filter(self.words(fields))


class LinesField(forms.CharField):
    """A list as text, one entry a line; empty lines and repetitions are left out."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        """A list, as stored, is shown as lines; what was typed as it was typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The entries in their order."""
        text = normalize_newlines(super().clean(value))
        lines = list(dict.fromkeys(filter(None, (" ".join(x.split()) for x in text.split("\n")))))
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                _("There can be %(most)s lines at most."), params={"most": MOST_LINES}
            )
        for line in lines:
            if len(line) > LONGEST_LINE:
                raise forms.ValidationError(
                    _("This line is too long: “%(line)s…”."), params={"line": line[:40]}
                )
        return lines


class PupilsField(LinesField):
    """Pupils on 20.9., one year a line: "2026 543"; numbers from one to four stand as "1–4"."""

    def prepare_value(self, value: Any) -> Any:
        """What is stored is shown as lines, the newest first."""
        if isinstance(value, dict):
            return "\n".join(f"{year} {count}" for year, count in sorted(value.items())[::-1])
        return value

    def clean(self, value: Any) -> dict[int, str]:
        """The number as published, by its year."""
        found: dict[int, str] = {}
        for line in super().clean(value):
            match = _COUNT.fullmatch(line)
            year = int(match["year"]) if match else 0
            count = " ".join(match["count"].replace("-", "–").split()) if match else ""
            if not 1950 <= year <= 2200 or len(count) > 10:
                raise forms.ValidationError(
                    _("“%(line)s” is not a year and a number, such as 2026 543."),
                    params={"line": line[:40]},
                )
            if year in found:
                raise forms.ValidationError(
                    _("The year %(year)s stands here twice."), params={"year": str(year)}
                )
            found[year] = count
        return found


class LevelsField(forms.MultipleChoiceField):
    """Levels of education, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple


class OrganisationForm(FreshForm):
    """What is known of an organisation. `values()` and `pupils` are what the services take."""

    aliases = LinesField(
        label=_("Other names"),
        required=False,
        help_text=_("One a line: names it had, abbreviations, names in other languages."),
    )
    inflections = LinesField(
        label=_("Inflected forms"),
        required=False,
        help_text=_("One a line, as they stand in minutes: Hangosta, Omnialta, LUVNin."),
    )
    levels = LevelsField(
        label=_("Levels of education"), required=False, choices=Organisation.Level.choices
    )
    pupils = PupilsField(
        label=_("Pupils on 20 September"),
        required=False,
        help_text=_("One year a line, for instance 2026 543. One to four is written 1–4."),
    )

    class Meta:
        model = Organisation
        fields = (
            "kind",
            "name_fi",
            "name_sv",
            "short_fi",
            "short_sv",
            "aliases",
            "inflections",
            "parent",
            "municipality",
            "is_provider",
            "is_private",
            "language_status",
            "language",
            "levels",
            "mailbox",
            "valid_from",
        )
        field_classes = {"valid_from": DayField}

    WATCHED = Meta.fields

    def __init__(self, *args: Any, pupils: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["pupils"] = pupils
        row = self.instance
        for name, which, kept in (
            ("parent", Q(is_provider=True), row.parent_id),
            ("municipality", Q(kind=Organisation.Kind.MUNICIPALITY), row.municipality_id),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = (
                Organisation.objects.filter(Q(which, merged_into=None, valid_to=None) | Q(pk=kept))
                .exclude(pk=row.pk)
                .order_by(alphabetical(short_name_in_language()), "pk")
            )
            field.empty_label = _("none")

        def pair(*names: str) -> Div:
            return Div(*(Div(name, css_class="col-sm-6") for name in names), css_class="row")

        self.helper = form_helper(
            "seen",
            "kind",
            pair("name_fi", "name_sv"),
            pair("short_fi", "short_sv"),
            pair("parent", "municipality"),
            "is_provider",
            "is_private",
            pair("language_status", "language"),
            "levels",
            "pupils",
            pair("mailbox", "valid_from"),
            Fieldset(_("Words that find it"), "aliases", "inflections"),
        )

    def values(self) -> dict[str, Any]:
        """The organisation's fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean(self) -> dict[str, Any]:
        """A school has its provider, nothing is its own provider, no two are the same."""
        cleaned = super().clean() or self.cleaned_data
        row = self.instance
        parent, begins = cleaned.get("parent"), cleaned.get("valid_from")
        if cleaned.get("kind") == Organisation.Kind.SCHOOL and "parent" in cleaned and not parent:
            self.add_error("parent", _("A school needs its education provider."))
        above = parent
        while above and row.pk:
            if above.pk == row.pk:
                self.add_error("parent", _("It would then belong to itself."))
                break
            above = above.parent
        if begins and row.valid_to and begins > row.valid_to:
            text = _("It ended on %(day)s; it cannot begin after that.") % {
                "day": day(row.valid_to)
            }
            self.add_error("valid_from", text)
        twins = Organisation.objects.current().filter(
            name_fi__iexact=cleaned.get("name_fi", ""), parent=parent
        )
        if cleaned.get("name_fi") and twins.exclude(pk=row.pk).exists():
            self.add_error("name_fi", _("There is one of this name already."))
        return cleaned


class EndForm(forms.Form):
    """The last day on which something exists."""

    on = DayField(label=_("Its last day"))

    def __init__(self, *args: Any, begins: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins = begins
        self.helper = form_helper()

    def clean_on(self) -> date:
        """Not before it began."""
        on: date = self.cleaned_data["on"]
        if self.begins and on < self.begins:
            raise forms.ValidationError(
                _("It began on %(day)s; it cannot end before that."),
                params={"day": day(self.begins)},
            )
        return on
