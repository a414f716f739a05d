from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.indicator import Indicator, Point, indicator
from producers.errors import UsageError

Floats = npt.NDArray[np.float64]

USUAL = [9.0, 11.0]  # mean 10, every moving range 2: limits 10 ± 5.32


def judge(counts: list[float], closed: Collection[int] = ()) -> Indicator:
    mask = np.array([place in closed for place in range(len(counts))], dtype=np.bool_)
    return indicator(np.array(counts, dtype=np.float64), mask)


def quiet(rng: np.random.Generator, mean: float, weeks: int) -> Floats:
    return rng.poisson(mean, weeks).astype(np.float64)


def judge_open(counts: Floats) -> Indicator:
    return indicator(counts, np.zeros(len(counts), dtype=np.bool_))


def test_limits_are_the_mean_and_two_point_66_moving_ranges_of_the_first_26_weeks() -> None:
    limits = judge(USUAL * 13 + [30.0] * 5).limits
    assert limits is not None
    assert [limits.centre, limits.low, limits.high] == pytest.approx([10.0, 4.68, 15.32])
    assert (limits.provisional, limits.first, limits.last) == (False, 0, 25)


@pytest.mark.parametrize(
    ("value", "verdict"), [(16.0, "signal_up"), (15.0, "ordinary"), (5.0, "ordinary"), (4.0, "signal_down")]
)
def test_only_a_week_outside_the_limits_is_a_signal(value: float, verdict: str) -> None:
    assert judge([*USUAL * 13, value]).verdict == verdict


def test_before_twelve_weeks_it_is_too_early_and_then_provisional() -> None:
    assert judge(USUAL * 6).verdict == "too_early"
    first = judge([*USUAL * 6, 40.0])
    assert first.verdict == "signal_up"
    assert first.limits is not None
    assert first.limits.provisional


def test_a_small_mean_has_too_few_for_a_verdict() -> None:
    assert judge([*[1.0, 3.0] * 13, 30.0]).verdict == "too_few"


def test_a_missing_week_is_missing_and_no_zero() -> None:
    missing = judge([*USUAL * 13, np.nan])
    assert (missing.verdict, missing.value, missing.silent, missing.run) == ("missing", None, False, 0)


def test_missing_weeks_do_not_move_the_limits() -> None:
    gaps = [value for pair in USUAL * 13 for value in (pair, np.nan)]
    assert judge([*gaps, 10.0]).limits == judge([*gaps, 30.0]).limits
    limits = judge([*gaps, 10.0]).limits
    assert limits is not None
    assert (limits.centre, limits.provisional) == (10.0, False)


def test_a_closed_week_is_closed_whatever_its_count() -> None:
    assert judge([*USUAL * 13, 0.0], {26}).verdict == "closed"
    assert judge([*USUAL * 13, np.nan], {26}).verdict == "closed"


def test_closed_weeks_are_in_no_limit_no_median_and_no_run() -> None:
    counts = [*USUAL * 13, 0.0, 0.0, 10.0]
    masked = judge(counts, {26, 27})
    assert masked.limits is not None
    assert (masked.limits.centre, masked.verdict, masked.median) == (10.0, "ordinary", 11.0)


def test_a_shift_is_said_once_at_its_eighth_week() -> None:
    verdicts = [judge(USUAL * 13 + [9.0] + [12.0] * weeks).verdict for weeks in range(1, 12)]
    assert verdicts == ["ordinary"] * 7 + ["shift"] + ["ordinary"] * 3


def test_the_run_counts_its_weeks_with_their_side() -> None:
    assert judge([*USUAL * 13, 9.0, 12.0, 12.0]).run == 2
    assert judge([*USUAL * 13, 9.0, 9.0, 9.0]).run == -3
    assert judge([*USUAL * 13, 10.0]).run == 0


def test_a_closed_week_does_not_break_a_run() -> None:
    counts = USUAL * 13 + [9.0] + [12.0] * 4 + [0.0] + [12.0] * 4
    assert judge(counts, {31}).verdict == "shift"


def test_a_shift_that_lasts_half_a_year_is_the_new_usual() -> None:
    counts = USUAL * 13 + [9.0] + [12.0] * 8 + [20.0, 22.0] * 13
    still = judge(counts)
    assert still.limits is not None
    assert (still.limits.centre, still.verdict) == (10.0, "signal_up")
    moved = judge([*counts, 21.0])
    assert moved.limits is not None
    assert (moved.limits.centre, moved.limits.first, moved.verdict) == (21.0, 35, "ordinary")


