"""The room `actions`."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """What was promised, by whom, until when."""

    name = "actions"

    def ready(self) -> None:
        """Say how its changes read, and to who ends an organisation how many tasks wait for it."""
        from django.utils.translation import ngettext_lazy

        import actions.history  # noqa: F401
        from actions.selectors import waiting_for
        from directory import hanging

        words = ngettext_lazy("%(count)d open task", "%(count)d open tasks", "count")
        hanging.register(words, waiting_for)
