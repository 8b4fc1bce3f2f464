"""The room `actions`."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """What was promised, by whom, until when."""

    name = "actions"

    def ready(self) -> None:
        """Say how its changes read, what waits for an organisation, what a person has in hand."""
        from django.utils.translation import ngettext_lazy

        import actions.history
        import actions.merging  # noqa: F401
        from actions.selectors import in_hand_of, waiting_for
        from actions.services import hand_over
        from directory import handover, hanging

        words = ngettext_lazy("%(count)d open task", "%(count)d open tasks", "count")
        hanging.register(words, waiting_for)
        handover.register(handover.Kind("tasks", words, in_hand_of, hand_over))
