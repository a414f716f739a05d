"""Measure one library on one graph: processor and wall seconds of each measure, medians, JSON on the last line.

    python graph_measures.py LIBRARY GRAPH.npz SECONDS [MEASURE …]

A measure is repeated while that takes less than SECONDS of the processor, five times at most. What a first run on few
sources foretells to take longer is measured on as many sources as fit, spread evenly, and scaled; ``sources`` then says
how many.
"""
# ruff: noqa: FBT003, PLC0415, PLW0108 - a library is imported only in its own environment

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

FIRST = 8

Arrays = dict[str, Any]
Measures = dict[str, Callable[..., object]]


def edges(arrays: Arrays) -> tuple[Any, Any, Any, Any]:
    """Return the two ends, the strength and the length of each edge, once."""
    source = np.repeat(np.arange(arrays["indptr"].size - 1), np.diff(arrays["indptr"]))
    once = source < arrays["indices"]
    return source[once], arrays["indices"][once], arrays["strength"][once], arrays["length"][once]


def networkx(arrays: Arrays) -> Measures:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(arrays["indptr"].size - 1))
    one, other, strength, length = (column.tolist() for column in edges(arrays))
    graph.add_edges_from(
        (u, v, {"strength": s, "length": d}) for u, v, s, d in zip(one, other, strength, length, strict=True)
    )
    n = len(graph)

    def closeness(distance: str | None) -> Callable[..., object]:
        return lambda some: [nx.closeness_centrality(graph, u=u, distance=distance) for u in some]

    return {
        "betweenness": lambda some: nx.betweenness_centrality(graph, k=len(some), seed=1),
        "closeness": closeness(None),
        "harmonic": lambda some: nx.harmonic_centrality(graph, nbunch=some),
        "betweenness_w": lambda some: nx.betweenness_centrality(graph, k=len(some), weight="length", seed=1),
        "closeness_w": closeness("length"),
        "harmonic_w": lambda some: nx.harmonic_centrality(graph, nbunch=some, distance="length"),
        "strength": lambda: dict(graph.degree(weight="strength")),
        "pagerank": lambda: nx.pagerank(graph, weight="strength", tol=1e-12 / n, max_iter=1000),
        "core": lambda: nx.core_number(graph),
        "clustering": lambda: nx.clustering(graph),
        "clustering_w": lambda: nx.clustering(graph, weight="strength"),
        "articulation": lambda: list(nx.articulation_points(graph)),
        "constraint": lambda: nx.constraint(graph, weight="strength"),
        "effective_size": lambda: nx.effective_size(graph),
        "communities": lambda: nx.community.louvain_communities(graph, weight="strength", seed=1),
    }


def nx_rustworkx(arrays: Arrays) -> Measures:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(arrays["indptr"].size - 1))
    graph.add_edges_from(zip(*(column.tolist() for column in edges(arrays)[:2]), strict=True))
    nx.config.warnings_to_ignore.add("cache")
    return {
        "betweenness": lambda: nx.betweenness_centrality(graph, backend="rustworkx"),
        "closeness": lambda: nx.closeness_centrality(graph, backend="rustworkx"),
        "core": lambda: nx.core_number(graph, backend="rustworkx"),
    }


def rustworkx(arrays: Arrays) -> Measures:
    import rustworkx as rx

    n, never = arrays["indptr"].size - 1, 1 << 30
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    one, other, strength, _ = (column.tolist() for column in edges(arrays))
    graph.add_edges_from(list(zip(one, other, strength, strict=True)))
    directed = graph.to_directed()
    return {
        "betweenness": lambda: rx.betweenness_centrality(graph, parallel_threshold=never),
        "closeness": lambda: rx.closeness_centrality(graph, parallel_threshold=never),
        "pagerank": lambda: rx.pagerank(directed, weight_fn=float, tol=1e-12 / n, max_iter=1000),
        "core": lambda: rx.core_number(graph),
        "articulation": lambda: rx.articulation_points(graph),
    }


