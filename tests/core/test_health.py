"""What is told to whoever watches the house."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from core import health


@pytest.fixture(autouse=True)
def _begin_anew(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    # As deployed: encrypted, and under another name than a probe knows.
    settings.ALLOWED_HOSTS = ["yhteispoyta.example"]
    settings.SECURE_SSL_REDIRECT = True


def told(address: str) -> tuple[int, str]:
    response = Client().get(address, headers={"host": "10.0.0.7:8000"})
    assert response["Cache-Control"] == "no-store"
    return response.status_code, response.content.decode()


def test_that_it_lives_is_told_without_the_database() -> None:
    assert told("/healthz") == (200, "ok")  # pytest would forbid the database here


@pytest.mark.django_db
def test_it_is_ready(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert told("/readyz") == (200, "ok")
    with django_assert_num_queries(1):
        assert told("/readyz") == (200, "ok")


@pytest.mark.django_db
def test_it_is_not_ready_before_the_migrations() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'meetings'")
    assert told("/readyz") == (503, "migrations")


@pytest.mark.django_db(transaction=True)
def test_it_is_not_ready_without_the_database() -> None:
    ours = connection.settings_dict
    name = ours["NAME"]
    connection.close()
    ours["NAME"] = "no_such_database"
    try:
        assert told("/readyz") == (503, "database")
    finally:
        ours["NAME"] = name
        connection.close()
    assert told("/readyz") == (200, "ok")


@pytest.mark.django_db
def test_it_is_not_ready_where_files_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    assert told("/readyz") == (503, "storage")
