"""Run a management command on the demo's database: bin/manage COMMAND …"""

import subprocess
import sys

from bin.commands import databases

# What the tables' owner does; all else runs with the app's rights.
OWNERS = {"migrate", "flush", "restore"}
UNPREPARED = {"migrate", "makemigrations", "help", "restore"}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "help"
    databases.compile_messages()
    with databases.demo_database(migrate=name not in UNPREPARED) as database:
        environment = database.environment(as_owner=name in OWNERS)
        if name not in UNPREPARED:
            environment["STATIC_ROOT"] = databases.collect_static(environment)
        command = [sys.executable, "manage.py", *arguments]
        restores = name == "restore"
        if restores:
            databases.unclaim(database)
        run = subprocess.run(command, cwd=databases.ROOT, env=environment, check=False)
        if restores:
            databases.reclaim(database, filled=run.returncode == 0)
        return run.returncode


if __name__ == "__main__":
    databases.start(main)
