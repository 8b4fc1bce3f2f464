"""That a migration which would stop people at work is noticed before it is released."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import functions

from bin.commands import migrations as linter

pytestmark = pytest.mark.django_db


def forwards(apps: Any, schema_editor: Any) -> None:
    """Changes rows, or so."""


NAME = models.CharField(max_length=50)
# What must be noticed, and by which rules.
DANGEROUS: dict[str, tuple[Sequence[Operation], list[str]]] = {
    "takes a column from the version that runs": (
        [migrations.RemoveField("outgoingmail", "subject")],
        ["ban-drop-column"],
    ),
    "takes a table from it": (
        [migrations.DeleteModel("outgoingmail")],
        ["ban-drop-table"],
    ),
    "gives a column another name": (
        [migrations.RenameField("outgoingmail", "subject", "about")],
        ["renaming-column"],
    ),
    "gives a table another name": (
        [migrations.AlterModelTable("outgoingmail", "core_letter")],
        ["renaming-table"],
    ),
    "wants what the version that runs does not write": (
        [migrations.AddField("outgoingmail", "colour", models.IntegerField(default=0))],
        ["ban-drop-default"],
    ),
    "reads every row while nobody may": (
        [migrations.AlterField("outgoingmail", "sent_at", models.DateTimeField())],
        ["adding-not-nullable-field"],
    ),
    "writes every row anew while nobody may": (
        [migrations.AlterField("storedfile", "created_at", models.TextField())],
        ["changing-column-type"],
    ),
    "gives each row a value of its own": (
        [
            migrations.AddField(
                "outgoingmail", "chance", models.FloatField(db_default=functions.Random())
            )
        ],
        ["adding-field-with-default"],
    ),
    "does so in SQL": (
        [migrations.RunSQL("ALTER TABLE core_storedfile DROP COLUMN size", migrations.RunSQL.noop)],
        ["ban-drop-column"],
    ),
    "cannot be undone": (
        [migrations.RunPython(forwards)],
        ["no-way-back"],
    ),
    "changes rows while a table is locked": (
        [
            migrations.AddField("outgoingmail", "colour", models.IntegerField(null=True)),
            migrations.RunPython(forwards, migrations.RunPython.noop),
        ],
        ["data-with-schema"],
    ),
}
HARMLESS: dict[str, Sequence[Operation]] = {
    "a new table, with what hangs on it": [
        migrations.CreateModel("letter", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("letter", "name", NAME),
        migrations.AddField("letter", "file", models.ForeignKey("storedfile", models.PROTECT)),
    ],
    "columns that the version that runs need not know": [
        migrations.AddField("outgoingmail", "colour", models.IntegerField(null=True)),
        migrations.AddField("outgoingmail", "shape", models.TextField(db_default="")),
        migrations.AddIndex("outgoingmail", models.Index("colour", name="outgoingmail_colour")),
    ],
    "rows changed by themselves": [migrations.RunPython(forwards, migrations.RunPython.noop)],
}


@pytest.fixture
def loader() -> MigrationLoader:
    return MigrationLoader(connection, replace_migrations=False)


def planted(
    loader: MigrationLoader, operations: Sequence[Operation], accepted: dict[str, str] | None = None
) -> list[str]:
    """What is said of a migration of these operations, put on top of core's."""
    [leaf] = loader.graph.leaf_nodes("core")
    migration = migrations.Migration("9999_planted", "core")
    migration.operations = list(operations)
    migration.dependencies = [leaf]
    if accepted:
        migration.accepted = accepted  # type: ignore[attr-defined]
    key = ("core", migration.name)
    loader.graph.add_node(key, migration)
    loader.graph.add_dependency(migration, key, leaf)
    return list(linter.complaints(loader, migration))


def rules(told: list[str]) -> list[str]:
    return [words.split(": ")[1] for words in told]


@pytest.mark.parametrize("what", DANGEROUS)
def test_a_dangerous_migration_is_noticed(what: str, loader: MigrationLoader) -> None:
    operations, expected = DANGEROUS[what]
    assert rules(planted(loader, operations)) == expected


@pytest.mark.parametrize("what", HARMLESS)
def test_a_harmless_one_is_let_through(what: str, loader: MigrationLoader) -> None:
    assert planted(loader, HARMLESS[what]) == []


def test_a_reason_lets_a_migration_through(loader: MigrationLoader) -> None:
    operation = migrations.RemoveField("outgoingmail", "subject")
    reason = {"ban-drop-column": "Release 0.2 reads it no longer."}
    assert planted(loader, [operation], reason) == []


@pytest.mark.parametrize(
    ("accepted", "words"),
    [
        ({"ban-drop-column": ""}, "core.9999_planted: ban-drop-column: Dropping a column"),
        (
            {"ban-drop-column": "A reason.", "ban-drop-table": "Another."},
            "core.9999_planted: accepts ban-drop-table, but does nothing of the kind.",
        ),
    ],
)
def test_a_reason_must_be_one(
    accepted: dict[str, str], words: str, loader: MigrationLoader
) -> None:
    [told] = planted(loader, [migrations.RemoveField("outgoingmail", "subject")], accepted)
    assert told.startswith(words)
