"""Survival: known answers by hand, the oracle of waiting, and two libraries that must say the same."""

from __future__ import annotations

import json
import warnings
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import CensoredData, ecdf

from analytics.metrics.survival import ENDED, HAPPENED, WAITS, Incidence, cumulative_incidence, kaplan_meier

RECORDED = json.loads((Path(__file__).parent / "lifelines.json").read_text(encoding="utf-8"))
"""What lifelines 0.30.3 says; recorded, because it cannot be installed beside pandas 3."""

CASES = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([WAITS, HAPPENED, ENDED])), min_size=1, max_size=30)
"""Durations (ties are frequent) and how each case stood."""
Cases = list[tuple[int, int]]


def incidence(cases: Cases) -> Incidence:
    return cumulative_incidence(np.array([float(time) for time, _ in cases]), np.array([kind for _, kind in cases]))


def shares(found: Incidence, times: list[int]) -> list[float]:
    return [found.at(float(time)).value for time in times]


def test_kaplan_meier_by_hand() -> None:
    found = kaplan_meier(np.array([1.0, 2, 3, 4, 5]), np.array([True, False, True, False, True]))
    assert shares(found, [0, 1, 2, 3, 4, 5]) == pytest.approx([0, 0.2, 0.2, 1 - 0.8 * 2 / 3, 1 - 0.8 * 2 / 3, 1])
    assert found.median.value == 5


def test_what_ended_counts_in_full_and_is_not_expected_to_happen_any_more() -> None:
    cases = [(1, HAPPENED), (2, ENDED), (3, HAPPENED), (4, WAITS)]
    assert shares(incidence(cases), [0, 1, 2, 3, 4]) == pytest.approx([0, 0.25, 0.25, 0.5, 0.5])
    as_if_it_still_might = [(1, HAPPENED), (2, WAITS), (3, HAPPENED), (4, WAITS)]
    assert shares(incidence(as_if_it_still_might), [1, 3]) == pytest.approx([0.25, 0.625])


def test_one_that_is_last_seen_when_it_happens_to_another_was_at_risk() -> None:
    assert incidence([(1, HAPPENED), (1, WAITS)]).at(1.0).value == 0.5


def test_without_a_case_nothing_is_known_at_any_time() -> None:
    found = cumulative_incidence(np.empty(0), np.empty(0, np.int64))
    for estimate in (found.at(0.0), found.at(14.0), found.median):
        assert np.isnan([estimate.value, estimate.low, estimate.high]).all()


def test_beyond_the_last_time_nothing_is_known_unless_nobody_waits() -> None:
    assert np.isnan(incidence([(1, HAPPENED), (2, WAITS)]).at(3.0).value)
    assert incidence([(1, HAPPENED), (2, ENDED)]).at(3.0).value == 0.5


def test_where_others_were_watched_longer_the_share_stays_and_may_reach_all_who_waited() -> None:
    durations, kinds = np.array([1.0, 1, 1, 2]), np.array([HAPPENED, HAPPENED, ENDED, WAITS])
    found = cumulative_incidence(durations, kinds, watched=9.0)
    assert found.at(5.0).value == 0.5
    assert found.at(5.0).high >= 0.75
    assert found.at(5.0).low == found.at(2.0).low
    assert np.isnan(found.at(9.5).value)


def test_what_happened_to_nobody_or_to_everybody_has_the_exact_interval() -> None:
    nobody, everybody = incidence([(9, WAITS)] * 10).at(5.0), incidence([(0, HAPPENED)] * 10).at(0.0)
    assert (nobody.value, nobody.low, nobody.high) == pytest.approx((0, 0, 1 - 0.05**0.1))
    assert (everybody.value, everybody.low, everybody.high) == pytest.approx((1, 0.05**0.1, 1))


def test_a_median_that_is_not_reached_is_not_given_but_its_lower_end_may_be() -> None:
    found = incidence([(time, HAPPENED) for time in range(1, 10)] + [(30, WAITS)] * 11).median
    assert np.isnan([found.value, found.high]).all()
    assert found.low == 6, "1 - exp(log(0.7) exp(1.645 sqrt(0.3 0.7 / 20) / (0.7 -log(0.7)))) = 0.503"


@given(CASES)
def test_shares_grow_within_their_intervals_from_0_to_1(cases: Cases) -> None:
    found = incidence(cases)
    assert all(one <= other for one, other in pairwise(found.share))
    assert ((found.low >= 0) & (found.low <= found.share + 1e-12)).all()
    assert ((found.share <= found.high + 1e-12) & (found.high <= 1)).all()


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_no_bit(cases: Cases, random: Random) -> None:
    shuffled = random.sample(cases, len(cases))
    for one, other in zip(vars(incidence(cases)).values(), vars(incidence(shuffled)).values(), strict=True):
        np.testing.assert_array_equal(one, other)


