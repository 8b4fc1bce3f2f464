"""The room `welfare`."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class WelfareConfig(AppConfig):
    """The top floor."""

    name = "welfare"
    default = True  # this module has another

    def ready(self) -> None:
        """Say how its changes read."""
        import welfare.history  # noqa: F401


class StaticFiles(StaticFilesConfig):
    """Static files, less what the packages bring along and no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.css*",
        "*.rtl.*",
        "ext",
        "htmax*",
        "htmx-4*",
    ]
