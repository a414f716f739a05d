"""The networkx backend: its functions beside networkx's own, and networkx's own tests."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

import networkx as nx
import numpy as np
import pytest
from networkx.utils import create_py_random_state as random_state

from analytics.backend import COVERED, functions, info
from analytics.backend.graph import arrays_of, graph_of

pytestmark = pytest.mark.integration

Graph: TypeAlias = "nx.Graph[Any]"
Kind = Callable[[np.random.Generator, int], Graph]

KINDS: Mapping[str, Kind] = {
    "sparse": lambda rng, n: nx.gnp_random_graph(n, 1.5 / max(n, 1), seed=int(rng.integers(1 << 30))),
    "dense": lambda rng, n: nx.gnp_random_graph(n, 0.4, seed=int(rng.integers(1 << 30))),
    "hubs": lambda rng, n: nx.barabasi_albert_graph(n + 3, 2, seed=int(rng.integers(1 << 30))),
    "tree": lambda rng, n: nx.random_labeled_tree(n + 1, seed=int(rng.integers(1 << 30))),
    "grid": lambda rng, n: nx.convert_node_labels_to_integers(nx.grid_2d_graph(1 + n // 8, 1 + int(rng.integers(7)))),
    "ring": lambda rng, n: nx.cycle_graph(n + int(rng.integers(3, 6))),
    "teams": lambda rng, n: nx.disjoint_union_all(
        [nx.complete_graph(int(rng.integers(1, 7))) for _ in range(n // 9)] or [nx.Graph()]
    ),
    "directed": lambda rng, n: nx.gnp_random_graph(n, 2 / max(n, 1), seed=int(rng.integers(1 << 30)), directed=True),
    "mutual": lambda rng, n: nx.gnp_random_graph(n, 0.3, seed=int(rng.integers(1 << 30)), directed=True),
}
LENGTHS: Mapping[str, Callable[[np.random.Generator], float]] = {
    "whole": lambda rng: int(rng.integers(1, 6)),
    "halves": lambda rng: float(rng.integers(1, 9)) / 2,
    "tenths": lambda rng: float(rng.integers(1, 9)) / 10,
    "any": lambda rng: float(rng.exponential() + 1e-3),
}
NETWORKX_TESTS = (
    "algorithms.centrality.tests.test_betweenness_centrality",
    "algorithms.centrality.tests.test_closeness_centrality",
    "algorithms.centrality.tests.test_harmonic_centrality",
    "algorithms.components.tests.test_biconnected",
    "algorithms.link_analysis.tests.test_pagerank",
    "algorithms.tests.test_cluster",
    "algorithms.tests.test_core",
    "algorithms.tests.test_structuralholes",
)


def drawn(kind: str, seed: int) -> Graph:
    """Return a graph of a kind, of 0 to 43 nodes, with lengths of one of four sorts on all but some edges."""
    rng = np.random.default_rng(seed)
    graph = KINDS[kind](rng, seed if seed < 3 else int(rng.integers(3, 40)))
    length = list(LENGTHS.values())[seed % 4]
    for _, _, tie in graph.edges(data=True):
        if rng.random() < 0.95:
            tie["length"] = length(rng)
    return nx.relabel_nodes(graph, {node: f"m_{node:02}" for node in graph})


def beside(name: str, graph: Graph, **arguments: object) -> tuple[object, object]:
    """Return the answer of the backend and that of networkx."""
    twin = vars(nx)[name].orig_func
    arrays = functions.convert_from_nx(graph, {"length": 1})
    assert functions.can_run(name, (graph,), arguments) is True
    return vars(functions)[name](arrays, **arguments), twin(graph, **arguments)


def same(name: str, graph: Graph, **arguments: object) -> None:
    """Hold the two answers equal to 1e-9."""
    found, expected = beside(name, graph, **arguments)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(32))
def test_paths_and_ranks_agree_with_networkx(kind: str, seed: int) -> None:
    graph = drawn(kind, seed)
    for length in (None, "length"):
        same("betweenness_centrality", graph, weight=length, normalized=bool(seed % 2), endpoints=bool(seed % 3))
        same("closeness_centrality", graph, distance=length, wf_improved=bool(seed % 2))
        same("harmonic_centrality", graph, distance=length)
        same("pagerank", graph, weight=length, tol=1e-12, max_iter=1000)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"directed", "mutual"}))
@pytest.mark.parametrize("seed", range(32))
def test_cohesion_agrees_with_networkx(kind: str, seed: int) -> None:
    graph = drawn(kind, seed)
    for name in ("core_number", "triangles", "transitivity", "clustering"):
        same(name, graph)
    if graph:
        same("average_clustering", graph)
    same("clustering", graph, weight="length")
    found, expected = beside("articulation_points", graph)
    assert sorted(found) == sorted(expected)  # type: ignore[call-overload]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3, 35))
def test_structural_holes_agree_with_networkx(kind: str, seed: int) -> None:
    graph = drawn(kind, seed)
    if not graph.number_of_edges():
        pytest.skip("networkx divides by nothing and warns")
    for weight in (None, "length"):
        with np.errstate(invalid="ignore"):
            same("constraint", graph, weight=weight)
    linked = [node for node in graph if graph[node]][:2]
    for weight in (None, "length"):
        found = functions.effective_size(functions.convert_from_nx(graph, {"length": 1}), weight=weight)
        expected = nx.effective_size(graph, nodes=linked, weight=weight)
        assert {node: found[node] for node in linked} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("normalized", [True, False])
def test_a_sample_of_sources_is_the_one_that_networkx_draws(seed: int, normalized: bool) -> None:  # noqa: FBT001
    graph = drawn("mutual" if seed % 2 else "hubs", seed + 3)
    for weight in (None, "length"):
        arrays, k = functions.convert_from_nx(graph, {"length": 1}), 1 + seed % 3
        found = functions.betweenness_centrality(arrays, k, normalized, weight, seed=random_state(seed))
        expected = nx.betweenness_centrality(graph, k, normalized, weight, seed=seed)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_a_tie_to_oneself_changes_only_ranks() -> None:
    graph = drawn("sparse", 9)
    graph.add_edge("m_00", "m_00", length=3)
    for name in ("betweenness_centrality", "closeness_centrality", "harmonic_centrality", "clustering", "triangles"):
        same(name, graph)
    same("pagerank", graph, weight="length")


def test_what_is_not_covered_is_left_to_networkx() -> None:
    graph = nx.path_graph(4)
    assert functions.can_run("closeness_centrality", (graph,), {"u": 1}) == "u is not covered"
    assert functions.can_run("clustering", (nx.DiGraph(graph),), {}) == "only undirected graphs are covered"
    assert functions.can_run("betweenness_centrality", (nx.MultiGraph(graph),), {}) == "multiple edges are not covered"
    callable_weight = functions.can_run("betweenness_centrality", (graph,), {"weight": lambda *_: 1})
    assert callable_weight == "weights have to be an edge attribute"


@pytest.mark.parametrize("length", [0, -1, float("nan"), float("inf"), "long", None, 1e300])
def test_a_length_that_cannot_be_added_up_is_left_to_networkx(length: object) -> None:
    graph: Graph = nx.Graph()
    graph.add_edge("a", "b", length=length)
    with pytest.raises(NotImplementedError, match="length"):
        functions.betweenness_centrality(functions.convert_from_nx(graph, {"length": 1}), weight="length")


def test_ranks_that_still_change_are_an_error_as_in_networkx() -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence):
        functions.pagerank(arrays_of(nx.path_graph(5), {"weight": 1}), max_iter=2)


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_become_the_graph_that_they_came_from(kind: str) -> None:
    graph = drawn(kind, 8)
    back = graph_of(arrays_of(graph, {"length": 7}))
    expected = {(one, other): tie.get("length", 7) for one, other, tie in graph.edges(data=True)}
    assert list(back) == list(graph)
    assert all(back.edges[edge]["length"] == length for edge, length in expected.items())
    assert back.number_of_edges() == len(expected)


def test_every_function_has_the_arguments_of_its_twin_and_stands_in_the_table() -> None:
    for name in COVERED:
        twin = inspect.signature(vars(nx)[name].orig_func).parameters
        ours = inspect.signature(vars(functions)[name]).parameters
        assert [(each.name, each.default) for each in ours.values()] == [(p.name, p.default) for p in twin.values()]
    assert cast("Mapping[str, object]", info()["functions"]).keys() == COVERED.keys()


def test_networkx_hands_over_and_converts_once() -> None:
    graph = nx.krackhardt_kite_graph()
    expected = nx.betweenness_centrality(graph)
    assert nx.betweenness_centrality(graph, backend="maillage") == pytest.approx(expected)
    with pytest.warns(UserWarning, match="saved to cache"):
        nx.closeness_centrality(graph, backend="maillage")
    graph.add_edge(0, 9)
    assert nx.core_number(graph, backend="maillage") == nx.core_number(graph)


def test_with_a_priority_networkx_computes_what_is_not_covered() -> None:
    graph = nx.krackhardt_kite_graph()
    with nx.config(backend_priority=["maillage"]):
        assert nx.closeness_centrality(graph, u=3) == pytest.approx(0.6)
        assert nx.diameter(graph) == 4


@pytest.mark.process
def test_networkxs_own_tests_pass_with_the_backend(tmp_path: Path) -> None:
    modules = [f"networkx.{module}" for module in NETWORKX_TESTS]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", *modules]
    settings = {"NETWORKX_TEST_BACKEND": "maillage", "NETWORKX_FALLBACK_TO_NX": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert "xfailed" not in done.stdout
