"""How one gets in: allauth, with accounts made by coordinators only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import translation

from directory.models import Person


class ClosedAdapter(DefaultAccountAdapter):
    """No one makes an account for oneself: the region's people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a change of password one goes on from the start."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is; the sender's name says where it comes from."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the receiver's language; to a stranger, in that of the page they are on."""
        language = Person.objects.filter(email=email.lower()).values_list("language", flat=True)
        with translation.override(language.first() or translation.get_language()):
            super().send_mail(template_prefix, email, context)
