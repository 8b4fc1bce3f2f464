"""What the editor says (static/js/editor), in the reader's language, by English msgid.

A test holds that this is exactly what its modules ask for.
"""

from django.utils.translation import gettext, gettext_noop, pgettext_lazy

STRINGS = [
    # What the page says about saving
    gettext_noop("Unsaved"),
    gettext_noop("Saving…"),
    gettext_noop("Saved %(time)s"),
    gettext_noop("No connection: the text is kept in this browser"),
    gettext_noop(
        "No connection, and this browser has no room to keep the text: do not close the page"
    ),
    gettext_noop("Your login has expired; the text is kept in this browser."),
    gettext_noop("Log in in a new tab"),
    gettext_noop("Not saved: see the message in the text"),
    gettext_noop("The text was not saved."),
    gettext_noop("The text of this item is too long to be saved. Divide it."),
    gettext_noop("The minutes have been shared meanwhile; this text was not saved."),
    gettext_noop("The meeting has been cancelled meanwhile; this text was not saved."),
    gettext_noop("The item has been taken off the agenda meanwhile; this text was not saved."),
    gettext_noop("You can't write in this meeting any more; this text was not saved."),
    gettext_noop("Copy the text"),
    gettext_noop("Copied"),
    gettext_noop("Select the text and copy it"),
    gettext_noop("Discard the text"),
    gettext_noop(
        "Something has been removed from this text for good. "
        "What you had not saved was left out: copy from it what may stay."
    ),
    gettext_noop("Your unsaved text"),
    gettext_noop("Close"),
    gettext_noop("Some text could not be saved. Log out and lose it?"),
    gettext_noop("The editor could not be loaded. Check the connection and try again."),
    gettext_noop("Also here"),
    # The text and its toolbar
    gettext_noop("Text of the item"),
    gettext_noop(
        "Alt+F10 goes to the toolbar, Alt+Enter to the marks of the line. "
        "Escape and then Tab leaves the text."
    ),
    gettext_noop("Formatting and marks"),
    gettext_noop("Bold"),
    gettext_noop("Italic"),
    gettext_noop("Link"),
    gettext_noop("Bulleted list"),
    gettext_noop("Numbered list"),
    gettext_noop("List with letters"),
    gettext_noop("List with roman numerals"),
    gettext_noop("Increase nesting"),
    gettext_noop("Decrease nesting"),
    gettext_noop("Undo"),
    gettext_noop("Redo"),
    gettext_noop("Table"),
    gettext_noop("+ row"),
    gettext_noop("+ column"),
    gettext_noop("− row"),
    gettext_noop("− column"),
    gettext_noop("Add a row below"),
    gettext_noop("Add a column to the right"),
    gettext_noop("Delete the row"),
    gettext_noop("Delete the column"),
    gettext_noop("Header cell"),
    gettext_noop("Delete table"),
    gettext_noop("Delete the table"),
    gettext_noop("Language of the line"),
    gettext_noop("Finnish"),
    gettext_noop("Swedish"),
    gettext_noop("English"),
    gettext_noop("Address of the link"),
    gettext_noop("Set the link"),
    gettext_noop("Remove the link"),
    gettext_noop("Cancel"),
    gettext_noop("Write a web address or an e-mail address."),
    # Marks and their form
    gettext_noop("Agreed"),
    gettext_noop("Open question"),
    gettext_noop("Milestone"),
    gettext_noop("Awaiting information"),
    gettext_noop("Marks of the line “%(text)s”"),
    gettext_noop("Remove the mark: %(kind)s"),
    gettext_noop("Responsible"),
    gettext_noop("Recipient"),
    gettext_noop("Due"),
    gettext_noop("Effective from"),
    gettext_noop("organisation"),
    gettext_noop("person"),
    gettext_noop("group"),
    gettext_noop("set of organisations"),
    gettext_noop("Chosen: %(names)s"),
    gettext_noop("Remove %(name)s"),
    gettext_noop("%(name)s was added."),
    gettext_noop("%(name)s was removed."),
    gettext_noop("Nothing of that name in the directory."),
    gettext_noop("The directory can't be reached just now."),
    gettext_noop("no due date"),
    gettext_noop("no date"),
    gettext_noop("day"),
    gettext_noop("month"),
    gettext_noop("season"),
    gettext_noop("next meeting"),
    gettext_noop("before the next meeting"),
    gettext_noop("%(field)s, day"),
    gettext_noop("%(field)s, month"),
    gettext_noop("%(field)s, season"),
    gettext_noop("%(field)s, year"),
    gettext_noop("Write the day as 3.12.2024"),
    gettext_noop("Pick from a calendar"),
    # Two people in one line
    gettext_noop("Two versions of a line"),
    gettext_noop("Two of you changed the same line. Both are kept: choose."),
    gettext_noop(
        "%(name)s changed the same words at the same time (%(time)s). Both are kept: choose."
    ),
    gettext_noop(
        "%(one)s and %(other)s changed the same words at once (%(time)s). Both are kept: choose."
    ),
    gettext_noop(
        "One deleted this line while another changed it: %(one)s and %(other)s, %(time)s. "
        "It is kept: choose."
    ),
    gettext_noop("%(day)s at %(time)s"),
    gettext_noop("Keep the first"),
    gettext_noop("Keep the second"),
    gettext_noop("One of you deleted this line while the other changed it. It is kept: choose."),
    gettext_noop("Keep mine"),
    gettext_noop("Keep the other"),
    gettext_noop("Keep both"),
    gettext_noop("Keep the line"),
    gettext_noop("Delete the line"),
]
# Words that need their context to be translated; the scripts ask by the msgid alone.
IN_CONTEXT = {
    "Decision": pgettext_lazy("mark", "Decision"),
    "Task": pgettext_lazy("mark", "Task"),
    "Request": pgettext_lazy("mark", "Request"),
    "Joining": pgettext_lazy("mark", "Joining"),
    "spring": pgettext_lazy("season", "spring"),
    "summer": pgettext_lazy("season", "summer"),
    "autumn": pgettext_lazy("season", "autumn"),
    "winter": pgettext_lazy("season", "winter"),
}


def texts() -> dict[str, str]:
    """Each msgid with its translation into the active language."""
    return {msgid: gettext(msgid) for msgid in STRINGS} | {
        msgid: str(text) for msgid, text in IN_CONTEXT.items()
    }
