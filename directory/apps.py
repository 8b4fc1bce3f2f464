"""The room `directory`."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who cooperates."""

    name = "directory"
