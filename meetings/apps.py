"""The room `meetings`."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings, agenda, attendance, minutes."""

    name = "meetings"

    def ready(self) -> None:
        """What was shared stays frozen; attached files are read by whom their items let."""
        import meetings.history
        import meetings.merging  # noqa: F401
        from core.downloads import register
        from core.frozen import freeze
        from meetings.downloads import may_read, may_read_public

        register("meeting", may_read)
        register("public", may_read_public, is_public=True)
        freeze(
            "meetings_documentversion",
            "meetings_rendition",
            "meetings_approval",
            "meetings_redaction",
        )
