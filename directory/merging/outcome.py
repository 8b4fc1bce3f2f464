"""What the one that stays is after the merging; nothing here saves."""

from collections.abc import Sequence
from typing import Any

from directory.merging import Mergeable
from directory.models import Organisation, Person

# What the one that stays takes from the double where it has nothing itself.
_TAKEN = ("name_sv", "mailbox", "language_status", "language", "municipality", "parent")


def outcome(kept: Mergeable, double: Mergeable) -> dict[str, Any]:
    """The fields of `kept` that become something else, with their new values."""
    if isinstance(kept, Person) and isinstance(double, Person):
        after = _person(kept, double)
    else:
        assert isinstance(kept, Organisation)
        assert isinstance(double, Organisation)
        after = _organisation(kept, double)
    return {name: value for name, value in after.items() if getattr(kept, name) != value}


def _person(kept: Person, double: Person) -> dict[str, Any]:
    """An address where there is none; only an administrator merges one (`rules`)."""
    return {
        "email": kept.email or double.email,
        "is_administrator": kept.is_administrator or double.is_administrator,
    }


def _organisation(kept: Organisation, double: Organisation) -> dict[str, Any]:
    """Every name that found either finds it; it was there as long as either was."""
    after = {name: getattr(kept, name) or getattr(double, name) for name in _TAKEN}
    own = [kept.name_fi, after["name_sv"], kept.short_fi, kept.short_sv]
    names = [double.name_fi, double.name_sv, double.short_fi, double.short_sv]
    begins, ends = (kept.valid_from, double.valid_from), (kept.valid_to, double.valid_to)
    return after | {
        "aliases": _united(kept.aliases, [*names, *double.aliases], without=own),
        "inflections": _united(kept.inflections, double.inflections),
        "levels": _united(kept.levels, double.levels),
        "is_provider": kept.is_provider or double.is_provider,
        "valid_from": min(one for one in begins if one) if all(begins) else None,
        "valid_to": max(one for one in ends if one) if all(ends) else None,
    }


def _united(first: list[str], second: list[str], without: Sequence[str] = ()) -> list[str]:
    """The words of both in their order, each once, whatever its capitals."""
    seen = {word.casefold() for word in [*first, *without]}
    united = list(first)
    for word in second:
        if word and word.casefold() not in seen:
            seen.add(word.casefold())
            united.append(word)
    return united
