"""The room `meetings`."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings, agenda, attendance, minutes."""

    name = "meetings"

    def ready(self) -> None:
        """What was shared stays frozen."""
        from core.frozen import freeze

        freeze(
            "meetings_documentversion",
            "meetings_rendition",
            "meetings_approval",
            "meetings_redaction",
        )
