"""Put a backup into a database, all or nothing."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core.backup import tables
from core.backup.archive import FromNewerVersion, Manifest, Reader, reading

LOCK_SECONDS = 30  # how long an app that still runs may keep us waiting
MARK = "unfinished_restore"  # a table that says: what stands here is ours to remove


class NotEmpty(Exception):
    """The database holds something already."""


class OtherMigrations(Exception):
    """What is to be replaced does not have the migrations that the backup has."""


class NotTheOwner(Exception):
    """We are connected as the app's role, which may not make tables."""


class OtherFile(Exception):
    """The storage has other content under a file's name; the message is that name."""


class NotRestored(Exception):
    """What stands in the database is not what was read from it; the message says where."""


def restore(path: Path, *, replace: bool, tell: Callable[[str], None]) -> Manifest:
    """Fill an empty database and the storage from the backup at `path`; `tell` says how it goes.

    The migrations that the backup names make the tables. Then one transaction fills them, with no
    trigger firing, and compares every row with what was read when the backup was made. Newer
    migrations follow. With `replace` the database has those tables already, and what is in them
    goes in the same transaction; a file whose content differs is written anew.

    Whatever goes wrong before that transaction ends, the database is as it was; an interrupted
    restore can be begun again. Raises NotABackup, FromNewerVersion, NotEmpty, OtherMigrations,
    NotTheOwner, OtherFile, NotRestored, or an OSError where a file cannot be read or written.
    """
    with reading(path) as source:
        tell(f"made {source.manifest.made_at} by version {source.manifest.version}")
        source.verify(tell)
        tell(f"{path.name} is whole")
        _may_restore(source.manifest, replace=replace)
        try:
            if not replace:
                _make_tables(set(source.manifest.migrations))
            with transaction.atomic(), _files(source, replace=replace):
                tell("every file is back")
                _fill(source, tell)
            tell("every row is back")
        except BaseException:
            if not replace:
                _empty()
            raise
    ContentType.objects.clear_cache()
    return source.manifest


def _may_restore(manifest: Manifest, *, replace: bool) -> None:
    loader = MigrationExecutor(connection).loader
    if set(manifest.migrations) - set(loader.disk_migrations):
        raise FromNewerVersion
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == settings.APP_DATABASE_ROLE:
            raise NotTheOwner
        found = tables.present(cursor)
    if MARK in found:
        _empty()
    elif replace:
        if set(manifest.migrations) != set(loader.applied_migrations):
            raise OtherMigrations
    elif found:
        raise NotEmpty


def _empty() -> None:
    """Remove what an unfinished restore has made."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables.drop_all(cursor)


def _make_tables(wanted: set[tuple[str, str]]) -> None:
    """Bring the database to the migrations `wanted`, which may be older than the newest."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MARK} ()")
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    leaves = [
        key
        for key in sorted(wanted & set(nodes))
        if not any(child.key in wanted and child.key[0] == key[0] for child in nodes[key].children)
    ]
    executor.migrate(leaves)


def _fill(source: Reader, tell: Callable[[str], None]) -> None:
    """Put the rows in, and see that they are what they were."""
    manifest = source.manifest
    with connection.cursor() as cursor:
        tables.steady(cursor, lock_seconds=LOCK_SECONDS)
        cursor.execute(f"DROP TABLE IF EXISTS {MARK}")
        found = tables.columns(cursor)
        others = sorted(set(manifest.tables) - set(found))
        if others:
            tell(f"left out, since no migration makes it: {', '.join(others)}")
        wanted = {name: table for name, table in manifest.tables.items() if name in found}
        if found != {name: table.columns for name, table in wanted.items()}:
            raise NotRestored("The tables are not those of the backup.")
        tables.switch_triggers(cursor, found, on=False)
        # What migrations have filled in is in the backup, too.
        names = ", ".join(map(connection.ops.quote_name, found))
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in tables.in_order(cursor, found):
            tables.rows_in(cursor, name, found[name], source.table(name))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, table in wanted.items():
            if tables.checksum(cursor, name, table.columns) != (table.rows, table.rows_sha256):
                raise NotRestored(f"The rows of {name} are not those of the backup.")
        for name in tables.sequences(cursor):
            if name not in manifest.sequences:
                raise NotRestored(f"The backup lacks the sequence {name}.")
            value, called = manifest.sequences[name]
            tables.set_sequence(cursor, name, value, called)
        tables.switch_triggers(cursor, found, on=True)


@contextmanager
def _files(source: Reader, *, replace: bool) -> Iterator[None]:
    """Write the files that are not there; take them away again where the block fails."""
    written: list[str] = []
    try:
        for name, file in source.manifest.files.items():
            if default_storage.exists(name):
                if _digest(name) == file.sha256:
                    continue
                if not replace:
                    raise OtherFile(name)
                default_storage.delete(name)
            with source.stored(name) as content:
                written.append(default_storage.save(name, File(content, name)))
            if written[-1] != name or _digest(name) != file.sha256:
                raise NotRestored(f"The file {name} is not what was written.")
        yield
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def _digest(name: str) -> str:
    with default_storage.open(name) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
