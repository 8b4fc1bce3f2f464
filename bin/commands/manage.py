"""Run a management command on the demo's database: bin/manage COMMAND …"""

import subprocess
import sys

from bin.commands import databases

OWNERS = {"migrate", "flush"}  # what the tables' owner does; all else runs with the app's rights
UNPREPARED = {"migrate", "makemigrations", "help"}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "help"
    databases.compile_messages()
    with databases.demo_database(migrate=name not in UNPREPARED) as database:
        environment = database.environment(as_owner=name in OWNERS)
        if name not in UNPREPARED:
            environment["STATIC_ROOT"] = databases.collect_static(environment)
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=databases.ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    databases.start(main)
