"""One's own account: name and language, the ways in, and where one is logged in."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory.browsers import in_words
from directory.forms.account import OwnForm
from directory.models import Person
from directory.selectors import open_sessions
from directory.services.own import change_own
from directory.services.sessions import end_other_sessions, end_session


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The page "Sign-in and security"; sending its form saves name and language."""
    person = cast(Person, request.user)
    form = OwnForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        change_own(person=person, by=person, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):  # in which the page then is
            messages.success(request, _("Saved."))
        response = redirect("account")
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:  # what one has just chosen counts
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    ways: dict[str, list[Authenticator]] = {}
    for way in Authenticator.objects.filter(user=person).order_by("created_at", "pk"):
        ways.setdefault(way.type, []).append(way)
    context = {
        "form": form,
        "passkeys": ways.get(Authenticator.Type.WEBAUTHN, []),
        "has_app": Authenticator.Type.TOTP in ways,
        "sessions": [
            {
                "session": session,
                "browser": in_words(session.user_agent),
                "is_current": session.session_key == request.session.session_key,
            }
            for session in open_sessions(person, now=timezone.now())
        ],
    }
    return render(request, "account/index.html", context)


@require_POST
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out on another machine."""
    person = cast(Person, request.user)
    session = get_object_or_404(UserSession, user=person, pk=pk)
    end_session(session=session, by=person)
    messages.success(request, _("You are logged out there."))
    return redirect("account")


@require_POST
def end_all_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    person = cast(Person, request.user)
    end_other_sessions(person=person, session_key=str(request.session.session_key), by=person)
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("account")


class AddPasskeyView(AddWebAuthnView):
    """A passkey: a way in of its own, so no recovery codes are made for it."""

    template_name = "mfa/webauthn/add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to know to make a passkey that asks for the machine's lock."""
        person = cast(Person, self.request.user)
        context = super(AddWebAuthnView, self).get_context_data(**kwargs)
        return {**context, "creation": auth.begin_registration(person, True)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, and tell the person by mail."""
        person = cast(Person, self.request.user)
        flows.signup_authenticator(self.request, user=person, **form.kept())
        get_adapter().send_notification_mail("mfa/email/webauthn_added", person)
        return redirect("account")


class RenamePasskeyView(EditWebAuthnView):
    """Another name for a passkey."""

    template_name = "mfa/webauthn/edit.html"
    success_url = reverse_lazy("account")


class RemovePasskeyView(RemoveWebAuthnView):
    """A passkey less; the machine that has it keeps it, but it opens nothing."""

    template_name = "mfa/webauthn/remove.html"
    success_url = reverse_lazy("account")


class ActivateAppView(ActivateTOTPView):
    """Two-step verification on, with an authenticator app; recovery codes follow."""

    template_name = "mfa/totp/activate.html"

    def get_success_url(self) -> str:
        """The codes are shown at once: without the phone they are the way in."""
        return reverse("mfa_view_recovery_codes")


class DeactivateAppView(DeactivateTOTPView):
    """Two-step verification off."""

    template_name = "mfa/totp/deactivate.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        """The recovery codes were for this step alone."""
        response = super().form_valid(form)
        codes = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
        codes.filter(user=cast(Person, self.request.user)).delete()
        return response
