"""A text of 5 MB is read in under ten seconds and 300 MB."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_five_megabytes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.meetings.importing.measure"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    size, items, seconds, peak = (float(part) for part in done.stdout.split())
    assert size > 5_000_000
    assert items > 5000
    assert seconds < 10
    assert peak < 300
