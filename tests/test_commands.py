"""What the commands in bin/ must never do, and what they must notice."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from bin.commands import databases, translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Fine"
msgstr "Hyvä"

msgid "Missing"
msgstr ""

msgid ""
"Missing "
"as well"
msgstr ""

#, fuzzy
msgid "Guessed"
msgstr "Arvattu"

#, python-format
msgid "%(count)d items"
msgstr "%(number)d kohtaa"
"""


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[databases.Database]:
    """A database of the tests' server with nothing in it."""
    settings = connection.settings_dict
    name = f"{settings['NAME']}_empty"
    host = settings["OPTIONS"]["host"]
    url = f"postgres://{settings['USER']}@/{{}}?host={host}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield databases.Database(app=url.format(name), owner=url.format(name))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_demo_marks_an_empty_database_and_knows_it_again(
    empty_database: databases.Database,
) -> None:
    databases.claim(empty_database)
    with psycopg.connect(empty_database.owner) as mine:
        mine.execute("CREATE TABLE something (n int)")
    databases.claim(empty_database)


def test_demo_refuses_a_database_of_somebody_else(empty_database: databases.Database) -> None:
    with psycopg.connect(empty_database.owner) as theirs:
        theirs.execute("CREATE TABLE something (n int)")
    with pytest.raises(databases.RefusedError):
        databases.claim(empty_database)
    with psycopg.connect(empty_database.owner) as theirs:
        tables = theirs.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("something",)]


def test_an_unfinished_catalogue_is_noticed(tmp_path: Path) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(CATALOGUE)
    found = translations.unfinished(catalogue, tmp_path)
    assert found[:3] == [
        "django.po: without a translation: Missing",
        "django.po: without a translation: Missing as well",
        "django.po: fuzzy: Guessed",
    ]
    assert any("count" in line for line in found[3:])


def test_a_text_that_no_catalogue_has_is_noticed() -> None:
    files = [Path("core/vague.py")]
    assert any(
        problem.startswith("locale/sv/LC_MESSAGES/django.po: without a translation")
        for problem in translations.problems(files, dict(os.environ))
    )
