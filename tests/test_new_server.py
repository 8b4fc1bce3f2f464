"""The journey from a lost server to a new one: a backup, an empty machine, and all goes on."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg

from bin.commands import databases
from bin.commands.try_deploy import Browser, await_truth, free_port
from tests.core.test_backup import House, house
from welfare.demo.load import PASSWORD, logins

ROOT = databases.ROOT
COORDINATOR = dict(logins())["coordinator"]
# What a page has anew each time it is made.
FRESH = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|data-csrf="\w+"')


@contextmanager
def served(house: House, log: Path) -> Iterator[Browser]:
    """The house, behind the web server that a deployment has."""
    port = free_port()
    command = [databases.tool("granian"), "--interface", "wsgi", "--port", str(port)]
    command += ["--log-config", "deploy/granian.json", "welfare.wsgi:application"]
    environment = house.database.environment(DATA_DIR=str(house.files), LOG_FORMAT="json")
    environment["LOG_LEVEL"] = "INFO"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        browser = Browser(f"http://localhost:{port}")
        try:
            await_truth("/readyz says ok", lambda: browser.get("/readyz") == (200, b"ok"))
            yield browser
        finally:
            process.terminate()


def addresses(house: House) -> list[str]:
    """Minutes and agendas as they were shared, as page and PDF; and the page of each group."""
    with psycopg.connect(house.database.app) as connection:
        versions = connection.execute(
            "SELECT meeting_id, kind, number FROM meetings_documentversion ORDER BY id"
        ).fetchall()
        groups = connection.execute("SELECT slug FROM directory_group ORDER BY id").fetchall()
    return [
        "/",
        *(f"/groups/{slug}/" for (slug,) in groups),
        *(f"/meetings/{pk}/{kind}/{number}/" for pk, kind, number in versions),
        *(f"/meetings/{pk}/{kind}/{number}/pdf/" for pk, kind, number in versions),
    ]


def reading(browser: Browser, paths: list[str]) -> dict[str, str]:
    """What stands at each address for who is logged in, and in the files that hang there."""
    found: dict[str, str] = {}
    while paths:
        path = paths.pop(0)
        if path in found:
            continue
        status, content = browser.get(path)
        if not path.startswith("/files/") and not path.endswith("/pdf/"):
            page = FRESH.sub("", content.decode())
            paths += re.findall(r'href="(/files/[^"]+)"', page)
            content = page.encode()
        found[path] = f"{status} {sha256(content).hexdigest()}"
    return found


def logged(log: Path) -> list[dict[str, object]]:
    """Each line as data; no line has a person, a password or the end of an address in it."""
    text = log.read_text()
    assert [word for word in (COORDINATOR, PASSWORD, "salainen") if word in text] == []
    return [json.loads(line) for line in text.splitlines()]


def test_a_house_goes_on_on_an_empty_server(tmp_path: Path) -> None:
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    kept = tmp_path / "house.zip"
    with house("lost", tmp_path / "old", template) as old:
        assert old.manage("demo_data").returncode == 0
        paths = addresses(old)
        with served(old, tmp_path / "old.log") as browser:
            status, _page = browser.post(
                "/account/login/", login=COORDINATOR, password=PASSWORD, next="/"
            )
            assert status == 200
            before = reading(browser, [*paths])
            cookies = browser.cookies
        assert old.manage("backup", str(kept)).returncode == 0
    assert {answer.split()[0] for answer in before.values()} <= {"200", "404"}
    shown = [path for path, answer in before.items() if answer.startswith("200")]
    assert any(path.endswith("/pdf/") for path in shown)
    assert any("/minutes/" in path and not path.endswith("/pdf/") for path in shown)
    assert any(path.startswith("/files/") for path in shown)

    with house("found", tmp_path / "new") as new:
        run = new.manage("restore", str(kept), owner=True)
        assert run.returncode == 0, run.stderr
        assert new.manage("migrate", "--check").returncode == 0
        with served(new, tmp_path / "new.log") as browser:
            status, _page = browser.post(
                "/account/login/", login=COORDINATOR, password=PASSWORD, next="/"
            )
            assert status == 200
            assert reading(browser, [*paths]) == before
            # Who was logged in still is.
            browser.cookies = cookies
            assert browser.get("/")[0] == 200
            assert browser.get("/invitation/salainen-avain/?q=salainen")[0] != 500
    lines = logged(tmp_path / "old.log") + logged(tmp_path / "new.log")
    routes = {line["route"] for line in lines if line.get("message") == "answered"}
    assert {"/account/login/", "/invitation/<str:token>/"} <= routes
    assert [line for line in lines if line["level"] in ("ERROR", "CRITICAL")] == []
