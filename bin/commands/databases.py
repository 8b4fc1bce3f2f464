"""The databases of the demo, the tests and the benchmarks: roles, migrations, whose they are.

Two roles, as in a deployment: the owner of the tables migrates, the app connects with fewer rights.
"""

import fcntl
import hashlib
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
OWNER = "yhteispoyta_owner"
APP = "yhteispoyta_app"
DATABASE = "yhteispoyta"
MARK = "yhteispoyta_demo"  # a table that says: this database is the demo's

KEPT = 24 * 60 * 60  # seconds that outdated static files stay, for what still runs on them


class RefusedError(Exception):
    """The database that DATABASE_URL names is not the demo's."""


def start(main: Callable[[list[str]], int]) -> NoReturn:
    """Run a command's main function; what can go wrong ends with its message alone."""
    try:
        sys.exit(main(sys.argv[1:]))
    except (RefusedError, embedded.EmbeddedServerError, psycopg.OperationalError) as error:
        say(str(error))
    except subprocess.CalledProcessError as error:
        say(f"Failed: {shlex.join(map(str, error.cmd))}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(1)


@dataclass(frozen=True)
class Database:
    """Where a database is, for its two roles."""

    app: str
    owner: str

    def environment(self, *, as_owner: bool = False, **more: str) -> dict[str, str]:
        """The environment in which Django works on this database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "welfare.settings",
            "DATABASE_URL": self.owner if as_owner else self.app,
            "DATABASE_OWNER_URL": self.owner,
            "APP_DATABASE_ROLE": str(conninfo_to_dict(self.app).get("user", APP)),
            "SECRET_KEY": secret_key(),
            "HTTPS": "false",
            "LOG_FORMAT": "text",
            "MAIL_BACKEND": "core.console.EmailBackend",
            **more,
        }


def say(text: str) -> None:
    """Tell the person at the keyboard; standard output belongs to the command's result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say how long the block took."""
    started = time.monotonic()
    yield
    say(f"{time.monotonic() - started:5.1f} s  {name}")


@contextmanager
def demo_database(*, migrate: bool = True) -> Iterator[Database]:
    """Have the demo's database at hand: the embedded one, or the one DATABASE_URL names."""
    if url := os.environ.get("DATABASE_URL"):
        database = Database(app=url, owner=os.environ.get("DATABASE_OWNER_URL", url))
        claim(database)
        if migrate:
            migrate_marked(database)
        yield database
        return
    with embedded.running(VAR / "postgres") as server:
        make_roles(server)
        database = make_database(server, DATABASE)
        claim(database)
        if migrate:
            migrate_marked(database)
        yield database


def make_roles(server: embedded.Server) -> None:
    with psycopg.connect(server.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        for role, rights in ((OWNER, "CREATEDB"), (APP, "")):
            if not _one(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", role):
                connection.execute(f"CREATE ROLE {role} LOGIN {rights}")


def make_database(server: embedded.Server, name: str) -> Database:
    """Create the empty database unless it is there."""
    with psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection:
        if not _one(connection, "SELECT count(*) FROM pg_database WHERE datname = %s", name):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return Database(app=server.url(APP, name), owner=server.url(OWNER, name))


def claim(database: Database) -> None:
    """Mark an empty database as the demo's; refuse one that somebody else has filled."""
    with psycopg.connect(database.owner) as connection:
        if _one(connection, "SELECT count(*) FROM pg_tables WHERE tablename = %s", MARK):
            return
        if _one(
            connection,
            "SELECT count(*) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        ):
            raise RefusedError(
                "DATABASE_URL names a database that has tables and was not made by bin/demo."
                " Give an empty one."
            )
        connection.execute(f"CREATE TABLE {MARK} (migrated text, filled_at timestamptz)")
        connection.execute(f"INSERT INTO {MARK} DEFAULT VALUES")


def unclaim(database: Database) -> None:
    """Take the demo's mark from a database that holds nothing else: a restore wants it empty."""
    with psycopg.connect(database.owner) as connection:
        if _one(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 1:
            connection.execute(f"DROP TABLE IF EXISTS {MARK}")


def reclaim(database: Database, *, filled: bool) -> None:
    """Mark the demo's database again, and that it was filled by a restore."""
    with psycopg.connect(database.owner) as connection:
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {MARK} (migrated text, filled_at timestamptz)"
        )
        if not _one(connection, f"SELECT count(*) FROM {MARK}"):
            connection.execute(f"INSERT INTO {MARK} DEFAULT VALUES")
        if filled:
            connection.execute(
                f"UPDATE {MARK} SET migrated = %s, filled_at = now()", [migrations_digest()]
            )


def migrate_marked(database: Database) -> None:
    """Migrate the demo's database, unless that was done with these very migrations."""
    wanted = migrations_digest()
    with psycopg.connect(database.owner, autocommit=True) as connection:
        if _one(connection, f"SELECT migrated FROM {MARK}") == wanted:
            return
        with step("migrations"):
            migrate(database)
        connection.execute(f"UPDATE {MARK} SET migrated = %s", [wanted])


def migrate(database: Database) -> None:
    manage("migrate", "--verbosity", "0", environment=database.environment(as_owner=True))


def manage(*arguments: str, environment: dict[str, str]) -> None:
    """Run a management command; its output goes to stderr, its failure is an exception."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=True,
    )


def fill(database: Database, environment: dict[str, str]) -> None:
    """Fill in the demo data, once."""
    with psycopg.connect(database.owner, autocommit=True) as connection:
        if _one(connection, f"SELECT filled_at FROM {MARK}"):
            return
        with step("demo data"):
            manage("demo_data", environment=environment)
        connection.execute(f"UPDATE {MARK} SET filled_at = now()")


def copy_migrated(server: embedded.Server, name: str) -> Database:
    """A new database, migrated. Its template is made once for a set of migrations."""
    make_roles(server)
    source = template()
    with (
        (server.folder / "template.lock").open("w") as lock,
        psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _one(connection, "SELECT count(*) FROM pg_database WHERE datname = %s", source):
            for old in names(server, "template\\_%"):
                drop(server, old)
            with step("migrations"):
                migrate(make_database(server, "template_new"))
            connection.execute(f"ALTER DATABASE template_new RENAME TO {source}")
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    return Database(app=server.url(APP, name), owner=server.url(OWNER, name))


def template() -> str:
    """The name of the migrated database that others are copied from."""
    return f"template_{migrations_digest()[:12]}"


def tool(name: str) -> str:
    """A program that a Python package brings."""
    return str(Path(sys.executable).with_name(name))


def names(server: embedded.Server, pattern: str) -> list[str]:
    """The names of databases that are LIKE the pattern."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1"
    with psycopg.connect(server.url(OWNER, "postgres")) as connection:
        return [name for (name,) in connection.execute(query, [pattern])]


def drop(server: embedded.Server, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(statement)


def migrations_digest() -> str:
    """What the tables and the app's rights on them come from, as one hash."""
    sources = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/apps.py"),
        ROOT / "core" / "frozen.py",
        ROOT / "requirements" / "base.txt",
    ]
    return _digest(sources)


def collect_static(environment: dict[str, str]) -> str:
    """The folder of the collected static files; one for each state of them, made when needed.

    What runs keeps its folder while somebody changes a file and starts something else.
    """
    sources = [p for p in (ROOT / "static").rglob("*") if p.is_file()]
    made_by = ["requirements/base.txt", "welfare/apps.py", "core/static.py"]
    digest = _digest([*sources, *(ROOT / name for name in made_by)])
    base = VAR / "static"
    base.mkdir(parents=True, exist_ok=True)
    folder = base / digest[:12]
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = base / "new"
            shutil.rmtree(unfinished, ignore_errors=True)
            with step("static files"):
                manage(
                    *["collectstatic", "--noinput", "--verbosity", "0"],
                    environment={**environment, "STATIC_ROOT": str(unfinished)},
                )
            unfinished.rename(folder)
            for old in base.iterdir():
                if old.is_dir() and time.time() - old.stat().st_mtime > KEPT:
                    shutil.rmtree(old)
    return str(folder)


def compile_messages() -> None:
    """Compile the translations that have changed."""
    for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "-o", str(target), str(source)], check=True)


def secret_key() -> str:
    """The demo's own secret, kept so that logins outlive a restart."""
    file = VAR / "secret-key"
    if not file.exists():
        VAR.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(ROOT)}\n".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _one(connection: psycopg.Connection, query: str, *values: str) -> object:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None
