"""What all tests share: the database's two roles, and settings that make tests quick."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

# The same examples each time, so that a run tells of the change and not of luck; with
# HYPOTHESIS_PROFILE=search new ones are tried.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

pytest_plugins = ["tests.cast", "tests.post", "tests.e2e.desk"]


def pytest_configure() -> None:
    """Stop early where the database of bin/test is not there."""
    if "TEST_DATABASE_TEMPLATE" not in os.environ:
        pytest.exit("Run the tests with bin/test, which gives them a database.", returncode=4)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make the test databases from the migrated template, as the owner of the tables."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ["TEST_DATABASE_TEMPLATE"]


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """No test reads in the language that a request of the one before it has left behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def app_role(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection to the test database with the app's rights, as the app has them when deployed.

    The tests themselves connect as the tables' owner. What they write is committed, so that this
    connection sees it.
    """
    owner = connection.get_connection_params()
    parameters = {"host": owner["host"], "port": owner.get("port"), "dbname": owner["dbname"]}
    with psycopg.connect(**parameters, user=settings.APP_DATABASE_ROLE) as as_app:
        yield as_app
