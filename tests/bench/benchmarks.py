"""What is measured against what. Each gives one sample a call: (seconds of ours, of the floor)."""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.bench.scene import Scene
from tests.bench.server import Client

Sample = tuple[float, float]


@dataclass(frozen=True)
class Benchmark:
    """A ratio that must stay below its limit."""

    name: str
    limit: float
    samples: Callable[[Client, Scene], Iterator[Sample]]
    count: int = 150
    warm_up: int = 15


def autosave(client: Client, scene: Scene) -> Iterator[Sample]:
    """A save in a meeting of 40 items, against the write floor."""
    path = f"/meetings/{scene.workspace}/items/{scene.item}"
    state = json.loads(client.get(f"{path}/text/")[1])
    html, revision = state["html"], state["revision"]
    place = html.rindex("</p>")
    for number in range(1_000_000):
        typed = f"{html[:place]} {number}{html[place:]}"
        body = json.dumps(
            {"base": revision, "token": str(uuid4()), "html": typed, "marks": state["marks"]}
        ).encode()
        ours, answer = client.post(f"{path}/save/", body)
        revision = json.loads(answer)["revision"]
        floor, _content = client.post(f"/bench/write/{scene.item}/", body)
        yield ours, floor


def minutes(client: Client, scene: Scene) -> Iterator[Sample]:
    """Shared minutes as a web page, against the read floor."""
    return _pages(client, f"/meetings/{scene.shared}/", f"/bench/read/{scene.rows}/")


def workspace(client: Client, scene: Scene) -> Iterator[Sample]:
    """The whole editing page of a 40-item meeting, against the read floor."""
    return _pages(client, f"/meetings/{scene.workspace}/edit/", f"/bench/read/{scene.rows}/")


def pdf_warm(client: Client, scene: Scene) -> Iterator[Sample]:
    """A draft PDF, all steps, against WeasyPrint alone with the same HTML."""
    return _pages(client, f"/meetings/{scene.draft}/pdf/?draft=1", f"/bench/pdf/{scene.draft}/")


def pdf_download(client: Client, scene: Scene) -> Iterator[Sample]:
    """A shared version's PDF, against a bare file response."""
    path = f"/meetings/{scene.shared}/minutes/1/pdf/"
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(client.get(path)[1])
        file.flush()
        yield from _pages(client, path, f"/bench/file{Path(file.name)}")


def _pages(client: Client, ours: str, floor: str) -> Iterator[Sample]:
    while True:
        yield client.get(ours)[0], client.get(floor)[0]


BENCHMARKS = [
    Benchmark("autosave", 4, autosave),
    Benchmark("minutes", 1, minutes),
    Benchmark("workspace", 4, workspace),
    Benchmark("pdf-warm", 1.3, pdf_warm, count=15, warm_up=2),
    Benchmark("pdf-download", 2, pdf_download),
]
