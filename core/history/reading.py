"""A page of history: a fixed number of queries, whatever the data.

The database merges, filters, sorts and cuts the recorded rows of all tables that belong to the
page; the rows of one page come with the row before each, as JSON, in one more query; then each
table that sentences name things of is asked once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import (
    CharField,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from core.history import registry
from core.history.registry import Page, Story
from core.history.wording import Entry, Names, Row, entries

ROWS = 50  # recorded rows a page; one entry tells of several as a rule


@dataclass(frozen=True)
class Day:
    """The entries of a day in Helsinki, the newest first."""

    day: date
    entries: list[Entry]


@dataclass(frozen=True)
class Pages:
    """One page of history, what it can be narrowed to, and the way to the others."""

    days: list[Day]
    slice: Slice
    people: list[tuple[str, str]]
    subjects: list[tuple[str, str]]


class _Found(NamedTuple):
    """Where a recorded row stands."""

    label: str
    pk: int
    at: datetime


def pages(page: Page, *, number: str = "", by: str = "", about: str = "") -> Pages:
    """The page's history, the newest first; narrowed to one person's acts or one kind of thing."""
    parts = registry.parts[page.kind]
    told = {registry.stories[model].label: registry.stories[model] for model in parts}
    recorded = {label: _recorded(story, parts[story.model](page)) for label, story in told.items()}
    actors = _united([rows.values_list("told_by") for rows in recorded.values()], all=False)
    people = [int(actor) for (actor,) in actors if actor]
    chosen = [recorded[about]] if about in recorded else list(recorded.values())
    if by.isdecimal():
        chosen = [rows.filter(told_by=by) for rows in chosen]
    found = _united([rows.values_list("told_label", "pk", "told_at") for rows in chosen])
    slice = Paginator(found.order_by("-told_at", "told_label", "-pk"), ROWS).get_page(number)
    rows = _details(told, [_Found(*one) for one in slice])
    names = Names(page, told, rows, people)
    return Pages(
        days=[
            Day(one, list(of_day))
            for one, of_day in groupby(
                entries(page, told, rows, names), lambda entry: timezone.localdate(entry.at)
            )
        ],
        slice=slice,
        people=sorted(((str(one), names.person(one)) for one in people), key=lambda row: row[1]),
        subjects=sorted(
            ((label, str(story.about)) for label, story in told.items()), key=lambda row: row[1]
        ),
    )


def _united(arms: list[QuerySet[Any]], *, all: bool = True) -> QuerySet[Any]:
    """The rows of all these together."""
    return arms[0].union(*arms[1:], all=all) if len(arms) > 1 else arms[0]


def _recorded(story: Story, where: Q) -> QuerySet[Any]:
    """The rows that belong on the page: of what, when, by whom (an id as text)."""
    by = (
        Cast(F(f"{story.by}_id"), CharField())
        if story.by
        else KeyTextTransform("actor", "pgh_context__metadata")
    )
    return (
        QuerySet(story.rows)
        .filter(where)
        .annotate(told_label=Value(story.label, CharField()), told_at=F(story.at), told_by=by)
    )


def _details(told: dict[str, Story], found: list[_Found]) -> list[Row]:
    """The rows of one page in their order, each with the one before it: one query."""
    arms = []
    for label, story in told.items():
        if keys := [one.pk for one in found if one.label == label]:
            arms.append(_detail(story).filter(pk__in=keys))
    if not arms:
        return []
    rows = {(row[0], row[1]): Row(*row) for row in _united(arms)}
    return [rows[one.label, one.pk] for one in found]


def _detail(story: Story) -> QuerySet[Any]:
    """The columns of `Row`."""
    values = JSONObject(**{column: F(column) for column in story.columns})
    rows = QuerySet(story.rows).annotate(
        told_label=Value(story.label, CharField()), told_at=F(story.at), told_now=values
    )
    if story.by:
        rows = rows.annotate(
            told_object=F("pk"),
            told_event=Value("fact", CharField()),
            told_context=Value(None, UUIDField()),
            told_metadata=JSONObject(actor=F(f"{story.by}_id")),
            told_before=Value(None, JSONField()),
        )
    else:
        earlier: QuerySet[Any] = (
            QuerySet(story.rows)
            .filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
            .order_by("-pgh_id")
        )
        rows = rows.annotate(
            told_object=F("pgh_obj_id"),
            told_event=F("pgh_label"),
            told_context=F("pgh_context_id"),
            told_metadata=F("pgh_context__metadata"),
            told_before=Subquery(earlier.values(json=values)[:1], output_field=JSONField()),
        )
    return rows.values_list(
        "told_label",
        "pk",
        "told_at",
        "told_object",
        "told_event",
        "told_context",
        "told_metadata",
        "told_now",
        "told_before",
    )
