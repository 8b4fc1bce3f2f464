"""Forms of reading old minutes in: the source, the particulars, one row a person, one a doubt."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DateInput
from directory.enums import Language
from directory.models import Group, Membership, Person
from meetings.enums import Mode
from meetings.forms import TimeInput
from meetings.import_words import PROBLEMS
from meetings.importing import MAX_BYTES, ImportProblem, Problem, Reading, decode
from meetings.importing import Mode as ReadMode
from meetings.intake import Directory, everyone

_MODES = {
    ReadMode.IN_PERSON: Mode.IN_PERSON,
    ReadMode.REMOTE: Mode.REMOTE,
    ReadMode.ABSENT: Mode.ABSENT,
    ReadMode.UNSPECIFIED: Mode.UNSPECIFIED,
}


def problem_error(problem: ImportProblem) -> ValidationError:
    """Why a text can't be read, in words."""
    return ValidationError(PROBLEMS[problem.code], code=problem.code)


class SourceForm(forms.Form):
    """The old minutes: pasted, or a text file."""

    text = forms.CharField(
        label=_("Paste the text of the minutes"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label=_("or choose a text file (.txt)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def clean(self) -> dict[str, Any]:
        """Make `source`, the decoded text, of whichever was given."""
        cleaned = super().clean() or {}
        upload, pasted = cleaned.get("file"), cleaned.get("text") or ""
        if not upload and not pasted.strip():
            raise ValidationError(_("Paste the text, or choose a file."), code="required")
        field = "file" if upload else "text"
        try:
            if upload and upload.size > MAX_BYTES:
                raise ValidationError(PROBLEMS[Problem.TOO_LARGE], code=Problem.TOO_LARGE)
            cleaned["source"] = decode(upload.read() if upload else pasted.encode())
        except ImportProblem as problem:
            self.add_error(field, problem_error(problem))
        except ValidationError as error:
            self.add_error(field, error)
        return cleaned


class ParticularsForm(forms.Form):
    """What the meeting was, as read and as the person corrects it."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = forms.CharField(label=_("Title"), max_length=200)
    date = forms.DateField(label=_("Date"), widget=DateInput())
    starts = forms.TimeField(label=_("Starts at"), widget=TimeInput())
    ends = forms.TimeField(label=_("Ends at"), widget=TimeInput(), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    document_type = forms.ChoiceField(label=_("Kind of minutes"), choices=Group.DocumentType)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        times = Div(
            *(Div(Field(n), css_class="col-sm-4") for n in ("date", "starts", "ends")),
            css_class="row",
        )
        kinds = Div(
            *(Div(Field(n), css_class="col-sm-6") for n in ("language", "document_type")),
            css_class="row",
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False
        self.helper.layout = Layout("token", "title", times, "place", kinds)

    @staticmethod
    def read(reading: Reading, group: Group) -> dict[str, object]:
        """The initial values: as read, the rest as the group has it."""
        return {
            "title": reading.title or group.name,
            "date": reading.date,
            "starts": reading.start,
            "ends": reading.end,
            "place": reading.place or "",
            "language": reading.language,
            "document_type": reading.kind.value if reading.kind else group.document_type,
        }

    def clean(self) -> dict[str, Any]:
        """Put day and times together, in Helsinki."""
        cleaned = super().clean() or {}
        day, starts, ends = (cleaned.get(name) for name in ("date", "starts", "ends"))
        if day and starts:
            cleaned["starts_at"] = timezone.make_aware(datetime.combine(day, starts))
            cleaned["ends_at"] = timezone.make_aware(datetime.combine(day, ends)) if ends else None
            if ends and ends <= starts:
                self.add_error("ends", _("The meeting cannot end before it begins."))
        return cleaned


class PersonForm(forms.Form):
    """One name of the list of attendance, and who it is in the directory."""

    keep = forms.BooleanField(label=_("Listed"), required=False, initial=True)
    name = forms.CharField(label=_("name"), max_length=150)
    organisation_name = forms.CharField(label=_("organisation"), max_length=200, required=False)
    role = forms.ChoiceField(
        label=_("role"),
        choices=[("", "–"), *Membership.Role.choices],
        required=False,
    )
    mode = forms.ChoiceField(label=_("attendance"), choices=Mode)
    person = forms.TypedChoiceField(label=_("In the directory"), required=False, empty_value=None)

    def __init__(self, *args: Any, people: dict[str, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        field = self.fields["person"]
        assert isinstance(field, forms.TypedChoiceField)

        def known(key: str) -> Person:
            if key not in people:  # gone since the page was made, or never there
                raise ValueError(key)
            return people[key]

        field.coerce = known
        for one in self.fields.values():
            kind = "select" if isinstance(one, forms.ChoiceField) else "control"
            if not isinstance(one, forms.BooleanField):
                one.widget.attrs["class"] = f"form-{kind} form-{kind}-sm"
        nobody = pgettext_lazy("person", "not in the directory, by name only")
        field.choices = [("", nobody), *((key, person.name) for key, person in people.items())]


def people_formset(
    reading: Reading, directory: Directory, data: Any = None
) -> "forms.BaseFormSet[PersonForm]":
    """The list as read, each name matched where the directory has it."""
    members = Membership.objects.filter(group=directory.group).values("person")
    named = [
        person.pk
        for one in everyone(reading)
        for person in directory.persons.get(" ".join(one.name.split()).casefold(), [])
    ]
    rows = Person.objects.filter(Q(pk__in=members) | Q(pk__in=named)).order_by("name", "pk")
    people = {str(person.pk): person for person in rows}
    initial = [
        {
            "keep": True,
            "name": one.name,
            "organisation_name": one.organisation or "",
            "organisation": directory.organisation(one.organisation),
            "role": _role(reading, one.name),
            "mode": _MODES[one.mode].value,
            "person": str(match.pk) if (match := directory.person(one.name)) else "",
        }
        for one in everyone(reading)
    ]
    factory = forms.formset_factory(PersonForm, extra=0, max_num=500, absolute_max=500)
    return factory(data, initial=initial, prefix="people", form_kwargs={"people": people})


def _role(reading: Reading, name: str) -> str:
    if name == reading.chair:
        return Membership.Role.CHAIR
    if name == reading.secretary:
        return Membership.Role.SECRETARY
    return ""
