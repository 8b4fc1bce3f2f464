"""What a person has in hand in a group, and how it goes to another when they leave.

Rooms above name what they keep with `register` in `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from directory.models import Group, Organisation, Person


class CannotTake(Exception):
    """Whom it is meant for cannot take it; `words` say why to a reader."""

    def __init__(self, words: Any) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Matter:
    """One thing that a person has in hand in a group: its key in its room, and what it is."""

    key: int
    text: str
    group: Group


class Pass(Protocol):
    """Gives what the person has in hand in a group to another person or to an organisation.

    Returns what was done, one sentence for each thing, and raises CannotTake.
    """

    def __call__(
        self,
        *,
        person: Person,
        group: Group,
        to: Person | Organisation,
        by: Person,
        now: datetime,
    ) -> list[str]: ...


@dataclass(frozen=True)
class Kind:
    """One kind of thing in hand."""

    key: str  # of letters, for the names of fields
    words: Any  # an `ngettext_lazy` of "count"
    found: Callable[[Person, Person], list[Matter]]  # of the first, as far as the second keeps it
    passed: Pass


kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let a kind of thing be handed over."""
    kinds[kind.key] = kind


@dataclass(frozen=True)
class InHand:
    """What of one kind a person has in hand in one group."""

    kind: Kind
    group: Group
    matters: list[Matter]

    @property
    def key(self) -> str:
        """It, for names of fields."""
        return f"{self.kind.key}-{self.group.pk}"

    @property
    def count(self) -> str:
        """How much, in words."""
        return str(self.kind.words % {"count": len(self.matters)})


def of(person: Person, *, by: Person) -> list[InHand]:
    """What the person has in hand where `by` keeps it; one query for each kind."""
    found: dict[tuple[str, int], InHand] = {}
    for kind in kinds.values():
        for matter in kind.found(person, by):
            of_group = InHand(kind, matter.group, [])
            found.setdefault((kind.key, matter.group.pk), of_group).matters.append(matter)
    return list(found.values())
