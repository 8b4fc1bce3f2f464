"""The words that the scripts of the workspace say, in the reader's language, by English msgid."""

from django.utils.translation import gettext, gettext_noop

from meetings import editor_strings

# A test compares this list with what static/js asks for.
_WORKSPACE = [
    gettext_noop("Heading of the item"),
    gettext_noop("No connection. Nothing was changed; try again."),
    gettext_noop("Something went wrong. Nothing was changed."),
    gettext_noop("Your login has expired. Log in again, and continue here."),
]


def strings() -> dict[str, str]:
    """Each msgid with its translation."""
    return {msgid: gettext(msgid) for msgid in _WORKSPACE} | editor_strings.texts()
