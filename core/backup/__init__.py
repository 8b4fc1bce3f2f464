"""The whole house in one file: every row of the database and every stored file.

A backup is a zip file. `tables/NAME` holds the rows as PostgreSQL's COPY writes them, `files/…` the
stored files by their names, and `manifest.json` comes last and says what must be there, with
checksums. `docs/adr/0011-backup.md` says why it is made this way.
"""
