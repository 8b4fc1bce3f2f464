"""A backup brings everything back, or changes nothing and says why. On databases of its own."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bin.commands import databases
from core import embedded
from core.backup import archive

ROOT = databases.ROOT

PAGES = """
from hashlib import sha256
from django.test import Client
from django.db import transaction
from directory.models import Person
from meetings.models import DocumentVersion
version = DocumentVersion.objects.filter(kind="minutes").latest("pk")
client = Client(HTTP_HOST="localhost")
with transaction.atomic():
    client.force_login(Person.objects.filter(memberships__role="secretary",
        memberships__group=version.meeting.group).earliest("pk"))
    for address in (
        f"/groups/{version.meeting.group.slug}/", f"/meetings/{version.meeting_id}/pdf/"
    ):
        response = client.get(address)
        content = response.getvalue()
        # A page has a token of its own each time.
        print(response.status_code, sha256(content).hexdigest() if "pdf" in address else "page")
    transaction.set_rollback(True)  # no login stays
"""


@dataclass
class House:
    """A database with its two roles, and a folder of files."""

    database: databases.Database
    files: Path

    def manage(self, *words: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a management command here, as a deployment does."""
        environment = self.database.environment(as_owner=owner, DATA_DIR=str(self.files))
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    def state(self) -> dict[str, object]:
        """All that must come back: rows, sequences, triggers, privileges, files."""
        with psycopg.connect(self.database.owner) as connection:
            tables = [
                name
                for (name,) in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
                )
            ]
            rows = {
                name: connection.execute(
                    sql.SQL(
                        "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} t"
                    ).format(sql.Identifier(name))
                ).fetchone()
                for name in tables
            }
            asked = {
                "sequences": "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
                "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
                " WHERE NOT tgisinternal ORDER BY 1, 2",
                "constraints": "SELECT conrelid::regclass::text, conname, convalidated,"
                " pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
                "privileges": "SELECT table_name, privilege_type FROM"
                " information_schema.role_table_grants WHERE grantee = 'yhteispoyta_app'"
                " ORDER BY 1, 2",
            }
            told = {what: connection.execute(query).fetchall() for what, query in asked.items()}
        files = {
            str(path.relative_to(self.files)): sha256(path.read_bytes()).hexdigest()
            for path in self.files.rglob("*")
            if path.is_file()
        }
        return {"rows": rows, "files": files, **told}

    def pages(self) -> list[str]:
        """A secretary's first page and the newest shared minutes' PDF; nothing is changed."""
        run = self.manage("shell", "--no-imports", "-c", PAGES)
        assert run.returncode == 0, run.stderr
        said = run.stdout.split()
        assert said[::2] == ["200", "200"]
        return said

    def tables(self) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.owner) as connection:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            return connection.execute(query).fetchall()


@contextmanager
def house(name: str, files: Path, template: str = "template0") -> Iterator[House]:
    parameters = conninfo_to_dict(os.environ["DATABASE_URL"])
    name = f"{parameters['dbname']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{name}"
    urls = {
        role: f"postgres://{role}@/{{}}?host={parameters['host']}"
        for role in (databases.OWNER, databases.APP)
    }
    # The superuser can end what the server itself does in a database that is to go.
    superuser = urls[databases.OWNER].replace(databases.OWNER, embedded.SUPERUSER)
    with psycopg.connect(superuser.format("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                *map(sql.Identifier, (name, databases.OWNER, template))
            )
        )
        yield House(
            databases.Database(
                app=urls[databases.APP].format(name), owner=urls[databases.OWNER].format(name)
            ),
            files,
        )
        server.execute(drop)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo's region, with an attachment, and a job in the queue."""
    files = tmp_path_factory.mktemp("files")
    with house("source", files, os.environ["TEST_DATABASE_TEMPLATE"]) as made:
        filled = made.manage("demo_data")
        assert filled.returncode == 0, filled.stderr
        content = "Tämä on liite.".encode()
        digest = sha256(content).hexdigest()
        (files / "ab").mkdir(exist_ok=True)
        (files / "ab" / "liite").write_bytes(content)
        with psycopg.connect(made.database.app) as connection:
            connection.execute(
                "INSERT INTO core_storedfile (sha256, size, content_type, content, created_at)"
                " VALUES (%s, %s, 'text/plain', 'ab/liite', now())",
                [digest, len(content)],
            )
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                " VALUES ('default', 'core.clear_sessions', '{\"timestamp\": 1}')"
            )
        yield made


