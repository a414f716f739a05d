"""PageRank, cores, components and communities: known answers, and networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import pytest

Values = Mapping[str, Mapping[str, float]]
Measure = Callable[["nx.Graph[str]", str], Values]
Drawn = Callable[[int], "nx.Graph[str]"]
Made = Callable[["nx.Graph[str]"], "nx.Graph[str]"]


KITE: nx.Graph[str] = nx.Graph([(str(one), str(other)) for one, other in nx.krackhardt_kite_graph().edges])
BRIDGED = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]


def test_everybody_in_a_complete_graph_has_the_same_rank_and_core(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.complete_graph(5), str), "structure")
    assert list(found["pagerank"].values()) == pytest.approx([0.2] * 5, rel=1e-12)
    assert set(found["core"].values()) == {4}
    assert set(found["community"].values()) == {1}
    assert found["components"] == {"network": 1}


def test_rank_goes_to_who_helps_and_what_she_keeps_is_shared(measure: Measure) -> None:
    found = measure(nx.DiGraph([("asks", "helps")]), "structure")["pagerank"]
    assert found == pytest.approx({"asks": 1 / 2.85, "helps": 1.85 / 2.85}, rel=1e-11)


def test_rank_follows_the_strength_of_ties(measure: Measure) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 3.0), ("a", "c", 1.0)], weight="strength")
    found = measure(graph, "structure")["pagerank"]
    assert found["b"] - found["a"] == pytest.approx(3 * (found["c"] - found["a"]))


def test_two_triangles_with_a_bridge_are_two_communities_in_one_component(measure: Measure) -> None:
    found = measure(nx.Graph(BRIDGED), "structure")
    assert found["community"] == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2}
    assert found["modularity"] == {"network": pytest.approx(6 / 7 - 1 / 2)}
    assert set(found["core"].values()) == {2}
    assert set(found["component_size"].values()) == {6}


def test_the_kite_has_a_core_of_three_and_a_tail_of_one(measure: Measure) -> None:
    core = measure(KITE, "structure")["core"]
    assert list(core.values()) == [3, 3, 3, 3, 3, 3, 3, 2, 1, 1]


def test_the_largest_community_is_number_one(measure: Measure) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("c", "d"), ("d", "e"), ("e", "c"), ("f", "f")])
    found = measure(graph, "structure")
    assert found["community"] == {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1, "f": 3}
    assert found["components"] == {"network": 3}
    assert found["component_size"] == {"a": 2, "b": 2, "c": 3, "d": 3, "e": 3, "f": 1}
    assert found["largest_component_share"] == {"network": 0.5}


def test_components_and_cores_do_not_ask_for_directions(measure: Measure) -> None:
    found = measure(nx.DiGraph([("a", "b"), ("b", "a"), ("c", "b"), ("c", "a"), ("d", "c")]), "structure")
    assert found["core"] == {"a": 2, "b": 2, "c": 2, "d": 1}
    assert found["components"] == {"network": 1}


@pytest.mark.parametrize("seed", range(100))
def test_the_family_agrees_with_networkx(
    seed: int, measure: Measure, random_graph: Drawn, plain: Made, undirected: Made
) -> None:
    graph, flat = plain(random_graph(seed)), undirected(random_graph(seed))
    found = measure(random_graph(seed), "structure")
    rank = nx.pagerank(graph, weight="strength", tol=1e-12 / max(len(graph), 1), max_iter=1000)
    parts = list(nx.connected_components(flat))
    assert found.get("pagerank", {}) == pytest.approx(rank, abs=1e-11)
    assert found.get("core", {}) == nx.core_number(flat)
    assert found.get("component_size", {}) == {node: len(part) for part in parts for node in part}
    assert found["components"] == {"network": len(parts)}


@pytest.mark.parametrize("seed", range(6, 30))
def test_the_ranks_of_everybody_sum_to_one(seed: int, measure: Measure, random_graph: Drawn) -> None:
    assert sum(measure(random_graph(seed), "structure")["pagerank"].values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("seed", range(6, 30))
def test_modularity_is_that_of_the_communities(
    seed: int, measure: Measure, random_graph: Drawn, undirected: Made
) -> None:
    found, graph = measure(random_graph(seed), "structure"), undirected(random_graph(seed))
    groups: dict[float, set[str]] = {}
    for node, community in found["community"].items():
        groups.setdefault(community, set()).add(node)
    ties = graph.number_of_edges()
    expected = nx.community.modularity(graph, groups.values(), weight="strength") if ties else float("nan")
    assert found["modularity"]["network"] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_planted_groups_are_found(measure: Measure) -> None:
    planted = nx.planted_partition_graph(6, 25, 0.4, 0.02, seed=3)
    graph: nx.Graph[str] = nx.Graph([(f"m_{one:03}", f"m_{other:03}") for one, other in planted.edges])
    community = measure(graph, "structure")["community"]
    found = {frozenset(community[f"m_{node:03}"] for node in block) for block in planted.graph["partition"]}
    assert found == {frozenset([number]) for number in range(1, 7)}


@pytest.mark.parametrize("seed", range(6, 30))
def test_communities_are_as_good_as_those_of_networkx(
    seed: int, measure: Measure, random_graph: Drawn, undirected: Made
) -> None:
    graph = undirected(random_graph(seed))
    if graph.number_of_edges() == 0:
        return
    groups = nx.community.louvain_communities(graph, weight="strength", seed=seed)
    theirs = nx.community.modularity(graph, groups, weight="strength")
    assert measure(random_graph(seed), "structure")["modularity"]["network"] >= theirs - 0.03
