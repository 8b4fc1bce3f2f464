"""The room `actions`."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """What was promised, by whom, until when."""

    name = "actions"
