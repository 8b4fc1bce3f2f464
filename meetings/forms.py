"""The meetings' forms. They validate; the services write."""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.layout import Div, Field
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import DateInput, FreshForm, form_helper
from core.templatetags import house
from meetings.enums import Mode
from meetings.models import AgendaItem, Attendance, Meeting, Redaction


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DayField(forms.DateField):
    """A day on which a meeting may have been or will be."""

    widget = DateInput
    default_validators = [
        MinValueValidator(date(1950, 1, 1), _("The year can't be right.")),
        MaxValueValidator(date(2200, 1, 1), _("The year can't be right.")),
    ]


def held(form: forms.BaseForm) -> tuple[datetime | None, datetime | None]:
    """Start and end from the form's fields date, starts and ends, in Helsinki.

    An end that is not after the start is an error of `ends`; instants are compared, in UTC, since
    on the night when clocks are moved an hour is missing.
    """
    day, starts, ends = (form.cleaned_data.get(name) for name in ("date", "starts", "ends"))
    if not day or not starts:
        return None, None
    begin = timezone.make_aware(datetime.combine(day, starts)).astimezone(UTC)
    end = timezone.make_aware(datetime.combine(day, ends)).astimezone(UTC) if ends else None
    if end and end <= begin:
        form.add_error("ends", _("The meeting cannot end before it begins."))
        end = None
    return begin, end


class MeetingForm(FreshForm):
    """A meeting's title, time and place. `values()` is what the services take."""

    date = DayField(label=_("Date"))
    starts = forms.TimeField(label=_("Starts at"), widget=TimeInput())
    ends = forms.TimeField(label=_("Ends at"), widget=TimeInput(), required=False)

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ("title", "place", "remote_link", "language", "document_type")

    WATCHED = (*Meta.fields, "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            begin = timezone.localtime(self.instance.starts_at)
            end = self.instance.ends_at and timezone.localtime(self.instance.ends_at)
            self.initial.update(date=begin.date(), starts=begin.time(), ends=end)
        self.helper = form_helper(
            "seen",
            "title",
            Div(
                *(Div(Field(name), css_class="col-sm-4") for name in ("date", "starts", "ends")),
                css_class="row",
            ),
            "place",
            "remote_link",
            *self.more(),
        )

    def more(self) -> list[object]:
        """What stands below the time and the place."""
        names = ("language", "document_type")
        return [Div(*(Div(Field(n), css_class="col-sm-6") for n in names), css_class="row")]

    def clean(self) -> dict[str, Any]:
        """Put day and times together, in Helsinki."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.starts_at, self.instance.ends_at = held(self)
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields of the meeting, as the services take them."""
        chosen = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        times = {"starts_at": self.instance.starts_at, "ends_at": self.instance.ends_at}
        return chosen | times


class AgendaChoiceField(forms.ModelChoiceField):
    """An earlier meeting, by its day and title."""

    def label_from_instance(self, obj: Meeting) -> str:
        return f"{house.day(obj.starts_at)} {obj.title}"


class NewMeetingForm(MeetingForm):
    """A new meeting; its agenda is empty or an earlier one's headings."""

    source = AgendaChoiceField(
        queryset=Meeting.objects.none(),
        label=_("Agenda"),
        required=False,
        empty_label=_("Start with an empty agenda"),
        help_text=_("A copy takes the headings, presenters and times, not the text."),
    )

    class Meta(MeetingForm.Meta):
        fields = ("title", "place", "remote_link")

    def __init__(self, *args: Any, earlier: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, AgendaChoiceField)
        field.queryset = earlier

    def more(self) -> list[object]:
        return ["source"]


class ItemForm(FreshForm):
    """An item's heading and the other particulars of it; its text is written in the workspace."""

    class Meta:
        model = AgendaItem
        fields = ("title", "presenter", "minutes", "kind", "language", "visibility", "secrecy")

    WATCHED = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            "seen",
            "title",
            Div(
                Div("presenter", css_class="col-sm-8"),
                Div("minutes", css_class="col-sm-4"),
                css_class="row",
            ),
            Div(
                Div("kind", css_class="col-sm-6"),
                Div("language", css_class="col-sm-6"),
                css_class="row",
            ),
            Div(
                Div("visibility", css_class="col-sm-6"),
                Div("secrecy", css_class="col-sm-6"),
                css_class="row",
            ),
        )

    def clean(self) -> dict[str, Any]:
        """A secret item names the law that makes it so."""
        cleaned = super().clean() or self.cleaned_data
        secret = cleaned.get("visibility") == AgendaItem.Visibility.SECRET
        if secret and not cleaned.get("secrecy"):
            self.add_error("secrecy", _("A secret item names the section of law."))
        return cleaned


class TitleForm(forms.ModelForm):
    """Only the heading: a new item, or an old one under a new name."""

    class Meta:
        model = AgendaItem
        fields = ("title",)


class AttachForm(forms.Form):
    """A file or a link, and what it is called."""

    prefix = "attach"

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    url = forms.URLField(label=_("Link"), max_length=1000, required=False)
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        allow_empty_file=True,  # the service says what is wrong with it
        help_text=_(
            "At most 25 MB. Files are not checked for viruses: attach only what you know. It is "
            "marked “accessibility not checked” until someone has checked it."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(files.CONTENT_TYPES)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or self.cleaned_data
        if "url" in cleaned and "file" in cleaned and bool(cleaned["url"]) == bool(cleaned["file"]):
            self.add_error("url", _("Give a file or an address, one of the two."))
        return cleaned


class GuestForm(forms.ModelForm):
    """A guest, by name and organisation."""

    prefix = "guest"
    MODES = [(mode.value, mode.label) for mode in Mode if mode.is_present]

    mode = forms.ChoiceField(label=_("attendance"), choices=MODES)

    class Meta:
        model = Attendance
        fields = ("name", "organisation_name", "mode")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class ShareForm(forms.Form):
    """Sharing: what a correction changed, and that identity codes have been looked at."""

    change_note = forms.CharField(
        label=_("What was corrected"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Readers see this on the new version."),
    )
    confirmed_codes = forms.BooleanField(
        label=_("I have checked: what looks like a personal identity code may be shared."),
        required=False,
    )

    def __init__(self, *args: Any, correction: bool, codes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correction:
            del self.fields["change_note"]
        if not codes:
            del self.fields["confirmed_codes"]
        self.helper = form_helper()


REDACTION_ERRORS = {
    "too_short": ("needle", _("Give at least three characters.")),
    "not_a_code": ("needle", _("This is not a personal identity code. Choose what it is.")),
    "not_found": ("needle", _("The text was found nowhere. Nothing was removed.")),
    "in_reason": ("reason", _("The reason repeats the text that is to be removed.")),
}


class RedactForm(forms.Form):
    """What must not stand in the meeting's documents, and why; the service knows what is wrong."""

    needle = forms.CharField(
        label=_("Text to remove"),
        max_length=300,
        help_text=_("Exactly as it stands. Every place where it occurs is removed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=Redaction.Kind)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The reason is kept: don't repeat the removed text in it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper()
