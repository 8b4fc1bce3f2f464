"""What changes groups: making, changing, ending and reopening one."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from core.audit import service
from directory.models import Group, Person
from directory.permissions import may_add_group, may_keep_members

# Addresses that pages of their own have.
_TAKEN = frozenset({"add", "group"})
_LONGEST = 60


class NotYours(Exception):
    """Whoever acts may not do this to the group, or not any more."""


class StillAtWork(Exception):
    """Sub-groups of the group have not ended."""


@service
def add(*, values: dict[str, Any], by: Person | None) -> Group:
    """Make a group; its address comes from its Finnish name. Raises NotYours."""
    if by is not None and not may_add_group(by, values.get("parent")):
        raise NotYours
    group = Group(**values)
    group.slug = _free_slug(group.name_fi)
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:  # someone has just taken the address
        group.slug = _free_slug(group.name_fi)
        group.save()
    return group


@service
def change(*, group: Group, values: dict[str, Any], by: Person) -> Group:
    """Note what is known of the group now; its address stays. Raises NotYours."""
    group = _kept(group, by)
    for name, value in values.items():
        setattr(group, name, value)
    group.save(update_fields=list(values))
    return group


@service
def end(*, group: Group, on: date, by: Person) -> Group:
    """The day is the group's last; its members keep what they may read.

    Raises NotYours, and StillAtWork while a sub-group goes on.
    """
    group = _kept(group, by)
    if group.subgroups.filter(ended_on=None).exists():
        raise StillAtWork
    group.ended_on = on
    group.save(update_fields=["ended_on"])
    return group


@service
def reopen(*, group: Group, by: Person) -> Group:
    """The group has not ended after all. Raises NotYours."""
    group = _kept(group, by)
    group.ended_on = None
    group.save(update_fields=["ended_on"])
    return group


def _kept(group: Group, by: Person) -> Group:
    group = Group.objects.select_for_update().get(pk=group.pk)
    if not may_keep_members(by, group):
        raise NotYours
    return group


def _free_slug(name: str) -> str:
    """An address for the name that no group has."""
    stem = slugify(name)[:_LONGEST].strip("-") or "group"
    known = set(
        Group.objects.filter(Q(slug=stem) | Q(slug__startswith=f"{stem}-")).values_list(
            "slug", flat=True
        )
    )
    taken, number, slug = known | _TAKEN, 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
