"""Minutes as a file of their own."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from meetings import rendering, selectors
from meetings.document import document_data, for_audience
from meetings.models import DocumentVersion, Meeting, Rendition
from meetings.services.publishing import as_json

_STYLES = ("css/tokens.css", "css/lists.css", "css/document.css")


def draft(
    meeting: Meeting,
    *,
    format: str,
    audience: str,
    kind: str = DocumentVersion.Kind.MINUTES,
) -> bytes:
    """The minutes as they stand now, marked as a draft; the same bytes until someone edits them."""
    data = for_audience(document_data(meeting, kind=kind), audience)
    if format == Rendition.Format.JSON:
        return as_json(data)
    if format == Rendition.Format.HTML:
        return rendering.document_html(data, for_print=False).encode()
    return rendering.document_pdf(data, created=selectors.last_change(meeting))


def standalone_html(article: str, *, meeting: Meeting) -> str:
    """An article with its styles in one file, readable without the app."""
    return render_to_string(
        "meetings/document/standalone.html",
        {
            "article": article,
            "language": meeting.language,
            "title": f"{meeting.title} {timezone.localtime(meeting.starts_at):%-d.%-m.%Y}",
            "styles": [
                (settings.BASE_DIR / "static" / path).read_text(encoding="utf-8")
                for path in _STYLES
            ],
        },
    )
