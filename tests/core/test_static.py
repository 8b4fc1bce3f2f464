"""Our scripts and sheets are served small, under names that tell their content."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


def test_what_is_served_is_small() -> None:
    for name in ("js/editor/mount.js", "css/base.css"):
        served = Path(settings.STATIC_ROOT) / staticfiles_storage.stored_name(name)
        written = settings.BASE_DIR / "static" / name
        assert 0 < served.stat().st_size < 0.9 * written.stat().st_size
        assert served.with_name(served.name + ".br").exists()
