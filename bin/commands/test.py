"""Run everything that must hold (bin/test), or only pytest on some paths (bin/test PATH…)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        environment = database.environment(
            STATIC_ROOT=str(own / "static"),
            DATA_DIR=str(own / "files"),
        )
        databases.collect_static(environment)
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
    python = sys.executable
    tool = str(Path(python).parent) + "/"
    code = [str(p) for p in tracked("*.py")]
    templates = [str(p) for p in tracked("templates/**/*.html", "templates/*.html")]
    commands = {
        "format": [tool + "ruff", "format", "--check", "."],
        "lint": [tool + "ruff", "check", "."],
        "templates": [tool + "djade", "--check", "--target-version", "6.1", *templates],
        "django-upgrade": [tool + "django-upgrade", "--check", "--target-version", "6.1", *code],
        "import layers": [tool + "lint-imports", "--no-logo"],
        "types": [tool + "mypy", "."],
        "migrations complete": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "settings": [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        "demo data": [python, "manage.py", "demo_data"],
        "derived columns": [python, "manage.py", "check_data"],
    }
    deployed = {**environment, "HTTPS": "true", "ALLOWED_HOSTS": "example.org"}
    del deployed["MAIL_BACKEND"]
    failed = []
    for name, command in commands.items():
        where = deployed if name == "settings" else environment
        if not passes(name, lambda c=command, e=where: run(c, e) == 0):  # type: ignore[misc]
            failed.append(name)
    if not passes("translations complete", lambda: translated(environment)):
        failed.append("translations complete")
    if not passes("tests", lambda: pytest(["-n", "2", "--cov"], database, environment) == 0):
        failed.append("tests")
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
    return run([sys.executable, "-m", "pytest", *arguments], where)


def run(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=databases.ROOT, env=environment, check=False).returncode


def passes(name: str, check: Callable[[], bool]) -> bool:
    started = time.monotonic()
    databases.say(f"== {name}")
    good = check()
    databases.say(f"{time.monotonic() - started:5.1f} s  {name}: {'ok' if good else 'FAILED'}")
    return good


def translated(environment: dict[str, str]) -> bool:
    """Whether the catalogues lack nothing."""
    problems = translations.problems(
        tracked("*.py", "*.html", "*.txt", "*.js", "*.po"), environment
    )
    for problem in problems:
        databases.say(problem)
    return not problems


def tracked(*patterns: str) -> list[Path]:
    """The project's files that match, new ones too, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=databases.ROOT, capture_output=True, check=True).stdout
    return [p for name in names.decode().split("\0") if name and (p := Path(name)).exists()]


if __name__ == "__main__":
    databases.start(main)
