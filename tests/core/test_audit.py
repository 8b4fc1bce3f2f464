"""Who did it: no change without an actor, whatever made it."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from core.audit import NobodyActs, house, service, via
from core.history import Page, Place, kinds, pages, registry
from directory.models import Group, Person, Topic
from tests.addresses import FEW, TABLE, address, places
from tests.factories import GroupFactory, PersonFactory
from tests.scene import Role, Scene, build
from tests.test_access import undone
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


# -- Wherever something is changed -----------------------------------------------------------------


def recorded(*, by_nobody: bool) -> set[str]:
    """The recorded changes: all, or those of which it is not said who made them."""
    nobody = Q(pgh_context=None) | Q(
        pgh_context__metadata__actor=None, pgh_context__metadata__house__isnull=True
    )
    return {
        f"{event._meta.label} {pk}"
        for event in apps.get_models()
        if hasattr(event, "pgh_tracked_model")
        for pk in event._base_manager.filter(nobody if by_nobody else Q()).values_list(
            "pk", flat=True
        )
    }


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """A house with everyone in it; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_nobody_did_is_seen() -> None:
    before = recorded(by_nobody=True)
    GroupFactory()
    assert len(recorded(by_nobody=True) - before) == 2  # it and its host


@pytest.mark.parametrize(
    "role", [Role.ANONYMOUS, Role.MEMBER, Role.COORDINATOR, Role.ADMINISTRATOR]
)
def test_whatever_is_sent_to_any_address_is_someones_act(scene: Scene, role: Role) -> None:
    """All that forms, buttons, signed links and the packages' own pages change."""
    client = scene.browser(role)
    wrong, acts = [], 0
    before = {one: recorded(by_nobody=one) for one in (True, False)}
    for name, page in TABLE.items():
        if "POST" not in page.methods:
            continue
        for _own, state, place in places(page, scene, FEW):
            with undone(client):
                data: object = page.data(scene, place)
                if page.content_type:
                    client.post(address(name, place), json.dumps(data), page.content_type)
                else:
                    client.post(address(name, place), data)
                acts += len(recorded(by_nobody=False) - before[False])
                if unknown := recorded(by_nobody=True) - before[True]:
                    wrong.append(f"{name} {state}: {sorted(unknown)}")
    assert wrong == []
    assert acts > 0


# -- In the code -----------------------------------------------------------------------------------

WRITES = frozenset(
    "save create update delete bulk_create bulk_update get_or_create update_or_create".split()
)
# What writes and is no service, and why its changes still have an actor, or need none.
OTHERS = {
    "core/backup": "files, not rows",
    "core/files.py": "stored files are not tracked; those that attach them are",
    "core/mail.py": "outgoing mails are not tracked",
    "core/static.py": "files, not rows",
    "directory/forms": "words of a form's fields",
    "directory/views/account.py": "a login's own codes, which are not tracked",
    "meetings/forms.py": "words of a form's fields",
    "meetings/states.py": "called by services alone",
    "meetings/services/presence.py note": "presence is not tracked: nothing of it is kept",
    "meetings/services/publishing.py render_again": "called by services; not tracked",
    "meetings/services/publishing.py store_renditions": "called by services; not tracked",
    "meetings/services/records.py sync_records": "called by services alone, with their `by`",
    "meetings/services/records.py hide_records": "called by services alone, with their `by`",
    "meetings/services/records.py publish_records": "called by services alone, with their `by`",
}


def writes(node: ast.AST) -> bool:
    """Does it call what changes rows? A queryset's update takes names, a dictionary's a mapping."""
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and not (call.func.attr == "update" and call.args)
        and not ast.unparse(call.func.value).startswith("super()")
        for call in ast.walk(node)
    )


def is_service(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(one) == "service" for one in function.decorator_list)


def undecorated(source: str) -> list[str]:
    """The functions of a module that anyone may call, that change rows and are no services."""
    functions = {
        one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)
    }

    def reaches(name: str, seen: frozenset[str] = frozenset()) -> bool:
        called = {
            call.func.id
            for call in ast.walk(functions[name])
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        inner = {one for one in called & functions.keys() - seen if not is_service(functions[one])}
        return writes(functions[name]) or any(reaches(one, seen | {name}) for one in inner)

    return [
        name
        for name, one in functions.items()
        if not name.startswith("_") and not is_service(one) and reaches(name)
    ]


def nobodys(files: Iterable[Path]) -> list[str]:
    """Where rows are changed outside of services, and functions of services that are none."""
    found = []
    for path in files:
        source, where = path.read_text(), str(path.relative_to(ROOT))
        if "services" in path.parts or path.name == "services.py" or "@service" in source:
            found += [f"{where} {name}" for name in undecorated(source)]
        elif writes(ast.parse(source)):
            found.append(where)
    return [one for one in found if not one.startswith(tuple(OTHERS))]


def sources() -> list[Path]:
    """The house's own Python; migrations are made by those who deploy, factories are tests'."""
    return [
        path
        for room in FLOORS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_only_services_change_rows() -> None:
    assert nobodys(sources()) == []


def test_each_exception_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(OTHERS)
    monkeypatch.setattr("tests.core.test_audit.OTHERS", {"no such file": ""})
    found = nobodys(sources())
    assert [one for one in before if not any(path.startswith(one) for path in found)] == []


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("def close(*, by):\n    group.save()", ["close"]),
        ("def close(*, by):\n    _end()\ndef _end():\n    Group.objects.update(x=1)", ["close"]),
        ("@service\ndef close(*, by):\n    _end()\ndef _end():\n    group.delete()", []),
        ("def close(words):\n    words.update({})", []),
    ],
)
def test_a_planted_change_by_nobody_is_caught(source: str, caught: list[str]) -> None:
    assert undecorated(source) == caught


def test_each_part_of_the_house_that_acts_has_words() -> None:
    acting = {
        name
        for path in sources()
        for name in re.findall(r"\bhouse\(\"(\w+)\"\)", path.read_text())
        if path.parent.name != "history"
    }
    assert acting - registry.houses.keys() == set()
    assert acting


def test_what_is_done_by_the_clock_or_a_command_is_done_by_a_part_of_the_house() -> None:
    """`by=None` stands where `house` does: in the module that opens it, or in a service."""
    bare = [
        str(path.relative_to(ROOT))
        for path in sources()
        if "by=None" in path.read_text() and "house(" not in path.read_text()
    ]
    assert bare == []
