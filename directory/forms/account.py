"""The forms of one's own account: passkeys, the second step, and proving again who one is."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from directory.enums import Language
from directory.models import Person

_CODE = {"autocomplete": "one-time-code", "spellcheck": "false"}


class OwnForm(forms.ModelForm):
    """One's name and language; the address is kept by coordinators."""

    class Meta:
        model = Person
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


def verify_passkey(credential: Any) -> None:
    """Raise ValidationError unless the browser made this passkey, asked by us, just now."""
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (TypeError, ValueError, LookupError, AttributeError, InvalidSignature) as error:
        raise _no_passkey() from error


def _no_passkey() -> forms.ValidationError:
    return forms.ValidationError(_("That passkey could not be used. Try again."))


class _Sturdy:
    """allauth's forms let through some errors that a garbled passkey causes."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError as error:
            if error.code == "incorrect_code":
                raise _no_passkey() from error
            raise
        except (TypeError, ValueError, LookupError, AttributeError, InvalidSignature) as error:
            raise _no_passkey() from error


class LoginByPasskeyForm(_Sturdy, LoginWebAuthnForm):
    """In by a passkey alone."""


class SecondStepByPasskeyForm(_Sturdy, AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ConfirmByPasskeyForm(_Sturdy, ReauthenticateWebAuthnForm):
    """A passkey, of one who is in already."""


class _PasskeyName(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        field.label = _("Name")
        field.help_text = _("By which you know it, such as the machine it is on.")
        field.widget.attrs["maxlength"] = "60"
        field.validators.append(forms.CharField(max_length=60).validators[0])


class AddPasskeyForm(_PasskeyName, SignupWebAuthnForm):
    """A new passkey. What the browser made stands in `credential`."""

    def clean(self) -> dict[str, Any]:
        """Verify it, whatever was sent."""
        found = self.cleaned_data
        if credential := found.get("credential"):
            verify_passkey(credential)
        return found

    def kept(self) -> dict[str, Any]:
        """What is kept of it."""
        return {name: self.cleaned_data[name] for name in ("name", "credential")}


class RenamePasskeyForm(_PasskeyName, EditWebAuthnForm):
    """Another name for a passkey."""


class SecondStepForm(AuthenticateForm):
    """The code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)


class ConfirmByCodeForm(ReauthenticateForm):
    """The same, of one who is in already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)


class ActivateAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self)
        self.fields["code"].label = _("The six digits that the app shows")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


def _word(form: Any) -> None:
    form.fields["code"].label = _("Code")
    form.fields["code"].widget.attrs.pop("placeholder", None)
    form.fields["code"].widget.attrs.update(_CODE)


class InvitationForm(forms.Form):
    """How an invited person will come in: language, and one of three ways."""

    PASSKEY, PASSWORD, CODE = "passkey", "password", "code"

    language = forms.ChoiceField(label=_("Language"), choices=Language)
    way = forms.ChoiceField(
        label=_("How will you log in?"),
        choices=[
            (PASSKEY, _("With a passkey: the lock of your phone or computer")),
            (PASSWORD, _("With a password")),
            (CODE, _("With a code that comes by e-mail each time")),
        ],
        initial=PASSKEY,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        help_text=_("At least 12 characters. Several words make a good password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the way that was chosen counts, and must be right."""
        found = super().clean() or {}
        if found.get("way") == self.PASSWORD:
            self._check_password(found.get("password") or "")
        elif found.get("way") == self.PASSKEY:
            self._check_passkey(found.get("credential"))
        return found

    def _check_password(self, password: str) -> None:
        if not password:
            self.add_error("password", _("Choose a password."))
            return
        try:
            validate_password(password, self.person)
        except forms.ValidationError as error:
            self.add_error("password", error)

    def _check_passkey(self, credential: Any) -> None:
        try:
            verify_passkey(credential)
        except forms.ValidationError:
            self.add_error(
                "way", _("Your browser made no passkey. Try again, or choose another way.")
            )
