from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from analytics.metrics.ranking import drawn_ranks, pareto_front, rank_intervals

SIZES = [6, 8, 11, 16, 24, 33, 45, 60]
"""Requests a quarter of eight places (metrics.md, M10)."""

Counts = list[tuple[int, int]]


def ranked(*counts: tuple[int, int]) -> pd.DataFrame:
    """Return the ranks of places p0, p1, … with so many successes of so many trials."""
    rows = [(f"p{number}", *each) for number, each in enumerate(counts)]
    return rank_intervals(pd.DataFrame(rows, columns=["place", "successes", "trials"]))


def overlapping(found: pd.DataFrame, low: str, high: str) -> float:
    """Return the share of pairs of places whose intervals overlap."""
    spans = found[[low, high]].to_numpy()
    return float(np.mean([one[0] <= other[1] and other[0] <= one[1] for one, other in combinations(spans, 2)]))


def test_places_with_the_same_counts_may_have_every_rank() -> None:
    found = ranked(*[(12, 20)] * 8)
    assert found["rank_low"].tolist() == [1] * 8
    assert found["rank_high"].tolist() == [8] * 8
    assert found["rank"].tolist() == pytest.approx([4.5] * 8)
    assert overlapping(found, "beside_low", "beside_high") == 1


def test_places_that_are_far_apart_have_one_rank_each() -> None:
    found = ranked((10, 1000), (900, 1000), (500, 1000))
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[3, 3], [1, 1], [2, 2]]
    assert found["rank"].tolist() == pytest.approx([3, 1, 2], abs=1e-6)


def test_rate_and_interval_are_those_of_the_beta() -> None:
    row = ranked((7, 10)).iloc[0]
    assert row["rate"] == pytest.approx(7.5 / 11)
    assert [row["low"], row["high"]] == pytest.approx(beta(7.5, 3.5).ppf([0.05, 0.95]))
    assert [row["rank_low"], row["rank_high"], row["rank"], row["n"]] == [1, 1, 1, 10]


def test_the_chances_of_ranks_are_those_of_draws() -> None:
    counts = [(3, 6), (30, 60), (9, 12), (1, 9)]
    rng = np.random.default_rng(1)
    drawn = np.array([rng.beta(s + 0.5, n - s + 0.5, 200_000) for s, n in counts])
    ranks = (-drawn).argsort(axis=0).argsort(axis=0) + 1
    found = ranked(*counts)
    assert found["rank"].to_numpy() == pytest.approx(ranks.mean(axis=1), abs=0.01)
    assert found["rank_low"].tolist() == np.quantile(ranks, 0.05, axis=1).tolist()
    assert found["rank_high"].tolist() == np.quantile(ranks, 0.95, axis=1).tolist()


def test_eight_places_with_one_rate_have_overlapping_ranks_whatever_their_size() -> None:
    rng = np.random.default_rng(3)
    worlds = [ranked(*((int(rng.binomial(n, 0.6)), n) for n in SIZES)) for _ in range(40)]
    assert np.mean([overlapping(found, "rank_low", "rank_high") for found in worlds]) > 0.95
    # The best of a quarter is hardly ever surely better than the worst.
    surely_first = [(found["rank_high"] == 1).any() for found in worlds]
    assert np.mean(surely_first) < 0.1


@pytest.mark.integration
def test_intervals_to_compare_by_overlap_nine_times_out_of_ten_for_equals() -> None:
    rng = np.random.default_rng(4)
    worlds = [ranked(*((int(rng.binomial(n, 0.6)), n) for n in SIZES)) for _ in range(80)]
    share = np.mean([overlapping(found, "beside_low", "beside_high") for found in worlds])
    assert share == pytest.approx(0.9, abs=0.03)


def test_the_two_halves_of_a_place_have_overlapping_intervals_nine_times_out_of_ten() -> None:
    rng = np.random.default_rng(5)
    met = 0.0
    for _ in range(300):
        answered = rng.permutation(np.arange(200) < 120)
        halves = answered[:100].sum(), answered[100:].sum()
        met += overlapping(ranked(*((int(half), 100) for half in halves)), "beside_low", "beside_high")
    assert met / 300 == pytest.approx(0.9, abs=0.04)


def test_a_place_without_trials_may_have_any_rank() -> None:
    found = ranked((0, 0), (50, 100), (20, 100), (80, 100))
    assert found[["rank_low", "rank_high", "n"]].to_numpy()[0].tolist() == [1, 4, 0]


def test_no_place_gives_no_row() -> None:
    assert ranked().empty


@pytest.mark.parametrize("counts", [(3, 2), (-1, 2)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1 places without 0 <= successes <= trials"):
        ranked((1, 1), counts)


def test_a_place_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="a place stands twice"):
        rank_intervals(pd.DataFrame({"place": ["p", "p"], "successes": 1, "trials": 2}))


PLACES = st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=7)


@settings(max_examples=25)
@given(PLACES, st.integers(0, 9))
def test_ranks_add_up_hold_their_mean_and_know_no_order(counts: Counts, seed: int) -> None:
    found = ranked(*counts)
    many = len(counts)
    assert found["rank"].sum() == pytest.approx(many * (many + 1) / 2, abs=0.01 * many)
    assert ((found["rank_low"] >= 1) & (found["rank_low"] <= found["rank_high"])).all()
    assert (found["rank_high"] <= many).all()
    rows = pd.DataFrame([(f"p{n}", *each) for n, each in enumerate(counts)], columns=["place", "successes", "trials"])
    pd.testing.assert_frame_equal(rank_intervals(rows.sample(frac=1, random_state=seed)), found)


def test_the_front_holds_what_nothing_beats_in_everything() -> None:
    vectors = pd.DataFrame({"answered": [0.9, 0.5, 0.4, 0.9], "breadth": [2.0, 9.0, 8.0, 1.0]}, index=[*"abcd"])
    assert pareto_front(vectors).to_dict() == {"a": True, "b": True, "c": False, "d": False}


def test_equals_stand_together_and_the_unknown_is_not_compared() -> None:
    vectors = pd.DataFrame({"x": [1.0, 1.0, np.nan, 0.5], "y": [1.0, 1.0, 9.0, 0.5]})
    assert pareto_front(vectors).tolist() == [True, True, True, False]
    assert pareto_front(vectors.iloc[:0]).empty


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_the_front_is_never_empty_and_beats_all_the_rest(rows: list[tuple[int, int, int]]) -> None:
    vectors = pd.DataFrame(rows)
    front = pareto_front(vectors)
    assert front.any()
    for _, beaten in vectors[~front].iterrows():
        assert ((vectors[front] >= beaten).all(axis=1) & (vectors[front] > beaten).any(axis=1)).any()


def test_the_mean_rank_lies_in_its_interval_however_seldom_the_order_changes() -> None:
    draws = np.tile(np.array([[2.0], [1.0]]), (1, 200))
    draws[:, 0] = [1.0, 2.0]
    found = drawn_ranks(draws)
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert found["rank"].tolist() == pytest.approx([1.005, 1.995])
