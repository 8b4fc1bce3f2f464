"""What the import says: why a text can't be read, and what a doubt is about."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.importing import Alternative, Doubt, DoubtReason, Problem, Reading

PROBLEMS = {
    Problem.EMPTY: gettext_lazy("There is no text in it."),
    Problem.TOO_LARGE: gettext_lazy(
        "It is larger than 20 MB. Minutes are text; is this the right file?"
    ),
    Problem.BINARY: gettext_lazy(
        "This is not a text file. Open it in the program it was made with, save it as plain text, "
        "or copy the text and paste it here."
    ),
    Problem.ENCODING: gettext_lazy(
        "The letters of this file can't be read: it is not UTF-8. Save it anew as plain text with "
        "the encoding UTF-8, or copy the text and paste it here."
    ),
    Problem.UNRECOGNISED: gettext_lazy(
        "This does not look like minutes: no date, no list of attendance and no items were found. "
        "Nothing was saved."
    ),
}


def doubt_words(doubt: Doubt) -> str:
    """What is doubtful, in a sentence."""
    detail = doubt.detail
    match doubt.reason:
        case DoubtReason.UNCLOSED_BRACKET:
            return _("The bracket after %(name)s is not closed. Read as if it were.") % detail
        case DoubtReason.NAME_UNCLEAR:
            return _("“%(piece)s” in the list of attendance was not understood.") % detail
        case DoubtReason.INTERRUPTING_LINK:
            words = {"to": detail["to"], "label": detail["label"] or "…"}
            return (
                _("An address interrupts the text. It was given to line %(to)s: “%(label)s”.")
                % words
            )
        case DoubtReason.LINK_WITHOUT_LABEL:
            return _("An address without words. It was given to line %(to)s.") % detail
        case DoubtReason.HEADING_UNCLEAR if "text" in detail:
            return _("This may be a heading. It was read as text.")
        case DoubtReason.HEADING_UNCLEAR if "rest" not in detail:
            return _("Is “%(heading)s” a heading? It was read as one.") % detail
        case DoubtReason.HEADING_UNCLEAR:
            return _("Where does the heading end? Read as “%(heading)s”.") % detail
        case DoubtReason.NUMBERING_JUMPS:
            return _("The numbering jumps: %(number)s, where %(expected)s was expected.") % detail
        case DoubtReason.OWNER_UNKNOWN:
            return _("Who is “%(owner)s”? The text does not say.") % detail
        case DoubtReason.OWNER_AMBIGUOUS:
            return _("“%(owner)s” fits several people.") % detail
        case DoubtReason.DUE_UNCLEAR:
            return _("“%(due)s” was not understood as a due date.") % detail
        case DoubtReason.DATE_UNCLEAR:
            return _("The text names several dates. Check the date of the meeting.")
        case DoubtReason.PAGE_FURNITURE:
            return _("Left out as the head or foot of a page.")
        case DoubtReason.OUTSIDE_ITEMS:
            return _("Left out: it belongs to no item. It stays in the source.")


def stranger_words(name: str, task: str, *, recipient: bool = False) -> str:
    """That a task was read in without someone whom the text names for it."""
    words = {"name": name, "task": task if len(task) <= 80 else f"{task[:80]}…"}
    if recipient:
        return (
            _(
                "“%(name)s”, the recipient of a task, was not found in the directory or in this"
                " group: “%(task)s”"
            )
            % words
        )
    return (
        _(
            "“%(name)s”, responsible for a task, was not found in the directory or in this"
            " group: “%(task)s”"
        )
        % words
    )


def alternative_words(reading: Reading, alternative: Alternative) -> str:
    """Another way to read it, as the label of a choice."""
    match alternative.change:
        case "link.line":
            line = reading.source[alternative.value - 1].strip()
            return _("It belongs to line %(number)s: “%(text)s”") % {
                "number": alternative.value,
                "text": line[:80],
            }
        case "action.owner":
            return _("It is %(name)s") % {"name": alternative.value}
        case "item.join":
            return _("It is text of “%(heading)s”") % {"heading": alternative.value}
        case _:
            return _("The heading is “%(heading)s”") % {"heading": alternative.value}
