"""Static files as they are served: small, compressed, with hashed names."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_SMALLER = {".css": cssmin, ".js": jsmin}


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which minifies our own files first; packages bring theirs minified."""

    def post_process(
        self, paths: dict[str, Any], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Minify what was collected from our folders, then let WhiteNoise hash and compress."""
        for path in list(paths):
            name = path[path.rfind(".") :]
            if name in _SMALLER and path.startswith(("css/", "js/")):
                with self.open(path) as file:
                    small = _SMALLER[name](file.read().decode())
                self.delete(path)
                self.save(path, ContentFile(small.encode()))
                paths[path] = (self, path)  # hashed and compressed from here, not from our folder
        yield from super().post_process(paths, *args, **options)