@given(CASES, st.integers(0, 15))
def test_one_more_case_to_which_it_has_not_happened_never_lowers_the_median_of_kaplan_meier(
    cases: Cases, time: int
) -> None:
    durations = np.array([float(each) for each, _ in cases])
    happened = np.array([kind == HAPPENED for _, kind in cases])
    before = kaplan_meier(durations, happened)
    after = kaplan_meier(np.append(durations, float(time)), np.append(happened, values=False))
    assert not after.median.value < before.median.value - 1e-12
    assert not (np.isnan(before.median.value) and after.median.value < np.inf)


@given(CASES, st.integers(0, 15))
def test_one_more_case_that_ended_never_raises_the_share(cases: Cases, time: int) -> None:
    before, after = incidence(cases), incidence([*cases, (time, ENDED)])
    for each in range(13):
        assert not after.at(float(each)).value > before.at(float(each)).value + 1e-12


@given(CASES)
@settings(max_examples=50)
def test_without_an_end_it_is_what_scipy_says_and_so_is_its_interval(cases: Cases) -> None:
    cases = [(time, HAPPENED if kind == HAPPENED else WAITS) for time, kind in cases] + [(13, HAPPENED)]
    found = incidence(cases)
    seen = [float(time) for time, kind in cases if kind == HAPPENED]
    twin = ecdf(CensoredData(seen, right=[float(time) for time, kind in cases if kind == WAITS])).cdf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # scipy has none at 0 and 1
        interval = twin.confidence_interval(0.9, method="log-log")
    at = np.searchsorted(found.times, twin.quantiles)
    np.testing.assert_allclose(found.share[at], twin.probabilities, atol=1e-12)
    inside = (twin.probabilities > 0) & (twin.probabilities < 1 - 1e-12)
    np.testing.assert_allclose(found.low[at][inside], interval.low.probabilities[inside], atol=1e-9)
    np.testing.assert_allclose(found.high[at][inside], interval.high.probabilities[inside], atol=1e-9)


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: f"{len(case['durations'])} cases")
def test_kaplan_meier_is_what_lifelines_says(case: dict[str, list[float]]) -> None:
    survival = np.array(case["survival"])
    found = kaplan_meier(np.array(case["durations"]), np.array(case["kinds"]) == HAPPENED)
    at = np.searchsorted(found.times, case["times"])
    np.testing.assert_allclose(found.share[at], 1 - survival, atol=1e-9)
    inside = (survival > 0) & (survival < 1)
    np.testing.assert_allclose(found.low[at][inside], 1 - np.array(case["upper"])[inside], atol=1e-9)
    np.testing.assert_allclose(found.high[at][inside], 1 - np.array(case["lower"])[inside], atol=1e-9)
    assert found.median.value == pytest.approx(case["median"])


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: f"{len(case['durations'])} cases")
def test_aalen_johansen_is_what_lifelines_says_and_so_is_its_variance(case: dict[str, Any]) -> None:
    """Its interval is drawn on another scale, which does not meet Kaplan-Meier's when nothing ends."""
    found = cumulative_incidence(np.array(case["durations"]), np.array(case["kinds"]))
    at = np.searchsorted(found.times, case["times"])
    np.testing.assert_allclose(found.share[at], case["incidence"], atol=1e-9)
    known = np.array([variance is not None for variance in case["variance"]]) & (found.share[at] > 0)
    low, high, rest = (np.log1p(-each[at][known]) for each in (found.low, found.high, found.share))
    spread = np.log(high / low) / (2 * -ndtri(0.05)) * -rest * np.exp(rest)
    np.testing.assert_allclose(spread**2, np.array(case["variance"])[known].astype(float), atol=1e-9)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(14)
    answer, withdrawal, horizon, worlds = 1 / 12, 1 / 40, 14.0, 2000
    both = answer + withdrawal
    truth = answer / both * (1 - np.exp(-both * horizon))
    held = 0
    for _ in range(worlds):
        first, second = rng.exponential(1 / answer, 40), rng.exponential(1 / withdrawal, 40)
        watched = rng.uniform(0, 91, 40)
        durations = np.minimum(np.minimum(first, second), watched)
        kinds = np.select([watched == durations, first == durations], [WAITS, HAPPENED], ENDED)
        estimate = cumulative_incidence(durations, kinds).at(horizon)
        held += estimate.low <= truth <= estimate.high
    assert held / worlds == pytest.approx(0.9, abs=0.02)
