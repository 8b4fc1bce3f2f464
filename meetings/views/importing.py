"""Old minutes are read in: given, looked through beside their source, accepted."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.keys import as_key
from directory.models import Group
from directory.permissions import Verb
from meetings.import_forms import (
    ParticularsForm,
    PersonForm,
    SourceForm,
    people_formset,
    problem_error,
)
from meetings.import_words import alternative_words, doubt_words
from meetings.importing import ImportProblem, Placement, Reading, read_minutes
from meetings.intake import Directory, settled
from meetings.models import Meeting
from meetings.services import importing
from meetings.views.access import Request, for_group


@require_http_methods(["GET", "HEAD", "POST"])
@for_group(Verb.WRITE)
def import_minutes(request: Request, group: Group) -> HttpResponse:
    """Ask for the text; show source and reading side by side; save when a person accepts."""
    form = SourceForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, group, form)
    directory = Directory.of(group)
    try:
        reading = read_minutes(form.cleaned_data["source"], directory.known())
    except ImportProblem as problem:
        form.add_error(None, problem_error(problem))
        return _ask(request, group, form)
    accepting = "accept" in request.POST
    given = request.POST if accepting else None
    particulars = ParticularsForm(given, initial=ParticularsForm.read(reading, group))
    people = people_formset(reading, directory, given)
    if accepting and particulars.is_valid() and people.is_valid():
        meeting = _accept(request, group, reading, particulars, people)
        messages.success(
            request, _("The minutes have been read in as a draft. Look them through, then share.")
        )
        return redirect("meetings:workspace", meeting.pk)
    return render(
        request,
        "meetings/import_review.html",
        _review(request, directory, reading, particulars, people),
    )


def _ask(request: Request, group: Group, form: SourceForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "meetings/import.html", {"group": group, "form": form}, status=status)


def _accept(
    request: Request,
    group: Group,
    reading: Reading,
    particulars: ParticularsForm,
    people: "BaseFormSet[PersonForm]",
) -> Meeting:
    chosen, left = {}, []
    for place, doubt in enumerate(reading.doubts):
        choice = request.POST.get(f"doubt-{place}", "")
        number = as_key(choice)
        if number is not None and number < len(doubt.alternatives):
            chosen[place] = doubt.alternatives[number]
        elif choice != "ok":
            left.append({"line": doubt.line, "text": doubt_words(doubt), "reason": doubt.reason})
    values = particulars.cleaned_data
    return importing.accept(
        group=group,
        reading=settled(reading, chosen),
        particulars=importing.Particulars(
            **{
                name: values[name]
                for name in ("title", "starts_at", "ends_at", "place", "language", "document_type")
            }
        ),
        guests=[
            importing.Guest(
                name=row["name"],
                organisation_name=row["organisation_name"],
                role=row["role"],
                mode=row["mode"],
                person=row["person"],
            )
            for row in (form.cleaned_data for form in people)
            if row.get("keep")
        ],
        decisions=_places(request, "decision", len(reading.decisions)),
        tasks=_places(request, "task", len(reading.actions)),
        doubts=left,
        token=particulars.cleaned_data["token"],
        by=request.user,
        now=timezone.now(),
    )


def _places(request: Request, name: str, count: int) -> list[int]:
    given = request.POST.getlist(name)
    return [place for place in range(count) if str(place) in given]


@dataclass(frozen=True)
class SourceLine:
    """A line of the source and where it went."""

    number: int
    text: str
    place: str
    in_doubt: bool


@dataclass(frozen=True)
class Named:
    """A name that the text gives an owner or recipient, and what the directory has for it."""

    name: str
    known: str | None


def _review(
    request: Request,
    directory: Directory,
    reading: Reading,
    particulars: ParticularsForm,
    people: "BaseFormSet[PersonForm]",
) -> dict[str, Any]:
    doubtful = {line for doubt in reading.doubts for line in (doubt.line, *doubt.lines)}
    given = request.POST if "accept" in request.POST else None
    group = directory.group
    matched = {
        str(row["name"].value()).casefold(): person
        for row in people
        if (person := row.people.get(row["person"].value()))
    }

    def named(name: str) -> Named:
        party = directory.find(name, matched)
        return Named(name, party.known if party else None)

    same_day = (
        Meeting.objects.filter(group=group, starts_at__date=reading.date).first()
        if reading.date
        else None
    )
    return {
        "group": group,
        "reading": reading,
        "particulars": particulars,
        "people": people,
        "same_day": same_day,
        "source": [
            SourceLine(number, text, _place(reading.placements.get(number)), number in doubtful)
            for number, text in enumerate(reading.source, start=1)
            if text.strip()
        ],
        "text": "\n".join(reading.source),
        "agenda": [
            {
                "number": item.number,
                "title": item.title,
                "lines": [
                    {"line": line, "source": line.sources[0] if line.sources else None}
                    for line in item.lines
                ],
            }
            for item in reading.agenda
        ],
        "decisions": [
            (place, decision, given is None or str(place) in given.getlist("decision"))
            for place, decision in enumerate(reading.decisions)
            if decision.line is not None
        ],
        "tasks": [
            {
                "place": place,
                "task": task,
                "chosen": given is None or str(place) in given.getlist("task"),
                "owners": [named(name) for name in task.owners],
                "recipient": named(task.recipient) if task.recipient else None,
            }
            for place, task in enumerate(reading.actions)
            if task.line is not None
        ],
        "doubts": [
            {
                "place": place,
                "doubt": doubt,
                "words": doubt_words(doubt),
                "choice": given.get(f"doubt-{place}", "") if given else "",
                "alternatives": [
                    (str(index), alternative_words(reading, alternative))
                    for index, alternative in enumerate(doubt.alternatives)
                ],
            }
            for place, doubt in enumerate(reading.doubts)
        ],
    }


def _place(placement: Placement | None) -> str:
    return placement.place.value if placement else ""
