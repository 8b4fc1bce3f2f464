"""The deployment check that the database itself protects what is frozen."""

import psycopg
import pytest
from django.db import connection

from core.frozen import check_frozen, frozen_tables


@pytest.mark.django_db
def test_it_warns_where_the_app_connects_as_the_owner() -> None:
    [warning] = check_frozen(databases=["default"])
    assert warning.id == "core.W001"
    assert "meetings_documentversion" in warning.msg


@pytest.mark.django_db(transaction=True)
def test_the_apps_role_passes_it(app_role: psycopg.Connection) -> None:
    allowed = "has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')"
    tables = frozen_tables() & set(connection.introspection.table_names())
    assert len(tables) > 10
    for table in tables:
        assert app_role.execute(f"SELECT {allowed}", [table]).fetchone() == (False,), table
