"""What the directory knows, as far as reading a text needs it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation by its name, with its other names and its inflected forms."""

    name: str
    aliases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The names a text may use. Everything works without: then the text itself must tell."""

    organisations: tuple[KnownOrganisation, ...] = ()
    persons: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
