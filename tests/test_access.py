"""Who may open what: every address × every role × own and other group × state of the meeting.

The table is `tests/addresses.py`, the house that it is tried on `tests/scene.py`.
"""

import json
import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, path, reverse
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from pypdf import PdfReader

from directory.models import Membership, Person
from directory.permissions import Verb
from tests.addresses import FEW, TABLE, Access, address, patterns, places
from tests.scene import READERS, STATES, WRITERS, Place, Role, Scene, Word, build, undone


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """One scene for all tests here; nothing of it stays."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
        # After a test in a browser this is not the connection that pytest-django closes.
        connection.close()


def test_every_address_is_listed() -> None:
    assert sorted({name for name, _pattern in patterns()}) == sorted(TABLE)


def test_a_planted_address_is_caught() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    inner = URLResolver(RoutePattern("in/"), [path("x/", view, name="x")], namespace="inner")
    outer = URLResolver(RoutePattern(""), [path("", view), path("y/", view, name="y"), inner])
    names = [name for name, _pattern in patterns(outer)]
    assert names == ["", "y", "inner:x"]
    assert not set(names) & set(TABLE)


def test_every_view_says_what_the_table_says() -> None:
    said = {
        name: pattern.callback.verb
        for name, pattern in patterns()
        if hasattr(pattern.callback, "verb")
    }
    verbs = {Access.READ: Verb.READ, Access.WRITE: Verb.WRITE} | dict.fromkeys(
        (Access.KEEP, Access.KEEP_OWN, Access.FIND_OWN), Verb.KEEP
    )
    expected = {name: verbs.get(TABLE[name].access) for name in said}
    assert said == expected
    silent = {name for name, page in TABLE.items() if page.access in verbs} - set(said)
    # These find what they show among what one sees.
    assert silent == {"group", "file", "history"}


def ask(client: Client, method: str, name: str, place: Place, scene: Scene) -> int:
    """The status of the answer to a GET, or to a POST of what the page wants."""
    page, there = TABLE[name], address(name, place)
    with undone(client):
        if method == "GET":
            answer = client.get(there)
            words(answer)  # a file is closed when it has been read
            return answer.status_code
        data: object = page.data(scene, place)
        if page.content_type:
            return client.post(there, json.dumps(data), page.content_type).status_code
        return client.post(there, data).status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_is_for_it(scene: Scene, role: Role) -> None:
    client = scene.browser(role)
    wrong = []
    states = STATES if role in READERS else FEW
    for name, page in TABLE.items():
        for number, (own, state, place) in enumerate(places(page, scene, states)):
            for method in ("GET", "POST") if number == 0 else page.methods.split():
                expected = page.answer(role, method, own=own, state=state)
                found = ask(client, method, name, place, scene)
                if found != expected:
                    where = f"{'own' if own else 'other'} {state}"
                    wrong.append(f"{method} {name} ({where}): {found}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_not_see_stands_on_no_page_of_its(scene: Scene, role: Role) -> None:
    client = scene.browser(role)
    seen, links, good = set(), set(), set()
    for there, answer in everything(client, scene, STATES if role in READERS else FEW):
        text = words(answer)
        seen |= {word for word in Word if word in text}
        links |= {unescape(link) for link in LINK.findall(text)}
        if answer.status_code == 200:
            good.add(there)
    assert seen == {word for word, readers in READ_BY.items() if role in readers}
    dead = []
    for link in sorted(links - good):
        with undone(client):
            answer = client.get(link, follow=True)
            words(answer)
            if answer.status_code != 200:
                dead.append(f"{link}: {answer.status_code}")
    assert dead == []  # no page sends one where one may not go


LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')


MEMBERS = READERS - {Role.OBSERVER}
# In which of the words' places each role looks. A contact person gets the organisation's task in
# the words of the shared minutes, and nothing else of them.
READ_BY = {
    Word.PUBLIC: frozenset(Role),
    Word.EVERYONE: READERS,
    Word.MEMBERS: MEMBERS,
    Word.SECRET: WRITERS,
    Word.DRAFT: WRITERS,
    Word.UNSENT: WRITERS,
    Word.TASK: READERS | {Role.CONTACT},
    Word.ANSWER: frozenset(),  # until a page shows answers
    Word.MEMBERS_TASK: MEMBERS,
    Word.SECRET_TASK: WRITERS,
    Word.FOREIGN: {Role.ADMINISTRATOR},
    Word.FOREIGN_TASK: {Role.ADMINISTRATOR},
    Word.MAIL: WRITERS,
    Word.FOREIGN_MAIL: {Role.ADMINISTRATOR},
}


def everything(
    client: Client, scene: Scene, states: Collection[str]
) -> Iterator[tuple[str, HttpResponse]]:
    """Each page and file, by its address, as this browser gets it, whatever the table says.

    PDFs, packages and JSON count too.
    """
    for name, page in TABLE.items():
        if "GET" in page.methods.split():
            for _own, _state, place in places(page, scene, states):
                with undone(client):
                    there = address(name, place)
                    yield there, client.get(there)


def words(answer: HttpResponse) -> str:
    """The text of a page, of a PDF, or of what is in a package."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers["Content-Type"] == "application/pdf":
        pages = PdfReader(BytesIO(content)).pages
        return " ".join(page.extract_text() for page in pages).replace("\N{SOFT HYPHEN}", "")
    if answer.headers["Content-Type"] == "application/zip":
        with ZipFile(BytesIO(content)) as package:
            return " ".join(package.read(n).decode(errors="replace") for n in package.namelist())
    return content.decode()


