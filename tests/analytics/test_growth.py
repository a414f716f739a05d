from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.stats import binomtest

from analytics.metrics.growth import MONTH, QUARTER, YEAR, Growth, blocks, emerging, skill_growth
from analytics.metrics.shrinkage import exact_p, fit_prior, log_ratio
from tests.calibration import people, share_of_lists_with_a_false_flag, skill_rates

WEEK = date(2026, 11, 9)
BUDGET = 0.10
Floats = npt.NDArray[np.float64]


def monday(age: int) -> date:
    return WEEK - timedelta(weeks=age)


def answers(skill: str, ages: Sequence[int], each: int, tag: str = "") -> pd.DataFrame:
    """Return ``each`` answers a week by as many different people in the weeks ``ages`` before the last one."""
    names = [f"{skill}{tag}-{age}-{number}" for age in ages for number in range(each)]
    weeks = [monday(age) for age in ages for _ in range(each)]
    return pd.DataFrame({"skill": skill, "week": weeks, "kind": "answer", "occasion": names, "member": names}).assign(
        role=None
    )


def workshop(skill: str, age: int, size: int) -> pd.DataFrame:
    names = [f"{skill}-w{age}-{number}" for number in range(size)]
    return pd.DataFrame({"skill": skill, "week": monday(age), "kind": "workshop", "member": names}).assign(
        occasion=f"{skill}-{age}", role="learner"
    )


def verdict(growth: Growth, skill: str, comparison: str) -> str:
    rows = growth.of(comparison).set_index("skill")
    return str(rows.loc[skill, "verdict"])


def world(
    rng: np.random.Generator, *, size_spread: float | None, planted: Sequence[Floats] = (), weeks: int = 70
) -> pd.DataFrame:
    """Return 60 skills with heavy-tailed rates of people a week that never change, but for the planted ones."""
    rates = skill_rates(rng, np.ones(weeks))
    for number, rate in enumerate(planted):
        rates[number] = rate
    return people(rng, rates, size_spread)


def step(before: float, after: float, weeks: int, total: int = 70) -> Floats:
    return np.concatenate([np.full(total - weeks, before), np.full(weeks, after)])


def test_people_are_counted_once_in_a_block_whatever_they_do() -> None:
    twice = pd.concat([answers("cnc", [0, 1, 2, 3], 3), answers("cnc", [4, 5, 6, 7], 2)])
    again = twice.assign(occasion=twice["occasion"] + "-again")
    row = skill_growth(pd.concat([twice, again]), WEEK).of("month").iloc[0]
    assert (row["current"], row["previous"], row["behind"]) == (12, 8, 8)


def test_growth_is_the_shrunk_log_ratio_and_lies_in_its_interval() -> None:
    rows = skill_growth(pd.concat([answers("cnc", range(4), 5), answers("cnc", range(4, 70), 2)]), WEEK).of("month")
    # Two counts are too few for a fit: k = 0.5
    assert rows["growth"].iloc[0] == pytest.approx(np.log(20.5 / 8.5))
    assert rows["low"].iloc[0] < rows["growth"].iloc[0] < rows["high"].iloc[0]


def test_the_interval_is_that_of_the_ratio_of_two_gamma_rates() -> None:
    rng = np.random.default_rng(3)
    drawn = np.log(rng.gamma(9.5, size=200_000) / rng.gamma(4.5, size=200_000))
    row = log_ratio(np.array([9.5]), np.array([4.5])).iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(np.quantile(drawn, [0.05, 0.95]), abs=0.02)
    assert row["chance_up"] == pytest.approx(np.mean(drawn > np.log(1.25)), abs=0.01)
    assert row["chance_down"] == pytest.approx(np.mean(drawn < -np.log(1.25)), abs=0.01)


@pytest.mark.parametrize(("a", "b"), [(9, 2), (2, 9), (5, 5), (7, 0), (0, 7), (0, 0)])
def test_the_p_value_is_the_exact_binomial_one(a: int, b: int) -> None:
    expected = binomtest(a, a + b).pvalue if a + b else 1.0
    assert exact_p(np.array([float(a)]), np.array([float(b)]))[0] == pytest.approx(expected)


def test_the_prior_is_recovered_from_many_counts() -> None:
    rng = np.random.default_rng(4)
    k, theta = fit_prior(rng.poisson(rng.gamma(2.0, 1 / 0.4, 4000)).astype(np.float64))
    assert [k, theta] == pytest.approx([2.0, 0.4], rel=0.1)


@pytest.mark.parametrize("counts", [[], [3.0], [0.0] * 40])
def test_a_prior_from_next_to_nothing_is_the_weak_one(counts: list[float]) -> None:
    assert fit_prior(np.array(counts)) == (0.5, 1.0)


@pytest.mark.parametrize("counts", [[5.0] * 50, [0.0] * 49 + [500.0]])
def test_a_prior_stays_in_its_range_on_odd_counts(counts: list[float]) -> None:
    k, theta = fit_prior(np.array(counts))
    assert 0.5 <= k <= 10
    assert theta > 0


def test_a_step_up_is_growing_its_mirror_is_fading_and_the_rest_is_steady() -> None:
    parts = [answers("up", range(4), 14), answers("up", range(4, 70), 4)]
    parts += [answers("down", range(4), 4), answers("down", range(4, 70), 14), answers("flat", range(70), 6)]
    growth = skill_growth(pd.concat(parts), WEEK)
    assert [verdict(growth, skill, "month") for skill in ("up", "down", "flat")] == ["growing", "fading", "steady"]
    assert (growth.flagged("growing"), growth.flagged("fading")) == (["up"], ["down"])


