"""Make a backup while the house is in use."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField
from pghistory.models import Event

from core.backup import tables
from core.backup.archive import Manifest, Table, Writer, product_version, writing

LOCK_SECONDS = 60  # how long a running migration may keep us waiting


def make(path: Path, *, now: datetime, tell: Callable[[str], None]) -> Manifest:
    """Write the database and the stored files to `path`, and say with `tell` how it goes.

    All rows are of one moment, whatever is written meanwhile; files are never changed, so that
    those of that moment can be read after it. Raises FileExistsError, and other
    OSErrors where the file cannot be written. Whatever goes wrong, there is no file at `path` then.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A backup needs a transaction of its own.")
    with connection.cursor() as cursor:
        names = tables.present(cursor)
    with writing(path) as writer, transaction.atomic(), connection.cursor() as cursor:
        # The tables are locked against migrations before the moment is fixed: a table that is
        # rewritten after it would look empty.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        if names:
            listed = ", ".join(map(connection.ops.quote_name, names))
            cursor.execute(f"LOCK TABLE {listed} IN ACCESS SHARE MODE")
        tables.steady(cursor, lock_seconds=LOCK_SECONDS)
        manifest = Manifest(
            version=product_version(),
            made_at=now.isoformat(timespec="seconds"),
            server=_server_version(),
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
        )
        columns = tables.columns(cursor)
        for table in names:
            count, rows_digest = tables.checksum(cursor, table, columns[table])
            rows = tables.rows_out(cursor, table, columns[table])
            manifest.tables[table] = Table(
                columns=columns[table],
                rows=count,
                rows_sha256=rows_digest,
                sha256=writer.table(table, rows),
            )
        manifest.sequences = tables.sequences(cursor)
        total = sum(table.rows for table in manifest.tables.values())
        tell(f"{len(names)} tables, {total} rows")
        _write_files(writer, manifest)
        writer.manifest(manifest)
        size = sum(file.size for file in manifest.files.values())
        tell(f"{len(manifest.files)} files, {size} bytes; now all of it is read again")
    return manifest


def _server_version() -> str:
    number = connection.pg_version  # type: ignore[attr-defined]
    return f"{number // 10000}.{number % 10000}"


def _stored_names(manifest: Manifest) -> list[str]:
    """The name of every file that a row names; a table may be older than our models."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            # A copy in the history names what the row itself names, or what has been removed.
            table = manifest.tables.get(model._meta.db_table)
            if isinstance(field, FileField) and not issubclass(model, Event) and table:
                found.update(model._default_manager.values_list(field.attname, flat=True))
    return sorted(filter(None, found))


def _write_files(writer: Writer, manifest: Manifest) -> None:
    for name in _stored_names(manifest):
        try:
            with default_storage.open(name) as content:
                manifest.files[name] = writer.stored(name, content)
        except FileNotFoundError:
            manifest.missing.append(name)
