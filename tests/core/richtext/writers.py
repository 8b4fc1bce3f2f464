"""Simulated writers: bodies with nested lists and tables, and what a person does to one.

Every word is written once only, so that a lost or doubled word is seen.
"""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from random import Random

from core.richtext import Body
from core.richtext.flat import derived_id
from core.richtext.nodes import Block, Cell, List, Table, Text, written

KINDS = ["ul", "1", "a", "i"]
OPERATIONS = (
    "write write write write replace erase erase_line insert insert insert indent outdent "
    "move move_item split split split_and_write join join bold kind language empty "
    "add_row add_column erase_row erase_column"
).split()


def words_of(html: str) -> Counter[str]:
    """Every word of `html`, also of a part of it, with how often it stands there."""
    html = re.sub(r"</?(?:strong|em|a)\b[^>]*>", "", html)
    return Counter(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", html)))


class Writer:
    """One who has a body open and works on it; the same seed does the same."""

    def __init__(self, name: str, seed: int, html: str = "", *, tables: bool = True) -> None:
        self.name = name
        self.random = Random(f"{name} {seed}")
        self.blocks: list[Block] = deepcopy(Body.parse(html).blocks)
        self.count = 0
        self.tables = tables

    @property
    def html(self) -> str:
        """The body as the writer's browser sends it."""
        return written(self.blocks)

    def work(self, times: int) -> None:
        """Do some of what writers do."""
        for _ in range(times):
            getattr(self, self.random.choice(OPERATIONS))()

    def begin(self, size: int) -> None:
        """A body of about `size` lines."""
        for _ in range(size):
            kind = self.random.randrange(10)
            if kind == 0 and self.tables:
                self.blocks.append(self._new_table())
            elif kind < 4:
                self.blocks.append(self._new_line())
            else:
                self.blocks.append(self._new_list(1))

    # Where things are.

    def _containers(self, blocks: list[Block] | None = None) -> Iterator[list[Block]]:
        """All sequences of blocks: the body, the items, the cells."""
        blocks = self.blocks if blocks is None else blocks
        yield blocks
        for block in blocks:
            if isinstance(block, List):
                for item in block.items:
                    yield from self._containers(item)
            elif isinstance(block, Table):
                for row in block.rows:
                    for cell in row:
                        yield from self._containers(cell.blocks)

    def _lists(self) -> list[tuple[list[Block], List]]:
        return [
            (container, block)
            for container in self._containers()
            for block in container
            if isinstance(block, List)
        ]

    def _items(self) -> list[tuple[list[Block], List, int]]:
        return [(home, node, n) for home, node in self._lists() for n in range(len(node.items))]

    def _texts(self) -> list[tuple[list[Block], int]]:
        return [
            (container, n)
            for container in self._containers()
            for n, block in enumerate(container)
            if isinstance(block, Text)
        ]

    def _paragraphs(self) -> list[tuple[list[Block], int]]:
        """The lines that aren't the first of an item."""
        firsts = {id(item) for _, node in self._lists() for item in node.items}
        return [(c, n) for c, n in self._texts() if n or id(c) not in firsts]

    def _all_tables(self) -> list[tuple[list[Block], Table]]:
        return [
            (container, block)
            for container in self._containers()
            for block in container
            if isinstance(block, Table)
        ]

    def _some_text(self) -> Text | None:
        texts = self._texts()
        if not texts:
            return None
        container, n = self.random.choice(texts)
        text = container[n]
        assert isinstance(text, Text)
        return text

    # New things.

    def _word(self) -> str:
        self.count += 1
        return f"{self.name}{self.count}"

    def _new_line(self) -> Text:
        line = Text(derived_id(f"{self.name} line {self.count}"))
        _set(line, [self._word() for _ in range(self.random.randint(1, 5))])
        return line

    def _new_list(self, level: int) -> List:
        node = List(self.random.choice(KINDS))
        for _ in range(self.random.randint(1, 4)):
            item: list[Block] = [self._new_line()]
            if self.random.random() < 0.15:
                item.append(self._new_line())
            if level < 5 and self.random.random() < 0.4:
                item.append(self._new_list(level + 1))
            node.items.append(item)
        return node

    def _new_table(self) -> Table:
        width = self.random.randint(1, 3)
        return Table(
            [[self._new_cell() for _ in range(width)] for _ in range(self.random.randint(1, 3))]
        )

    def _new_cell(self) -> Cell:
        return Cell("td", blocks=[self._new_line()])

    # What a writer does.

    def write(self) -> None:
        if text := self._some_text():
            words = _words(text)
            words.insert(self.random.randint(0, len(words)), self._word())
            _set(text, words)

    def replace(self) -> None:
        if (text := self._some_text()) and (words := _words(text)):
            words[self.random.randrange(len(words))] = self._word()
            _set(text, words)

    def erase(self) -> None:
        if (text := self._some_text()) and (words := _words(text)):
            del words[self.random.randrange(len(words))]
            _set(text, words)

    def empty(self) -> None:
        if self.random.random() < 0.3 and (text := self._some_text()):
            _set(text, [])

    def bold(self) -> None:
        if (text := self._some_text()) and (words := _words(text)):
            n = self.random.randrange(len(words))
            words[n] = re.sub(r"</?strong>", "", f"<strong>{words[n]}</strong>")
            _set(text, words)

    def language(self) -> None:
        if text := self._some_text():
            text.lang = self.random.choice(["", "sv", "en"])

    def kind(self) -> None:
        if lists := self._lists():
            self.random.choice(lists)[1].kind = self.random.choice(KINDS)

    def insert(self) -> None:
        places: list[tuple[list[Block], int]] = [*self._paragraphs(), (self.blocks, -1)]
        items = self._items()
        chosen = self.random.randrange(len(places) + len(items))
        if chosen < len(places):
            container, n = places[chosen]
            container.insert(n + 1, self._new_line())
        else:
            _, node, n = items[chosen - len(places)]
            node.items.insert(n + self.random.randint(0, 1), [self._new_line()])

    def erase_line(self) -> None:
        self._take_some()

    def _take_some(self) -> list[Block]:
        """Take out a paragraph, or an item whole."""
        paragraphs, items = self._paragraphs(), self._items()
        if not paragraphs and not items:
            return []
        chosen = self.random.randrange(len(paragraphs) + len(items))
        if chosen < len(paragraphs):
            container, n = paragraphs[chosen]
            taken = [container.pop(n)]
            self._tidy()
            return taken
        _, node, n = items[chosen - len(paragraphs)]
        item = node.items.pop(n)
        self._tidy()
        return item

    def _tidy(self) -> None:
        """An empty list goes, an empty cell gets a line."""
        for container in list(self._containers()):
            container[:] = [b for b in container if not isinstance(b, List) or b.items]
        for _, table in self._all_tables():
            for row in table.rows:
                for cell in row:
                    if not cell.blocks:
                        self.count += 1
                        cell.blocks.append(Text(derived_id(f"{self.name} {self.count}")))

    def move(self) -> None:
        taken = self._take_some()
        if any(isinstance(block, Table) for block in taken):
            self.blocks.extend(taken)
            return
        self._put(taken)

    def _put(self, taken: list[Block]) -> None:
        if not taken:
            return
        lists = [node for _, node in self._lists()]
        if lists and self.random.random() < 0.7:
            node = self.random.choice(lists)
            node.items.insert(self.random.randint(0, len(node.items)), taken)
        else:
            n = self.random.randint(0, len(self.blocks))
            self.blocks[n:n] = taken

    def move_item(self) -> None:
        if lists := [node for _, node in self._lists() if len(node.items) > 1]:
            items = self.random.choice(lists).items
            items.insert(
                self.random.randrange(len(items)), items.pop(self.random.randrange(len(items)))
            )

    def indent(self) -> None:
        if items := [place for place in self._items() if place[2]]:
            _, node, n = self.random.choice(items)
            above, item = node.items[n - 1], node.items.pop(n)
            if isinstance(above[-1], List):
                above[-1].items.append(item)
            else:
                above.append(List(node.kind, items=[item]))

    def outdent(self) -> None:
        for _, outer in self._lists():
            for n, item in enumerate(outer.items):
                for block in item:
                    if isinstance(block, List) and self.random.random() < 0.3:
                        lifted = block.items.pop()
                        outer.items.insert(n + 1, lifted)
                        self._tidy()
                        return

    def split(self) -> Text | None:
        texts = self._texts()
        if not texts:
            return None
        container, n = self.random.choice(texts)
        text = container[n]
        assert isinstance(text, Text)
        words = _words(text)
        if not words:
            return None
        at = self.random.randint(1, len(words))
        new = Text(derived_id(f"{self.name} split {self.count} {text.id} {at}"), text.lang)
        self.count += 1
        _set(text, words[:at])
        _set(new, words[at:], " " if self.random.random() < 0.5 and at < len(words) else "")
        for _, node in self._lists():
            for place, item in enumerate(node.items):
                if item is container and n == 0:
                    node.items.insert(place + 1, [new, *item[1:]])
                    del item[1:]
                    return new
        container.insert(n + 1, new)
        return new

    def split_and_write(self) -> None:
        if new := self.split():
            _set(new, [*_words(new), self._word()])

    def join(self) -> None:
        """Join an item or paragraph with the one after it, as Delete at a line's end does."""
        pairs: list[tuple[list[Block], list[Block]]] = []
        for _, node in self._lists():
            pairs += pairwise(node.items)
        if pairs and self.random.random() < 0.6:
            first, second = self.random.choice(pairs)
            if len(first) > 1:
                return
            kept, gone = first[0], second[0]
            assert isinstance(kept, Text)
            assert isinstance(gone, Text)
            _set(kept, [*_words(kept), *_words(gone)])
            for _, node in self._lists():
                node.items = [item for item in node.items if item is not second]
            first += second[1:]
            return
        for container in self._containers():
            for n, (kept, gone) in enumerate(pairwise(container)):
                if isinstance(kept, Text) and isinstance(gone, Text) and self.random.random() < 0.5:
                    _set(kept, [*_words(kept), *_words(gone)])
                    del container[n + 1]
                    return

    def add_row(self) -> None:
        if tables := self._all_tables():
            rows = self.random.choice(tables)[1].rows
            new = [self._new_cell() for _ in rows[0]]
            rows.insert(self.random.randint(0, len(rows)), new)

    def add_column(self) -> None:
        if tables := self._all_tables():
            rows = self.random.choice(tables)[1].rows
            at = self.random.randint(0, len(rows[0]))
            for row in rows:
                row.insert(at, self._new_cell())

    def erase_row(self) -> None:
        if tables := [table for _, table in self._all_tables() if len(table.rows) > 1]:
            rows = self.random.choice(tables).rows
            del rows[self.random.randrange(len(rows))]

    def erase_column(self) -> None:
        if tables := [table for _, table in self._all_tables() if len(table.rows[0]) > 1]:
            rows = self.random.choice(tables).rows
            at = self.random.randrange(len(rows[0]))
            for row in rows:
                del row[at]


def _words(text: Text) -> list[str]:
    """The words of a line, each with its own formatting."""
    words: list[str] = []
    strong = False
    for tag, word in re.findall(r"(</?strong>)|(\w+)", text.html):
        if tag:
            strong = tag == "<strong>"
        else:
            words.append(f"<strong>{word}</strong>" if strong else word)
    return words


def _set(text: Text, words: list[str], before: str = "") -> None:
    html = before + " ".join(words)
    text.html, text.text = html, re.sub("<[^>]+>", "", html)
