from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from analytics.metrics.change import Change, _ratios, changes

pytestmark = pytest.mark.integration

Floats = npt.NDArray[np.float64]


def levels(seed: int, *pieces: tuple[float, int]) -> Floats:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.poisson(mean, weeks) for mean, weeks in pieces]).astype(np.float64)


def test_a_plain_step_is_found_in_its_week_with_both_levels() -> None:
    found = changes(np.array([2.0] * 20 + [9.0] * 20))
    assert len(found.found) == 1
    step = found.found[0]
    assert (step.place, step.earliest, step.latest, step.before, step.after) == (20, 20, 20, 2.0, 9.0)
    assert step.p == found.p < 1e-4


def test_the_ratio_is_that_of_poisson_likelihoods() -> None:
    values = levels(1, (3.0, 9), (6.0, 8))
    cut = 7
    split = (
        poisson.logpmf(values[:cut], values[:cut].mean()).sum()
        + poisson.logpmf(values[cut:], values[cut:].mean()).sum()
    )
    whole = poisson.logpmf(values, values.mean()).sum()
    assert _ratios(values[None, :])[0, cut - 4] == pytest.approx(split - whole)


def test_two_changes_are_found_in_the_order_of_time() -> None:
    found = changes(levels(2, (4.0, 50), (12.0, 40), (5.0, 40))).found
    assert [change.place for change in found] == [pytest.approx(50, abs=2), pytest.approx(90, abs=2)]
    assert [change.after > change.before for change in found] == [True, False]


def test_unknown_weeks_are_in_no_piece_and_still_count_as_time() -> None:
    counts = np.array([2.0] * 20 + [9.0] * 20)
    counts[[5, 18, 19, 30]] = np.nan
    step = changes(counts).found[0]
    assert (step.place, step.before, step.after) == (20, 2.0, 9.0)


def test_a_constant_series_has_no_change() -> None:
    assert changes(np.full(60, 4.0)) == changes(np.zeros(60))
    assert (changes(np.zeros(60)).p, changes(np.zeros(60)).found) == (1.0, ())


@pytest.mark.parametrize("counts", [[], [3.0] * 7, [math.nan] * 30])
def test_fewer_than_eight_known_weeks_are_not_tested(counts: list[float]) -> None:
    found = changes(np.array(counts, dtype=np.float64))
    assert (math.isnan(found.p), found.found) == (True, ())


def test_one_week_of_a_large_workshop_is_no_new_level() -> None:
    counts = levels(3, (2.0, 60))
    counts[40] = 40.0
    assert changes(counts).p > 0.05


def test_the_same_counts_always_give_the_same_p() -> None:
    counts = levels(4, (4.0, 40), (6.0, 40))
    np.random.seed(1)  # noqa: NPY002 - what others draw must not matter
    first = changes(counts)
    np.random.seed(2)  # noqa: NPY002 - what others draw must not matter
    assert changes(counts.copy()) == first


def test_chance_alone_is_a_change_as_rarely_as_the_level_says_also_where_people_come_in_groups() -> None:
    rng = np.random.default_rng(5)
    single = [changes(rng.poisson(4.0, 80).astype(np.float64)).p for _ in range(300)]
    in_groups = [changes(rng.negative_binomial(1, 0.1, 80).astype(np.float64)).p for _ in range(300)]
    for each in (single, in_groups):
        assert 0.02 <= np.mean(np.array(each) <= 0.05) <= 0.08


def test_the_week_of_a_doubling_lies_in_its_interval_nine_times_out_of_ten() -> None:
    steps = [changes(levels(seed, (5.0, 50), (10.0, 40))).found for seed in range(40)]
    held = [any(step.earliest <= 50 <= step.latest for step in found) for found in steps if found]
    assert len(held) > 36
    assert np.mean(held) >= 0.8


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.just(math.nan), st.integers(0, 15).map(float)), min_size=8, max_size=50))
def test_changes_lie_in_their_order_within_the_series_and_pieces_are_never_short(counts: list[float]) -> None:
    values = np.array(counts)
    known = np.flatnonzero(~np.isnan(values))
    found: tuple[Change, ...] = changes(values, level=0.5).found
    cuts = [0, *(int(np.searchsorted(known, change.place)) for change in found), len(known)]
    assert not found or min(np.diff(cuts)) >= 4
    assert all(change.earliest <= change.place <= change.latest for change in found)
