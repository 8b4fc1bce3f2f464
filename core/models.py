"""What every room may use: a stored file."""

from django.db import models


class StoredFile(models.Model):
    """A file by its content: two uploads of the same bytes are one file on disk."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=120)
    content = models.FileField(upload_to="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]
