"""The app with the floors beside it."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

from welfare.wsgi import application

__all__ = ["application"]
