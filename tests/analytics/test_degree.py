"""Degree, strength and density: known answers, and networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import pytest

Values = Mapping[str, Mapping[str, float]]
Measure = Callable[["nx.Graph[str]", str], Values]
Drawn = Callable[[int], "nx.Graph[str]"]
Made = Callable[["nx.Graph[str]"], "nx.Graph[str]"]


def test_the_centre_of_a_star_has_every_tie_and_a_leaf_one(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.star_graph(4), str), "tie")
    assert found["degree"] == {"0": 4, "1": 1, "2": 1, "3": 1, "4": 1}
    assert found["nodes"] == {"network": 5}
    assert found["edges"] == {"network": 4}
    assert found["density"] == {"network": pytest.approx(0.4)}


def test_the_medici_have_the_most_marriages(measure: Measure) -> None:
    degree = measure(nx.florentine_families_graph(), "tie")["degree"]
    assert max(degree, key=degree.__getitem__) == "Medici"
    assert degree["Medici"] == 6


def test_a_tie_in_both_directions_is_one_contact_with_both_strengths(measure: Measure) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 1.0), ("b", "a", 2.0), ("c", "a", 0.5)], weight="strength")
    found = measure(graph, "tie")
    assert found["degree"] == {"a": 2, "b": 1, "c": 1}
    assert found["strength"] == {"a": 3.5, "b": 3.0, "c": 0.5}
    assert found["edges"] == {"network": 3}
    assert found["density"] == {"network": 0.5}


def test_a_member_who_only_answered_herself_has_no_contact(measure: Measure) -> None:
    graph = nx.DiGraph([("a", "a")])
    found = measure(graph, "tie")
    assert found["degree"] == {"a": 0}
    assert found["strength"] == {"a": 0}
    assert found["density"] == {"network": pytest.approx(float("nan"), nan_ok=True)}


@pytest.mark.parametrize("seed", range(100))
def test_the_family_agrees_with_networkx(
    seed: int, measure: Measure, random_graph: Drawn, plain: Made, undirected: Made
) -> None:
    graph = random_graph(seed)
    found, flat = measure(graph, "tie"), undirected(graph)
    assert found.get("degree", {}) == dict(flat.degree())
    assert found.get("strength", {}) == pytest.approx(dict(flat.degree(weight="strength")), rel=1e-12)
    assert found["nodes"] == {"network": len(graph)}
    assert found["edges"] == {"network": plain(graph).number_of_edges()}
    if len(graph) > 1:
        assert found["density"] == {"network": pytest.approx(nx.density(plain(graph)), rel=1e-12)}
