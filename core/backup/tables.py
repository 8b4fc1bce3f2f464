"""What PostgreSQL says of the tables, and their rows on the way out and in."""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from typing import Any, Final

from django.db.backends.utils import CursorWrapper
from psycopg import sql

# A row's text must not hang on how this server, role or session is set up.
_STEADY: Final = {
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "search_path": "public",
}


def steady(cursor: CursorWrapper, *, lock_seconds: int) -> None:
    """Have rows read the same everywhere until this transaction ends; wait so long for a lock."""
    for name, value in _STEADY.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{lock_seconds}s"])


def present(cursor: CursorWrapper) -> list[str]:
    """The names of all tables."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def columns(cursor: CursorWrapper) -> dict[str, list[str]]:
    """The columns of each table, in the order of their names; no computed ones."""
    cursor.execute(
        'SELECT relname, array_agg(attname::text ORDER BY attname COLLATE "C")'
        " FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY relname"
    )
    return dict(cursor.fetchall())


def checksum(cursor: CursorWrapper, table: str, names: Sequence[str]) -> tuple[int, str]:
    """How many rows a table has, and one sha256 over all of them, whatever their order."""
    cursor.execute(
        sql.SQL(
            "SELECT count(*), encode(sha256(coalesce(string_agg(one, '' ORDER BY one), '')), 'hex')"
            " FROM (SELECT sha256(convert_to(ROW({})::text, 'UTF8')) AS one FROM {}) AS rows"
        ).format(_identifiers(names), sql.Identifier(table))
    )
    count, digest = cursor.fetchone()
    return count, digest


def rows_out(cursor: CursorWrapper, table: str, names: Sequence[str]) -> Iterator[Any]:
    """A table's rows as COPY writes them."""
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _identifiers(names))
    with cursor.copy(statement) as copy:
        yield from copy


def rows_in(
    cursor: CursorWrapper, table: str, names: Sequence[str], parts: Iterable[bytes]
) -> None:
    """Put rows into a table as `rows_out` gave them."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), _identifiers(names)
    )
    with cursor.copy(statement) as copy:
        for part in parts:
            copy.write(part)


def in_order(cursor: CursorWrapper, names: Iterable[str]) -> list[str]:
    """The tables in an order in which they can be filled.

    Most foreign keys are checked when the transaction ends; before those that cannot wait, the
    table that they point at is filled.
    """
    cursor.execute(
        "SELECT DISTINCT own.relname, other.relname FROM pg_constraint"
        " JOIN pg_class own ON own.oid = conrelid JOIN pg_class other ON other.oid = confrelid"
        " WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid"
    )
    sorter = TopologicalSorter({name: set() for name in sorted(names)})
    for table, target in cursor.fetchall():
        sorter.add(table, target)
    return [name for name in sorter.static_order() if name in set(names)]


def sequences(cursor: CursorWrapper) -> dict[str, tuple[int, bool]]:
    """Where each sequence stands, as `setval` takes it."""
    cursor.execute(
        "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL"
        " FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
    )
    return {name: (value, called) for name, value, called in cursor.fetchall()}


def set_sequence(cursor: CursorWrapper, name: str, value: int, called: bool) -> None:
    """Let a sequence go on from where it stood."""
    identifier = sql.Identifier(name).as_string(None)
    cursor.execute("SELECT setval(%s::regclass, %s, %s)", [identifier, value, called])


def switch_triggers(cursor: CursorWrapper, names: Iterable[str], *, on: bool) -> None:
    """Let the triggers of these tables fire or not; only their owner may."""
    state = sql.SQL("ENABLE" if on else "DISABLE")
    for name in names:
        cursor.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(name), state)
        )


def drop_all(cursor: CursorWrapper) -> None:
    """Remove all tables, functions and types, but those of extensions."""
    for kind, source in (
        ("TABLE", "oid::regclass::text FROM pg_class one WHERE relkind = 'r' AND relnamespace"),
        ("ROUTINE", "oid::regprocedure::text FROM pg_proc one WHERE pronamespace"),
        (
            "TYPE",
            "oid::regtype::text FROM pg_type one WHERE typtype IN ('c', 'e') AND typnamespace",
        ),
    ):
        cursor.execute(
            f"SELECT {source} = 'public'::regnamespace"  # noqa: S608  # constants
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')"
        )
        if found := [one for (one,) in cursor.fetchall()]:
            cursor.execute(f"DROP {kind} {', '.join(found)} CASCADE")


def _identifiers(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
