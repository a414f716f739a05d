"""Clustering, diverse ties, articulation points, centralisation and assortativity: known answers, and networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

Values = Mapping[str, Mapping[str, float]]
Measure = Callable[["nx.Graph[str]", str], Values]
Drawn = Callable[[int], "nx.Graph[str]"]
Made = Callable[["nx.Graph[str]"], "nx.Graph[str]"]

BRIDGED = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]
UNDEFINED = pytest.approx(float("nan"), nan_ok=True)


def test_who_stands_at_a_bridge_holds_two_triangles_together(measure: Measure) -> None:
    found = measure(nx.Graph(BRIDGED), "structure")
    assert found["articulation"] == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 0, "f": 0}
    assert found["clustering"] == pytest.approx({"a": 1, "b": 1, "c": 1 / 3, "d": 1 / 3, "e": 1, "f": 1})


def test_the_contacts_of_a_team_of_four_are_not_diverse(measure: Measure) -> None:
    team: nx.Graph[str] = nx.Graph(combinations("abcd", 2))
    team.add_edge("a", "z")
    found = measure(team, "structure")["diverse_ties"]
    assert found == {"a": 1, "b": 0, "c": 0, "d": 0, "z": 1}


def test_a_star_is_all_centre_and_a_ring_has_none(measure: Measure) -> None:
    star = measure(nx.relabel_nodes(nx.star_graph(6), str), "structure")
    ring = measure(nx.relabel_nodes(nx.cycle_graph(6), str), "structure")
    assert star["centralisation"] == {"network": 1}
    assert ring["centralisation"] == {"network": 0}
    assert star["assortativity"] == pytest.approx({"network": -1})
    assert ring["assortativity"] == {"network": UNDEFINED}
    assert star["articulation"]["0"] == 1
    assert sum(star["articulation"].values()) == 1
    assert sum(ring["articulation"].values()) == 0


def test_with_one_contact_there_is_no_clustering_and_with_none_no_diverse_tie(measure: Measure) -> None:
    found = measure(nx.Graph([("a", "b"), ("c", "c")]), "structure")
    assert found["clustering"] == {"a": UNDEFINED, "b": UNDEFINED, "c": UNDEFINED}
    assert found["diverse_ties"] == {"a": 1, "b": 1, "c": 0}
    assert found["articulation"] == {"a": 0, "b": 0, "c": 0}


def test_two_members_have_no_centre(measure: Measure) -> None:
    found = measure(nx.Graph([("a", "b")]), "structure")
    assert found["centralisation"] == {"network": UNDEFINED}
    assert found["assortativity"] == {"network": UNDEFINED}


@pytest.mark.parametrize("seed", range(100))
def test_cohesion_agrees_with_networkx(seed: int, measure: Measure, random_graph: Drawn, undirected: Made) -> None:
    found, graph = measure(random_graph(seed), "structure"), undirected(random_graph(seed))
    clustering = {node: nx.clustering(graph, node) for node in graph if graph.degree(node) > 1}
    cut = set(nx.articulation_points(graph))
    diverse = {one: sum(len(list(nx.common_neighbors(graph, one, two))) <= 1 for two in graph[one]) for one in graph}
    defined = {node: value for node, value in found.get("clustering", {}).items() if not np.isnan(value)}
    assert defined == pytest.approx(clustering, abs=1e-9)
    assert found.get("articulation", {}) == {node: float(node in cut) for node in graph}
    assert found.get("diverse_ties", {}) == diverse
    ends = {graph.degree(node) for edge in graph.edges for node in edge}
    expected = nx.degree_assortativity_coefficient(graph) if len(ends) > 1 else float("nan")
    assert found["assortativity"]["network"] == pytest.approx(expected, abs=1e-9, nan_ok=True)
