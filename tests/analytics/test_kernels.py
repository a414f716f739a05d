"""Kernels beside slower ones: more nodes than walk at once, long ways, no ways; and what a first call says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from analytics.backend.graph import CsrGraph, arrays_of
from analytics.kernels.hop_between import hop_betweenness
from analytics.kernels.hops import hop_counts
from analytics.kernels.path import shortest_paths
from analytics.kernels.shared import shared_contacts
from analytics.kernels.strength import strengths

GRAPHS: dict[str, Callable[[], nx.Graph[Any]]] = {
    "crowd": lambda: nx.barabasi_albert_graph(1_100, 5, seed=1),
    "pieces": lambda: nx.gnp_random_graph(1_300, 0.0009, seed=2),
    "ring": lambda: nx.cycle_graph(700),
    "directed": lambda: nx.gnp_random_graph(800, 0.004, seed=3, directed=True),
    "star": lambda: nx.star_graph(600),
    "nobody": nx.Graph,
}


def between(graph: CsrGraph, sources: np.ndarray) -> np.ndarray:
    back = graph.reverse
    return hop_betweenness(sources, graph.indptr, graph.indices, back.indptr, back.indices)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_hop_is_a_way_of_length_one(name: str) -> None:
    graph = arrays_of(GRAPHS[name](), {})
    expected = shortest_paths(graph.indptr, graph.indices, np.ones(graph.indices.size, np.int64))
    near, far, reached = hop_counts(graph.reverse.indptr, graph.reverse.indices)
    assert between(graph, np.arange(len(graph))) == pytest.approx(expected[0], rel=1e-9, abs=1e-9)
    assert near == pytest.approx(expected[1], rel=1e-12)
    assert (far == expected[2]).all()
    assert (reached == expected[3]).all()


def test_the_paths_of_all_sources_are_those_of_each() -> None:
    graph = arrays_of(GRAPHS["pieces"](), {})
    parts = [between(graph, part) for part in np.array_split(np.arange(len(graph)), 7)]
    assert sum(parts) == pytest.approx(between(graph, np.arange(len(graph))), rel=1e-9)


def test_walks_on_many_threads_have_the_same_bits() -> None:
    graph = arrays_of(GRAPHS["crowd"](), {})
    alone = between(graph, np.arange(64))
    with ThreadPoolExecutor(4) as pool:
        assert all((found == alone).all() for found in pool.map(lambda _: between(graph, np.arange(64)), range(8)))


def test_strengths_are_the_sums_of_the_rows() -> None:
    rng = np.random.default_rng(4)
    sizes = rng.integers(0, 12, 300)
    indptr, strength = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32), rng.exponential(size=sizes.sum())
    expected = [strength[first:last].sum() for first, last in pairwise(indptr)]
    assert strengths(indptr, strength) == pytest.approx(expected, rel=1e-12)


@pytest.mark.integration
def test_a_kernel_is_compiled_once_and_says_so(tmp_path: Path) -> None:
    program = """
import numpy
from analytics.kernels.strength import strengths
strengths(numpy.zeros(1, numpy.int32), numpy.zeros(0))
"""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert re.fullmatch(r"maillage: compiling strengths, once on this machine … \d+\.\d s\n", runs[0].stderr)
    assert runs[1].stderr == ""


@pytest.mark.parametrize("name", GRAPHS)
def test_contacts_that_both_ends_of_a_tie_share_are_counted_at_both(name: str) -> None:
    graph: nx.Graph[Any] = nx.Graph(GRAPHS[name]())
    arrays = arrays_of(graph, {})
    shared = shared_contacts(arrays.indptr, arrays.indices)
    nodes = list(arrays)
    expected = [
        len(graph[nodes[one]].keys() & graph[nodes[other]].keys())
        for one, other in zip(arrays.source, arrays.indices, strict=True)
    ]
    assert shared.tolist() == expected
