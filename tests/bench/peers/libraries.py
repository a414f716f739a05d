"""The libraries beside ours: what each computes of one graph, as calls without arguments or with some sources.

Each is imported only in its own environment.
"""
# ruff: noqa: FBT003, PLC0415, PLW0108 - a library is imported only in its own environment

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Measures = dict[str, Callable[..., object]]
NEVER = 1 << 30
"""From so many nodes on, a library may use several threads."""


def edges(arrays: Arrays) -> tuple[Any, Any, Any, Any]:
    """Return the two ends, the strength and the length of each edge, once."""
    source = np.repeat(np.arange(arrays["indptr"].size - 1), np.diff(arrays["indptr"]))
    once = source < arrays["indices"]
    return source[once], arrays["indices"][once], arrays["strength"][once], arrays["length"][once]


def networkx(arrays: Arrays) -> Measures:
    """Return what networkx computes; betweenness from as many drawn sources as are given."""
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
        "communities": lambda: nx.community.louvain_communities(graph, weight="strength", seed=1),
    }


def nx_rustworkx(arrays: Arrays) -> Measures:
    """Return what networkx hands over to rustworkx's backend; its conversion is made once."""
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
    """Return what rustworkx computes."""
    import rustworkx as rx

    n = arrays["indptr"].size - 1
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    one, other, strength, _ = (column.tolist() for column in edges(arrays))
    graph.add_edges_from(list(zip(one, other, strength, strict=True)))
    directed = graph.to_directed()
    return {
        "betweenness": lambda: rx.betweenness_centrality(graph, parallel_threshold=NEVER),
        "closeness": lambda: rx.closeness_centrality(graph, parallel_threshold=NEVER),
        "pagerank": lambda: rx.pagerank(directed, weight_fn=float, tol=1e-12 / n, max_iter=1000),
        "core": lambda: rx.core_number(graph),
        "articulation": lambda: rx.articulation_points(graph),
    }


def igraph(arrays: Arrays) -> Measures:
    """Return what igraph computes; closeness is within the component."""
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
    """Return what networkit computes."""
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


def graph_tool(arrays: Arrays) -> Measures:
    """Return what graph-tool computes; closeness is within the component, clustering weighted is another's."""
    from graph_tool import Graph, centrality, clustering, openmp_set_num_threads, topology

    openmp_set_num_threads(1)
    one, other, strength, length = edges(arrays)
    graph = Graph(directed=False)
    graph.add_vertex(arrays["indptr"].size - 1)
    graph.add_edge_list(np.stack([one, other], axis=1))
    strong, far = graph.new_edge_property("double"), graph.new_edge_property("int64_t")
    strong.a, far.a = strength, length
    return {
        "betweenness": lambda: centrality.betweenness(graph, norm=False),
        "closeness": lambda: centrality.closeness(graph),
        "harmonic": lambda: centrality.closeness(graph, harmonic=True),
        "betweenness_w": lambda: centrality.betweenness(graph, weight=far, norm=False),
        "closeness_w": lambda: centrality.closeness(graph, weight=far),
        "harmonic_w": lambda: centrality.closeness(graph, weight=far, harmonic=True),
        "strength": lambda: graph.degree_property_map("out", weight=strong),
        "pagerank": lambda: centrality.pagerank(graph, weight=strong, epsilon=1e-12),
        "core": lambda: topology.kcore_decomposition(graph),
        "clustering": lambda: clustering.local_clustering(graph),
        "articulation": lambda: topology.label_biconnected_components(graph),
    }


def raphtory(arrays: Arrays) -> Measures:
    """Return what Raphtory computes of the same kind; its ranks take no strengths, so that they are left out."""
    from raphtory import Graph, algorithms

    one, other, strength, _ = (column.tolist() for column in edges(arrays))
    graph = Graph()
    for node in range(arrays["indptr"].size - 1):
        graph.add_node(0, node)
    for u, v, s in zip(one, other, strength, strict=True):
        graph.add_edge(0, u, v, {"strength": s})
        graph.add_edge(0, v, u, {"strength": s})
    return {
        "betweenness": lambda some: algorithms.betweenness_centrality(graph, k=len(some), normalized=False),
        "clustering": lambda: algorithms.local_clustering_coefficient_batch(graph, []),
        "communities": lambda: algorithms.louvain(graph, weight_prop="strength"),
    }
