"""The room `plans`."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Shared plan templates and what each organisation made of them."""

    name = "plans"
