"""The house's own settings with the floors' addresses beside the house's."""

from welfare.settings import *  # noqa: F403
from welfare.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.bench.floors"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "bench" / "templates")
