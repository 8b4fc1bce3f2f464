"""The login's forms: allauth's, without placeholders that repeat the labels."""

from typing import Any

from allauth.account import forms
from django.utils.translation import gettext_lazy as _


class Plain:
    """A form whose fields say what they are in their labels only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if name in ("login", "email"):
                field.label = _("E-mail address")


class LoginForm(Plain, forms.LoginForm):
    """E-mail address and password."""


class RequestLoginCodeForm(Plain, forms.RequestLoginCodeForm):
    """Where the code goes."""


class ConfirmLoginCodeForm(Plain, forms.ConfirmLoginCodeForm):
    """The code that came by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(autocapitalize="characters", spellcheck="false")


class ResetPasswordForm(Plain, forms.ResetPasswordForm):
    """Where the link to a new password goes."""


class ResetPasswordKeyForm(Plain, forms.ResetPasswordKeyForm):
    """The new password, behind the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)


class ChangePasswordForm(Plain, forms.ChangePasswordForm):
    """The old password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)


class SetPasswordForm(Plain, forms.SetPasswordForm):
    """A first password, for one who has come in by code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)


def _word(form: Any) -> None:
    """Say in a sentence what a good password is, instead of a list of rules."""
    form.fields["password1"].help_text = _(
        "At least 12 characters. Several words make a good password."
    )


class ReauthenticateForm(Plain, forms.ReauthenticateForm):
    """The password of one who is in already."""
