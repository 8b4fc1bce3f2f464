"""A group's members' list is read in: given, looked through row by row, accepted."""

import csv
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.sorting import alphabetical
from directory.access import Request, posted
from directory.forms.members_import import ReviewForm, SourceForm
from directory.members_import.columns import TEMPLATE, Column, Layout, heading_rows, lay_out
from directory.members_import.outcome import MAX_QUESTIONS, Choices, Kind
from directory.members_import.table import Table, carried
from directory.members_import.words import Wording
from directory.models import Group, Person
from directory.services import members_import as services
from directory.services.invitations import uninvited
from directory.views.groups import for_keepers

_DONE = "members_import"
_SAMPLES = 3


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def members_import(request: Request, group: Group) -> HttpResponse:
    """Ask for the list; show what each row would do; do it once a person has seen that."""
    if group.ended_on:
        messages.error(request, _("The group has ended. Take it into use again first."))
        return redirect("directory:group", group.slug)
    if request.method == "POST" and "table" in request.POST:
        return _go_on(request, group)
    if "done" in request.GET and request.method != "POST":
        return _summary(request, group)
    form = SourceForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["table"]
        return _review(request, group, table, lay_out(table), Choices())
    return _ask(request, group, form)


@require_safe
@for_keepers
def template(request: Request, group: Group) -> HttpResponse:
    """An empty list with the headings in the reader's language, as Finnish Excel opens it."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = pgettext("name of a file, without å, ä or ö", "members")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(response, delimiter=";").writerow([column.label for column in TEMPLATE])
    return response


def _ask(request: Request, group: Group, form: SourceForm) -> HttpResponse:
    status = 400 if form.errors else 200
    context = {"group": group, "form": form}
    return render(request, "directory/members_import.html", context, status=status)


def _go_on(request: Request, group: Group) -> HttpResponse:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The list did not come through whole. Give it again."))
        return _ask(request, group, SourceForm())
    table, layout, choices = form.cleaned_data["table"], form.layout(), form.choices()
    if "accept" not in request.POST or not layout.has_names or layout.doubled:
        return _review(request, group, table, layout, choices)
    try:
        done = services.accept(
            group=group,
            layout=layout,
            choices=choices,
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except services.NotKept as error:
        raise PermissionDenied from error
    except services.NotAsShown:
        return _review(request, group, table, layout, choices, is_stale=True)
    # Only keys and numbers: names and addresses stay where they belong.
    request.session[_DONE] = {
        "group": group.pk,
        "new": done.new,
        "joined": done.joined,
        "changed": done.changed,
        "left": done.left,
    }
    return redirect(f"{reverse('directory:import_members', args=[group.slug])}?done")


def _summary(request: Request, group: Group) -> HttpResponse:
    """What the last list did, while the session remembers it."""
    done = request.session.get(_DONE, {})
    if done.get("group") != group.pk:
        return redirect("directory:import_members", group.slug)
    keys = {*done["new"], *done["joined"], *done["changed"]}
    people = list(Person.objects.filter(pk__in=keys).order_by(alphabetical("name"), "pk"))
    parts = [
        (heading, [person for person in people if person.pk in done[key]])
        for key, heading in (
            ("new", _("New in the directory, and members now")),
            ("joined", _("Members now")),
            ("changed", _("Changed")),
        )
    ]
    context = {
        "group": group,
        "parts": [part for part in parts if part[1]],
        "left": done["left"],
        "uninvited": uninvited(group, now=timezone.now()).count(),
    }
    return render(request, "directory/members_import_done.html", context)


def _review(
    request: Request,
    group: Group,
    table: Table,
    layout: Layout,
    choices: Choices,
    *,
    is_stale: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "group": group,
        "table": table,
        "carried": carried(table),
        "layout": layout,
        "heading_rows": heading_rows(table),
        "columns": _columns(table, layout),
        "meanings": Column.choices,
        "doubled": [Column(one).label for one in layout.doubled],
        "not_read": _not_read(table, layout),
        "is_stale": is_stale,
        "stage": "columns",
    }
    if layout.has_names and not layout.doubled:
        context |= _previewed(request, group, layout, choices)
    status = 409 if is_stale else 200
    return render(request, "directory/members_import_review.html", context, status=status)


def _previewed(request: Request, group: Group, layout: Layout, choices: Choices) -> dict[str, Any]:
    plan = services.preview(
        group=group, layout=layout, choices=choices, by=request.user, now=timezone.now()
    )
    wording = Wording(plan, layout)
    too_many = len(plan.questions) > MAX_QUESTIONS
    asked = [] if too_many else wording.asked()
    acts = wording.lines(Kind.NEW, Kind.JOINS, Kind.CHANGES)
    shown = {one.key for one in asked} | {line.same.key for line in acts if line.same}
    if too_many:
        stage = "too_many"
    elif plan.open_questions:
        stage = "questions"
    else:
        stage = "ready" if plan.acts else "nothing"
    return {
        "stage": stage,
        "rows": len(plan.outcomes),
        "questions": asked,
        # Answers to what is not asked just now, such as of a row that is left out.
        "kept": [] if too_many else [one for one in choices.answers.items() if one[0] not in shown],
        "wrong": wording.lines(Kind.WRONG),
        "acts": acts,
        "waiting": wording.lines(Kind.ASKS),
        "nothing": wording.lines(Kind.NOTHING),
        "left": wording.lines(Kind.OUT),
        "ticked": choices.left,
        "seen": json.dumps(plan.seen(), separators=(",", ":")),
    }


def _columns(table: Table, layout: Layout) -> list[dict[str, Any]]:
    """Each column with its heading, a few of its values, and what it is taken to be."""
    meanings = dict(enumerate(layout.meanings))
    found = []
    for place in range(table.width):
        values = [row.cells[place].text for row in layout.data if place < len(row.cells)]
        found.append(
            {
                "place": place,
                "caption": layout.caption(place),
                "samples": list(dict.fromkeys(filter(None, values)))[:_SAMPLES],
                "meaning": meanings.get(place, ""),
            }
        )
    return found


def _not_read(table: Table, layout: Layout) -> list[str]:
    """The headings of columns that are left aside."""
    read = set(layout.columns.values())
    captions = [layout.caption(place) for place in range(table.width) if place not in read]
    return [caption for caption in captions if caption]
