"""Who did it: no change without an actor, whatever made it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils import translation

from core.audit import NobodyActs, house, service, via
from core.history import Page, Place, kinds, pages, registry
from directory.models import Group, Person, Topic
from tests.factories import PASSWORD, GroupFactory, PersonFactory
from tests.test_house import FLOORS, ROOT

# -- At run time -----------------------------------------------------------------------------------


@service
def name_topic(*, group: Group, title: str, by: Person | None) -> Topic:
    return Topic.objects.create(group=group, title=title)


@service
def name_two(*, group: Group, others: Person | None, by: Person | None) -> None:
    name_topic(group=group, title="before", by=by)
    name_topic(group=group, title="inside", by=others)
    name_topic(group=group, title="after", by=by)


def actors(group: Group) -> list[str]:
    """Who added each topic, the newest first, as the history says it in English."""
    page = Page("group", group.pk, kinds["group"].model, Place("", "/"))
    with translation.override("en"):
        days = pages(page, about="topic").days
        rows = [(entry.things, entry.who) for day in days for entry in day.entries]
    return [who for things, who in rows for _thing in things]


@pytest.mark.django_db
def test_nobody_acts_without_saying_so() -> None:
    with pytest.raises(NobodyActs):
        name_topic(group=GroupFactory(), title="Aihe", by=None)
    assert not Topic.objects.exists()


@pytest.mark.django_db
def test_the_house_acts_by_name_and_a_person_by_theirs() -> None:
    group, kati = GroupFactory(), PersonFactory(name="Kati")
    with house("import_minutes"):
        name_topic(group=group, title="1", by=None)
        name_topic(group=group, title="2", by=kati)
    with via("link"):
        name_topic(group=group, title="3", by=kati)
    name_topic(group=group, title="4", by=kati)
    assert actors(group) == [
        "Kati",
        "Kati (by a link)",
        "Kati",
        "Yhteispöytä (import of old minutes)",
    ]


@pytest.mark.django_db
def test_one_who_acts_inside_anothers_act_acts_for_themselves() -> None:
    group, kati, aino = GroupFactory(), PersonFactory(name="Kati"), PersonFactory(name="Aino")
    name_two(group=group, others=aino, by=kati)
    assert Counter(actors(group)) == {"Kati": 2, "Aino": 1}


@pytest.mark.django_db
def test_a_service_without_a_person_goes_on_for_whoever_acts() -> None:
    group, kati = GroupFactory(), PersonFactory(name="Kati")
    name_two(group=group, others=None, by=kati)
    assert Counter(actors(group)) == {"Kati": 3}


def nobodys() -> list[str]:
    """Recorded changes of which it is not said who made them."""
    nobody = models.Q(pgh_context=None) | models.Q(
        pgh_context__metadata__actor=None, pgh_context__metadata__house__isnull=True
    )
    return [
        f"{model._meta.label} {event.pgh_label} {event.pgh_obj_id}"
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model")
        for event in model._base_manager.filter(nobody)
    ]


@pytest.mark.django_db
def test_a_change_by_nobody_is_seen() -> None:
    with house("test"):
        name_topic(group=GroupFactory.build(pk=1), title="Aihe", by=None)
    assert nobodys() == []
