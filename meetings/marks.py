"""Marks on lines, as data: checked when they arrive, merged when two people set them.

A mark is a dict: kind, owners, recipient, due, effective (meetings.enums.MarkKind says which
kinds there are). A *marks* dict maps line ids to lists of marks, one of a kind at most.
"""

import re
from typing import Any

from core import vague
from directory.enums import OwnerSet
from meetings.enums import MarkKind

Marks = dict[str, list[dict[str, Any]]]

_ORDER = {kind: place for place, kind in enumerate(MarkKind.values)}
_OWNED = {MarkKind.TASK, MarkKind.REQUEST, MarkKind.JOINING}
_RECEIVED = {MarkKind.TASK, MarkKind.REQUEST}
_DUE = {MarkKind.TASK, MarkKind.REQUEST, MarkKind.MILESTONE, MarkKind.AWAITING}
MAX_OWNERS = 60
_ID = re.compile("[0-9]{1,15}")


class BadMarks(Exception):
    """What came is not marks: a broken client or a forged request. Nothing was saved."""


def shape(raw: Any) -> Marks:
    """The marks in canonical form, with names of parties left to `parties`; raises `BadMarks`."""
    if not isinstance(raw, dict):
        raise BadMarks("not an object")
    return {
        line: sorted(
            {mark["kind"]: mark for mark in (_shape_one(one) for one in marks)}.values(),
            key=lambda mark: _ORDER[mark["kind"]],
        )
        for line, marks in raw.items()
        if isinstance(line, str) and isinstance(marks, list) and marks
    }


def _shape_one(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or raw.get("kind") not in MarkKind.values:
        raise BadMarks("unknown kind")
    kind = raw["kind"]
    mark: dict[str, Any] = {"kind": kind}
    if kind in _OWNED:
        owners = raw.get("owners") or []
        if not isinstance(owners, list) or len(owners) > MAX_OWNERS:
            raise BadMarks("owners")
        mark["owners"] = list({(p["type"], p["id"]): p for p in map(_party, owners)}.values())
    if kind in _RECEIVED:
        mark["recipient"] = _party(raw["recipient"]) if raw.get("recipient") else None
    if kind in _DUE:
        mark["due"] = _when(raw.get("due"))
    if kind == MarkKind.AGREED:
        mark["effective"] = _when(raw.get("effective"))
    return mark


def _party(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or raw.get("type") not in (
        "organisation",
        "person",
        "group",
        "set",
    ):
        raise BadMarks("party")
    id_ = str(raw.get("id", ""))
    if not (id_ in OwnerSet.values if raw["type"] == "set" else _ID.fullmatch(id_)):
        raise BadMarks("party")
    return {"type": raw["type"], "id": id_, "name": str(raw.get("name", ""))}


def _when(raw: Any) -> str:
    code = raw or ""
    if not isinstance(code, str) or not vague.is_valid(code):
        raise BadMarks("when")
    return code


def parties(marks: Marks) -> list[dict[str, str]]:
    """Every owner and recipient in the marks, to be looked up and named."""
    found = []
    for line in marks.values():
        for mark in line:
            found += mark.get("owners", [])
            if mark.get("recipient"):
                found.append(mark["recipient"])
    return found


def merge(base: Marks, theirs: Marks, mine: Marks) -> Marks:
    """Three-way by line and kind: what only one side changed holds, what both changed is mine.

    Both sides' owners are kept where both changed the owners of one mark.
    """
    merged: Marks = {}
    for line in [*theirs, *(line for line in mine if line not in theirs)]:
        sides = [{m["kind"]: m for m in side.get(line, [])} for side in (base, theirs, mine)]
        kept = [m for kind in MarkKind.values if (m := _merge_one(kind, *sides))]
        if kept:
            merged[line] = kept
    return merged


def _merge_one(
    kind: str, base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> dict[str, Any] | None:
    b, t, m = base.get(kind), theirs.get(kind), mine.get(kind)
    if m == b:
        return t
    if t == b or t is None or m is None:
        # A mark taken off by one side and changed by the other stays, changed.
        return m or (t if t != b else None)
    both = t | m
    if "owners" in both:
        gone = [p for p in (b or {}).get("owners", []) if p not in m["owners"]]
        added = [p for p in t["owners"] if p not in m["owners"] and p not in gone]
        both["owners"] = m["owners"] + added
    return both
