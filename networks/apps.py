"""The room `networks`."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    """Developer-partner school networks and thematic networks."""

    name = "networks"
