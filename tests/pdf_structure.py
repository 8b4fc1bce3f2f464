"""Reads a tagged PDF as a screen reader does: by its structure tree, not by its looks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

INLINE = ("Span", "Link", "NonStruct")
# A word that was broken at a line's end, as core.hyphenation breaks them: never right after or
# before fewer than three letters. "Karl-Erik" and "esi- ja perusopetus" broke at their own hyphen.
BROKEN_WORD = re.compile(r"(?<=[^\W\d_]{3})-\n(?=[^\W\d_]{3})(?!sekä|eller|[A-ZÅÄÖ])")
OWN_HYPHEN = re.compile(r"(-)\n(?=[A-ZÅÄÖ])|(/)\n")


@dataclass
class Element:
    """A structure element: its type, language as said by itself, kids, and text of its own."""

    type: str
    language: str = ""
    kids: "list[Element | Run]" = field(default_factory=list)

    @property
    def elements(self) -> "list[Element]":
        """The elements right below this one."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self) -> "Iterator[Element]":
        """This element and all below it, in reading order."""
        yield self
        for kid in self.elements:
            yield from kid.walk()

    def find(self, *types: str) -> "list[Element]":
        """All elements of these types, in reading order."""
        return [element for element in self.walk() if element.type in types]

    def text(self, without: tuple[str, ...] = ()) -> str:
        """The text in reading order, words that broke over a line's end made whole again."""
        text, line, block = "", None, None
        for run, within in self._runs(without, self):
            if line is not None:
                text += " " if within is not block else "\n" if run.line != line else ""
            text, line, block = text + run.text, run.line, within
        text = BROKEN_WORD.sub("", text.replace("\N{SOFT HYPHEN}", ""))
        return " ".join(OWN_HYPHEN.sub(r"\1\2", text).split())

    def _runs(self, without: tuple[str, ...], block: "Element") -> "Iterator[tuple[Run, Element]]":
        """The pieces of text, each with the block that it stands in."""
        for kid in self.kids:
            if isinstance(kid, Run):
                yield kid, block
            elif kid.type not in without:
                yield from kid._runs(without, block if kid.type in INLINE else kid)


@dataclass
class Run:
    """A piece of text and the line it stands on."""

    text: str
    line: tuple[int, float]


def read(pdf: bytes) -> Element:
    """The document's structure, from its root."""
    with pikepdf.open(BytesIO(pdf)) as document:
        contents = {
            page.objgen: dict(_contents(page.obj, number))
            for number, page in enumerate(document.pages)
        }
        return _element(document.Root.StructTreeRoot.K[0], contents)


def lists(pdf: bytes) -> list[tuple[int, str, str]]:
    """Every item of every list as (level, marker, text), in reading order."""
    return list(_items(read(pdf), 0))


def artifacts(pdf: bytes) -> list[str]:
    """What is drawn but no part of the text, page by page: running headers and footers."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [
            " ".join(run.text for mark, run in _contents(page.obj, number) if mark is None)
            for number, page in enumerate(document.pages)
        ]


def _items(element: Element, level: int) -> Iterator[tuple[int, str, str]]:
    for kid in element.elements:
        if kid.type == "LI":
            label = [part for part in kid.elements if part.type == "Lbl"]
            if label:  # without one it is the rest of an item that began on the page before
                yield level, label[0].text(), kid.text(without=("L", "Lbl"))
        yield from _items(kid, level + (kid.type == "L"))


def _element(node: Any, contents: dict[Any, dict[int | None, Run]]) -> Element:
    element = Element(str(node.S).removeprefix("/"), str(node.get("/Lang", "")))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            element.kids.append(contents[node.Pg.objgen][kid])
        elif "/S" in kid:
            element.kids.append(_element(kid, contents))
    return element


def _contents(page: Any, number: int) -> Iterator[tuple[int | None, Run]]:
    """Each marked piece of a page with its number, None for an artifact."""
    fonts = {name: _characters(font) for name, font in page.Resources.Font.items()}
    font: dict[int, str] = {}
    mark: int | None = None
    text, line = "", 0.0
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = str(instruction.operator)
        match operator:
            case "BDC" | "BMC":
                depth += 1
                text, line = "", 0.0
                mark = operands[1].get("/MCID") if operator == "BDC" else None
            case "EMC":
                depth -= 1
                if text or mark is not None:
                    yield mark, Run(text, (number, line))
                text = ""
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tm":
                line = float(operands[5])
            case "Tj" | "TJ":
                assert depth, "text that is neither content nor artifact"
                shown = operands[0] if operator == "TJ" else operands
                for part in shown:
                    if isinstance(part, pikepdf.String):
                        codes = bytes(part)
                        text += "".join(
                            font[int.from_bytes(codes[at : at + 2])]
                            for at in range(0, len(codes), 2)
                        )


def _characters(font: Any) -> dict[int, str]:
    """What each glyph of a font stands for (its ToUnicode map)."""
    pairs = re.findall(
        rb"<([0-9a-f]+)> <([0-9a-f]+)>\n", font.ToUnicode.read_bytes(), re.IGNORECASE
    )
    return {
        int(glyph, 16): bytes.fromhex(character.decode()).decode("utf-16-be")
        for glyph, character in pairs
    }
