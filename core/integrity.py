"""Files on disk against their records; says where they differ."""

import hashlib
from collections.abc import Iterator

from core.models import StoredFile


def drift() -> Iterator[str]:
    """One sentence for each file that is not what its record says."""
    for record in StoredFile.objects.order_by("pk").iterator():
        try:
            with record.content.open() as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            yield f"file {record.pk}: is not in the storage"
            continue
        if digest != record.sha256:
            yield f"file {record.pk}: its content is not what was stored"
