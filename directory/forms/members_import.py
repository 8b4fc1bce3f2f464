"""Forms of a members' list: the source, and what is corrected and chosen in its preview."""

import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.keys import as_key
from directory.members_import.columns import Layout, lay_out
from directory.members_import.outcome import Choices
from directory.members_import.reading import read_file
from directory.members_import.table import (
    MAX_BYTES,
    Refusal,
    Table,
    Unreadable,
    masked,
    uncarried,
)
from directory.members_import.text import read_text
from directory.members_import.words import refusal_words

_ANSWERS = ("person-", "organisation-", "namesake-")


class SourceForm(forms.Form):
    """The list: a file, or cells pasted from a spreadsheet. `table` is what was read."""

    file = forms.FileField(
        label=_("File with the members"),
        required=False,
        allow_empty_file=True,
        help_text=_("An Excel workbook (.xlsx) or a text file (.csv)."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"}
        ),
    )
    text = forms.CharField(
        label=_("or paste the cells here"),
        required=False,
        strip=False,
        help_text=_("Copied from a spreadsheet, the headings with them."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        if data is not None:
            # An identity code is not shown again, whatever else is wrong.
            data = data.copy()
            data["text"] = masked(data.get("text", ""))
        super().__init__(data, files)

    def clean(self) -> dict[str, Any]:
        """Read whichever was given."""
        cleaned = super().clean() or {}
        upload, pasted = cleaned.get("file"), cleaned.get("text") or ""
        if not upload and not pasted.strip():
            raise ValidationError(_("Choose a file, or paste the cells."), code="required")
        try:
            if upload and upload.size > MAX_BYTES:
                raise Unreadable(Refusal.TOO_LARGE)
            cleaned["table"] = read_file(upload.read()) if upload else read_text(pasted)
        except Unreadable as problem:
            error = ValidationError(refusal_words(problem), code=problem.code)
            self.add_error("file" if upload else "text", error)
        return cleaned


class ReviewForm(forms.Form):
    """What the preview's page sends: the list itself, the columns, the choices, what was seen."""

    table = forms.CharField(strip=False)
    seen = forms.CharField(required=False)
    heading = forms.IntegerField(required=False, min_value=0)

    def clean_table(self) -> Table:
        """The list that the page has carried."""
        try:
            return uncarried(self.cleaned_data["table"])
        except Unreadable as problem:
            raise ValidationError(refusal_words(problem), code=problem.code) from problem

    def clean_seen(self) -> dict[int, str]:
        """The digest of each row's act, as it was shown."""
        try:
            found = json.loads(self.cleaned_data["seen"] or "{}")
            return {int(row): str(digest) for row, digest in found.items()}
        except (ValueError, AttributeError, RecursionError):
            return {}

    def layout(self) -> Layout:
        """The list as the columns are said to be."""
        data, table = cast(QueryDict, self.data), self.cleaned_data["table"]
        columns = [data.get(f"column-{place}", "") for place in range(table.width)]
        return lay_out(table, heading=self.cleaned_data.get("heading") or 0, columns=columns)

    def choices(self) -> Choices:
        """The answers, and the rows that are left out."""
        data = cast(QueryDict, self.data)
        return Choices(
            answers={key: str(data[key]) for key in data if key.startswith(_ANSWERS)},
            left=frozenset(row for one in data.getlist("left") if (row := as_key(one))),
        )
