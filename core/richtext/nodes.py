"""The blocks of a body as a tree, and their one way to be written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace


@dataclass(slots=True)
class Text:
    """A text block, `p`: `html` is its canonical inner HTML, `text` the same without tags."""

    id: str = ""
    lang: str = ""
    html: str = ""
    text: str = ""


@dataclass(slots=True)
class List:
    """A list; `kind` is `ul` or the type of an `ol` (`1`, `a`, `i`)."""

    kind: str
    start: int = 1
    items: "list[list[Block]]" = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """A cell of a table, `td` or `th`."""

    tag: str
    colspan: int = 1
    rowspan: int = 1
    scope: str = ""
    blocks: "list[Block]" = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table: rows of cells."""

    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def is_grid(self) -> bool:
        """Whether no cell spans and all rows are equally long."""
        return len({len(row) for row in self.rows}) == 1 and all(
            cell.colspan == cell.rowspan == 1 for row in self.rows for cell in row
        )


type Block = Text | List | Table


def written(blocks: Iterable[Block]) -> str:
    """The canonical HTML of `blocks`."""
    out: list[str] = []
    _write(blocks, out)
    return "".join(out)


def texts(
    blocks: Iterable[Block], level: int = 0, in_table: bool = False, marker: str = ""
) -> Iterator[tuple[Text, int, str, bool]]:
    """Each text block with level, marker and whether it stands in a table, as in `Line`."""
    for block in blocks:
        if isinstance(block, Text):
            yield block, level, marker, in_table
            marker = ""
        elif isinstance(block, List):
            for item in block.items:
                yield from texts(item, level + 1, in_table, block.kind)
        else:
            for row in block.rows:
                for cell in row:
                    yield from texts(cell.blocks, 0, True)


def changed(blocks: Iterable[Block], change: Callable[[Text], Text]) -> list[Block]:
    """The same tree with `change` applied to each text block, in order."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Text):
            out.append(change(block))
        elif isinstance(block, List):
            out.append(replace(block, items=[changed(item, change) for item in block.items]))
        else:
            out.append(Table([[_changed_cell(cell, change) for cell in row] for row in block.rows]))
    return out


def _changed_cell(cell: Cell, change: Callable[[Text], Text]) -> Cell:
    return replace(cell, blocks=changed(cell.blocks, change))


def _write(blocks: Iterable[Block], out: list[str]) -> None:
    for block in blocks:
        if isinstance(block, Text):
            identity = f' data-line="{block.id}"' if block.id else ""
            lang = f' lang="{block.lang}"' if block.lang else ""
            out.append(f"<p{identity}{lang}>{block.html}</p>")
        elif isinstance(block, List):
            tag = "ul" if block.kind == "ul" else "ol"
            kind = f' type="{block.kind}"' if block.kind in ("a", "i") else ""
            start = f' start="{block.start}"' if tag == "ol" and block.start != 1 else ""
            out.append(f"<{tag}{kind}{start}>")
            for item in block.items:
                out.append("<li>")
                _write(item, out)
                out.append("</li>")
            out.append(f"</{tag}>")
        else:
            out.append("<table><tbody>")
            for row in block.rows:
                out.append("<tr>")
                for cell in row:
                    _write_cell(cell, out)
                out.append("</tr>")
            out.append("</tbody></table>")


def _write_cell(cell: Cell, out: list[str]) -> None:
    colspan = f' colspan="{cell.colspan}"' if cell.colspan != 1 else ""
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan != 1 else ""
    scope = f' scope="{cell.scope}"' if cell.scope else ""
    out.append(f"<{cell.tag}{colspan}{rowspan}{scope}>")
    _write(cell.blocks, out)
    out.append(f"</{cell.tag}>")
