"""The room `welfare`."""

from django.apps import AppConfig


class WelfareConfig(AppConfig):
    """The top floor."""

    name = "welfare"
