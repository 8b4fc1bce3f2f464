"""Pages travel compressed, also where no proxy does it; files are compressed already."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXT = ("text/html", "application/json")


class CompressPagesMiddleware(GZipMiddleware):
    """Django's own, with its padding against guessing secrets by size, for pages and JSON only."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a page; leave a PDF or an attached file as it is."""
        if response.headers.get("Content-Type", "").startswith(_TEXT):
            return super().process_response(request, response)
        return response
