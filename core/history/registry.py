"""What the rooms have said of their models: sentences, names, pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model, Q
from django.utils.functional import Promise

type Text = str | Promise
type Where = Callable[["Page"], Q]


@dataclass(frozen=True)
class Change:
    """The sentences of one field; placeholders %(who)s, %(old)s, %(new)s, none needed but who.

    `given` is said where the field was empty before (or became true), `cleared` where it is empty
    now (or became false); without them `changed` is said. `show` words a value where the field's
    type does not say how. A long text's sentence simply does not name its values.
    """

    changed: Text = ""
    given: Text = ""
    cleared: Text = ""
    show: Callable[[Any], str] | None = None

    def sentence(self, old: Any, new: Any) -> Text:
        """The sentence that fits what the field was and is."""
        if self.cleared and not new:
            return self.cleared
        if self.given and not old:
            return self.given
        return self.changed


@dataclass(frozen=True)
class Story:
    """How one model's changes read.

    `called` names a row by paths from its own columns ("title", "person", "item.meeting"); what is
    the page's own object is left out of it, and so is what is empty. `added` and `removed` are
    plurals by %(count)s; `added` is empty where another row's sentence tells of it. `unsaid` gives
    the reason for each field that has no sentence. A fact is a row that is only ever added and
    says itself who (`by`) and when (`at`).
    """

    model: type[Model]
    rows: type[Model]  # the table that the history is read from
    about: Text
    called: tuple[str, ...]
    added: Text
    removed: Text = ""
    fields: Mapping[str, Change] = field(default_factory=dict)
    unsaid: Mapping[str, str] = field(default_factory=dict)
    at: str = "pgh_created_at"
    by: str = ""

    @property
    def label(self) -> str:
        """A short name for addresses and queries: "membership"."""
        return str(self.model._meta.model_name)

    @property
    def recorded(self) -> "list[Field[Any, Any]]":
        """The fields of the model that its history records, its key left out."""
        kept = {one.name for one in self.rows._meta.concrete_fields}
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.name in kept and not one.primary_key
        ]

    @property
    def columns(self) -> list[str]:
        """The columns that its sentences are made of."""
        heads = {path.partition(".")[0] for path in self.called}
        return [
            one.attname for one in self.recorded if one.name in heads or one.name in self.fields
        ]


@dataclass(frozen=True)
class Place:
    """An object whose history a person may read, as a room's `fetch` found it.

    `groups` are the ids of the groups whose matters the person may read there; None means all.
    """

    title: str
    url: str
    groups: list[int] | None = None


@dataclass(frozen=True)
class Page:
    """One page of history: of one object, for one reader."""

    kind: str
    pk: int
    model: type[Model]
    place: Place


@dataclass(frozen=True)
class Kind:
    """One kind of page: what it is the history of, and for whom."""

    model: type[Model]
    fetch: Callable[[Any, int], Place]


@dataclass(frozen=True)
class Name:
    """How an object is named in a sentence, and what has to be fetched with it for that."""

    words: Callable[[Any], str] = str
    related: tuple[str, ...] = ()


stories: dict[type[Model], Story] = {}
kinds: dict[str, Kind] = {}
parts: dict[str, dict[type[Model], Where]] = {}  # what stands on the pages of each kind
names: dict[type[Model], Name] = {}
houses: dict[str, Text] = {}


def tell(
    model: type[Model],
    *,
    about: Text,
    called: tuple[str, ...],
    added: Text,
    removed: Text,
    fields: Mapping[str, Change],
    unsaid: Mapping[str, str] | None = None,
) -> None:
    """Say how the changes of a tracked model read; see `Story`."""
    events = model._meta.get_field("events").related_model
    assert isinstance(events, type)
    stories[model] = Story(model, events, about, called, added, removed, fields, unsaid or {})


def fact(
    model: type[Model], *, about: Text, called: tuple[str, ...], added: Text, at: str, by: str
) -> None:
    """Say how a row reads that is only ever added and says itself who did it and when."""
    stories[model] = Story(model, model, about, called, added, at=at, by=by)


def page(kind: str, model: type[Model], fetch: Callable[[Any, int], Place]) -> None:
    """Give the objects of `model` a page of history at `history/<kind>/<pk>/`.

    `fetch(person, pk)` raises Http404 where the object does not exist for the person, and
    PermissionDenied where they see it but not its history.
    """
    kinds[kind] = Kind(model, fetch)


def on(kind: str, model: type[Model], where: Where) -> None:
    """Put the changes of a model on the pages of a kind: those of its rows that fulfil `where`.

    `where` is a condition on the recorded columns; it keeps to `page.place.groups`.
    """
    parts.setdefault(kind, {})[model] = where


def named(
    model: type[Model], words: Callable[[Any], str] = str, related: tuple[str, ...] = ()
) -> None:
    """Say how an object is named in sentences, if not by `str`; `related` is fetched with it."""
    names[model] = Name(words, related)


def house(part: str, words: Text) -> None:
    """Word a part of the house that acts by itself (`core.audit.house`)."""
    houses[part] = words
