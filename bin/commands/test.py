"""Run everything that must hold (bin/test), or only pytest on some paths (bin/test PATH…)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil

from bin.commands import databases, translations
from core import embedded

ROOMS = ["actions", "core", "directory", "meetings", "networks", "plans", "welfare"]


def main(arguments: list[str]) -> int:
    """Give the checks a database and an environment of their own; return the exit status."""
    databases.compile_messages()
    own = databases.VAR / "test"
    with (
        embedded.running(own / "postgres", durable=False) as server,
        own_database(server) as database,
    ):
        environment = database.environment(DATA_DIR=str(own / "files"))
        environment["STATIC_ROOT"] = databases.collect_static(environment)
        if arguments:
            return pytest(arguments, database, environment)
        return everything(database, environment)


@contextmanager
def own_database(server: embedded.Server) -> Iterator[databases.Database]:
    """A migrated database of this run; pytest's processes make theirs from the same template."""
    databases.make_roles(server)
    for leftover in databases.names(server, "%run_%"):
        if not psutil.pid_exists(int(leftover.split("run_")[1].split("_")[0])):
            databases.drop(server, leftover)
    name = f"run_{os.getpid()}"
    try:
        yield databases.copy_migrated(server, name)
    finally:
        for made in databases.names(server, f"%{name}%"):
            databases.drop(server, made)


def everything(database: databases.Database, environment: dict[str, str]) -> int:
    """Run all steps, the quick ones first, and say which failed."""
    code = [str(p) for p in files(*ROOMS, "tests", "bin", endings={".py"})]
    templates = [str(p) for p in files("templates", endings={".html"})]
    deployed = {**environment, "HTTPS": "true", "ALLOWED_HOSTS": "example.org"}
    del deployed["MAIL_BACKEND"]

    def command(*words: str, where: dict[str, str] = environment) -> Callable[[], bool]:
        return partial(succeeds, words, where)

    def django(*words: str, where: dict[str, str] = environment) -> Callable[[], bool]:
        return command(sys.executable, "manage.py", *words, where=where)

    steps: dict[str, Callable[[], bool]] = {
        "format": command(databases.tool("ruff"), "format", "--check", "."),
        "lint": command(databases.tool("ruff"), "check", "."),
        "templates": command(
            databases.tool("djade"), "--check", "--target-version", "6.1", *templates
        ),
        "idioms": command(
            databases.tool("django-upgrade"), "--check", "--target-version", "6.1", *code
        ),
        "import layers": command(databases.tool("lint-imports"), "--no-logo"),
        "types": command(databases.tool("mypy")),
        "migrations complete": django("makemigrations", "--check", "--dry-run"),
        "migrations without downtime": command(sys.executable, "-m", "bin.commands.migrations"),
        "settings": django("check", "--deploy", "--fail-level", "WARNING", where=deployed),
        "demo data": django("demo_data"),
        "derived columns": django("check_data"),
        "translations complete": partial(translated, environment),
        "tests": lambda: pytest(["-n", "2", "--cov"], database, environment) == 0,
    }
    failed = [name for name, check in steps.items() if not passes(name, check)]
    databases.say(f"Failed: {', '.join(failed)}" if failed else "Everything holds.")
    return 1 if failed else 0


def pytest(arguments: list[str], database: databases.Database, environment: dict[str, str]) -> int:
    """Run pytest as the tables' owner: it makes databases, and empties tables between tests."""
    where = {
        **environment,
        "DATABASE_URL": database.owner,
        "TEST_DATABASE_TEMPLATE": databases.template(),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright runs an event loop beside the tests
    }
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=databases.ROOT, env=where, check=False).returncode


def succeeds(command: Sequence[str], environment: dict[str, str]) -> bool:
    run = subprocess.run(command, cwd=databases.ROOT, env=environment, check=False)
    return run.returncode == 0


def passes(name: str, check: Callable[[], bool]) -> bool:
    started = time.monotonic()
    databases.say(f"== {name}")
    good = check()
    databases.say(f"{time.monotonic() - started:5.1f} s  {name}: {'ok' if good else 'FAILED'}")
    return good


def translated(environment: dict[str, str]) -> bool:
    """Whether the catalogues lack nothing."""
    endings = {".py", ".html", ".txt", ".po"}
    sources = files(*ROOMS, "templates", "locale", endings=endings)
    problems = translations.problems(sources, environment)
    for problem in problems:
        databases.say(problem)
    return not problems


def files(*folders: str, endings: set[str]) -> list[Path]:
    """The files with those endings in the folders, by their paths from the root."""
    found = [p for folder in folders for p in sorted((databases.ROOT / folder).rglob("*"))]
    return [p.relative_to(databases.ROOT) for p in found if p.suffix in endings]


if __name__ == "__main__":
    databases.start(main)
