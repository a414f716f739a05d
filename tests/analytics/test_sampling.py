"""Paths from some of the members: exact below the bound, above it marked as estimates with the stated interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from analytics.member.content import Figure
from analytics.member.view import sampled
from analytics.member.words import Words
from analytics.metrics import Snapshot, network_metrics, snapshot
from analytics.metrics import sampling as module
from analytics.metrics.path import path_family
from analytics.metrics.sampling import mean_bounds, sample, sampled_paths

TiesOf = Callable[["nx.Graph[str]"], pd.DataFrame]
Drawn = Callable[[int], Snapshot]

NAMES = ("betweenness", "harmonic", "closeness")
FEW = 12


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let as few be drawn as small graphs allow."""
    monkeypatch.setattr(module, "FEWEST", FEW)


@pytest.fixture(scope="module")
def drawn(ties_of: TiesOf) -> Drawn:
    """Give the function from a seed to a network of 60 members in pieces, every second one directed."""

    def network(seed: int) -> Snapshot:
        rng = np.random.default_rng(seed)
        kinds = (nx.barabasi_albert_graph(45, 2, seed=seed), nx.random_labeled_tree(45, seed=seed))
        whole = nx.disjoint_union_all([kinds[seed // 2 % 2], nx.cycle_graph(13), nx.path_graph(2)])
        graph: nx.Graph[str] = nx.relabel_nodes(nx.DiGraph(whole) if seed % 2 else whole, f"m{seed}_{{:02}}".format)
        for one, other in list(graph.edges):
            graph[one][other]["strength"] = float(rng.exponential()) + 0.01
        if seed % 2:
            graph.remove_edges_from([edge for edge in list(graph.edges) if rng.random() < 0.3])
        return snapshot(ties_of(graph), directed=bool(seed % 2))

    return network


def test_the_true_value_lies_in_the_interval_of_95_in_100_members(drawn: Drawn) -> None:
    inside: dict[str, list[float]] = {name: [] for name in NAMES}
    for seed in range(60):
        network = drawn(seed)
        found, exact = path_family(network, work=1), path_family(network)
        for name in NAMES:
            low, high = found[f"{name}:low"] * (1 - 1e-9), found[f"{name}:high"] * (1 + 1e-9)
            inside[name].append(float(np.mean((low <= exact[name]) & (exact[name] <= high))))
            assert (found[f"{name}:low"] <= found[name]).all()
            assert (found[name] <= found[f"{name}:high"]).all()
    assert {name: np.mean(shares) >= 0.95 for name, shares in inside.items()} == dict.fromkeys(NAMES, True)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.97])
def test_the_bounds_of_a_mean_hold_for_coins(share: float) -> None:
    many = np.full(4000, 50.0)
    heads = np.random.default_rng(1).binomial(50, share, 4000) / 50
    low, high = mean_bounds(heads, heads, many)
    assert np.mean((low <= share) & (share <= high)) >= 0.95


def test_what_is_known_of_bounds_where_nothing_was_seen() -> None:
    low, high = mean_bounds(np.zeros(1), np.zeros(1), np.full(1, 100.0))
    assert low[0] == pytest.approx(0.0, abs=1e-12)
    assert high[0] == pytest.approx(1 - (0.05 / 4) ** (1 / 100))


@pytest.mark.parametrize("spread", [0.02, 0.2, 3.0])
def test_the_bounds_of_a_mean_hold_for_draws_without_replacement_and_are_narrow_where_values_are_alike(
    spread: float,
) -> None:
    rng = np.random.default_rng(2)
    values = np.minimum(1.0, 0.1 * rng.lognormal(0.0, spread, 300))
    drawn = np.array([rng.permutation(values)[:200] for _ in range(2000)])
    low, high = mean_bounds(drawn.mean(axis=1), (drawn**2).mean(axis=1), np.full(2000, 200.0))
    assert np.mean((low <= values.mean()) & (values.mean() <= high)) >= 0.95
    coins, _ = mean_bounds(drawn.mean(axis=1), drawn.mean(axis=1), np.full(2000, 200.0))
    if spread < 1.0:
        assert np.median(values.mean() - low) < 0.5 * np.median(values.mean() - coins)


def test_over_all_samples_the_mean_estimate_is_the_exact_value(drawn: Drawn) -> None:
    network = drawn(0)
    exact, sums, many = path_family(network), dict.fromkeys(NAMES[:2], np.zeros(network.size)), 300
    for number in range(many):
        renamed = replace(network, members=np.array([f"{number}_{name}" for name in network.members], dtype=object))
        found = path_family(renamed, work=1)
        sums = {name: total + found[name] for name, total in sums.items()}
    for name, total in sums.items():
        assert total.sum() / many == pytest.approx(exact[name].sum(), rel=0.03)


@pytest.mark.parametrize("seed", range(4))
def test_below_the_bound_every_bit_is_that_of_all_searches(seed: int, drawn: Drawn) -> None:
    network = drawn(seed)
    enough = network.size * network.indices.size
    assert sample(network, enough) is None
    found = path_family(network, work=enough)
    assert set(found) == set(NAMES)
    for name, values in path_family(network).items():
        assert np.array_equal(found[name], values)


def test_a_network_of_small_pieces_is_searched_whole_however_large_it_is(ties_of: TiesOf) -> None:
    pairs: nx.Graph[str] = nx.Graph([(f"a{number}", f"b{number}") for number in range(40)])
    assert sample(snapshot(ties_of(pairs), directed=False), 1) is None


def test_a_small_piece_beside_a_large_one_has_its_exact_values(drawn: Drawn) -> None:
    network = drawn(0)
    found, exact = sampled_paths(network, sample(network, 1) or pytest.fail("nobody was drawn")), path_family(network)
    pair = [number for number, name in enumerate(network.members) if name in {"m0_58", "m0_59"}]
    for name in NAMES:
        assert found[name][pair] == pytest.approx(exact[name][pair], rel=1e-12)
        assert found[f"{name}:low"][pair] == pytest.approx(exact[name][pair], rel=1e-9)
        assert found[f"{name}:high"][pair] == pytest.approx(exact[name][pair], rel=1e-9)


def test_the_order_of_ties_changes_no_bit_of_an_estimate(ties_of: TiesOf) -> None:
    ties = ties_of(nx.relabel_nodes(nx.barabasi_albert_graph(60, 3, seed=4), "m{:02}".format))
    expected = path_family(snapshot(ties, directed=False), work=1)
    found = path_family(snapshot(ties.sample(frac=1.0, random_state=1), directed=False), work=1)
    for name, values in expected.items():
        assert np.array_equal(found[name], values)


def test_estimates_carry_their_interval_and_exact_values_none(ties_of: TiesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    ties = ties_of(nx.relabel_nodes(nx.barabasi_albert_graph(60, 3, seed=4), "m{:02}".format))
    exact = network_metrics(ties, "copresence", families=["path", "tie"])
    assert exact[["low", "high"]].isna().all(axis=None)
    monkeypatch.setattr(path_family, "__defaults__", (1,))
    rows = network_metrics(ties, "copresence", families=["path", "tie"])
    is_path = rows["metric"].isin(NAMES)
    assert rows.loc[is_path, ["low", "high"]].notna().all(axis=None)
    assert rows.loc[~is_path, ["low", "high"]].isna().all(axis=None)
    assert (rows.loc[is_path, "low"] < rows.loc[is_path, "high"]).mean() > 0.9


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "sampled: 0.0100 to 0.0300, 95 times in 100"),
        ("fr", "échantillonné : de 0,0100 à 0,0300, 95 fois sur 100"),
        ("de", "aus einer Stichprobe: 0.0100 bis 0.0300, 95-mal von 100"),
    ],
)
def test_a_members_page_says_which_of_her_figures_were_sampled(language: str, told: str) -> None:
    now = datetime(2026, 11, 16, tzinfo=UTC)
    rest: dict[str, Any] = {
        "week": now.date(),
        "layer": "help",
        "quarter": 4,
        "members": 9,
        "computed_at": now,
        "version": "1",
    }
    estimate = Figure(metric="betweenness", value=0.02, low=0.01, high=0.03, stale=False, **rest)
    exact = Figure(metric="betweenness", value=0.02, stale=False, **rest)
    said = sampled(estimate, Words(language)).replace("\u202f", " ").replace("\u00a0", " ")
    assert said == told
    assert sampled(exact, Words(language)) == ""
