"""Betweenness, harmonic and closeness: known answers, and networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import numpy as np
import pytest

Values = Mapping[str, Mapping[str, float]]
Measure = Callable[["nx.Graph[str]", str], Values]
Drawn = Callable[[int], "nx.Graph[str]"]
Made = Callable[["nx.Graph[str]"], "nx.Graph[str]"]

KITE: nx.Graph[str] = nx.Graph([(str(one), str(other)) for one, other in nx.krackhardt_kite_graph().edges])


def test_all_paths_of_a_star_lead_through_its_centre(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.star_graph(5), str), "path")
    assert found["betweenness"] == {"0": 1.0, "1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert found["harmonic"]["0"] == pytest.approx(5.0)
    assert found["harmonic"]["1"] == pytest.approx(1 + 4 / 2)
    assert found["closeness"]["0"] == pytest.approx(1.0)
    assert found["closeness"]["1"] == pytest.approx(5 / 9)


def test_the_middle_of_a_path_lies_between_the_most_pairs(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.path_graph(5), str), "path")
    assert list(found["betweenness"].values()) == pytest.approx([0, 1 / 2, 2 / 3, 1 / 2, 0])
    assert list(found["harmonic"].values()) == pytest.approx([25 / 12, 17 / 6, 3, 17 / 6, 25 / 12])
    assert found["closeness"]["2"] == pytest.approx(4 / 6)


def test_nobody_lies_between_others_who_all_know_each_other(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.complete_graph(6), str), "path")
    assert set(found["betweenness"].values()) == {0.0}
    assert set(found["harmonic"].values()) == {5.0}
    assert set(found["closeness"].values()) == {1.0}


def test_krackhardts_kite_has_its_published_values(measure: Measure) -> None:
    found = measure(KITE, "path")
    between = [0.023, 0.023, 0.000, 0.102, 0.000, 0.231, 0.231, 0.389, 0.222, 0.000]
    close = [0.529, 0.529, 0.500, 0.600, 0.500, 0.643, 0.643, 0.600, 0.429, 0.310]
    assert list(found["betweenness"].values()) == pytest.approx(between, abs=5e-4)
    assert list(found["closeness"].values()) == pytest.approx(close, abs=5e-4)


def test_the_medici_lie_between_the_families_of_florence(measure: Measure) -> None:
    between = measure(nx.florentine_families_graph(), "path")["betweenness"]
    leaders = sorted(between, key=between.__getitem__, reverse=True)[:3]
    assert leaders == ["Medici", "Guadagni", "Albizzi"]
    assert [between[family] for family in leaders] == pytest.approx([0.522, 0.255, 0.212], abs=5e-4)


def test_a_bridge_between_two_triangles_carries_what_passes(measure: Measure) -> None:
    graph: nx.Graph[str] = nx.Graph(
        [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]
    )
    found = measure(graph, "path")["betweenness"]
    assert found == pytest.approx({"a": 0, "b": 0, "c": 0.6, "d": 0.6, "e": 0, "f": 0})


def test_a_way_round_over_strong_ties_is_shorter_than_a_weak_tie(measure: Measure) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2.0), ("b", "c", 2.0), ("a", "c", 0.5)], weight="strength")
    found = measure(graph, "path")
    assert found["betweenness"] == {"a": 0, "b": 1, "c": 0}
    assert found["harmonic"] == {"a": 3.0, "b": 4.0, "c": 3.0}


def test_paths_of_help_run_from_requester_to_helper_and_nearness_is_that_of_the_askers(measure: Measure) -> None:
    found = measure(nx.DiGraph([("asks", "passes on"), ("passes on", "helps")]), "path")
    assert found["betweenness"] == {"asks": 0, "passes on": 0.5, "helps": 0}
    assert found["harmonic"] == {"asks": 0, "passes on": 1.0, "helps": 1.5}
    assert found["closeness"] == {"asks": 0, "passes on": 0.5, "helps": pytest.approx(2 / 3)}


def test_two_members_have_nobody_between_them(measure: Measure) -> None:
    assert measure(nx.Graph([("a", "b")]), "path")["betweenness"] == {"a": 0, "b": 0}


@pytest.mark.parametrize("seed", range(100))
def test_the_family_agrees_with_networkx(seed: int, measure: Measure, random_graph: Drawn, plain: Made) -> None:
    graph = plain(random_graph(seed))
    found = measure(random_graph(seed), "path")
    harmonic = {node: value * 1e6 for node, value in nx.harmonic_centrality(graph, distance="length").items()}
    closeness = {node: value * 1e6 for node, value in nx.closeness_centrality(graph, distance="length").items()}
    expected = nx.betweenness_centrality(graph, weight="length")
    assert found.get("betweenness", {}) == pytest.approx(expected, abs=1e-9)
    assert found.get("harmonic", {}) == pytest.approx(harmonic, rel=1e-9)
    assert found.get("closeness", {}) == pytest.approx(closeness, rel=1e-9)


@pytest.mark.parametrize("made", [nx.Graph, nx.DiGraph])
def test_a_crowd_in_which_many_wait_at_once_agrees_with_networkx(
    made: type[nx.Graph[str]], measure: Measure, plain: Made
) -> None:
    rng = np.random.default_rng(11)
    graph = made()
    for one, other, strength in zip(*rng.integers(0, 150, (2, 1500)), rng.pareto(1.5, 1500) + 0.01, strict=True):
        graph.add_edge(f"m_{one:03}", f"m_{other:03}", strength=float(strength))
    found = measure(graph, "path")
    expected = nx.betweenness_centrality(plain(graph), weight="length")
    closeness = nx.closeness_centrality(plain(graph), distance="length")
    assert found["betweenness"] == pytest.approx(expected, abs=1e-9)
    assert found["closeness"] == pytest.approx({node: 1e6 * value for node, value in closeness.items()}, rel=1e-9)