def test_one_big_training_is_one_cause_and_no_growth() -> None:
    growth = skill_growth(pd.concat([answers("flat", range(70), 6), workshop("open day", 1, 60)]), WEEK)
    assert verdict(growth, "open day", "month") == "too few"


def test_a_rare_skill_is_too_few_and_is_no_test() -> None:
    rare = pd.concat([answers("flat", range(70), 6), answers("rare", [0, 1], 2)])
    growth = skill_growth(rare, WEEK, comparisons=(MONTH,))
    assert verdict(growth, "rare", "month") == "too few"
    assert growth.tests == 2  # flat: the month and the long view


def test_what_needs_older_weeks_than_there_are_is_too_early_and_has_no_figure() -> None:
    growth = skill_growth(answers("cnc", range(10), 6), WEEK)
    assert [verdict(growth, "cnc", name) for name in ("month", "quarter", "year")] == [
        "steady",
        "too early",
        "too early",
    ]
    assert growth.of("year")["growth"].isna().all()
    assert growth.courses["course"].tolist() == ["too early"]


def test_a_closed_month_is_reached_over_and_fakes_no_fall() -> None:
    ages = [age for age in range(70) if age not in {1, 2, 3}]
    closed = [monday(age) for age in (1, 2, 3)]
    open_weeks = pd.concat([answers("cnc", ages, 8), answers("flat", ages, 6)])
    assert skill_growth(open_weeks, WEEK).flagged("fading") == ["cnc", "flat"]
    growth = skill_growth(open_weeks, WEEK, skipped=closed)
    assert growth.flagged("fading") == []
    row = growth.of("month").iloc[0]
    assert row["current"] == row["previous"]


def test_blocks_follow_each_other_without_overlap_and_a_year_pairs_the_same_weeks() -> None:
    ages = [age for age in range(70) if age != 2]
    assert blocks(MONTH, ages) == ([0, 1, 3, 4], [5, 6, 7, 8])
    year = blocks(YEAR, ages)
    assert year is not None
    assert [before - now for now, before in zip(*year, strict=True)] == [52] * 13
    assert 2 not in year[0]
    assert blocks(QUARTER, ages[:25]) is None


def test_later_weeks_are_not_known_yet() -> None:
    known = answers("cnc", range(70), 6)
    later = pd.concat([known, answers("cnc", [-1, -2], 50), answers("new", [-3], 9)])
    pd.testing.assert_frame_equal(skill_growth(later, WEEK).rows, skill_growth(known, WEEK).rows)


def test_deleted_accounts_are_nobody() -> None:
    known = answers("cnc", range(70), 6)
    nobody = answers("cnc", range(4), 40, tag="x").assign(member=None)
    both = skill_growth(pd.concat([known, nobody]), WEEK).of("month")
    assert both["current"].tolist() == [24]


def test_no_occasion_gives_no_row_and_no_test() -> None:
    growth = skill_growth(answers("cnc", [], 0), WEEK)
    assert (len(growth.rows), len(growth.courses), growth.tests) == (0, 0, 0)
    assert emerging(growth, answers("cnc", [], 0), WEEK, {}) == []


def test_the_order_of_rows_changes_nothing() -> None:
    rows = world(np.random.default_rng(5), size_spread=0.9)
    mixed = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(skill_growth(mixed, WEEK).rows, skill_growth(rows, WEEK).rows)


def test_a_slow_rise_is_seen_in_the_long_view() -> None:
    parts = [answers("slow", [age], 12 - age // 6) for age in range(70)]
    growth = skill_growth(pd.concat([*parts, answers("flat", range(70), 6)]), WEEK)
    courses = growth.courses.set_index("skill")
    assert courses["course"].to_dict() == {"slow": "rising", "flat": "level"}
    assert courses.loc["slow", "slope"] == pytest.approx(1 / 6, rel=0.1)


def test_a_new_skill_of_many_people_in_two_places_is_emerging() -> None:
    rows = pd.concat([answers("new", range(4), 9), answers("new", range(4, 8), 1), answers("flat", range(70), 6)])
    growth = skill_growth(rows, WEEK)
    assert emerging(growth, rows, WEEK, {"new": 2, "flat": 9}) == ["new"]
    assert emerging(growth, rows, WEEK, {"new": 1}) == []


def test_nothing_is_new_while_the_record_is_younger_than_half_a_year() -> None:
    rows = pd.concat([answers("new", range(4), 9), answers("new", range(4, 8), 1), answers("flat", range(20), 6)])
    growth = skill_growth(rows, WEEK)
    assert growth.flagged("growing") == ["new"]
    assert emerging(growth, rows, WEEK, {"new": 2}) == []


@pytest.mark.parametrize("size_spread", [None, 0.9])
@pytest.mark.integration
def test_worlds_where_nothing_changes_stay_within_the_budget(size_spread: float | None) -> None:
    assert share_of_lists_with_a_false_flag(40, size_spread) <= BUDGET


@pytest.mark.slow
@pytest.mark.parametrize("size_spread", [None, 0.9])
def test_five_hundred_quiet_worlds_stay_within_the_budget(size_spread: float | None) -> None:
    assert share_of_lists_with_a_false_flag(500, size_spread) <= BUDGET


@pytest.mark.parametrize(("comparison", "weeks"), [("month", 4), ("quarter", 13)])
def test_a_planted_growth_and_a_planted_fall_are_mostly_found(comparison: str, weeks: int) -> None:
    planted = [step(5.0, 17.5, weeks), step(17.5, 5.0, weeks)]
    found = np.zeros(2)
    for seed in range(15):
        growth = skill_growth(world(np.random.default_rng(seed), size_spread=None, planted=planted), WEEK)
        found += [
            verdict(growth, "s00", comparison) == "growing",
            verdict(growth, "s01", comparison) == "fading",
        ]
    assert (found >= 12).all()
