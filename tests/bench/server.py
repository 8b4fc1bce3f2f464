"""The app as it is deployed, in processes of its own, and a client that speaks to it."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

CSRF = "benchbenchbenchbenchbenchbenchbe"


class Client:
    """One connection with a logged-in session; each call says how long it took, in seconds."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}; django_language=fi",
            "X-CSRFToken": CSRF,
            "Accept": "application/json, text/html",
        }

    def get(self, path: str) -> tuple[float, bytes]:
        """GET; (seconds, body). Anything but 200 is an error of the benchmark."""
        return self._ask("GET", path)

    def post(self, path: str, body: bytes) -> tuple[float, bytes]:
        """POST JSON; (seconds, body)."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[float, bytes]:
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        started = time.perf_counter()
        self._connection.request(method, path, body=body, headers=headers)
        response = self._connection.getresponse()
        content = response.read()
        took = time.perf_counter() - started
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:400]!r}")
        return took, content


@contextmanager
def running(workers: int = 1) -> Iterator[tuple[int, psutil.Process]]:
    """The server on a free port: (port, its process)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--log-level", "error"),
        "tests.bench.wsgi:application",
    ]
    process = subprocess.Popen(command)
    try:
        _wait(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
