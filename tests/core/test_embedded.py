"""The embedded PostgreSQL comes up again after whatever ended it."""

import os
import signal
from pathlib import Path

import psutil
import psycopg
import pytest

from core import embedded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the tests of this module use one after the other."""
    return tmp_path_factory.mktemp("embedded")


def query(server: embedded.Server, statement: str) -> object:
    with psycopg.connect(server.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(server: embedded.Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def kill(server: embedded.Server) -> None:
    process = psutil.Process(postmaster(server))
    process.send_signal(signal.SIGKILL)
    psutil.wait_procs([process], timeout=10)


def test_it_knows_finnish_letters_and_is_durable(folder: Path) -> None:
    with embedded.running(folder) as server:
        assert query(server, "SELECT lower('ÅÄÖ')") == "åäö"
        assert query(server, "SHOW fsync") == "on"
        assert query(server, "SHOW listen_addresses") == ""


def test_the_last_user_stops_it(folder: Path) -> None:
    with embedded.running(folder) as first:
        started = postmaster(first)
        with embedded.running(folder) as second:
            assert postmaster(second) == started
        assert first.answers()
    assert not first.answers()


def test_it_starts_after_a_kill_and_keeps_what_was_committed(folder: Path) -> None:
    with embedded.running(folder) as server:
        query(server, "CREATE TABLE kept AS SELECT 1 AS n")
        kill(server)
        with embedded.running(folder) as again:
            assert query(again, "SELECT n FROM kept") == 1


def test_it_starts_where_another_process_has_the_old_number(folder: Path) -> None:
    with embedded.running(folder) as server:
        file = server.data / "postmaster.pid"
        record = file.read_text()
        kill(server)
        file.write_text(record.replace(str(record.split()[0]), str(os.getpid()), 1))
        with embedded.running(folder) as again:
            assert query(again, "SELECT n FROM kept") == 1


def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "PG_VERSION").write_text("18\n")
    with embedded.running(tmp_path, durable=False) as server:
        assert query(server, "SHOW fsync") == "off"


def test_a_server_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "START_SECONDS", 0)
    (tmp_path / "data").mkdir()
    with (
        pytest.raises(embedded.EmbeddedServerError, match="does not start"),
        embedded.running(tmp_path),
    ):
        pass
