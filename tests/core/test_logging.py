"""No personal data in the logs, whoever writes them."""

import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from pytest_django.fixtures import Settings

from core.logging import HIDDEN, JSONFormatter
from tests.factories import PersonFactory

# What must not be found in any line: a person's name, address, phone; what gives access.
PLANTED = "Aino Esimerkki aino.esimerkki@example.org 040-1234567 131052-308T salainen-avain"
WORDS = PLANTED.split()


@login_not_required
def breaks(request: HttpRequest, token: str) -> HttpResponse:
    """Fails with personal data in the exception, in its cause and in local variables."""
    name = PLANTED
    try:
        raise KeyError(name)
    except KeyError as error:
        raise ValueError(f"no place for {name}") from error


@login_not_required
def breaks_a_constraint(request: HttpRequest) -> HttpResponse:
    """Fails with personal data in what the database says."""
    PersonFactory(email="aino.esimerkki@example.org")
    PersonFactory(email="aino.esimerkki@example.org")
    return HttpResponse()


@login_not_required
def speaks(request: HttpRequest, token: str) -> HttpResponse:
    """Logs in every way that libraries do."""
    log = logging.getLogger("a.library")
    log.warning("could not send to %s after %d tries", PLANTED, 3)
    log.warning("could not send to %(who)s", {"who": PLANTED})
    log.warning(f"could not send to {PLANTED}")  # noqa: G004
    log.warning(ValueError(PLANTED))
    log.warning("with more", extra={"name_of": PLANTED, "action": PLANTED})
    log.warning("a stack", stack_info=True)
    try:
        raise ExceptionGroup(PLANTED, [OSError(PLANTED), RuntimeError(PLANTED)])
    except ExceptionGroup:
        log.exception("many")
    return HttpResponse(PLANTED)


urlpatterns = [
    path("breaks/<str:token>/", breaks),
    path("constraint/", breaks_a_constraint),
    path("speaks/<str:token>/", speaks),
    path("", include("welfare.urls")),
]


