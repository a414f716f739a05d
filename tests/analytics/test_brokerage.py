"""Brokerage: the pattern of each role, and chance over every permutation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from analytics.metrics.brokerage import ROLES, Brokerage, brokerage
from analytics.metrics.snapshot import snapshot

TiesOf = Callable[["nx.Graph[str]"], pd.DataFrame]


def carry(ties: list[tuple[str, str]], groups: list[int]) -> Brokerage:
    """Return the brokerage among members in order of their names."""
    rows = pd.DataFrame([(*tie, 1.0) for tie in ties], columns=["source", "target", "strength"])
    return brokerage(snapshot(rows, directed=True), np.array(groups, np.int64))


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        ("coordinator", [0, 0, 0]),
        ("gatekeeper", [0, 1, 1]),
        ("representative", [0, 0, 1]),
        ("consultant", [0, 1, 0]),
        ("liaison", [0, 1, 2]),
    ],
)
def test_the_role_follows_from_the_groups_of_the_three(role: str, groups: list[int]) -> None:
    found = carry([("a", "i"), ("i", "z")], groups)
    assert dict(zip(ROLES, found.roles[1], strict=True)) == dict.fromkeys(ROLES, 0) | {role: 1}
    assert found.roles.sum() == 1
    assert found.carried[groups[0], groups[2]] == 1


def test_a_direct_way_takes_the_broker_out() -> None:
    assert carry([("a", "i"), ("i", "z"), ("a", "z")], [0, 0, 1]).roles.sum() == 0


def test_the_way_back_is_no_direct_way() -> None:
    assert carry([("a", "i"), ("i", "z"), ("z", "a")], [0, 0, 1]).roles.sum() == 3


def test_an_answer_back_to_the_same_person_is_no_path() -> None:
    assert carry([("a", "i"), ("i", "a")], [0, 1]).roles.sum() == 0


def test_who_is_in_no_group_brokers_nothing() -> None:
    assert carry([("a", "i"), ("i", "z")], [0, -1, 1]).roles.sum() == 0
    assert carry([("a", "i"), ("i", "z")], [-1, 0, 1]).roles.sum() == 0


def test_without_three_members_there_is_no_chance_to_compare_with() -> None:
    found = carry([("a", "i")], [0, 1])
    assert np.isnan(found.by_chance).all()
    assert np.isnan(found.ratio).all()
    assert carry([], []).roles.shape == (0, 5)


@pytest.mark.parametrize("seed", range(5))
def test_the_expected_is_the_mean_of_all_permutations(seed: int, ties_of: TiesOf) -> None:
    graph = nx.relabel_nodes(nx.gnp_random_graph(7, 0.3, seed=seed, directed=True), str)
    network = snapshot(ties_of(graph), directed=True)
    groups = np.array([0, 0, 0, 1, 1, 2, -1])
    known = [place for place in range(7) if groups[place] >= 0]
    total = np.zeros((7, 5))
    orders = list(permutations(groups[known]))
    for order in orders:
        dealt = groups.copy()
        dealt[known] = order
        total += brokerage(network, dealt).roles
    assert brokerage(network, groups).expected == pytest.approx(total / len(orders), abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_every_open_path_counts_once(seed: int, ties_of: TiesOf) -> None:
    graph = nx.relabel_nodes(nx.gnp_random_graph(12, 0.2, seed=seed, directed=True), str)
    groups = np.random.default_rng(seed).integers(0, 3, 12)
    open_paths = [
        (one, two)
        for broker in graph
        for one in graph.predecessors(broker)
        for two in graph.successors(broker)
        if one != two and not graph.has_edge(one, two)
    ]
    found = brokerage(snapshot(ties_of(graph), directed=True), groups)
    assert found.roles.sum() == found.carried.sum() == len(open_paths)
    assert found.excess.sum() == pytest.approx(0, abs=1e-9)
