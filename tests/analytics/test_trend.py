from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes

from analytics.metrics.trend import mann_kendall

Floats = npt.NDArray[np.float64]


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
