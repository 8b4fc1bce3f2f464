"""Sizes: a worker after many PDFs, and the import of a very large text."""

import subprocess
import sys
import time

import psutil

from tests.bench.scene import Scene
from tests.bench.server import Client

NAME = "pdf-memory"
IMPORT = "import"
PDFS = 500
WORKER_MB = 250
IMPORT_BYTES = 5_000_000
IMPORT_SECONDS = 10
IMPORT_MB = 300

_READ = """
import re, sys, time
from pathlib import Path
from meetings.importing import decode, read_minutes
data = sys.stdin.buffer.read()
started = time.perf_counter()
reading = read_minutes(decode(data))
print(time.perf_counter() - started, sum(len(item.lines) for item in reading.agenda))
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def after_many_pdfs(client: Client, scene: Scene, server: psutil.Process) -> int:
    """A worker's resident memory after 500 PDFs, in 250 MB; 1 where it is over."""
    started = time.perf_counter()
    for _one in range(PDFS):
        client.get(f"/meetings/{scene.draft}/pdf/?draft=1")
    largest = max(child.memory_info().rss for child in server.children(recursive=True)) / 2**20
    ratio = largest / WORKER_MB
    print(
        f"{NAME} ratio {ratio:.2f} limit 1  ({largest:.0f} MB after {PDFS} PDFs, "
        f"{(time.perf_counter() - started) / PDFS * 1000:.0f} ms each)",
        flush=True,
    )
    return int(ratio > 1)


def import_of_a_large_text() -> int:
    """5 MB of minutes read in a process of its own: seconds of 10, memory of 300 MB."""
    text = _large_text()
    reader = subprocess.run(
        [sys.executable, "-c", _READ], input=text, capture_output=True, check=True
    )
    seconds, lines, kilobytes = reader.stdout.split()
    ratio = max(float(seconds) / IMPORT_SECONDS, int(kilobytes) / 1024 / IMPORT_MB)
    print(
        f"{IMPORT} ratio {ratio:.2f} limit 1  ({float(seconds) * 1000:.0f} ms, "
        f"{int(kilobytes) / 1024:.0f} MB, {int(lines)} lines of {len(text) / 1e6:.0f} MB)",
        flush=True,
    )
    return int(ratio > 1)


def _large_text() -> bytes:
    head = (
        "Työryhmän kokous\n\n12.3.2026\nAika: klo 13.00-15.30, Espoo\n\n"
        "Läsnä: Testi Henkilö (pj, Espoo)\n\n"
    )
    parts, size, number = [head], 0, 0
    while size < IMPORT_BYTES:
        number += 1
        block = f"{number}) Asia numero {number}\n\n" + "".join(
            f"• Kohta {line}: työryhmä keskusteli opiskeluhuollon järjestämisestä kunnissa\n"
            f"o Sovitaan, että Espoo jakaa ohjeen numero {line} ennen seuraavaa kokousta.\n"
            for line in range(20)
        )
        parts.append(block)
        size += len(block.encode())
    return "".join(parts).encode()
