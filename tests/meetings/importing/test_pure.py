"""The import stands by itself: it needs neither Django nor a database."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_reading_loads_no_django() -> None:
    code = "import sys, meetings.importing; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
