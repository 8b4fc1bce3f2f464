"""The room `actions`."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """What was promised, by whom, until when."""

    name = "actions"

    def ready(self) -> None:
        """Say how its changes read."""
        import actions.history  # noqa: F401
