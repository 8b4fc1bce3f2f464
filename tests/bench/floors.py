"""The floors, served by the same server, workers, middleware and session as the house.

Read floor: one indexed query of 50 joined rows and a table of 50 rows. Write floor: a row locked,
a revision of 9 kB inserted, a commit. Two more: WeasyPrint alone on the same HTML, a bare file.
"""

import uuid
from functools import lru_cache
from pathlib import Path

import weasyprint
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from core import pdf
from meetings import rendering
from meetings.document import document_data
from meetings.models import AgendaItem, ItemRevision, Line, Meeting
from welfare.urls import *  # noqa: F403
from welfare.urls import urlpatterns as house

WRITTEN = "x" * 9_000


def read_floor(request: HttpRequest, item: int) -> HttpResponse:
    """50 rows of one item, joined with it, as a table."""
    lines = Line.objects.filter(item=item).select_related("item").order_by("position")[:50]
    return render(request, "bench/table.html", {"lines": lines})


def write_floor(request: HttpRequest, item: int) -> HttpResponse:
    """Lock the item, insert a revision, commit."""
    with transaction.atomic():
        row = AgendaItem.objects.select_for_update().get(pk=item)
        token = uuid.uuid4()
        ItemRevision.objects.create(
            item=row,
            number=token.int % 2_000_000_000,
            token=token,
            body=WRITTEN,
            by=request.user,
            at=timezone.now(),
        )
    return HttpResponse(b"{}", content_type="application/json")


@lru_cache
def _page(meeting: int) -> str:
    row = Meeting.objects.select_related("group__host").get(pk=meeting)
    return rendering.document_html(document_data(row, kind="minutes"), for_print=True)


def pdf_floor(request: HttpRequest, meeting: int) -> HttpResponse:
    """WeasyPrint alone: the same HTML, fonts and styles, no data, no template, no conformance."""
    document = weasyprint.HTML(string=_page(meeting), media_type="print")
    content = document.write_pdf(font_config=pdf.fonts(), stylesheets=pdf.stylesheets())
    return HttpResponse(content, content_type="application/pdf")


def file_floor(request: HttpRequest, name: str) -> FileResponse:
    """A file of the disk, to someone logged in."""
    return FileResponse(Path("/", name).open("rb"), content_type="application/pdf")


urlpatterns = [
    *house,
    path("bench/read/<int:item>/", read_floor),
    path("bench/write/<int:item>/", write_floor),
    path("bench/pdf/<int:meeting>/", pdf_floor),
    path("bench/file/<path:name>", file_floor),
]
