from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import theilslopes

from analytics.kernels.trend import sen_slopes, trend_scores
from analytics.metrics.trend import WIDTH, Seasons, by_season, mann_kendall, plain, smallest_change, trends, two_sided

Floats = npt.NDArray[np.float64]

COUNTS = st.lists(st.integers(0, 9), min_size=2, max_size=60)
WITH_GAPS = st.lists(st.one_of(st.just(math.nan), st.integers(0, 9).map(float)), min_size=2, max_size=60)


def kernels(values: Floats, seasons: Seasons) -> tuple[Floats, Floats]:
    """Return S, its variance and pairs, and the slope with its interval, of one series."""
    rows, time = values[None, :], np.arange(len(values), dtype=np.float64)
    scores = trend_scores(rows, seasons.order, seasons.indptr)
    slopes = sen_slopes(rows, time, seasons.order, seasons.indptr, WIDTH * np.sqrt(scores[:, 1]))
    return scores[0], slopes[0]


def series(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def test_a_straight_rise_has_every_pair_rising_and_its_own_slope() -> None:
    trend = mann_kendall(series(*range(0, 20, 2)))
    assert (trend.score, trend.variance, trend.slope) == (45, 125.0, 2.0)
    assert trend.p == pytest.approx(math.erfc(44 / math.sqrt(125) / math.sqrt(2)), rel=1e-12)


def test_ties_shrink_the_variance() -> None:
    # n = 5: (5*4*15 - 2*1*9 - 2*1*9) / 18
    assert mann_kendall(series(1, 1, 2, 3, 3)).variance == pytest.approx((300 - 36) / 18)


def test_a_flat_series_has_no_trend() -> None:
    trend = mann_kendall(series(4, 4, 4, 4))
    assert (trend.score, trend.variance, trend.p, trend.slope) == (0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("values", [[], [3.0], [math.nan, 3.0]])
def test_fewer_than_two_values_say_nothing(values: list[float]) -> None:
    trend = mann_kendall(np.array(values, dtype=np.float64))
    assert trend.p == 1.0
    assert math.isnan(trend.slope)


def test_a_missing_week_is_left_out_and_still_counts_as_time() -> None:
    assert mann_kendall(series(0, math.nan, 4, 6)).slope == 2.0


def test_given_weeks_are_the_time_of_the_slope() -> None:
    assert mann_kendall(series(0, 10), series(3, 8)).slope == 2.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=40))
def test_the_slope_is_that_of_theil_and_sen_and_a_mirror_turns_the_sign(counts: list[int]) -> None:
    values = np.array(counts, dtype=np.float64)
    trend, mirrored = mann_kendall(values), mann_kendall(values[::-1])
    assert trend.slope == pytest.approx(float(theilslopes(values)[0]))
    assert (mirrored.score, mirrored.p) == (-trend.score, trend.p)


def test_chance_alone_is_called_a_trend_one_time_in_twenty() -> None:
    rng = np.random.default_rng(1)
    alarms = [mann_kendall(rng.poisson(2.0, 52).astype(np.float64)).p < 0.05 for _ in range(800)]
    assert 0.03 < np.mean(alarms) < 0.07