def test_a_shift_that_does_not_last_leaves_the_limits_where_they_are() -> None:
    limits = judge(USUAL * 13 + [9.0] + [12.0] * 8 + USUAL * 20).limits
    assert limits is not None
    assert (limits.centre, limits.first) == (10.0, 0)


def test_a_zero_where_zeros_are_rare_is_a_silence() -> None:
    loud, faint = [4.0, 6.0] * 13, [3.0, 5.0] * 13
    assert judge([*loud, 0.0]).silent
    assert not judge([*loud, 1.0]).silent
    assert not judge([*faint, 0.0]).silent
    assert not judge([*loud, 0.0], {26}).silent


def test_the_comparisons_are_the_week_before_the_median_of_13_weeks_and_52_weeks_before() -> None:
    counts = [float(number) for number in range(60)]
    last = judge(counts)
    assert (last.value, last.week_before, last.year_before) == (59.0, Point(58.0, "counted"), Point(7.0, "counted"))
    assert last.median == 52.0  # of 46 … 58


def test_a_closed_week_never_meets_an_open_one() -> None:
    counts = [10.0] * 53
    assert judge(counts, {0}).year_before == Point(None, "closed")
    assert judge(counts, {52}).year_before == Point(None, "closed")
    assert judge(counts, {0, 52}).year_before == Point(10.0, "counted")
    assert judge(counts, {51}).week_before == Point(None, "closed")


def test_what_is_not_there_is_missing() -> None:
    first = judge([5.0])
    assert (first.week_before, first.year_before, first.median) == (
        Point(None, "missing"),
        Point(None, "missing"),
        None,
    )
    assert judge([np.nan, 5.0]).week_before == Point(None, "missing")
    assert judge([5.0] * 7).median is None
    assert judge([5.0] * 8).median == 5.0


def test_week_53_has_the_same_iso_week_distance_as_any_other() -> None:
    # 364 days before 2026-W53 is 2026-W01; the series has no gap and no 53rd place of its own.
    counts = [float(number) for number in range(54)]
    assert judge(counts).year_before.value == 1.0


def test_series_that_do_not_fit_are_refused_in_one_line() -> None:
    with pytest.raises(UsageError, match="2 counts and 1 closure marks"):
        indicator(np.array([1.0, 2.0]), np.array([False]))
    with pytest.raises(UsageError, match="one at least"):
        indicator(np.array([]), np.array([], dtype=np.bool_))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.just(float("nan")), st.integers(0, 30).map(float)), st.booleans()), min_size=1),
    st.integers(0, 200),
)
def test_the_last_week_never_moves_its_own_limits_and_missing_is_never_a_value(
    weeks: list[tuple[float, bool]], other: int
) -> None:
    counts, closed = (np.array(each) for each in zip(*weeks, strict=True))
    last = indicator(counts, closed)
    replaced = indicator(np.append(counts[:-1], float(other)), closed)
    assert last.limits == replaced.limits
    assert (last.value is None) == bool(np.isnan(counts[-1]))
    if last.value is None:
        assert last.verdict in {"missing", "closed"}


def test_quiet_weeks_rarely_carry_an_alarm() -> None:
    rng = np.random.default_rng(7)
    means = (3.5, 5.0, 8.0, 20.0) * 3
    alarms = onsets = 0
    for _ in range(500):
        verdicts = {judge_open(quiet(rng, mean, 40)).verdict for mean in means}
        alarms += bool(verdicts & {"signal_up", "signal_down"})
        onsets += bool(verdicts & {"signal_up", "signal_down", "shift"})
    assert alarms / 500 <= 0.15
    assert onsets / 500 <= 0.22


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [27, 40, 60, 104])
def test_quiet_weeks_rarely_carry_an_alarm_however_long_the_series(weeks: int) -> None:
    rng = np.random.default_rng(8)
    means = (3.5, 5.0, 8.0, 20.0) * 3
    verdicts = [{judge_open(quiet(rng, mean, weeks)).verdict for mean in means} for _ in range(1500)]
    assert np.mean([bool(each & {"signal_up", "signal_down"}) for each in verdicts]) <= 0.15
    assert np.mean([bool(each & {"signal_up", "signal_down", "shift"}) for each in verdicts]) <= 0.22


def test_a_doubling_at_eight_a_week_is_found_within_four_weeks() -> None:
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(300):
        counts = np.concatenate([quiet(rng, 8.0, 26), quiet(rng, 16.0, 4)])
        found += any(judge_open(counts[: 26 + weeks]).verdict == "signal_up" for weeks in (1, 2, 3, 4))
    assert found / 300 >= 0.80
