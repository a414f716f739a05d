"""The table of metrics and the driver: what every metric has in common."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from analytics.card import cards
from analytics.kernels.burt import burt
from analytics.kernels.core import core_numbers
from analytics.kernels.louvain import louvain
from analytics.kernels.path import shortest_paths
from analytics.kernels.rank import pagerank
from analytics.metrics import FAMILIES, LAYERS, METRICS, network_metrics, warm
from producers.event import PAYLOADS, PREFIX

TiesOf = Callable[["nx.Graph[str]"], pd.DataFrame]
NETWORK = [name for name, metric in METRICS.items() if metric.layers]


def region(seed: int = 3) -> nx.Graph[str]:
    rng = np.random.default_rng(seed)
    graph: nx.Graph[str] = nx.relabel_nodes(nx.powerlaw_cluster_graph(80, 3, 0.5, seed=seed), "m_{:02}".format)
    for _, _, tie in graph.edges(data=True):
        tie["strength"] = float(rng.exponential()) + 0.01
    return graph


def measured(ties: pd.DataFrame, layer: str = "copresence") -> pd.DataFrame:
    return network_metrics(ties, layer, families=FAMILIES)


@pytest.mark.parametrize("name", METRICS)
def test_a_card_tells_three_languages_what_it_says_and_what_not(name: str) -> None:
    card = cards()[name]
    assert METRICS[name].name == name
    for text in (card.title, card.unit, card.says, card.says_not):
        assert set(text) == {"fr", "en", "de"}
        assert all(text.values())
    for sentence in (*card.says.values(), *card.says_not.values()):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) <= 120
    assert card.source


@pytest.mark.parametrize("name", METRICS)
def test_a_row_reads_activities_of_the_contract_in_known_layers(name: str) -> None:
    metric = METRICS[name]
    assert {f"{PREFIX}{kind}.v1" for kind in metric.reads} <= set(PAYLOADS)
    assert set(metric.layers) <= set(LAYERS)
    assert metric.reach == "window" or metric.reach > 0


def test_there_are_at_most_five_families() -> None:
    assert len({metric.family for metric in METRICS.values()}) <= 5


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_computes_the_rows_of_the_table_and_nothing_else(family: str, ties_of: TiesOf) -> None:
    rows = network_metrics(ties_of(region()), "copresence", families=[family])
    expected = [name for name in NETWORK if METRICS[name].family == family]
    assert list(rows["metric"].unique()) == expected
    assert {METRICS[name].compute for name in expected} == set(FAMILIES[family])


def test_every_member_has_a_row_for_every_metric_of_members(ties_of: TiesOf) -> None:
    rows = measured(ties_of(region()))
    assert list(rows.columns) == ["metric", "subject_kind", "subject", "value", "low", "high", "n"]
    assert list(rows["metric"].unique()) == NETWORK
    assert set(rows["n"]) == {80}
    of_members = rows[rows["subject_kind"] == "member"]
    assert set(of_members.groupby("metric")["subject"].nunique()) == {80}
    assert set(rows.loc[rows["subject_kind"] == "network", "subject"]) == {"network"}


@pytest.mark.parametrize("layer", LAYERS)
def test_without_ties_counts_are_zero_and_shares_are_not_defined(layer: str, ties_of: TiesOf) -> None:
    rows = measured(ties_of(nx.Graph()), layer).set_index("metric")["value"]
    zero, nan = {"nodes": 0.0, "edges": 0.0, "components": 0.0}, float("nan")
    shares = ["density", "largest_component_share", "modularity", "centralisation", "assortativity"]
    undefined = dict.fromkeys(shares, nan)
    assert rows.to_dict() == pytest.approx(zero | undefined, nan_ok=True)


def test_no_family_gives_an_empty_frame_with_its_columns(ties_of: TiesOf) -> None:
    rows = network_metrics(ties_of(region()), "help", families=[])
    assert rows.empty
    assert rows.dtypes.to_dict() == measured(ties_of(region())).dtypes.to_dict()


def test_unknown_names_are_refused_with_the_known_ones(ties_of: TiesOf) -> None:
    with pytest.raises(ValueError, match=r"unknown layer 'love' \(known: asked_together, copresence, "):
        network_metrics(ties_of(region()), "love", families=FAMILIES)
    with pytest.raises(ValueError, match=r"unknown family 'luck' \(known: path, structure, tie\)"):
        network_metrics(ties_of(region()), "help", families=["luck"])


@pytest.mark.parametrize("layer", LAYERS)
def test_the_order_of_ties_changes_no_bit(layer: str, ties_of: TiesOf) -> None:
    ties = ties_of(region())
    expected = measured(ties, layer)
    for seed in range(3):
        found = measured(ties.sample(frac=1.0, random_state=seed, ignore_index=True), layer)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("layer", LAYERS)
def test_other_pseudonyms_for_the_same_people_change_no_value(layer: str, ties_of: TiesOf) -> None:
    ties = ties_of(region())
    names = np.random.default_rng(5).permutation(80)
    renamed = {f"m_{old:02}": f"x_{new:02}" for old, new in enumerate(names)}
    other = ties.assign(source=ties["source"].map(renamed), target=ties["target"].map(renamed))
    moving = ["community", "modularity"]
    before, after = (frame[~frame["metric"].isin(moving)] for frame in (measured(ties, layer), measured(other, layer)))
    before = before.assign(subject=before["subject"].replace(renamed))
    both = before.merge(after, on=["metric", "subject"], validate="one_to_one")
    assert len(both) == len(before)
    assert both["value_x"].to_numpy() == pytest.approx(both["value_y"].to_numpy(), rel=1e-9, abs=1e-12)


def test_weeks_computed_at_once_on_many_threads_have_the_same_bits(ties_of: TiesOf) -> None:
    weeks = [ties_of(region(seed)) for seed in range(8)]
    alone = [measured(ties, "help") for ties in weeks]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda ties: measured(ties, "help"), weeks))
    for expected, found in zip(alone, together, strict=True):
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_the_communities_of_the_same_ties_are_the_same(ties_of: TiesOf) -> None:
    runs = [measured(ties_of(region()))[lambda rows: rows["metric"] == "community"] for _ in range(3)]
    assert all(run.equals(runs[0]) for run in runs)


@pytest.mark.parametrize("kernel", [shortest_paths, pagerank, core_numbers, burt, louvain])
def test_warming_up_leaves_nothing_to_compile(kernel: Callable[..., object], ties_of: TiesOf) -> None:
    warm()
    for layer in LAYERS:
        measured(ties_of(region()), layer)
    assert len(vars(kernel)["overloads"]) == 1
