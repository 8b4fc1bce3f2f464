"""An item's body for reading: marked lines set apart in place, tables made readable.

A line is one text block; marks belong to lines by id (`data-line`) and are not part of the body.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from lxml import html as lxml_html
from lxml.html import HtmlElement, builder

from core import vague
from directory.enums import OwnerSet
from meetings.enums import MarkKind

Mark = Mapping[str, Any]


class Body:
    """A body made readable: `html`, and what its marked lines say.

    `formal` minutes decide where a memo agrees. `language` is the item's, for lines that name none;
    the words about a line are in the active language, the document's.
    """

    def __init__(
        self,
        html: str,
        marks: Mapping[str, list[Mark]],
        *,
        formal: bool,
        language: str,
        for_print: bool,
    ) -> None:
        self.marked_lines: list[dict[str, Any]] = []
        self._formal = formal
        words = get_language() or language
        self._words_in = {} if words == language else {"lang": words}
        if not html.strip():
            self.html = ""
            return
        root = lxml_html.fragment_fromstring(html, create_parent="div")
        for line in list(root.iterfind(".//*[@data-line]")):
            line_id = line.attrib.pop("data-line")
            if not for_print:
                line.set("id", f"line-{line_id}")
            if marks_here := marks.get(line_id):
                self._note(line, marks_here, language)
                self._set_apart(line, marks_here)
        for paragraph in root.findall("p"):
            if not len(paragraph) and not (paragraph.text or "").strip():
                paragraph.drop_tree()
        for table in list(root.iter("table")):
            _mend_table(table)
            if not for_print:
                # It scrolls on a narrow screen, by keyboard too, and then says what it is.
                region = {"role": "group", "aria-label": _("Table")}
                _wrap(table, builder.DIV({"class": "table-scroll", "tabindex": "0", **region}))
        if for_print:
            for numbered in root.iter("ol"):
                if (start := numbered.get("start", "")).lstrip("-").isdecimal():
                    # WeasyPrint does not know the attribute.
                    numbered.set("style", f"counter-reset: list-item {int(start) - 1}")
        self.html = "".join(
            lxml_html.tostring(child, encoding="unicode") for child in root.iterchildren()
        )

    def _note(self, line: HtmlElement, marks: list[Mark], language: str) -> None:
        kinds = {mark["kind"]: mark for mark in marks}
        self.marked_lines.append(
            {
                "text": " ".join(line.text_content().split()),
                "language": line.get("lang") or language,
                "agreed": MarkKind.AGREED in kinds,
                "effective": _when(kinds.get(MarkKind.AGREED, {}).get("effective")),
                "actions": [
                    {
                        "action": label(kind),
                        "owners": _owners(mark),
                        "recipient": _name(mark.get("recipient")),
                        "due": _when(mark.get("due")),
                    }
                    for kind, mark in kinds.items()
                    if MarkKind(kind).is_action
                ],
            }
        )

    def _set_apart(self, line: HtmlElement, marks: list[Mark]) -> None:
        """Put the line into a box with its label above (set at the side) and its facts below."""
        box = builder.DIV({"class": " ".join(["marked", *(mark["kind"] for mark in marks)])})
        _wrap(line, box)
        labels = [label(mark["kind"], formal=self._formal) for mark in marks]
        box.insert(0, builder.P({"class": "mark-label"} | self._words_in, " · ".join(labels)))
        for name, mark in zip(labels, marks, strict=True):
            facts = " · ".join(f"{key}: {value}" for key, value in _facts(mark))
            if facts and len(marks) > 1:
                facts = f"{name} – {facts}"
            if facts:
                box.append(builder.P({"class": "mark-facts"} | self._words_in, facts))


def label(kind: str, *, formal: bool = False) -> str:
    """A mark's name; what a memo calls agreed, formal minutes call a decision."""
    if formal and kind == MarkKind.AGREED:
        return pgettext("mark", "Decision")
    return str(MarkKind(kind).label)


def _facts(mark: Mark) -> Iterator[tuple[str, str]]:
    facts = (
        (_("Effective from"), _when(mark.get("effective"))),
        (_("Responsible"), _owners(mark)),
        (_("Recipient"), _name(mark.get("recipient"))),
        (_("Due"), _when(mark.get("due"))),
    )
    return ((name, value) for name, value in facts if value)


def _when(code: str | None) -> str:
    return vague.label(code or "", get_language() or "fi")


def _owners(mark: Mark) -> str:
    return ", ".join(_name(owner) for owner in mark.get("owners", ()))


def _name(owner: Mark | None) -> str:
    if not owner:
        return ""
    if owner["type"] == "set" and owner["id"] in OwnerSet.values:
        return str(OwnerSet(owner["id"]).label)
    return str(owner["name"])


def _wrap(element: HtmlElement, around: HtmlElement) -> None:
    """Put `around` in the element's place and the element into it; the tail stays outside."""
    around.tail, element.tail = element.tail, None
    parent = element.getparent()
    parent.replace(element, around)
    around.append(element)


def _mend_table(table: HtmlElement) -> None:
    """Give rows of headings a head, which print repeats, and every heading its direction."""
    rows = list(table.iter("tr"))
    head = []
    for row in rows:
        if len(row) and all(cell.tag == "th" for cell in row):
            head.append(row)
        else:
            break
    for row in rows:
        for cell in row.iterchildren("th"):
            if not cell.get("scope"):
                cell.set("scope", "col" if row in head else "row")
    if head and len(head) < len(rows) and table.find("thead") is None:
        table.insert(0, builder.THEAD(*head))
