"""Can each migration run while people work, beside the version that runs now?

docs/adr/0014-migrations.md says what that takes, and what to do with a complaint. Squawk reads the
SQL of each migration; what SQL does not tell is looked up in its operations.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader

from bin.commands import databases

OLDEST_SERVER = "15.0"
# Squawk's rules that we do not follow, and why.
EXCLUDED = {
    # One region's tables are small: each of these reads a table once, in far less than a second.
    "require-concurrent-index-creation": "small tables",
    "require-concurrent-index-deletion": "small tables",
    "adding-foreign-key-constraint": "small tables",
    "constraint-missing-not-valid": "small tables",
    "disallowed-unique-constraint": "small tables",
    "require-lock-timeout": "the owner's role has one (deploy/roles.sql)",
    "require-statement-timeout": "what waits for a lock is ended by that; other waits harm nobody",
    "prefer-robust-stmts": "a migration is one transaction, and Django knows which have run",
    "prefer-text-field": "lengths are part of the model",
    "prefer-bigint-over-int": "the model says how large a number is",
    "prefer-bigint-over-smallint": "the model says how large a number is",
}
# Made before the first release, when nobody's tables had a row.
BEFORE_RELEASE = {("actions", "0002_initial")}

_CREATED = re.compile(r'^CREATE TABLE "(\w+)"', re.MULTILINE)
_ALTERED = re.compile(r'^ALTER TABLE "(\w+)"')


def problems(loader: MigrationLoader) -> Iterator[str]:
    """What is wrong with the migrations of our own rooms."""
    ours = {app.label for app in apps.get_app_configs() if _is_ours(Path(app.path))}
    for key in sorted(loader.disk_migrations):
        if key[0] in ours and key not in BEFORE_RELEASE:
            yield from complaints(loader, loader.disk_migrations[key])


def complaints(loader: MigrationLoader, migration: Migration) -> Iterator[str]:
    """What is wrong with one, but for what its `accepted` gives a reason for.

    `accepted` is an attribute of the class: a dictionary of a rule's name and the reason.
    """
    accepted: dict[str, str] = getattr(migration, "accepted", {})
    found = [*_about_operations(migration), *_about_sql(loader, migration)]
    for rule, words in found:
        if not accepted.get(rule):
            yield f"{migration}: {rule}: {words}"
    for rule in sorted(set(accepted) - {rule for rule, _words in found}):
        yield f"{migration}: accepts {rule}, but does nothing of the kind."


def _is_ours(path: Path) -> bool:
    return path.parent == settings.BASE_DIR


def _about_operations(migration: Migration) -> Iterator[tuple[str, str]]:
    operations = migration.operations
    for operation in operations:
        if not operation.reversible:
            yield "no-way-back", f"“{operation.describe()}” can't be undone."
    runs = [isinstance(operation, RunPython) for operation in operations]
    if any(runs) and not all(runs):
        yield "data-with-schema", "Rows are changed while tables are locked. Make two migrations."


def _about_sql(loader: MigrationLoader, migration: Migration) -> Iterator[tuple[str, str]]:
    sql = "\n".join(loader.collect_sql([(migration, False)]))
    command = [databases.tool("squawk"), "--reporter=json", f"--pg-version={OLDEST_SERVER}"]
    if migration.atomic:
        command.append("--assume-in-transaction")
        # Django's own, which Squawk would take for a second one.
        sql = sql.removeprefix("BEGIN;").removesuffix("COMMIT;")
    command.append(f"--exclude={','.join(EXCLUDED)}")
    run = subprocess.run(
        [*command, "--stdin-filepath", f"{migration}.sql"],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.stderr.strip():
        raise RuntimeError(run.stderr)
    created = set(_CREATED.findall(sql))
    lines = sql.splitlines()
    for told in json.loads(run.stdout):
        altered = _ALTERED.match(lines[told["line"]])
        if not altered or altered[1] not in created:  # nobody uses a new table yet
            yield told["rule_name"], f"{told['message']} {lines[told['line']][:200]}"


def main() -> int:
    """Say what is wrong; the exit status is 1 if anything is."""
    django.setup()
    found = list(problems(MigrationLoader(connection, replace_migrations=False)))
    for words in found:
        databases.say(words)
    if found:
        databases.say("docs/adr/0014-migrations.md says what to do.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
