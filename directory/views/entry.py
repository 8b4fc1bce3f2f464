"""Ways in that may be changed on the way: one who waits for a code can still take another way."""

from allauth.account import views
from django.http import HttpRequest, HttpResponseRedirect


class _Open:
    """allauth sends one who waits for a code back to the code's page, whatever they ask for.

    The code may never come (a wrong address, a slow mailbox), so here the pages stay open.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: object
    ) -> HttpResponseRedirect | None:
        return None


class LoginView(_Open, views.LoginView):
    """With a password."""


class RequestLoginCodeView(_Open, views.RequestLoginCodeView):
    """With a code, or with a new one."""