# -- Looking as another would ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MEMBER, Role.DEPUTY, Role.OBSERVER, Role.CONTACT])
def test_who_looks_as_a_role_is_shown_what_the_role_is(scene: Scene, role: Role) -> None:
    client = scene.browser(Role.COORDINATOR)
    organisation = {Role.OBSERVER: "", Role.CONTACT: scene.omnia.pk}.get(role, scene.espoo.pk)
    asked = {"part": role, "organisation": organisation}
    wrong, seen = [], set()
    readable = {name: page for name, page in TABLE.items() if "GET" in page.methods.split()}
    with transaction.atomic():
        client.post(reverse("directory:look", args=[scene.own.slug]), asked)
        for name, page in readable.items():
            for own, state, place in places(page, scene, FEW):
                there = address(name, place)
                with undone(client):
                    answer = client.get(there)
                    seen |= {word for word in Word if word in words(answer)}
                own_account = name.startswith(("account", "mfa_"))
                who = Role.COORDINATOR if own_account else role
                expected = page.answer(who, "GET", own=own, state=state)
                if answer.status_code != expected:
                    wrong.append(f"{name} {own} {state}: {answer.status_code}, not {expected}")
        transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert seen == {word for word, readers in READ_BY.items() if role in readers}


def test_who_looks_saves_nothing(scene: Scene) -> None:
    client = scene.browser(Role.COORDINATOR)
    with transaction.atomic():
        client.post(reverse("directory:look", args=[scene.own.slug]), {"part": Role.MEMBER})
        posts = {
            name: ask(client, "POST", name, place, scene)
            for name, page in TABLE.items()
            for own, _state, place in places(page, scene, FEW)
            if own and "POST" in page.methods.split()
        }
        transaction.set_rollback(True)
    others = {name for name, status in posts.items() if status != 403}
    own = {name for name in posts if name.startswith(("account", "mfa_", "language"))}
    assert others == own | {"directory:stop_looking"}


# -- From one moment to the next -------------------------------------------------------------------


def status(client: Client, scene: Scene) -> int:
    """What the shared minutes' page answers."""
    return client.get(address("meetings:detail", scene.places["shared"])).status_code


def test_a_membership_ends_with_its_last_day(scene: Scene) -> None:
    client = scene.browser(Role.MEMBER)
    mine = Membership.objects.filter(person=scene.people[Role.MEMBER])
    today = timezone.localdate()
    with undone(client):
        mine.update(valid_to=today)
        assert status(client, scene) == 200
        mine.update(valid_to=today - timedelta(days=1))
        assert status(client, scene) == 404
        mine.update(valid_from=today + timedelta(days=1), valid_to=None)
        assert status(client, scene) == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.MEMBER])
def test_who_may_not_log_in_any_more_is_out_at_once(scene: Scene, role: Role) -> None:
    client = scene.browser(role)
    assert status(client, scene) == 200
    with undone(client):
        Person.objects.filter(pk=scene.people[role].pk).update(is_active=False)
        assert status(client, scene) == 302
        assert client.get("/")["Location"] == "/account/login/?next=/"
