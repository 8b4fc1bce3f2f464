"""What WeasyPrint leaves out of a PDF's structure tree (ISO 32000-1, 14.8; ISO 14289-1, 7).

`completed` wraps the function with which WeasyPrint builds the tree, box by box, so that elements
get the language of their part, an item of a list is a label and a body that holds its inner lists,
a definition list pairs its labels and bodies, and what stands in the page's margins becomes an
artifact; `mark_artifacts` then says so in the pages' contents.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pydyf

# Boxes, elements and documents are WeasyPrint's own, undocumented objects: Any on purpose.
Build = Callable[..., Iterator[Any]]

# They have no element of their own; their language is the file's.
_OUTERMOST = ("html", "body")


def completed(build: Build, margin_box: Any) -> Build:
    """WeasyPrint's tree builder `build`, completed. `margin_box` is its class of margin boxes."""

    def elements(
        box: Any,
        parent: Any,
        pdf: Any,
        page: int,
        content: dict[int, Any],
        annotations: Any,
        tags: dict[Any, Any],
    ) -> Iterator[Any]:
        if isinstance(box, margin_box):
            artifacts = pdf.__dict__.setdefault("artifacts", {}).setdefault(page, set())
            for text in [text for text in box.descendants() if text in tags]:
                number = tags.pop(text)["mcid"]
                artifacts.add(number)
                content[number] = "null"  # keeps the others' places in the parent tree
            return
        box = getattr(box, "_box", box)  # an absolutely placed box stands behind a placeholder
        tag = None if box.element is None else box.element_tag
        before = len(parent["K"]) if tag == "li" else 0
        for element in build(box, parent, pdf, page, content, annotations, tags):
            spoken = tag and tag not in _OUTERMOST and "::" not in tag
            if spoken and (language := box.element.get("lang")):
                element["Lang"] = pydyf.String(language)
            if element["S"] == "/LI" and tag == "dt":
                _kids(pdf, element)[0]["S"] = "/Lbl"
            elif element["S"] == "/LI" and tag == "li":
                _gather(pdf, element, parent, before)
            elif element["S"] == "/L" and tag == "dl":
                _pair(pdf, element)
            yield element

    return elements


def mark_artifacts(pdf: Any) -> None:
    """Make the contents of margin boxes artifacts: neither read aloud nor part of the text."""
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    for number, marks in pdf.__dict__.get("artifacts", {}).items():
        stream = pdf.objects[int(pages[number]["Contents"].split()[0])].stream
        for place, operand in enumerate(stream):
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in marks:
                stream[place - 1] = "/Artifact"
                stream[place] = pydyf.Dictionary({"Type": "/Pagination"})


def name_every_glyph(pdf: Any) -> None:
    """Give the glyphs that WeasyPrint leaves without a character one that is nothing.

    Where several glyphs draw one cluster of characters, WeasyPrint gives it to the last of them.
    """
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and b"endbfchar" in stream.stream:
            stream.stream = [
                line.replace(b"<>", b"<200b>") if isinstance(line, bytes) else line
                for line in stream.stream
            ]


def _kids(pdf: Any, element: Any) -> list[Any]:
    """The elements right below one."""
    return [pdf.objects[int(kid.split()[0])] for kid in element["K"] if isinstance(kid, bytes)]


def _adopt(element: Any, kids: list[Any]) -> None:
    for kid in kids:
        kid["P"] = element.reference
    element["K"].extend(kid.reference for kid in kids)


def _gather(pdf: Any, item: Any, parent: Any, before: int) -> None:
    """Put an item's text and inner lists into its body: WeasyPrint hangs the lists on `parent`."""
    nested, parent["K"][before:] = parent["K"][before:], []
    labels: list[Any] = []
    bodies: list[Any] = []
    # An object's number tells where in the text it begins.
    for kid in sorted(_kids(pdf, item) + _kids(pdf, {"K": nested}), key=lambda kid: kid.number):
        (labels if kid["S"] == "/Lbl" else bodies).append(kid)
    item["K"] = pydyf.Array()
    _adopt(item, labels)
    if [kid["S"] for kid in bodies] != ["/LBody"]:
        for kid in bodies:
            if kid["S"] == "/LBody":
                kid["S"] = "/NonStruct"
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(), "Pg": item["Pg"]}
        )
        pdf.add_object(body)
        _adopt(body, bodies)
        bodies = [body]
    _adopt(item, bodies)


def _pair(pdf: Any, element: Any) -> None:
    """Put each body into the list item of the label before it: WeasyPrint makes two items.

    The groups (`div`) that HTML allows around label and body go.
    """
    rows = [_kids(pdf, kid) if kid["S"] == "/Div" else [kid] for kid in _kids(pdf, element)]
    items: list[Any] = []
    for item in [item for row in rows for item in row]:
        kids = _kids(pdf, item)
        if items and kids[0]["S"] == "/LBody" and _kids(pdf, items[-1])[-1]["S"] == "/Lbl":
            _adopt(items[-1], kids)
        else:
            items.append(item)
    element["K"] = pydyf.Array()
    _adopt(element, items)
