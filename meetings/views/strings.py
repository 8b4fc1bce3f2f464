"""The words that the scripts of the workspace say, in the reader's language, by English msgid."""

from django.utils.translation import gettext, gettext_noop

from meetings import editor_strings

# A test holds that this is exactly what static/js/workspace.js asks for.
STRINGS = [
    gettext_noop("Has text"),
    gettext_noop("Heading of the item"),
    gettext_noop("No connection. Nothing was changed; try again."),
    gettext_noop("Something went wrong. Nothing was changed."),
    gettext_noop("The meeting has moved on meanwhile. Reload the page to see how it stands."),
    gettext_noop("Your login has expired. Log in again, and continue here."),
]


def strings() -> dict[str, str]:
    """Each msgid with its translation, the editor's too."""
    return editor_strings.texts() | {msgid: gettext(msgid) for msgid in STRINGS}
