"""Metric cards: every metric has one, in three languages, and its example is what the code gives."""

from __future__ import annotations

import re

import pytest

from analytics.card import Example, cards
from analytics.metrics import METRICS, network_metrics

NETWORKS = [name for name, card in cards().items() if card.example]
SIGNS = {"min", "max", "argmax", "exp", "component", "size", "Aalen", "Johansen"}
"""What stands in a formula of every language."""


def test_every_metric_has_a_card_and_every_card_a_metric() -> None:
    assert list(cards().keys() - METRICS.keys()) == []
    assert list(METRICS.keys() - cards().keys()) == []


@pytest.mark.parametrize("name", cards())
def test_a_card_tells_where_it_misleads_and_gives_one_example(name: str) -> None:
    card = cards()[name]
    assert card.formula
    assert card.range
    for text in (card.formula, card.range):
        if isinstance(text, str):
            assert not (set(re.findall(r"[^\W\d_]{3,}|\d,\d", text)) - SIGNS)
        else:
            assert set(text) == {"fr", "en", "de"}
    sentences = [card.pitfall] if card.case is None else [card.pitfall, card.case]
    for texts in sentences:
        assert set(texts) == {"fr", "en", "de"}
        assert all(text[0].isupper() or text[0].isdigit() or text[0] == "z" for text in texts.values())
        assert all(text.endswith(".") for text in texts.values())
    assert (card.example is None) != (card.case is None)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_example_of_a_card_is_what_the_code_gives(name: str) -> None:
    example = cards()[name].example
    assert example
    rows = network_metrics(example.frame, example.layer, families=[METRICS[name].family])
    (value,) = rows.loc[(rows["metric"] == name) & (rows["subject"] == example.of), "value"]
    assert value == pytest.approx(example.value, abs=1e-12)


def test_metrics_of_networks_are_shown_on_a_network() -> None:
    assert {name for name, metric in METRICS.items() if metric.layers} == set(NETWORKS)


def test_strengths_are_one_unless_they_are_said() -> None:
    example = Example(ties="a-b b-c:2.5", of="a", value=0)
    assert example.frame.to_dict("list") == {"source": ["a", "b"], "target": ["b", "c"], "strength": [1.0, 2.5]}
