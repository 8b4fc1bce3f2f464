"""Recorded rows become sentences in the reader's language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.history import registry
from core.history.registry import Change, Page, Story, Text
from core.templatetags.house import clock, day

_AGAIN = timedelta(hours=1)  # the same text changed again within this is said once
_LONGEST = 90  # characters of a thing's name
_SHOWN = 5  # things of an entry that are shown at once
_NO_LONGER = "–"


class Row(NamedTuple):
    """A recorded row as the database gives it, with the one before it."""

    label: str
    pk: int
    at: datetime
    object: int
    event: str
    context: UUID | None
    metadata: dict[str, Any] | None
    now: dict[str, Any]
    before: dict[str, Any] | None


@dataclass
class Entry:
    """What one did at one time: one or more sentences, of one thing or of several alike."""

    at: datetime
    who: str
    said: list["_Said"]
    things: list[str] = field(default_factory=list)

    @property
    def first_things(self) -> list[str]:
        """Those that are shown at once."""
        return self.things[:_SHOWN]

    @property
    def more_things(self) -> list[str]:
        """Those that are shown when asked for."""
        return self.things[_SHOWN:]

    @property
    def sentences(self) -> list[str]:
        """The sentences, worded for how many things they are of."""
        return [
            str(
                said.text
                % {
                    "who": self.who,
                    "old": said.old,
                    "new": said.new,
                    "count": max(len(self.things), 1),
                }
            )
            for said in self.said
        ]


class _Said(NamedTuple):
    """A sentence before it is worded."""

    text: Text
    old: str = ""
    new: str = ""


class Names:
    """What the things that a page's rows point at are called; one query for each table."""

    def __init__(
        self, page: Page, told: dict[str, Story], rows: list[Row], people: list[int]
    ) -> None:
        person = get_user_model()
        wanted: dict[type[Model], set[Any]] = {person: set(people)}
        for row in rows:
            for one in told[row.label].recorded:
                if isinstance(one, ForeignKey):
                    for values in (row.now, row.before or {}):
                        if values.get(one.attname) is not None:
                            wanted.setdefault(one.related_model, set()).add(values[one.attname])
        self._page = page
        self._known: dict[type[Model], dict[Any, Model]] = {}
        for model, keys in wanted.items():
            related = registry.names.get(model, registry.Name()).related
            found = model._base_manager.filter(pk__in=keys)
            if related:
                found = found.select_related(*related)
            self._known[model] = {one.pk: one for one in found} if keys else {}

    def person(self, pk: int) -> str:
        """A person's name."""
        return self.name(get_user_model(), pk)

    def name(self, model: type[Model], pk: Any) -> str:
        """What an object is called; a dash where it is no longer there."""
        found = self._known[model].get(pk)
        return self._words(found) if found else _NO_LONGER

    def _words(self, found: Model) -> str:
        named = registry.names.get(type(found), registry.Name())
        return Truncator(named.words(found)).chars(_LONGEST)

    def thing(self, story: Story, row: Row) -> str:
        """What the row is called on this page; nothing where it is what the page is of."""
        if story.model is self._page.model and row.object == self._page.pk:
            return ""
        parts = (self._part(story, path, row) for path in story.called)
        return " · ".join(part for part in parts if part)

    def _part(self, story: Story, path: str, row: Row) -> str:
        head, *rest = path.split(".")
        one = story.model._meta.get_field(head)
        assert isinstance(one, Field)
        value = row.now[one.attname]
        if not isinstance(one, ForeignKey) or value is None:
            return Truncator(worded(one, value, Change(), self)).chars(_LONGEST)
        found: Any = self._known[one.related_model].get(value)
        for step in rest:
            found = getattr(found, step, None)
        if found is None:
            return ""
        if isinstance(found, self._page.model) and found.pk == self._page.pk:
            return ""
        return self._words(found)

    def actor(self, metadata: dict[str, Any] | None) -> str:
        """Who did it, as the subject of a sentence: a person, or a part of the house."""
        metadata = metadata or {}
        if actor := metadata.get("actor"):
            name = self.person(int(actor))
            return _("%(name)s (by a link)") % {"name": name} if "via" in metadata else name
        part = metadata.get("house", "")
        return _("Yhteispöytä (%(part)s)") % {"part": registry.houses.get(part, part or "?")}


def worded(one: "Field[Any, Any]", value: Any, change: Change, names: Names) -> str:
    """A recorded value in words: a date, a choice, the name of what it points at."""
    if value in (None, "", []):
        return ""
    if change.show:
        return change.show(value)
    if isinstance(one, ForeignKey):
        return names.name(one.related_model, value)
    if isinstance(one, ArrayField):
        return ", ".join(worded(one.base_field, item, change, names) for item in value)
    if one.flatchoices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(one, DateTimeField):
        at = datetime.fromisoformat(value)
        return _("%(day)s at %(hours)s") % {"day": day(at), "hours": clock(at)}
    if isinstance(one, DateField):
        return day(date.fromisoformat(value))
    return str(value)


def entries(page: Page, told: dict[str, Story], rows: list[Row], names: Names) -> Iterator[Entry]:
    """The page's rows as entries: what was done at once to things alike stands together."""
    together: dict[Any, Entry] = {}
    for of_one in _acts(rows):
        story = told[of_one[0].label]
        said = list(_said(story, of_one, names))
        if not said:
            continue
        last = of_one[0]
        key = (
            last.context or last.pk,
            last.label,
            tuple((str(s.text), s.old, s.new) for s in said),
        )
        entry = together.setdefault(key, Entry(last.at, names.actor(last.metadata), said))
        if thing := names.thing(story, last):
            entry.things.append(thing)
    seen: dict[Any, datetime] = {}
    for entry in together.values():
        if not any(said.old or said.new for said in entry.said):
            same = (entry.who, tuple(entry.sentences), tuple(entry.things))
            newer, seen[same] = seen.get(same), entry.at
            if newer and newer - entry.at < _AGAIN:
                continue
        yield entry


def _acts(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """The rows of each act on each object, the newest act first, the newest row first."""
    acts: dict[Any, list[Row]] = {}
    for row in rows:
        acts.setdefault((row.context or row.pk, row.label, row.object), []).append(row)
    return acts.values()


def _said(story: Story, rows: list[Row], names: Names) -> Iterator[_Said]:
    """What one act did to one object; what it also made or removed is not said to have changed."""
    events = {row.event for row in rows}
    if events & {"insert", "fact"}:
        if story.added:
            yield _Said(story.added)
    elif "delete" in events:
        if story.removed:
            yield _Said(story.removed)
    else:
        for row in reversed(rows):
            yield from _changes(story, row, names)


def _changes(story: Story, row: Row, names: Names) -> Iterator[_Said]:
    if row.before is None:
        return
    for one in story.recorded:
        change = story.fields.get(one.name)
        if change is None:
            continue
        old, new = row.before[one.attname], row.now[one.attname]
        # A column that came later has nothing recorded before its first change.
        if old == new or (old is None and not one.null):
            continue
        text = change.sentence(old, new)
        values = "%(old)s" in str(text) or "%(new)s" in str(text)
        yield (
            _Said(text, worded(one, old, change, names), worded(one, new, change, names))
            if values
            else _Said(text)
        )
