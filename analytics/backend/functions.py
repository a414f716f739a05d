"""The functions that networkx hands over, each with the arguments and the answer of its twin in networkx."""
# ruff: noqa: ARG001, FBT001, FBT002, N803 - arguments, their names and their order are networkx's

from __future__ import annotations

import inspect
from collections.abc import Hashable, Iterable, Iterator, Mapping
from random import Random

import networkx as nx
import numpy as np

from analytics.backend.graph import CsrGraph, arrays_of, graph_of
from analytics.kernels import Floats, Lengths
from analytics.kernels.articulation import articulation
from analytics.kernels.burt import burt
from analytics.kernels.core import core_numbers
from analytics.kernels.hop_between import hop_betweenness
from analytics.kernels.hops import hop_counts
from analytics.kernels.onnela import closed_intensity
from analytics.kernels.path import shortest_paths_from
from analytics.kernels.rank import ranked
from analytics.kernels.shared import shared_contacts

Node = Hashable
Values = dict[Node, float]

UNDIRECTED = {"average_clustering", "clustering", "core_number", "transitivity"}
UNCOVERED = {"dangling", "nbunch", "nodes", "nstart", "personalization", "sources", "u"}
"""Arguments that have to be left out: who asks for a few nodes gains nothing from a pass over all."""
SOME_NODES = {"constraint", "effective_size"}
"""Functions of undirected graphs where ``nodes`` may be given."""


def convert_from_nx(
    graph: nx.Graph[Node] | CsrGraph, edge_attrs: Mapping[str, float] | None = None, **_: object
) -> CsrGraph:
    """Return the graph as arrays, with the edge attributes that networkx asks for."""
    return graph if isinstance(graph, CsrGraph) else arrays_of(graph, edge_attrs or {})


def convert_to_nx(result: object, **_: object) -> object:
    """Return what networkx can read: arrays become a graph, anything else is an answer already."""
    return graph_of(result) if isinstance(result, CsrGraph) else result


def can_run(name: str, arguments: tuple[object, ...], keywords: Mapping[str, object]) -> bool | str:
    """Return whether a function covers these arguments, or why it doesn't; networkx asks before it converts."""
    bound = inspect.signature(globals()[name]).bind(*arguments, **keywords).arguments
    graph = bound["G"]
    if graph.is_multigraph():
        return "multiple edges are not covered"
    if graph.is_directed() and name in UNDIRECTED:
        return "only undirected graphs are covered"
    if callable(bound.get("weight")) or callable(bound.get("distance")):
        return "weights have to be an edge attribute"
    if bound.get("k") is not None and (bound["k"] < 1 or bound.get("endpoints")):
        return "some of the sources have to be one at least, and without endpoints"
    given = sorted(each for each in UNCOVERED & bound.keys() if bound[each] is not None)
    if given and (graph.is_directed() or name not in SOME_NODES):
        return f"{given[0]} is not covered"
    return True


def betweenness_centrality(
    G: CsrGraph,
    k: int | None = None,
    normalized: bool = True,
    weight: str | None = None,
    endpoints: bool = False,
    seed: Random | None = None,
) -> Values:
    """Return for each node the share of shortest paths through it, or their number; k: from so many drawn sources."""
    n = len(G)
    sources = np.arange(n)
    if k is not None and k != n:
        sources = np.array(nx.utils.create_py_random_state(seed).sample(range(n), k), np.int64)
    if weight is None:
        between = hop_betweenness(sources, G.indptr, G.indices, G.reverse.indptr, G.reverse.indices)
    else:
        between = _sums(G, weight, sources)[0]
    if endpoints:
        between += hop_counts(G.indptr, G.indices)[2] + hop_counts(G.reverse.indptr, G.reverse.indices)[2] - 2.0
    pairs = _pairs(n - (not endpoints), sources, n, normalized=normalized, directed=G.directed)
    return _by_node(G, between / pairs)


def _pairs(others: int, sources: Lengths, n: int, *, normalized: bool, directed: bool) -> Floats:
    """Return by what to divide each node's number of paths, so that some of the sources stand for all.

    Normalised: the ordered pairs that a path through the node could link. Else: the share of sources that were taken,
    and 2 where each pair was met from both its ends. A source cannot lie on paths of its own.
    """
    pairs = np.ones(n)
    if others > 1:
        taken = np.full(n, others if sources.size == n else sources.size, np.float64)
        if sources.size < n:
            taken[sources] -= 1.0
        pairs = taken * (others - 1) if normalized else taken / others * (1.0 if directed else 2.0)
    return np.where(pairs == 0.0, np.nan, pairs)


def closeness_centrality(
    G: CsrGraph, u: Node | None = None, distance: str | None = None, wf_improved: bool = True
) -> Values:
    """Return for each node how many reach it over the sum of their distances, times the share who do."""
    _, far, reached = _nearness(G, distance)
    others = reached - 1.0
    closeness = np.divide(others, far, out=np.zeros(len(G)), where=far > 0.0)
    return _by_node(G, closeness * (others / max(len(G) - 1, 1)) if wf_improved else closeness)


def harmonic_centrality(
    G: CsrGraph,
    nbunch: Iterable[Node] | None = None,
    distance: str | None = None,
    sources: Iterable[Node] | None = None,
) -> Values:
    """Return for each node the sum of the inverse distances from all who reach it."""
    return _by_node(G, _nearness(G, distance)[0])


