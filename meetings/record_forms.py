"""Forms on what is noted about a meeting's documents, and on their place on the web."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, FreshForm, form_helper
from core.templatetags.house import day
from directory.enums import Publicity
from meetings.models import Meeting

# A memo has no time for appeal that would end its stay. A year is what municipalities use for
# minutes as the longest, and by then the group has met several times.
USUAL_STAY = timedelta(days=365)
LONGEST_STAY = timedelta(days=10 * 366)
LONGEST_RETENTION = 200  # years


class RecordForm(FreshForm):
    """Publicity class, record number, task class and how long the documents are kept."""

    class Meta:
        model = Meeting
        fields = (
            "publicity",
            "secrecy",
            "record_number",
            "task_class",
            "retention_years",
            "kept_permanently",
        )

    WATCHED = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retention_years"].widget.attrs |= {"min": 1, "max": LONGEST_RETENTION}

        def pair(*names: str) -> Div:
            return Div(*(Div(name, css_class="col-sm-6") for name in names), css_class="row")

        self.helper = form_helper(
            "seen",
            pair("publicity", "secrecy"),
            pair("record_number", "task_class"),
            "retention_years",
            "kept_permanently",
        )

    def clean_retention_years(self) -> int | None:
        """A number of years that can be."""
        years: int | None = self.cleaned_data["retention_years"]
        if years is not None and not 1 <= years <= LONGEST_RETENTION:
            raise forms.ValidationError(_("Give a number of years from 1 to 200."))
        return years

    def clean(self) -> dict[str, Any]:
        """A secret document names the law; years and permanently are either or."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("publicity") == Publicity.SECRET and not cleaned.get("secrecy"):
            self.add_error("secrecy", _("A secret document names the section of law."))
        if cleaned.get("kept_permanently") and cleaned.get("retention_years"):
            text = _("Give the years, or say that it is kept permanently.")
            self.add_error("retention_years", text)
        return cleaned


class PublishForm(forms.Form):
    """Until when minutes stand on the web, and which files go with them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    remove_on = forms.DateField(
        label=_("Last day on the web"),
        widget=DateInput,
        help_text=_("After that day nobody can read it there. The usual is a year from now."),
    )
    attached = forms.MultipleChoiceField(
        label=_("Attachments that go with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only files whose accessibility has been checked can go."),
    )
    noindex = forms.BooleanField(
        label=_("Ask search engines not to list it"),
        required=False,
        help_text=_("They may show an old copy after it has been removed here."),
    )
    checked = forms.BooleanField(
        label=_("I have read it through: no name stands in it that must not."),
        error_messages={"required": _("Read it through first, then tick this box.")},
    )

    def __init__(
        self, *args: Any, today: date, files: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["remove_on"].initial = today + USUAL_STAY
        self.fields["noindex"].initial = True
        chosen = self.fields["attached"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = files
        if not files:
            del self.fields["attached"]
        self.helper = form_helper()

    def clean_remove_on(self) -> date:
        """A day to come, and not further than anyone can answer for."""
        chosen: date = self.cleaned_data["remove_on"]
        latest = self.today + LONGEST_STAY
        if chosen <= self.today:
            raise forms.ValidationError(_("Choose a day to come."))
        if chosen > latest:
            raise forms.ValidationError(
                _("Choose a day before %(day)s."), params={"day": day(latest)}
            )
        return chosen
