"""The workspace: agenda, items with their text, attendance, on one page."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.keys import as_key
from directory.permissions import Verb
from meetings import selectors
from meetings.document import attachment_url
from meetings.forms import GuestForm, TitleForm
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.selectors import Headcount
from meetings.views.access import Request, for_meeting
from meetings.views.strings import strings
from meetings.views.words import headcount, missing, next_step, other_steps

TEMPLATE = "meetings/workspace.html"
# What could end a script element, as Django's json_script escapes it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@dataclass(slots=True)
class Row:
    """An item as the template wants it, so that forty of them are quick to render.

    What needs no escaping is marked as such, and numbers are words already.
    """

    item: AgendaItem
    id: SafeString
    url: SafeString
    number: SafeString
    depth: SafeString
    revision: SafeString
    language: SafeString
    body: SafeString
    marks: SafeString
    conflicts: SafeString | str
    attachments: list[tuple[str, str, bool]]
    kind: str
    visibility: str
    minutes: str

    @classmethod
    def of(cls, numbered: selectors.NumberedItem, base: str) -> "Row":
        """The row of an item, whose own addresses begin with `base`."""
        item = numbered.item
        everyone = item.visibility == AgendaItem.Visibility.ALL
        usual = item.kind == AgendaItem.Kind.DISCUSSION
        return cls(
            item=item,
            id=_plain(item.pk),
            url=_plain(f"{base}items/{item.pk}/"),
            number=_plain(numbered.number),
            depth=_plain(numbered.depth),
            revision=_plain(item.revision),
            language=_plain(item.language),
            body=mark_safe(item.body),  # noqa: S308  sanitised when it was saved
            marks=script_json(item.marks),
            conflicts=script_json(item.conflicts) if item.conflicts else "",
            attachments=[
                (row.title, attachment_url(item, row), row.is_unchecked)
                for row in item.attachments.all()
            ],
            kind="" if usual else str(item.get_kind_display()),
            visibility="" if everyone else str(item.get_visibility_display()),
            minutes=_("%(minutes)d min") % {"minutes": item.minutes} if item.minutes else "",
        )


@dataclass(slots=True)
class PersonRow:
    """Someone on the list of attendance, as the template wants it."""

    row: Attendance
    id: SafeString
    mode: SafeString

    @classmethod
    def of(cls, row: Attendance) -> "PersonRow":
        """The row of one attendance."""
        return cls(row=row, id=_plain(row.pk), mode=_plain(row.mode))


def _plain(value: object) -> SafeString:
    """A number or a code: nothing in it needs escaping."""
    return mark_safe(str(value))  # noqa: S308  see above


def script_json(value: object) -> SafeString:
    """JSON that is safe inside a script element, as Django's json_script makes it."""
    if not value:
        return mark_safe("{}")
    text = json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308  <, > and & are escaped


@require_safe
@for_meeting(Verb.WRITE)
def workspace(request: Request, meeting: Meeting) -> HttpResponse:
    """The page on which a meeting is prepared and its minutes are taken."""
    return page(request, meeting)


def page(
    request: Request,
    meeting: Meeting,
    *,
    new_item: TitleForm | None = None,
    guest: GuestForm | None = None,
    removed: AgendaItem | None = None,
) -> HttpResponse:
    """The workspace, with a form that came back with errors in its place, or an offer to undo."""
    removed = removed or _just_removed(request, meeting)
    context = _agenda(meeting) | _people(meeting, guest or GuestForm())
    context |= {
        "removed": removed,
        "new_item": new_item,
        "step": next_step(meeting),
        "others": other_steps(meeting),
        "strings": script_json(strings()),
        "csrf": get_token(request),
    }
    failed = (new_item and new_item.errors) or (guest and guest.errors)
    return render(request, TEMPLATE, context, status=400 if failed else 200)


def _just_removed(request: Request, meeting: Meeting) -> AgendaItem | None:
    key = as_key(request.GET.get("removed", ""))
    if not key:
        return None
    return AgendaItem.objects.filter(meeting=meeting, removed_at__isnull=False, pk=key).first()


def _agenda(meeting: Meeting) -> dict[str, Any]:
    # Reversing the addresses of each of forty items would take longer than all the rest.
    base = reverse("meetings:detail", args=[meeting.pk])
    rows = [Row.of(numbered, base) for numbered in selectors.agenda(meeting)]
    minutes = sum(row.item.minutes or 0 for row in rows)
    return {
        "meeting": meeting,
        "is_open": meeting.is_open,
        "rows": rows,
        "write_here": _("Write here"),
        "base": base,
        "reserved": _("%(minutes)d min") % {"minutes": minutes} if minutes else "",
    }


def _people(meeting: Meeting, guest: GuestForm) -> dict[str, Any]:
    people = selectors.attendance(meeting)
    return {
        "meeting": meeting,
        "base": reverse("meetings:detail", args=[meeting.pk]),
        "is_open": meeting.is_open,
        "people": [PersonRow.of(row) for row in people],
        "headcount": headcount(Headcount.of(people)),
        "missing": missing(people),
        "guest": guest,
    }


# -- The touched parts, for the script ------------------------------------------------------------


def agenda_parts(
    request: Request,
    meeting: Meeting,
    *,
    head: AgendaItem | None = None,
    section: AgendaItem | None = None,
    removed: AgendaItem | None = None,
) -> dict[str, Any]:
    """The agenda's rail, and one item's head or whole section; no other text is touched."""
    context = _agenda(meeting)

    def part(name: str, row: Row | None = None) -> str:
        return render_to_string(
            f"{TEMPLATE}#{name}", context | {"row": row, "removed": removed}, request
        )

    rows = {row.item.pk: row for row in context["rows"]}
    parts: dict[str, Any] = {"rail": part("rail"), "notice": part("notice")}
    if head:
        parts["head"] = {"item": head.pk, "html": part("head", rows[head.pk])}
    if section:
        parts["section"] = {"item": section.pk, "html": part("section", rows[section.pk])}
    return parts


def parts_for(request: Request, meeting: Meeting, known: set[int]) -> dict[str, Any]:
    """What another's work on the agenda changes for who has the page open with these items."""
    context = _agenda(meeting)

    def part(name: str, row: Row | None = None) -> str:
        return render_to_string(f"{TEMPLATE}#{name}", context | {"row": row}, request)

    rows: list[Row] = context["rows"]
    return {
        "rail": part("rail"),
        "heads": [
            {"item": row.item.pk, "html": part("head", row)} for row in rows if row.item.pk in known
        ],
        "sections": [
            {"item": row.item.pk, "html": part("section", row)}
            for row in rows
            if row.item.pk not in known
        ],
    }


def people_parts(
    request: Request, meeting: Meeting, *, whole: bool = False, guest: GuestForm | None = None
) -> dict[str, Any]:
    """The words of who was there, or with `whole` the list too."""
    context = _people(meeting, guest or GuestForm())
    name = "people" if whole else "headcount"
    return {name: render_to_string(f"{TEMPLATE}#{name}", context, request)}


def address(meeting: Meeting, place: str = "") -> str:
    """The workspace, at an item or at the list of attendance."""
    url = reverse("meetings:workspace", args=[meeting.pk])
    return f"{url}#{place}" if place else url
