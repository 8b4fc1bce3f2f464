"""`bin/bench [NAME…]`: print each benchmark's ratio and limit; non-zero where one is over."""

import os
import statistics
import sys
from collections.abc import Iterator

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django

django.setup()

from tests.bench import memory, merging, scene, server, typing  # noqa: E402  # models need Django set up
from tests.bench.benchmarks import BENCHMARKS, Benchmark, Sample  # noqa: E402


def main(names: list[str]) -> int:
    """Run those named, or all; how many are over their limit."""
    known = [benchmark.name for benchmark in BENCHMARKS] + [
        merging.NAME,
        typing.NAME,
        memory.NAME,
        memory.IMPORT,
    ]
    if unknown := [name for name in names if name not in known]:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    names = names or known
    over = 0
    if merging.NAME in names:
        over += _measured(merging.NAME, merging.LIMIT, merging.samples(), count=20, warm_up=2)
    wanted = [one for one in BENCHMARKS if one.name in names]
    if wanted or {memory.NAME, typing.NAME} & set(names):
        data = scene.build()
        with server.running() as (port, process):
            client = server.Client(port, data.session)
            for benchmark in wanted:
                over += _run(benchmark, client, data)
            if typing.NAME in names:
                over += typing.measure(port, data)
            if memory.NAME in names:
                over += memory.after_many_pdfs(client, data, process)
    if memory.IMPORT in names:
        over += memory.import_of_a_large_text()
    return int(over > 0)


def _run(benchmark: Benchmark, client: server.Client, data: scene.Scene) -> int:
    return _measured(
        benchmark.name,
        benchmark.limit,
        benchmark.samples(client, data),
        count=benchmark.count,
        warm_up=benchmark.warm_up,
    )


def _measured(
    name: str, limit: float, samples: Iterator[Sample], *, count: int, warm_up: int
) -> int:
    for _warm in range(warm_up):
        next(samples)
    taken = [next(samples) for _one in range(count)]
    ours = statistics.median(sample[0] for sample in taken)
    floor = statistics.median(sample[1] for sample in taken)
    ratio = ours / floor
    print(
        f"{name} ratio {ratio:.2f} limit {limit:g}"
        f"  ({ours * 1000:.1f} ms on {floor * 1000:.1f} ms)",
        flush=True,
    )
    return int(ratio > limit)


sys.exit(main(sys.argv[1:]))
