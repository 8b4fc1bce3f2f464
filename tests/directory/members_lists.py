"""Members' lists as people give them, and the steps of a browser that reads one in."""

import io
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from directory.models import Group


def workbook(*rows: Iterable[object], arrange: Callable[[Any], None] | None = None) -> bytes:
    """An .xlsx with these rows; `arrange` gets the workbook before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if arrange:
        arrange(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: Iterable[str], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A CSV with these rows."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


class _Fields(HTMLParser):
    """What the browser would send of the page's last form, without its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.fields = {}
        elif tag == "select":
            self._select, self._first = name, None
        elif tag == "option" and self._select:
            if self._first is None or "selected" in given:
                self._first = value
                self.fields[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif tag == "input" and name:
            if given.get("type") in ("radio", "checkbox") and "checked" not in given:
                return
            self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data


def fields(response: HttpResponse) -> dict[str, list[str]]:
    """The fields of the review's form as they stand in the page."""
    html = response.content.decode()
    start = html.index('<form class="list-review"')
    parser = _Fields()
    parser.feed(html[start : html.index("</form>", start)])
    return {name: values for name, values in parser.fields.items() if name != "csrfmiddlewaretoken"}


class Desk:
    """Someone at the page of a group's list."""

    def __init__(self, client: Client, group: Group) -> None:
        self.client = client
        self.url = reverse("directory:import_members", args=[group.slug])

    def give(self, data: bytes | str, name: str = "jasenet.csv") -> HttpResponse:
        """Give a file, or paste a text."""
        if isinstance(data, str):
            return self.client.post(self.url, {"text": data})
        return self.client.post(self.url, {"file": SimpleUploadedFile(name, data)})

    def again(self, page: HttpResponse, **changed: Any) -> HttpResponse:
        """Send the page's form with some fields changed; underscores stand for hyphens."""
        given = {key.replace("_", "-"): value for key, value in changed.items()}
        return self.client.post(self.url, fields(page) | given)

    def accept(self, page: HttpResponse, **changed: Any) -> HttpResponse:
        """The same by the button that saves."""
        return self.again(page, accept="1", **changed)


def happens(page: HttpResponse) -> dict[int, str]:
    """What the page says of the rows that do something: by number, without the headline's facts."""
    return {line.number: line.happens for line in page.context["acts"]}


def facts(page: HttpResponse) -> dict[int, dict[str, str]]:
    """The facts of each such row: "Role" to "chair", or "member → chair"."""
    return {
        line.number: {label: f"{old} → {new}" if old else new for label, old, new in line.facts}
        for line in page.context["acts"]
    }


def troubles(page: HttpResponse) -> dict[int, list[tuple[str, str]]]:
    """What is wrong by row: the column, and the words."""
    return {
        line.number: [(one.column, one.words) for one in line.troubles]
        for line in page.context["wrong"]
    }


def visible(page: HttpResponse) -> str:
    """The page's text with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