class Log:
    """What has been logged since."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def lines(self) -> list[dict[str, Any]]:
        """Each line as data; none has anything planted in it."""
        text = self._stream.getvalue()
        assert [word for word in WORDS if word.lower() in text.lower()] == []
        return [json.loads(line) for line in text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["logger"] == logger]


@pytest.fixture
def log(settings: Settings) -> Iterator[Log]:
    """All logs, the most talkative too."""
    settings.ROOT_URLCONF = __name__
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    root, django = logging.getLogger(), logging.getLogger("django")
    before = root.level, django.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    django.setLevel(logging.DEBUG)
    yield Log(stream)
    root.removeHandler(handler)
    root.setLevel(before[0])
    django.setLevel(before[1])


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.django_db
def test_a_request_is_one_line(client: Client, log: Log) -> None:
    person = PersonFactory(email="aino.esimerkki@example.org", name="Aino Esimerkki")
    client.force_login(person)
    response = client.get(
        "/groups/aino-esimerkki/?q=Aino+Esimerkki&next=aino.esimerkki@example.org"
    )
    [line] = log.of("core.logging")
    assert isinstance(line.pop("milliseconds"), int)
    assert line.pop("time").endswith("+00:00")
    assert line.pop("at").startswith("core/logging.py:")
    assert line == {
        "level": "INFO",
        "logger": "core.logging",
        "message": "answered",
        "request": response["X-Request-ID"],
        "method": "GET",
        "route": "/groups/<slug:slug>/",
        "person": person.pk,
        "status_code": 404,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/invitation/salainen-avain/", None),
        ("/account/password/reset/key/salainen-avain-set/", None),
        ("/not/aino.esimerkki@example.org/salainen-avain?who=Aino", 404),
        ("/breaks/salainen-avain/?e=aino.esimerkki@example.org", 500),
        ("/constraint/", 500),
        ("/speaks/salainen-avain/?e=aino.esimerkki@example.org", 200),
    ],
)
def test_nothing_of_an_address(address: str, status: int | None, client: Client, log: Log) -> None:
    response = client.get(address)
    assert status in (None, response.status_code)
    [line] = log.of("core.logging")
    assert line["status_code"] == response.status_code
    assert line["route"] in {HIDDEN} | {f"/{one.pattern}" for one in urlpatterns[:3]} | {
        "/invitation/<str:token>/",
        "/account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    }


@pytest.mark.django_db
def test_nothing_of_a_form(client: Client, log: Log) -> None:
    """Refused for its token, and the second time answered."""
    form = {"login": "aino.esimerkki@example.org", "password": "salainen-avain"}
    assert client.post("/account/login/", form).status_code == 403
    assert [line["status_code"] for line in log.of("django.security.csrf")] == [403]
    client.handler.enforce_csrf_checks = False
    assert client.post("/account/login/", form).status_code == 200


def test_nothing_of_a_host(client: Client, log: Log, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["yhteispoyta.example"]
    host = "aino.esimerkki.salainen-avain.example"
    assert client.get("/account/login/", headers={"host": host}).status_code == 400
    [line] = log.of("django.security.DisallowedHost")
    assert line["exceptions"][0]["type"] == "django.core.exceptions.DisallowedHost"


def test_a_fault_can_be_found_by_types_and_places(client: Client, log: Log) -> None:
    client.get("/breaks/salainen-avain/")
    [line] = log.of("django.request")
    assert (line["level"], line["message"]) == ("ERROR", "…: …")
    assert line["route"] == "/breaks/<str:token>/"
    first, second = line["exceptions"]
    assert (first["type"], second["type"]) == ("builtins.ValueError", "builtins.KeyError")
    assert first["traceback"][-1].startswith("tests/core/test_logging.py:")
    assert first["traceback"][-1].endswith(" breaks")
    assert any(step.startswith("django/core/handlers/") for step in first["traceback"])


@pytest.mark.django_db
def test_a_broken_constraint_is_named(log: Log) -> None:
    try:
        breaks_a_constraint(HttpRequest())
    except IntegrityError:
        logging.getLogger(__name__).exception("failed")
    told = log.of(__name__)[0]["exceptions"][-1]
    assert told["sqlstate"] == "23505"
    assert told["constraint"].startswith("directory_person")


def test_a_libraries_words_are_kept_and_what_was_put_in_is_not(client: Client, log: Log) -> None:
    client.get("/speaks/x/")
    assert [line["message"] for line in log.of("a.library")] == [
        "could not send to … after 3 tries",
        "could not send to …",
        HIDDEN,
        HIDDEN,
        "with more",
        "a stack",
        "many",
    ]
    types = [one["type"] for one in log.of("a.library")[-1]["exceptions"]]
    assert types == ["builtins.ExceptionGroup", "builtins.OSError", "builtins.RuntimeError"]


@pytest.mark.parametrize("words", ["%d", "%s %s", "%(who)s"])
def test_words_that_do_not_fit_are_no_reason_to_tell_all(words: str) -> None:
    """Python would print the arguments where they do not fit."""
    record = logging.LogRecord("a.library", logging.ERROR, "lib.py", 1, words, (PLANTED,), None)
    line = JSONFormatter().format(record)
    assert [word for word in WORDS if word in line] == []


def test_the_web_server_tells_of_its_processes_and_not_of_requests() -> None:
    """Its names: deploy/granian.json gives its lines this form."""
    told = []
    for name in ("_granian", "_granian.serve", "_granian.utils", "granian.access"):
        words = f"{PLANTED} of {name}"
        record = logging.LogRecord(name, logging.ERROR, "src/utils.rs", 92, words, (), None)
        told.append(json.loads(JSONFormatter().format(record))["message"] == words)
    assert told == [True, True, False, False]


@pytest.mark.django_db
def test_nothing_of_what_goes_to_the_database(log: Log) -> None:
    connection.force_debug_cursor = True
    try:
        PersonFactory(email="aino.esimerkki@example.org", name="Aino Esimerkki")
    finally:
        connection.force_debug_cursor = False
    assert log.of("django.db.backends")
    log.lines()


def test_a_failed_job_says_which_and_not_with_what(log: Log) -> None:
    app = App(connector=InMemoryConnector())

    @app.task(name="core.example")
    def example(who: str) -> None:
        raise ValueError(who)

    def work() -> None:
        with app.open():
            example.defer(who=PLANTED)
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    # In a thread of its own: this function's words would count as the worker's, and a browser of
    # another test may have left its event loop here.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
    [line] = [line for line in log.lines() if line["message"] == "job_error"]
    assert line["job"] == {"id": 1, "task_name": "core.example", "attempts": 0}
    assert line["exceptions"][0]["type"] == "builtins.ValueError"
