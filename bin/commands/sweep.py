"""Look at every page in every setting in Chromium (bin/sweep [OPTIONS of pytest…])."""

from bin.commands import databases, test
from core import embedded

FULL = "tests/e2e/sweep/full.py"
SHOWN = ["-q", "-rP", "--show-capture=stdout", "--durations=0", "--durations-min=1"]
HOW = ["-n", "2", "-o", "faulthandler_timeout=0"]  # each of the twelve takes minutes


def main(arguments: list[str]) -> int:
    """Scan them on a database of their own; return pytest's exit status."""
    databases.say(
        "Every page with 0, 3 and 300 rows, light and dark, 390 and 1280 px wide, and zoomed to "
        "400 %: accessibility, focus, motion, size. About 15 minutes on two cores."
    )
    databases.compile_messages()
    own = databases.VAR / "test"
    with (
        embedded.running(own / "postgres", durable=False) as server,
        test.own_database(server) as database,
    ):
        environment = database.environment(DATA_DIR=str(own / "files"))
        environment["STATIC_ROOT"] = databases.collect_static(environment)
        return test.pytest([FULL, *HOW, *SHOWN, *arguments], database, environment)


if __name__ == "__main__":
    databases.start(main)
