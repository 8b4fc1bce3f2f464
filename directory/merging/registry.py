"""What becomes of everything that points at a person or an organisation when it is merged.

Every foreign key is found by walking the models, so that one of a room above is not forgotten. The
rooms say in `AppConfig.ready` what theirs means: it moves (`moves`), stays with the double, with
the reason (`stays`), or is deleted with the double's way in (`ends`). History and frozen documents
are left alone without a word: the app's role may not change them (`core.frozen`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ForeignObjectRel, Model, QuerySet, UniqueConstraint

from core.frozen import frozen_tables
from directory.models import Person
from directory.permissions import known_groups

# Puts what the second row says into the first, which stays; saves nothing.
type Combine = Callable[[Any, Any], None]


@dataclass(frozen=True)
class Moving:
    """One foreign key whose rows move.

    `words` is an `ngettext_lazy` of "count" for the preview, None where the rows are told of by
    another key. `group` is the path from a row to its group, if it belongs to one. `seen` narrows
    rows to those that a person may know of; without it, to those of the groups they know.
    """

    model: type[Model]
    field: str
    words: Any = None
    group: str = ""
    seen: Callable[[QuerySet[Any], Person], QuerySet[Any]] | None = None

    def rows(self, of: Model) -> QuerySet[Any]:
        """What points at `of` by this key."""
        return self.model._base_manager.filter(**{self.field: of})

    def known(self, of: Model, by: Person) -> QuerySet[Any]:
        """The same, as far as `by` may know of it."""
        rows = self.rows(of)
        if self.seen:
            return self.seen(rows, by)
        if not self.group:
            return rows
        return rows.filter(**{f"{self.group}__in": known_groups(by).values("pk")})


@dataclass
class _Registry:
    moving: dict[tuple[type[Model], str], Moving] = field(default_factory=dict)
    staying: dict[tuple[type[Model], str], str] = field(default_factory=dict)
    ending: dict[tuple[type[Model], str], str] = field(default_factory=dict)
    combining: dict[type[Model], Combine] = field(default_factory=dict)
    same: dict[type[Model], Callable[[Any], QuerySet[Any]]] = field(default_factory=dict)


_all = _Registry()


def moves(model: type[Model], *names: str, words: Any = None, **more: Any) -> None:
    """The rows move to the one that stays; see `Moving`."""
    for name in names:
        _all.moving[model, name] = Moving(model, name, words, **more)


def stays(model: type[Model], name: str, reason: str) -> None:
    """The rows stay with the double, for this reason."""
    _all.staying[model, name] = reason


def ends(model: type[Model], name: str, reason: str) -> None:
    """The rows are deleted, for this reason."""
    _all.ending[model, name] = reason


def combines(
    model: type[Model],
    combine: Combine,
    *,
    same: Callable[[Any], QuerySet[Any]] | None = None,
) -> None:
    """How two rows become one where both say the same.

    They do where a unique constraint would break, and where `same` finds another row.
    """
    _all.combining[model] = combine
    if same:
        _all.same[model] = same


def pointing_at(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Each foreign key to the model, by its model and name.

    Frozen tables, history among them, are left out, and so are models without a table of their own.
    """
    frozen = frozen_tables()
    for one in model._meta.get_fields(include_hidden=True):
        if isinstance(one, ForeignObjectRel):
            of = one.related_model._meta
            if of.managed and not of.proxy and of.db_table not in frozen:
                yield one.related_model, one.field.name


def moving(model: type[Model]) -> list[Moving]:
    """The keys to the model whose rows move, in the order in which the rooms spoke of them.

    One that nobody spoke of moves, too.
    """
    kept = _all.staying.keys() | _all.ending.keys()
    keys = [key for key in pointing_at(model) if key not in kept]
    order = {key: place for place, key in enumerate(_all.moving)}
    keys.sort(key=lambda key: order.get(key, len(order)))
    return [_all.moving.get(key) or Moving(*key) for key in keys]


def ending(model: type[Model]) -> list[tuple[type[Model], str]]:
    """The keys to the model whose rows are deleted."""
    return [key for key in pointing_at(model) if key in _all.ending]


def unspoken(model: type[Model]) -> list[str]:
    """The keys to the model of which no room has said what becomes of them."""
    spoken = _all.moving.keys() | _all.staying.keys() | _all.ending.keys()
    return [
        f"{at._meta.label}.{name}" for at, name in pointing_at(model) if (at, name) not in spoken
    ]


def combiner(model: type[Model]) -> Combine | None:
    """How rows of the model become one; None where two never say the same."""
    return _all.combining.get(model)


def twin(row: Model) -> Any:
    """The other row that says the same as this one now does, or None."""
    model = type(row)
    others = model._base_manager.exclude(pk=row.pk)
    for one in model._meta.constraints:
        if not isinstance(one, UniqueConstraint):
            continue
        values = {name: getattr(row, name) for name in one.fields}
        if one.nulls_distinct is not False and None in values.values():
            continue
        nulls = {f"{name}__isnull": True for name, value in values.items() if value is None}
        given = {name: value for name, value in values.items() if value is not None}
        if found := others.filter(**given, **nulls).first():
            return found
    same = _all.same.get(model)
    return same(row).exclude(pk=row.pk).order_by("pk").first() if same else None
