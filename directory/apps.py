"""The room `directory`."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who cooperates."""

    name = "directory"

    def ready(self) -> None:
        """Say how its changes read."""
        import directory.history  # noqa: F401
