"""Constraint and effective size: known answers, and networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import pytest

Values = Mapping[str, Mapping[str, float]]
Measure = Callable[["nx.Graph[str]", str], Values]
Drawn = Callable[[int], "nx.Graph[str]"]
Made = Callable[["nx.Graph[str]"], "nx.Graph[str]"]


def test_the_centre_of_a_star_has_as_many_separate_contacts_as_ties(measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.star_graph(7), str), "tie")
    assert found["effective_size"]["0"] == pytest.approx(7)
    assert found["constraint"]["0"] == pytest.approx(1 / 7)
    assert found["effective_size"]["1"] == 1
    assert found["constraint"]["1"] == 1


@pytest.mark.parametrize("size", [2, 3, 4, 9])
def test_the_contacts_of_a_clique_count_as_one(size: int, measure: Measure) -> None:
    found = measure(nx.relabel_nodes(nx.complete_graph(size), str), "tie")
    assert list(found["effective_size"].values()) == pytest.approx([1.0] * size)
    constraint = (2 * size - 3) ** 2 / (size - 1) ** 3
    assert list(found["constraint"].values()) == pytest.approx([constraint] * size)


def test_the_end_of_a_bridge_counts_its_own_triangle_less(measure: Measure) -> None:
    found = measure(
        nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]), "tie"
    )["effective_size"]
    assert found["c"] == pytest.approx(3 - 2 / 3)
    assert found["a"] == pytest.approx(1)


def test_the_medici_have_the_lowest_constraint_of_florence(measure: Measure) -> None:
    constraint = measure(nx.florentine_families_graph(), "tie")["constraint"]
    assert min(constraint, key=constraint.__getitem__) == "Medici"


def test_the_greatest_strength_is_that_of_the_contact(measure: Measure) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("b", "c"), ("c", "a")])
    nx.set_edge_attributes(graph, {("a", "b"): 1.0, ("b", "c"): 2.0, ("a", "c"): 4.0}, "strength")
    found = measure(graph, "tie")["effective_size"]
    assert found["a"] == pytest.approx((1 - 4 / 5 * 2 / 2) + (1 - 1 / 5 * 2 / 4))


def test_without_a_tie_neither_is_defined(measure: Measure) -> None:
    found = measure(nx.Graph([("a", "a"), ("b", "c")]), "tie")
    nan = pytest.approx(float("nan"), nan_ok=True)
    assert found["constraint"] == {"a": nan, "b": 1, "c": 1}
    assert found["effective_size"] == {"a": nan, "b": 1, "c": 1}


@pytest.mark.parametrize("seed", range(100))
def test_the_family_agrees_with_the_definition_in_networkx(
    seed: int, measure: Measure, random_graph: Drawn, undirected: Made
) -> None:
    found, graph = measure(random_graph(seed), "tie"), undirected(random_graph(seed))
    constraint = nx.constraint(graph, nodes=list(graph), weight="strength")
    effective_size = nx.effective_size(graph, nodes=list(graph), weight="strength")
    assert found.get("constraint", {}) == pytest.approx(constraint, abs=1e-9, nan_ok=True)
    assert found.get("effective_size", {}) == pytest.approx(effective_size, abs=1e-9, nan_ok=True)
