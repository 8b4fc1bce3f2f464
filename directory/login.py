"""How one gets in: allauth, with accounts made by coordinators only.

Three ways are equal: a passkey, a password, a code by mail. Who has turned on two-step verification
(an authenticator app) proves a second thing after a password or a code; a passkey is two things in
one, so it is enough by itself.
"""

import base64
import hashlib
import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import mail
from directory.models import Person

# Mails that let their reader in, and how long they do.
_SECRET = {
    "account/email/login_code": timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
    "account/email/password_reset_key": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
}


class ClosedAdapter(DefaultAccountAdapter):
    """No one makes an account for oneself: the region's people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a change of password one is where one came from."""
        return resolve_url("account")

    def get_login_stages(self) -> list[str]:
        """What stands between the first proof and being in."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "directory.login.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How one who is in can show again who one is, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use your authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """A code that went to an address which is no longer the person's lets nobody in."""
        email = kwargs.get("email")
        if email and email.lower() != user.email:
            messages.error(request, _("The code is no longer good. Ask for a new one."))
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the receiver's language; to a stranger, in that of the page they are on."""
        language = Person.objects.filter(email=email.lower()).values_list("language", flat=True)
        lasts = _SECRET.get(template_prefix)
        mail.queue(
            key=f"{template_prefix}:{uuid.uuid4()}",
            to=email,
            language=language.first() or translation.get_language() or settings.LANGUAGE_CODE,
            template=template_prefix,
            context={"email": email, **context},
            is_secret=lasts is not None,
            expires_at=timezone.now() + lasts if lasts else None,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person that a way into their account was added, changed or taken away."""
        if user.email:
            change = template_prefix.rsplit("/", 1)[-1]
            self.send_mail("account/email/notice", user.email, {"change": change})


class SecondStep(AuthenticateStage):
    """The second step, for those who have turned it on; having a passkey does not turn it on.

    A passkey is on one machine. Who has one and sits at another comes in by a code, as before.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        has_app = is_mfa_enabled(self.login.user, [Authenticator.Type.TOTP])
        return has_app and super()._should_handle(request)


class SecretsAdapter(DefaultMFAAdapter):
    """What allauth keeps for passkeys and authenticator apps."""

    def encrypt(self, text: str) -> str:
        """Keep an authenticator app's key so that the database alone does not give it away."""
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read it again, also after SECRET_KEY has changed and the old one is a fallback."""
        return _locks().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What the app calls the account."""
        return "Yhteispöytä"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the browser calls the place that the passkey is for."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Yhteispöytä"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A passkey's name, where the person gives none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


def _locks() -> MultiFernet:
    """One lock for each secret of the site, the current one first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"directory.mfa").digest()
    return base64.urlsafe_b64encode(key)
