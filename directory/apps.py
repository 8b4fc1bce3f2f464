"""The room `directory`."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who cooperates."""

    name = "directory"

    def ready(self) -> None:
        """Say how its changes read, and what moves when two of something are merged."""
        import directory.history
        import directory.merging.own  # noqa: F401