@settings(max_examples=60, deadline=None)
@given(WITH_GAPS)
def test_the_plain_test_is_that_of_pymannkendall(counts: list[float]) -> None:
    values = np.array(counts)
    if (~np.isnan(values)).sum() < 2 or np.nanmax(values) == np.nanmin(values):
        return
    trend, theirs = mann_kendall(values), pymannkendall.original_test(values)
    ours = [float(trend.score), trend.variance, trend.p, trend.slope]
    assert ours == pytest.approx([theirs.s, theirs.var_s, theirs.p, theirs.slope], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_seasonal_test_is_that_of_pymannkendall(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.poisson(3 + np.linspace(0, seed / 10, 156)).astype(np.float64)
    values[rng.random(156) < 0.1] = np.nan
    scores, slopes = kernels(values, by_season(156, season=1))
    theirs = pymannkendall.seasonal_test(values, period=52)
    assert scores[:2].tolist() == pytest.approx([theirs.s, theirs.var_s], rel=1e-12)
    assert two_sided(scores[:1], scores[1:2])[0] == pytest.approx(theirs.p, abs=1e-12)
    assert slopes[0] * 52 == pytest.approx(theirs.slope, abs=1e-12)


@pytest.mark.parametrize("mean", [0.2, 1.0, 6.0, 40.0])
def test_the_interval_of_the_slope_is_that_of_scipy_whatever_part_is_sorted(mean: float) -> None:
    rng = np.random.default_rng(2)
    for weeks in (30, 60, 156):
        values = rng.poisson(np.linspace(mean, 1.5 * mean, weeks)).astype(np.float64)
        _, slopes = kernels(values, plain(weeks))
        theirs = theilslopes(values, alpha=0.90)
        assert slopes.tolist() == pytest.approx([theirs[0], theirs[2], theirs[3]], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_every_series_is_judged_for_itself(series: list[list[int]]) -> None:
    table = np.full((len(series), 60), np.nan)
    for row, counts in enumerate(series):
        table[row, 60 - len(counts) :] = counts
    together = trends(table)
    for row in range(len(series)):
        alone = trends(table[row : row + 1])
        assert alone.iloc[0].to_dict() == pytest.approx(together.iloc[row].to_dict(), nan_ok=True, abs=0)


def test_from_two_years_on_a_season_is_no_trend() -> None:
    weeks = np.arange(130)
    wave = 10 + 8 * np.sin(2 * np.pi * weeks / 52)  # two years and a half: it ends on a high
    rows = trends(np.round(np.stack([wave, wave + weeks / 26])))
    assert rows["seasonal"].tolist() == [True, True]
    assert rows["p"].tolist() == [pytest.approx(1.0, abs=0.5), pytest.approx(0.0, abs=1e-6)]
    assert rows["slope"].iloc[1] == pytest.approx(1 / 26, rel=0.15)


def test_a_series_that_began_late_is_tested_as_a_whole() -> None:
    table = np.random.default_rng(4).poisson(4.0, (2, 150)).astype(np.float64)
    table[1, :60] = np.nan
    rows = trends(table)
    assert (rows["seasonal"].tolist(), rows["weeks"].tolist()) == ([True, False], [150, 90])
    assert rows["p"].iloc[1] == mann_kendall(table[1]).p


@pytest.mark.parametrize("shape", [(0, 60), (2, 0), (0, 0)])
def test_no_series_and_no_week_say_nothing(shape: tuple[int, int]) -> None:
    rows = trends(np.empty(shape))
    assert len(rows) == shape[0]
    assert (rows["p"] == 1.0).all()


def test_a_series_without_a_known_week_says_nothing() -> None:
    row = trends(np.full((1, 60), np.nan)).iloc[0]
    assert (row["p"], row["weeks"], row["information"]) == (1.0, 0, 0.0)
    assert math.isnan(row["slope"])


def test_the_slope_of_small_counts_does_not_stick_to_zero() -> None:
    counts = np.random.default_rng(5).poisson(np.linspace(1.0, 3.0, 100), (200, 100)).astype(np.float64)
    assert np.median([mann_kendall(series).slope for series in counts[:40]]) < 0.015
    assert trends(counts)["slope"].mean() == pytest.approx(2 / 99, rel=0.1)


def test_the_smallest_change_gives_the_power_that_was_measured() -> None:
    # metrics.md, M6: 2.7 times as many over a year are seen with power 0.32, 0.84, 1.00 at 0.5, 2, 5 a week
    information = np.array([np.square(np.arange(52) - 25.5).sum()])
    for mean, power in ((0.5, 0.32), (2.0, 0.84), (5.0, 1.00)):
        root = np.sqrt(mean * information[0]) * math.log(2.7) / 52
        assert ndtr(root - 1.96) == pytest.approx(power, abs=0.02)
    seen = smallest_change(np.array([2.0]), information, np.array([52.0]), 0.05)[0]
    assert seen == pytest.approx(2.7, rel=0.06)
    assert smallest_change(np.array([0.0]), information, np.array([52.0]), 0.05)[0] > 1e300


def test_the_smallest_change_is_seen_four_times_out_of_five() -> None:
    rng, weeks = np.random.default_rng(6), 60
    information = trends(np.ones((1, weeks)))["information"].to_numpy()
    factor = smallest_change(np.array([4.0]), information, np.array([float(weeks)]), 0.05)[0]
    rates = np.exp(np.linspace(0, math.log(factor), weeks))
    found = trends(rng.poisson(4.0 * rates / rates.mean(), (1500, weeks)).astype(np.float64))["p"] < 0.05
    assert found.mean() == pytest.approx(0.80, abs=0.04)