def igraph(arrays: Arrays) -> Measures:
    import igraph as ig

    random.seed(1)
    one, other, strength, length = edges(arrays)
    graph = ig.Graph(arrays["indptr"].size - 1, np.stack([one, other], axis=1).tolist())
    strength, length = strength.tolist(), length.tolist()
    return {
        "betweenness": lambda some: graph.betweenness(sources=some),
        "closeness": lambda some: graph.closeness(some),
        "harmonic": lambda some: graph.harmonic_centrality(some),
        "betweenness_w": lambda some: graph.betweenness(sources=some, weights=length),
        "closeness_w": lambda some: graph.closeness(some, weights=length),
        "harmonic_w": lambda some: graph.harmonic_centrality(some, weights=length),
        "strength": lambda: graph.strength(weights=strength),
        "pagerank": lambda: graph.pagerank(weights=strength),
        "core": lambda: graph.coreness(),
        "clustering": lambda: graph.transitivity_local_undirected(mode="zero"),
        "articulation": lambda: graph.articulation_points(),
        "constraint": lambda: graph.constraint(weights=strength),
        "communities": lambda: graph.community_multilevel(weights=strength),
    }


def networkit(arrays: Arrays) -> Measures:
    import networkit as nk

    nk.setNumberOfThreads(1)
    one, other, strength, length = edges(arrays)
    n = arrays["indptr"].size - 1

    def made(weight: Any) -> Any:  # noqa: ANN401 - networkit has no types
        graph = nk.Graph(n, weighted=True)
        for u, v, w in zip(one.tolist(), other.tolist(), weight.tolist(), strict=True):
            graph.addEdge(u, v, w)
        graph.sortEdges()
        return graph

    strong, far = made(strength), made(length)
    plain = nk.graphtools.toUnweighted(strong)
    general = nk.centrality.ClosenessVariant.GENERALIZED
    kinds = {
        "betweenness": lambda: nk.centrality.Betweenness(plain),
        "closeness": lambda: nk.centrality.Closeness(plain, True, general),
        "harmonic": lambda: nk.centrality.HarmonicCloseness(plain),
        "betweenness_w": lambda: nk.centrality.Betweenness(far),
        "closeness_w": lambda: nk.centrality.Closeness(far, True, general),
        "harmonic_w": lambda: nk.centrality.HarmonicCloseness(far),
        "pagerank": lambda: nk.centrality.PageRank(strong, 0.85, 1e-12),
        "core": lambda: nk.centrality.CoreDecomposition(plain),
        "clustering": lambda: nk.centrality.LocalClusteringCoefficient(plain),
        "articulation": lambda: nk.components.BiconnectedComponents(plain),
        "communities": lambda: nk.community.PLM(strong),
    }
    return {name: (lambda kind=kind: kind().run()) for name, kind in kinds.items()}


