"""Measure speed and size (bin/bench [NAME…]) on a durable database, as a deployment has it."""

import subprocess
import sys

from bin.commands import databases
from core import embedded

NAME = "bench"


def main(arguments: list[str]) -> int:
    """Run the benchmarks on a fresh, migrated database; return their exit status."""
    own = databases.VAR / "bench"
    databases.compile_messages()
    with embedded.running(own / "postgres", durable=True) as server:
        databases.make_roles(server)
        databases.drop(server, NAME)
        database = databases.copy_migrated(server, NAME)
        environment = database.environment(DATA_DIR=str(own / "files"))
        environment["STATIC_ROOT"] = databases.collect_static(environment)
        command = [sys.executable, "-m", "tests.bench", *arguments]
        return subprocess.run(command, cwd=databases.ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    databases.start(main)
