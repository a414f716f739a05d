"""Measure one library on one graph: processor and wall seconds of each measure, medians, JSON on the last line.

    python graph_measures.py LIBRARY GRAPH.npz SECONDS [MEASURE …]

A measure is repeated while that takes less than SECONDS of the processor, five times at most; what takes less than a
hundredth of a second, many times at once. What a first run on few sources foretells to take longer is measured on as
many sources as fit, spread evenly, and scaled; ``sources`` then says how many.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

FIRST = 8
SHORT = 0.01
PACKAGES = {"nx_rustworkx": "nx-rustworkx", "networkx_newest": "networkx", "ours": "maillage"}

Measures = dict[str, Callable[..., object]]


def measures_of(library: str, arrays: dict[str, Any]) -> Measures:
    """Return the calls of a library, compiled where it is ours."""
    if library != "ours":
        name = "networkx" if library == "networkx_newest" else library
        made: Measures = getattr(importlib.import_module("tests.bench.peers.libraries"), name)(arrays)
        return made
    measures: Measures = importlib.import_module("tests.bench.peers.ours").ours(arrays)
    for work in measures.values():
        work([0]) if takes_sources(work) else work()
    return measures


def takes_sources(work: Callable[..., object]) -> bool:
    """Return whether a call computes for some of the nodes."""
    return work.__code__.co_varnames[:1] == ("some",)


def timed(work: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Return the processor and the wall seconds of one ``work``, done so many times."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        work()
    return (time.process_time() - cpu) / times, (time.perf_counter() - wall) / times


def measured(work: Callable[..., object], seconds: float, nodes: int) -> dict[str, float | None]:
    """Return the medians; ``nodes`` is how many sources there are where ``work`` takes some, else 0."""
    taken = nodes
    if nodes:
        few = timed(lambda: work(spread(nodes, FIRST)))[0]
        taken = nodes if few / FIRST * nodes < seconds else max(FIRST, int(seconds / (few / FIRST)))
    call = (lambda: work(spread(nodes, taken))) if nodes else work
    runs = [timed(call)]
    times = max(1, int(SHORT / max(runs[0][0], 1e-6)))
    while len(runs) < 5 and sum(run[0] for run in runs) + runs[0][0] < seconds:
        runs.append(timed(call, times))
    cpu, wall = (statistics.median(column) * (nodes / taken if nodes else 1) for column in zip(*runs, strict=True))
    return {"cpu_s": cpu, "wall_s": wall, "runs": len(runs), "sources": taken if taken < nodes else None}


def spread(nodes: int, taken: int) -> list[int]:
    """Return so many of the nodes, spread evenly."""
    return np.linspace(0, nodes - 1, min(taken, nodes)).astype(int).tolist()


def titled(library: str) -> str:
    """Return the name and version of a library; one that was not installed by pip says it itself."""
    name = PACKAGES.get(library, library)
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name.replace('_', '-')} {importlib.import_module(name).__version__.split()[0]}"


def main() -> None:
    """Measure and print."""
    library, file, seconds, *wanted = sys.argv[1:]
    arrays = dict(np.load(file))
    nodes = arrays["indptr"].size - 1
    measures = measures_of(library, arrays)
    result = {
        name: measured(work, float(seconds), nodes if takes_sources(work) else 0)
        for name, work in measures.items()
        if not wanted or name in wanted
    }
    print(json.dumps({"library": titled(library), "measures": result}))  # noqa: T201


if __name__ == "__main__":
    main()