def ours(arrays: Arrays) -> Measures:
    from scipy.sparse import csr_array

    from analytics.kernels import compiled
    from analytics.kernels.articulation import articulation
    from analytics.kernels.burt import burt
    from analytics.kernels.core import core_numbers
    from analytics.kernels.hop_between import hop_betweenness
    from analytics.kernels.hops import hop_counts
    from analytics.kernels.louvain import louvain
    from analytics.kernels.onnela import closed_intensity
    from analytics.kernels.path import shortest_paths_from
    from analytics.kernels.rank import ranked
    from analytics.kernels.shared import shared_contacts
    from analytics.kernels.strength import strengths

    first, other, strength, length = (arrays[name] for name in ("indptr", "indices", "strength", "length"))
    matrix = csr_array((strength, other, first))
    given = np.asarray(matrix.sum(axis=1))

    def pagerank(rounds: int = 1000) -> bool:
        return ranked(first, other, strength, given, 0.85, 1e-12, rounds)[1]

    rounds = bisect_left(range(1, 400), True, key=pagerank) + 1

    @compiled
    def read(other: Any, strength: Any, share: Any) -> float:  # noqa: ANN401 - arrays
        one, two, three, four = 0.0, 0.0, 0.0, 0.0
        for tie in range(np.uint64(0), np.uint64(other.size // 4 * 4), np.uint64(4)):
            one += strength[tie] * share[other[tie]]
            two += strength[tie + np.uint64(1)] * share[other[tie + np.uint64(1)]]
            three += strength[tie + np.uint64(2)] * share[other[tie + np.uint64(2)]]
            four += strength[tie + np.uint64(3)] * share[other[tie + np.uint64(3)]]
        return one + two + three + four

    @compiled
    def read_two_steps(first: Any, other: Any) -> int:  # noqa: ANN401 - arrays
        total = 0
        for tie in range(other.size):
            for onward in range(first[other[tie]], first[other[tie] + 1]):
                total += first[other[onward]]
        return total

    places, begin = other.astype(np.uint32), first.astype(np.uint32)
    return {
        "betweenness": lambda some: hop_betweenness(np.array(some), first, other, first, other),
        "closeness": lambda: hop_counts(first, other),
        "betweenness_w": lambda some: shortest_paths_from(np.array(some), first, other, length, True),
        "strength": lambda: strengths(first, strength),
        "strength_bound": lambda: strength.sum(),
        "pagerank": pagerank,
        "pagerank_bound": lambda: [read(places, strength, given) for _ in range(rounds)],
        "core": lambda: core_numbers(first, other),
        "clustering": lambda: shared_contacts(first, other),
        "clustering_w": lambda: closed_intensity(first, other, np.cbrt(strength / strength.max())),
        "articulation": lambda: articulation(first, other),
        "one_read": lambda: read(places, strength, given),
        "two_steps": lambda: read_two_steps(begin, places),
        "constraint": lambda: burt(first, other, strength),
        "communities": lambda: louvain(first, other, strength),
    }


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the processor and the wall seconds of ``work``."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def measured(work: Callable[..., object], seconds: float, nodes: int) -> dict[str, float | None]:
    """Return the medians; ``nodes`` is how many sources there are where ``work`` takes some, else 0."""
    taken = nodes
    if nodes:
        few = timed(lambda: work(spread(nodes, FIRST)))[0]
        taken = nodes if few / FIRST * nodes < seconds else max(FIRST, int(seconds / (few / FIRST)))
    call = (lambda: work(spread(nodes, taken))) if nodes else work
    runs = [timed(call)]
    while len(runs) < 5 and sum(run[0] for run in runs) + runs[0][0] < seconds:
        runs.append(timed(call))
    cpu, wall = (statistics.median(column) * (nodes / taken if nodes else 1) for column in zip(*runs, strict=True))
    return {"cpu_s": cpu, "wall_s": wall, "runs": len(runs), "sources": taken if taken < nodes else None}


def spread(nodes: int, taken: int) -> list[int]:
    """Return so many of the nodes, spread evenly."""
    return np.linspace(0, nodes - 1, min(taken, nodes)).astype(int).tolist()


def main() -> None:
    """Measure and print."""
    library, file, seconds, *wanted = sys.argv[1:]
    arrays = dict(np.load(file))
    made: list[Measures] = []
    started = timed(lambda: made.append(globals()[library](arrays)))
    measures = made[0]
    if library == "ours":
        for name, work in measures.items():
            work(spread(arrays["indptr"].size - 1, 1)) if name.startswith("betweenness") else work()
    result = {"build": {"cpu_s": started[0], "wall_s": started[1]}}
    for name, work in measures.items():
        if not wanted or name in wanted:
            nodes = arrays["indptr"].size - 1 if work.__code__.co_varnames[:1] == ("some",) else 0
            result[name] = measured(work, float(seconds), nodes)
    package = {"nx_rustworkx": "nx-rustworkx", "ours": "maillage"}.get(library, library)
    print(json.dumps({"library": f"{package} {version(package)}", "measures": result}))  # noqa: T201


if __name__ == "__main__":
    main()
