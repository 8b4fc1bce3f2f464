"""The table of Django's cache, which counts attempts over all processes (settings.CACHES)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0002_outgoing_mail")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE core_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX core_cache_expires ON core_cache (expires);
            """,
            "DROP TABLE core_cache",
        ),
    ]
