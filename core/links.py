"""Signed links, for what acts without a login: a link says what it is for, to whom, and until when.

The data stands in the link, signed with SECRET_KEY; nothing is stored. What must be usable once
only is checked by whoever made the link, against its own record.
"""

from datetime import timedelta
from typing import Any

from django.core import signing


class BrokenLink(Exception):
    """The link is not one of ours, is for something else, or is too old."""


def sign(purpose: str, **data: Any) -> str:
    """A token for an address, such as `sign("invitation", pk=7)`; `data` must fit into JSON."""
    return signing.dumps(data, salt=purpose)


def read(token: str, purpose: str, max_age: timedelta) -> dict[str, Any]:
    """The data of a token that was signed for this purpose at most `max_age` ago."""
    try:
        data = signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise BrokenLink from error
    if not isinstance(data, dict):
        raise BrokenLink
    return data
