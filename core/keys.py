"""A row's key as a browser sends it."""

_LONGEST = 9  # digits: what fits into a key of the database, and no work to read


def as_key(text: str) -> int | None:
    """The number that the text is, None where it is no key; bad text is nobody's error."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
