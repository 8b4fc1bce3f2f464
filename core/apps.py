"""The room `core`."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "core"

    def ready(self) -> None:
        """Let each migrate end with the app's role having its rights, and no more."""
        from core.frozen import check_frozen, grant

        register(check_frozen, Tags.database, deploy=True)
        post_migrate.connect(grant, sender=self, dispatch_uid="core.frozen.grant")