def pagerank(
    G: CsrGraph,
    alpha: float = 0.85,
    personalization: Mapping[Node, float] | None = None,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: Mapping[Node, float] | None = None,
    weight: str | None = "weight",
    dangling: Mapping[Node, float] | None = None,
) -> Values:
    """Return the PageRank of each node, from as many rounds as networkx would take.

    Raises:
        networkx.PowerIterationFailedConvergence: The ranks still changed after ``max_iter`` rounds.
    """
    given = np.bincount(G.source, G.floats(weight), minlength=len(G)).astype(np.float64)
    incoming = G.reverse
    strength = incoming.floats(weight)
    rank, met = ranked(incoming.indptr, incoming.indices, strength, given, alpha, tol * len(G), max_iter)
    if not met:
        raise nx.PowerIterationFailedConvergence(max_iter)
    return _by_node(G, rank)


def core_number(G: CsrGraph) -> dict[Node, int]:
    """Return the core number of each node.

    Raises:
        networkx.NetworkXNotImplemented: A node has an edge to itself.
    """
    if G.without_loops is not G:
        raise nx.NetworkXNotImplemented("Input graph has self loops: remove nx.selfloop_edges(G) first")
    return dict(zip(G, core_numbers(G.indptr, G.indices).tolist(), strict=True))


def articulation_points(G: CsrGraph) -> Iterator[Node]:
    """Return the nodes without which there would be more components, in the order of the graph."""
    plain = G.without_loops
    return (node for node, cut in zip(G, articulation(plain.indptr, plain.indices), strict=True) if cut)


def clustering(G: CsrGraph, nodes: object = None, weight: str | None = None) -> Values:
    """Return for each node the share of pairs of its neighbours that are linked; weighted as Onnela has it."""
    plain = G.without_loops
    degree = np.diff(plain.indptr)
    if weight is None:
        closed = _closed(plain)
    else:
        strength, greatest = plain.floats(weight), G.floats(weight).max(initial=0.0)
        closed = closed_intensity(plain.indptr, plain.indices, np.cbrt(strength / (greatest or 1.0)))
    return _by_node(G, np.divide(closed, degree * (degree - 1.0), out=np.zeros(len(G)), where=degree > 1))


def average_clustering(G: CsrGraph, nodes: object = None, weight: str | None = None, count_zeros: bool = True) -> float:
    """Return the mean clustering of the nodes, or of those that have any.

    Raises:
        ZeroDivisionError: There is no such node.
    """
    values = [value for value in clustering(G, weight=weight).values() if count_zeros or value > 0.0]
    return sum(values) / len(values)


def transitivity(G: CsrGraph) -> float:
    """Return the share of pairs of ties at a node whose ends are linked; 0 without any triangle."""
    plain = G.without_loops
    degree = np.diff(plain.indptr).astype(np.float64)
    closed = float(_closed(plain).sum())
    return closed / float((degree * (degree - 1.0)).sum()) if closed else 0.0


def triangles(G: CsrGraph, nodes: object = None) -> dict[Node, int]:
    """Return the number of triangles at each node."""
    return dict(zip(G, (_closed(G.without_loops) // 2).astype(np.int64).tolist(), strict=True))


def constraint(G: CsrGraph, nodes: Iterable[Node] | None = None, weight: str | None = None) -> Values:
    """Return how far the contacts of each node know one another; NaN without contacts."""
    return _chosen(_by_node(G, _burt(G, weight)[0]), nodes)


def effective_size(G: CsrGraph, nodes: Iterable[Node] | None = None, weight: str | None = None) -> Values:
    """Return how many contacts of each node are left without those that lead to the same; NaN without contacts."""
    return _chosen(_by_node(G, _burt(G, weight)[1]), nodes)


def _sums(graph: CsrGraph, attribute: str, sources: Lengths) -> tuple[Floats, Floats, Floats, Lengths]:
    """Return what the weighted paths from the sources tell: between, near, far, reached."""
    length = graph.lengths(attribute)
    whole = bool(length.dtype == np.int64)
    return shortest_paths_from(sources, graph.indptr, graph.indices, length, whole=whole)[:4]  # type: ignore[arg-type]


def _nearness(graph: CsrGraph, distance: str | None) -> tuple[Floats, Floats, Lengths]:
    """Return near, far and reached along incoming paths, in hops or by a distance."""
    if distance is None:
        return hop_counts(graph.reverse.indptr, graph.reverse.indices)
    return _sums(graph, distance, np.arange(len(graph)))[1:]


def _closed(plain: CsrGraph) -> Floats:
    """Return for each node how many ordered pairs of its neighbours are linked."""
    shared = shared_contacts(plain.indptr, plain.indices)
    return np.bincount(plain.source, shared, minlength=len(plain)).astype(np.float64)


def _burt(graph: CsrGraph, weight: str | None) -> tuple[Floats, Floats]:
    """Return constraint and effective size; what passes in both directions is added.

    Raises:
        NotImplementedError: An edge has weight 0 or leads to its own node; networkx then computes itself.
    """
    strength = graph.floats(weight)
    if graph.without_loops is not graph or not strength.all():
        raise NotImplementedError("self-loops and weights of 0 are left to networkx")
    return burt(*graph.both_ways(strength))


def _chosen(values: Values, nodes: Iterable[Node] | None) -> Values:
    """Return the values of the nodes that were asked for."""
    return values if nodes is None else {node: values[node] for node in nodes}


def _by_node(graph: CsrGraph, values: Floats) -> Values:
    """Return the values by node, as Python's own numbers."""
    return dict(zip(graph, values.tolist(), strict=True))