@pytest.fixture(scope="module")
def backup(source: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, made with the app's rights."""
    path = tmp_path_factory.mktemp("backup") / "house.zip"
    run = source.manage("backup", str(path))
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    """An empty database, and an empty folder."""
    (tmp_path / "new").mkdir()
    with house("empty", tmp_path / "new") as made:
        yield made


def test_everything_comes_back(source: House, backup: Path, empty: House) -> None:
    """Even where a first restore was killed in the middle."""
    environment = empty.database.environment(as_owner=True, DATA_DIR=str(empty.files))
    command = [sys.executable, "manage.py", "restore", str(backup)]
    quiet = subprocess.DEVNULL
    killed = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    while len(empty.tables()) < 10 and killed.poll() is None:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert ("unfinished_restore",) in empty.tables()
    run = empty.manage("restore", str(backup), owner=True)
    assert run.returncode == 0, run.stderr
    assert empty.state() == source.state()
    assert empty.manage("check_data").returncode == 0
    assert empty.pages() == source.pages()
    with (
        psycopg.connect(empty.database.app) as as_app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        as_app.execute("UPDATE meetings_rendition SET content = ''")
    # What is added goes on after what was there, and its history is kept again.
    with psycopg.connect(empty.database.app) as as_app:
        before = as_app.execute("SELECT count(*) FROM directory_groupevent").fetchone()
        as_app.execute("UPDATE directory_group SET name_sv = name_sv || '!'")
        after = as_app.execute("SELECT count(*) FROM directory_groupevent").fetchone()
        assert after is not None
        assert before is not None
        assert after[0] > before[0]


def test_an_older_backup_is_brought_up_to_date(source: House, empty: House, tmp_path: Path) -> None:
    """Made before most tables were there; it has a table, too, that no migration makes."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "one").write_bytes(b"1")
    with house("old", tmp_path / "old") as older:
        assert older.manage("migrate", "core", "0001", owner=True).returncode == 0
        with psycopg.connect(older.database.owner) as connection:
            connection.execute("CREATE TABLE another (n int)")
            connection.execute(
                "INSERT INTO core_storedfile (sha256, size, content_type, content, created_at)"
                " VALUES (%s, 1, 'text/plain', 'one', now())",
                [sha256(b"1").hexdigest()],
            )
        made = older.manage("backup", str(tmp_path / "old.zip"), owner=True)
        assert made.returncode == 0, made.stderr
    run = empty.manage("restore", str(tmp_path / "old.zip"), owner=True)
    assert run.returncode == 0, run.stderr
    assert "left out, since no migration makes it: another" in run.stderr
    assert empty.tables() == source.tables()
    assert empty.state()["privileges"] == source.state()["privileges"]
    assert empty.manage("migrate", "--check").returncode == 0
    with psycopg.connect(empty.database.app) as connection:
        rows = connection.execute("SELECT content FROM core_storedfile").fetchall()
    assert rows == [("one",)]
    assert (empty.files / "one").read_bytes() == b"1"


def rewrite(
    path: Path, target: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]
) -> Path:
    """A copy of a backup with something changed in its manifest or its parts."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(parts.pop(archive.MANIFEST))
    change(manifest, parts)
    with zipfile.ZipFile(target, "w") as file:
        for name, content in {**parts, archive.MANIFEST: json.dumps(manifest).encode()}.items():
            file.writestr(name, content)
    return target


def test_refusals_change_nothing(source: House, backup: Path, empty: House, tmp_path: Path) -> None:
    def newer(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        manifest["migrations"].append(["core", "9999_of_another_year"])

    def other_rows(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        manifest["tables"]["directory_person"]["rows_sha256"] = "0" * 64

    half = tmp_path / "half.zip"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    for path, as_owner, words in (
        (tmp_path / "none.zip", True, "No such file or directory"),
        (half, True, "is not a whole backup. It is not whole, or another kind of file."),
        (rewrite(backup, tmp_path / "newer.zip", newer), True, "made by a newer version"),
        (backup, False, "Only the owner of the tables can restore."),
        (
            rewrite(backup, tmp_path / "other.zip", other_rows),
            True,
            "The rows of directory_person are not those of the backup.",
        ),
    ):
        run = empty.manage("restore", str(path), owner=as_owner)
        assert (run.returncode, run.stdout) == (1, ""), run.stderr
        assert words in run.stderr
        assert "Traceback" not in run.stderr
        assert run.stderr.rstrip().endswith("Nothing has been changed.")
        assert (empty.tables(), empty.state()["files"]) == ([], {})
    # Nothing is left that would be in the way of the right one.
    run = empty.manage("restore", str(backup), owner=True)
    assert run.returncode == 0, run.stderr
    before = source.state()
    run = source.manage("restore", str(backup), owner=True)
    assert "The database is not empty." in run.stderr
    assert source.state() == before
    run = source.manage("backup", str(backup))
    assert "is there already" in run.stderr


def test_what_is_there_is_replaced_when_asked(source: House, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "liite").write_bytes(b"damaged")
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    with house("other", tmp_path / "files", template) as other:
        with psycopg.connect(other.database.app) as connection:
            connection.execute("INSERT INTO django_session VALUES ('mine', '', now())")
        before = other.state()
        path = rewrite(backup, tmp_path / "torn.zip", without_people)
        run = other.manage("restore", "--replace", str(path), owner=True)
        assert "The database refused" in run.stderr
        assert "Traceback" not in run.stderr
        assert other.state()["rows"] == before["rows"]
        assert other.state()["triggers"] == before["triggers"]
        run = other.manage("restore", "--replace", str(backup), owner=True)
        assert run.returncode == 0, run.stderr
        assert other.state() == source.state()


def without_people(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    """Take away those whom the memberships name: whole as a file, but not as data."""
    parts["tables/directory_person"] = b""
    nothing = sha256(b"").hexdigest()
    table = manifest["tables"]["directory_person"]
    table.update(rows=0, rows_sha256=nothing, sha256=nothing)


def test_a_backup_is_of_one_moment(tmp_path: Path) -> None:
    """While somebody writes one row into each of two tables at a time, it has as many of both."""
    stop = Event()
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    with house("busy", tmp_path, template) as busy:

        def write() -> int:
            number = 0
            with psycopg.connect(busy.database.app) as connection:
                while not stop.is_set():
                    key = f"{number}"
                    connection.execute(
                        "INSERT INTO core_storedfile"
                        " (sha256, size, content_type, content, created_at)"
                        " VALUES (%s, 1, '', '', now())",
                        [key],
                    )
                    connection.execute("INSERT INTO django_session VALUES (%s, '', now())", [key])
                    connection.commit()
                    number += 1
            return number

        with ThreadPoolExecutor() as pool:
            written = pool.submit(write)
            run = busy.manage("backup", str(tmp_path / "busy.zip"))
            stop.set()
        assert run.returncode == 0, run.stderr
        with archive.reading(tmp_path / "busy.zip") as made:
            tables = made.manifest.tables
        count = tables["core_storedfile"].rows
        assert tables["django_session"].rows == count
        assert 0 < count < written.result()


def test_files_that_the_storage_lacks_are_told_of(tmp_path: Path) -> None:
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    with house("lacking", tmp_path / "files", template) as lacking:
        with psycopg.connect(lacking.database.app) as connection:
            connection.execute(
                "INSERT INTO core_storedfile (sha256, size, content_type, content, created_at)"
                " VALUES ('', 1, '', 'gone', now())"
            )
        run = lacking.manage("backup", str(tmp_path / "house.zip"))
        assert run.returncode == 1
        assert "lacks 1 files that the database names: gone" in run.stderr
        run = lacking.manage("restore", "--replace", str(tmp_path / "house.zip"), owner=True)
        assert run.returncode == 0, run.stderr
        assert "1 files were missing when the backup was made:\n  gone" in run.stderr


# -- The file -------------------------------------------------------------------------------------


def manifest() -> archive.Manifest:
    return archive.Manifest(version="1", made_at="", server="", migrations=[])


def small(path: Path) -> Path:
    """A backup's file with one table and one stored file."""
    with archive.writing(path) as writer:
        whole = manifest()
        digest = writer.table("t", [b"1\n", b"2\n"])
        whole.tables["t"] = archive.Table(["n"], 2, "", digest)
        whole.files["f"] = writer.stored("f", BytesIO(b"bytes of a file"))
        writer.manifest(whole)
    return path


def test_a_half_written_file_has_no_name(tmp_path: Path) -> None:
    seen: list[Any] = []

    def rows() -> Iterator[bytes]:
        yield b"1\n"
        seen.extend(tmp_path.iterdir())
        seen.append(seen[0].stat().st_mode & 0o777)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), archive.writing(tmp_path / "house.zip") as writer:
        writer.table("t", rows())
    assert seen[0].suffix == ".unfinished"
    assert seen[1:] == [0o600]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_what_was_meant_gets_no_name(tmp_path: Path) -> None:
    wrong = manifest()
    wrong.tables["t"] = archive.Table(["n"], 1, "", "0" * 64)

    def write() -> None:
        with archive.writing(tmp_path / "house.zip") as writer:
            writer.table("t", [b"1\n"])
            writer.manifest(wrong)

    with pytest.raises(archive.NotABackup, match="damaged at tables/t"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = small(tmp_path / "house.zip")
    before = path.read_bytes()
    with pytest.raises(FileExistsError), archive.writing(path):
        pass
    assert path.read_bytes() == before


def check(path: Path) -> None:
    with archive.reading(path) as source:
        source.verify()


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    content = small(tmp_path / "house.zip").read_bytes()
    check(tmp_path / "house.zip")
    cut = tmp_path / "cut.zip"
    for length in range(len(content)):
        cut.write_bytes(content[:length])
        with pytest.raises(archive.NotABackup):
            check(cut)


def test_every_changed_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    """What reads as whole has the same content; a time stamp in the zip file may be another."""
    content = small(tmp_path / "house.zip").read_bytes()
    changed = tmp_path / "changed.zip"
    noticed = 0
    for place in range(len(content)):
        changed.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            check(changed)
        except archive.NotABackup:
            noticed += 1
            continue
        with archive.reading(changed) as source, source.stored("f") as stored:
            assert stored.read() == b"bytes of a file"
            assert b"".join(source.table("t")) == b"1\n2\n"
    assert noticed > len(content) // 2


def test_other_files_are_not_backups(tmp_path: Path) -> None:
    for text in (b"", b"A letter.", b"PK\x03\x04"):
        (tmp_path / "letter").write_bytes(text)
        with pytest.raises(archive.NotABackup, match="another kind of file"):
            check(tmp_path / "letter")
    foreign = tmp_path / "foreign.zip"
    for name, text, words in (
        ("hello", "{}", "has no manifest"),
        (archive.MANIFEST, "[]", "cannot be read"),
        (archive.MANIFEST, '{"product": "other", "format": 1}', "another product"),
        (archive.MANIFEST, '{"product": "yhteispoyta", "format": 1}', "cannot be read"),
    ):
        with zipfile.ZipFile(foreign, "w") as file:
            file.writestr(name, text)
        with pytest.raises(archive.NotABackup, match=words):
            check(foreign)
    with zipfile.ZipFile(foreign, "w") as file:
        file.writestr(archive.MANIFEST, '{"product": "yhteispoyta", "format": 2}')
    with pytest.raises(archive.FromNewerVersion):
        check(foreign)


def test_parts_that_do_not_belong_are_noticed(tmp_path: Path) -> None:
    def add(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        parts["files/../../etc/passwd"] = b""

    path = rewrite(small(tmp_path / "house.zip"), tmp_path / "more.zip", add)
    with pytest.raises(archive.NotABackup, match="do not belong"):
        check(path)
