"""How one gets in: allauth, with accounts made by coordinators only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """No one makes an account for oneself: the region's people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed."""
        return False
