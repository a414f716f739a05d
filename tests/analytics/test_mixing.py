"""Porosity: known answers, every permutation of small networks, and the calibration of z."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.mixing import Mixing, mixing
from analytics.metrics.snapshot import Snapshot, snapshot

TiesOf = Callable[["nx.Graph[str]"], pd.DataFrame]


def net(*ties: tuple[str, str, float]) -> Snapshot:
    return snapshot(pd.DataFrame(ties, columns=["source", "target", "strength"]), directed=False)


def labelled(found: Snapshot, labels: str) -> Mixing:
    """Return the mixing when members in order have these letters; '-' is not known."""
    return mixing(found, np.array([-1 if label == "-" else ord(label) - ord("A") for label in labels]))


def test_half_of_the_strength_across_is_an_index_of_zero() -> None:
    found = labelled(net(("a", "b", 2.0), ("b", "c", 1.0), ("c", "d", 1.0)), "AABA")
    assert found.index == 0
    assert found.members == 4


def test_who_meets_only_the_own_group_is_closed_and_who_never_does_is_open() -> None:
    square = net(("a", "b", 1.0), ("c", "d", 1.0))
    assert labelled(square, "AABB").index == -1
    assert labelled(square, "ABAB").index == 1
    assert labelled(square, "AABB").z == pytest.approx(-labelled(square, "ABAB").z * 2)


def test_chance_alone_looks_closed_where_one_group_is_small() -> None:
    sizes = np.repeat([0, 1], [90, 10])
    everybody = snapshot(
        pd.DataFrame(
            [(f"m{one:02}", f"m{two:02}", 1.0) for one in range(100) for two in range(one)],
            columns=["source", "target", "strength"],
        ),
        directed=False,
    )
    found = mixing(everybody, sizes)
    assert found.index == pytest.approx(found.expected) == pytest.approx(-0.636, abs=1e-3)
    assert np.isnan(found.z), "tied alike, no way to deal the labels out gives anything else"


def test_whose_group_is_not_known_is_left_out_with_her_ties() -> None:
    whole = net(("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("a", "d", 3.0), ("d", "x", 9.0))
    part = net(("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("a", "d", 3.0))
    assert labelled(whole, "AABB-") == labelled(part, "AABB")


@pytest.mark.parametrize("labels", ["----", "A---"])
def test_without_a_tie_between_known_groups_nothing_is_said(labels: str) -> None:
    found = labelled(net(("a", "b", 1.0), ("c", "d", 1.0)), labels)
    assert np.isnan([found.index, found.expected, found.z]).all()


def test_a_single_group_cannot_be_told_from_chance() -> None:
    found = labelled(net(("a", "b", 1.0), ("b", "c", 2.0)), "AAA")
    assert found.index == found.expected == -1
    assert np.isnan(found.z)


weights = st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=10, max_size=10)


@settings(max_examples=25, deadline=None)
@given(size=st.integers(2, 5), strengths=weights, labels=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_mean_and_spread_are_those_of_all_permutations(size: int, strengths: list[float], labels: list[int]) -> None:
    pairs = [(one, two) for one in range(5) for two in range(one) if one < size]
    ties = [(f"m{one}", f"m{two}", each) for (one, two), each in zip(pairs, strengths, strict=False)]
    found = net(*ties, *[(f"m{each}", f"m{each}", 1.0) for each in range(size)])
    groups = np.array(labels[:size])
    dealt = [mixing(found, np.array(order)) for order in permutations(groups.tolist())]
    indices = np.array([each.index for each in dealt])
    seen = mixing(found, groups)
    assert seen.expected == pytest.approx(indices.mean(), abs=1e-9, nan_ok=True)
    if not np.isnan(seen.index):
        assert seen.spread == pytest.approx(indices.std(), abs=1e-6)


def test_labels_by_chance_are_beyond_1_96_one_time_in_twenty(ties_of: TiesOf) -> None:
    graph = nx.relabel_nodes(nx.barabasi_albert_graph(120, 3, seed=7), str)
    found, rng = snapshot(ties_of(graph), directed=False), np.random.default_rng(1)
    groups = np.repeat([0, 1, 2], [70, 30, 20])
    z = np.array([mixing(found, rng.permutation(groups)).z for _ in range(2000)])
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.05, abs=0.015)
    assert z.mean() == pytest.approx(0, abs=0.08)


def test_the_names_of_groups_do_not_matter() -> None:
    found = net(("a", "b", 1.0), ("b", "c", 2.0), ("c", "d", 1.0), ("d", "e", 4.0))
    assert labelled(found, "AABBC") == labelled(found, "CCAAB")
