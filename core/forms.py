"""What forms of all rooms share: their layout, a picker of days, and not overwriting in silence."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.templatetags import house


def form_helper(*layout: object) -> FormHelper:
    """Crispy's fields alone, in this order; the page brings the form around them."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    if layout:
        helper.layout = Layout(*layout)
    return helper


class DateInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FreshForm(forms.ModelForm):
    """A form that does not overwrite in silence what someone else saved after it was shown.

    It carries a digest of the values it was shown with. Where the row has others now, it names them
    once; what was typed stays in the form, and saving again puts it in their place.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    WATCHED: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self._stored = {name: getattr(row, name) for name in self.WATCHED} if row.pk else {}
        self._said = {name: str(self._words(name)) for name in self._stored}
        self._digest = sha256(repr(self._stored).encode()).hexdigest()[:16]
        self.initial["seen"] = self._digest

    def _words(self, name: str) -> Any:
        value = self._stored[name]
        if isinstance(value, datetime):
            return f"{house.day(value)} {house.clock(value)}"
        if isinstance(value, date):
            return house.day(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(value) or "–"
        return getattr(self.instance, f"get_{name}_display", lambda: value or "–")()

    def clean(self) -> dict[str, Any]:
        """Ask again where the row is not as it was shown."""
        cleaned = super().clean() or self.cleaned_data
        if self._stored and cleaned.get("seen", "") not in ("", self._digest):
            shown = cast(QueryDict, self.data).copy()
            shown[self.add_prefix("seen")] = self._digest
            self.data = shown
            meta = self.instance._meta
            values = "; ".join(
                f"{capfirst(str(meta.get_field(name).verbose_name))}: {words}"
                for name, words in self._said.items()
            )
            text = _(
                "Someone else has changed these meanwhile. They are now: %(values)s. "
                "Save again to put yours in their place."
            )
            self.add_error(None, ValidationError(text, code="stale", params={"values": values}))
        cleaned.pop("seen", None)
        return cleaned
