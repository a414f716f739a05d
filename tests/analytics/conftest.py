"""Graphs to measure: any networkx graph goes through ties, as real ones do, and comes back by its own nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from analytics.metrics import network_metrics

Values = Mapping[str, Mapping[str, float]]


def _ties_of(graph: nx.Graph[str]) -> pd.DataFrame:
    rows = [(source, target, float(tie.get("strength", 1.0))) for source, target, tie in graph.edges(data=True)]
    rows += [(node, node, 1.0) for node in graph if graph.degree(node) == 0]
    ties = pd.DataFrame(rows, columns=["source", "target", "strength"])
    return ties.astype({"source": "str", "target": "str", "strength": "float64"})


def _measure(graph: nx.Graph[str], family: str) -> Values:
    layer = "help" if graph.is_directed() else "copresence"
    rows = network_metrics(_ties_of(graph), layer, families=[family])
    return {
        str(metric): dict(zip(found["subject"], found["value"], strict=True))
        for metric, found in rows.groupby("metric")
    }


def _random_graph(seed: int) -> nx.Graph[str]:
    """Return a graph of 0 to 24 nodes, every second one directed, in pieces, with isolates and self-loops.

    Every third one takes its strengths from three values, so that many ways are equally long.
    """
    rng = np.random.default_rng(seed)
    size = seed // 2 if seed < 6 else int(rng.integers(3, 25))
    graph: nx.Graph[str] = nx.DiGraph() if seed % 2 else nx.Graph()
    graph.add_nodes_from(f"m_{node:02}" for node in range(size))
    names = list(graph)
    for _ in range(int(rng.integers(0, 3 * size + 1))):
        one, other = rng.integers(0, size, 2)
        strength = rng.choice([0.25, 0.5, 1.0]) if seed % 3 == 0 else rng.exponential() + 1e-3
        graph.add_edge(names[one], names[other], strength=float(strength))
    return graph


@pytest.fixture(scope="session")
def ties_of() -> Callable[[nx.Graph[str]], pd.DataFrame]:
    """Give the function from a graph to its ties; isolates stay as members with a tie to themselves."""
    return _ties_of


@pytest.fixture(scope="session")
def measure() -> Callable[[nx.Graph[str], str], Values]:
    """Give the function from a graph and a family to values by metric and node."""
    return _measure


@pytest.fixture(scope="session")
def random_graph() -> Callable[[int], nx.Graph[str]]:
    """Give the function from a seed to a random graph."""
    return _random_graph


@pytest.fixture(scope="session")
def plain() -> Callable[[nx.Graph[str]], nx.Graph[str]]:
    """Give the function from a graph to what networkx has to measure: no self-loops, and integer lengths."""

    def cleaned(graph: nx.Graph[str]) -> nx.Graph[str]:
        copy = graph.copy()
        copy.remove_edges_from(list(nx.selfloop_edges(copy)))
        for _, _, tie in copy.edges(data=True):
            tie["length"] = max(1, round(1e6 / tie["strength"]))
        return copy

    return cleaned


@pytest.fixture(scope="session")
def undirected(
    plain: Callable[[nx.Graph[str]], nx.Graph[str]],
) -> Callable[[nx.Graph[str]], nx.Graph[str]]:
    """Give the function from a graph to itself without directions, the strengths of both added."""

    def added(graph: nx.Graph[str]) -> nx.Graph[str]:
        projection: nx.Graph[str] = nx.Graph()
        projection.add_nodes_from(graph)
        for source, target, tie in plain(graph).edges(data=True):
            before = projection.get_edge_data(source, target, {"strength": 0.0})["strength"]
            projection.add_edge(source, target, strength=before + tie["strength"])
        return projection

    return added
