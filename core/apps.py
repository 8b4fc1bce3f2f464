"""The room `core`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "core"

    def ready(self) -> None:
        """Let each migrate end with the app's role having its rights, and no more."""
        from core.frozen import grant

        post_migrate.connect(grant, sender=self, dispatch_uid="core.frozen.grant")
