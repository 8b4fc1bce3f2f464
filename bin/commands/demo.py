"""Start the demo (bin/demo): database, demo data, app and worker, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil
from psycopg.pq import PGconn, Ping

from bin.commands import databases

PORTS = range(8000, 8100)  # the first free one is taken
MARK = "YHTEISPOYTA_DEMO"  # in the environment of what the demo starts: which clone's it is
FIRST_ANSWER = 60  # seconds the app may take to answer
GOODBYE = 10  # seconds the parts may take to end


class FailedError(Exception):
    """A part of the demo did not start, or ended by itself."""


def main(arguments: list[str]) -> int:
    """Run the demo until it is told to stop, or until one of its parts ends."""
    if arguments:
        databases.say("bin/demo takes no arguments; DATABASE_URL names another database.")
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with (databases.VAR / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            databases.say("The demo of this clone is running already.")
            return 1
        end_leftovers()
        databases.compile_messages()
        started = time.monotonic()
        try:
            with databases.demo_database() as database:
                databases.say(f"{time.monotonic() - started:5.1f} s  database")
                serve(database)
        except FailedError as error:
            databases.say(str(error))
            return 1
        except KeyboardInterrupt:
            databases.say("The demo has stopped.")
    return 0


def serve(database: databases.Database) -> NoReturn:
    """Fill in the demo data, start the parts, say where they are, and watch them."""
    environment = {**database.environment(), MARK: str(databases.ROOT)}
    environment["STATIC_ROOT"] = databases.collect_static(environment)
    databases.fill(database, environment)
    port = free_port()
    environment["SITE_URL"] = f"http://localhost:{port}"  # for the links in mails
    server = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    server += [
        "--workers",
        "2",
        "--respawn-failed-workers",
        "--blocking-threads",
        "4",
        "--port",
        str(port),
    ]
    with (
        part([*server, "--log-level", "warning", "welfare.wsgi:application"], environment) as app,
        part([sys.executable, "manage.py", "procrastinate", "worker"], environment) as worker,
    ):
        with databases.step("start"):
            await_answer(f"http://127.0.0.1:{port}/", app)
        databases.manage("demo_data", "--logins", environment=environment)
        databases.say(f"\nhttp://localhost:{port}/   (Ctrl-C stops)\n")
        while True:
            time.sleep(1)
            if app.poll() is not None:
                raise FailedError("The app has ended.")
            if worker.poll() is not None:
                raise FailedError("The worker has ended.")
            if PGconn.ping(database.app.encode()) == Ping.NO_RESPONSE:
                raise FailedError("The database has ended.")


@contextmanager
def part(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a group of its own, so that it ends with all its children."""
    process = subprocess.Popen(
        command,
        cwd=databases.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GOODBYE)
        end(group(process.pid))
        process.wait()


def group(leader: int) -> list[psutil.Process]:
    """The living processes of a process group."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == leader:
                found.append(process)
    return found


def end_leftovers() -> None:
    """End what a killed demo of this clone has left running."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # somebody else's process, or one that has just ended
            if process.environ().get(MARK) == str(databases.ROOT):
                found.append(process)
    end(found)


def end(processes: list[psutil.Process]) -> None:
    """Ask the processes to end, and after a while make them."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(processes, timeout=GOODBYE)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def free_port() -> int:
    """The first port that nobody listens on."""
    for port in PORTS:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise FailedError(f"No port from {PORTS[0]} to {PORTS[-1]} is free.")


def await_answer(address: str, app: subprocess.Popen[bytes]) -> None:
    """Wait until the app answers a request with a page, be it the login."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + FIRST_ANSWER
    while app.poll() is None and time.monotonic() < deadline:
        try:
            direct.open(address, timeout=FIRST_ANSWER).close()
        except urllib.error.HTTPError as error:
            raise FailedError(f"The app answers with an error: {error}.") from error
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise FailedError("The app does not answer.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not break the tidying up.
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    databases.start(main)
