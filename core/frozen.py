"""What is shared stays as it was, whatever the code says: the app's role may not change it.

Migrations run as the tables' owner and grant the app's role what it needs; on a frozen table it
gets SELECT and INSERT only. History is frozen throughout. A room names its own frozen tables with
`freeze` in `AppConfig.ready`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.db import connections, transaction

_frozen: set[str] = set()


def freeze(*tables: str) -> None:
    """Name tables whose rows the app may add and read, but never change."""
    _frozen.update(tables)


def grant(using: str = "default", **_kwargs: Any) -> None:
    """Give the app's role its rights on every table; runs after each migrate, as the owner.

    Where the app's role does not exist or is the owner itself (one role for all), nothing is done:
    then the database does not protect what is frozen, and `manage check --deploy` says so.
    """
    connection = connections[using]
    role = settings.APP_DATABASE_ROLE
    # At once: at no moment may the app's role change what is frozen.
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = %s, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)",
            [role, role],
        )
        is_owner, exists = cursor.fetchone()
        if is_owner or not exists:
            return
        name = connection.ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {name}")
        present = set(connection.introspection.table_names(cursor))
        for table in sorted(frozen_tables() & present):
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {name}"
            )


def check_frozen(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A deployment check: can the role that we connect as change what is frozen?"""
    found: list[CheckMessage] = []
    for using in databases or []:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND relkind = 'r'"
                " AND has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE') ORDER BY relname",
                [sorted(frozen_tables())],
            )
            if tables := [row[0] for row in cursor.fetchall()]:
                found.append(
                    CheckWarning(
                        f"The database lets the app change what is frozen: {', '.join(tables)}.",
                        hint="Connect as a role that is not the tables' owner; see the README.",
                        id="core.W001",
                    )
                )
    return found


def frozen_tables() -> set[str]:
    """The frozen tables: those named by the rooms and every table of history."""
    from django.apps import apps  # models are ready only after this module is imported
    from pghistory.models import Event

    history = {m._meta.db_table for m in apps.get_models() if issubclass(m, Event)}
    return _frozen | history
