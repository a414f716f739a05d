from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analytics.metrics.budget import pooled
from analytics.metrics.verdict import Verdicts, dispersion, verdicts

Floats = npt.NDArray[np.float64]
LAST = date(2026, 11, 9)


def mondays(weeks: int) -> list[date]:
    return [LAST - timedelta(weeks=age) for age in reversed(range(weeks))]


def table(**series: Sequence[float] | Floats) -> pd.DataFrame:
    weeks = len(next(iter(series.values())))
    return pd.DataFrame([list(each) for each in series.values()], index=list(series), columns=mondays(weeks))


def words(found: Verdicts) -> dict[str, str]:
    return {str(subject): str(word) for subject, word in zip(found.rows["subject"], found.rows["verdict"], strict=True)}


def poisson(seed: int, rates: Floats | float, weeks: int = 80) -> Floats:
    return np.random.default_rng(seed).poisson(np.broadcast_to(rates, weeks)).astype(np.float64)


def test_a_rise_is_growing_its_mirror_is_fading_and_the_rest_is_steady() -> None:
    rise = poisson(1, np.linspace(2, 10, 80))
    found = verdicts({"skill": table(up=rise, down=rise[::-1], flat=poisson(2, 6.0))})
    assert words(found) == {"up": "growing", "down": "fading", "flat": "steady"}
    rows = found.rows.set_index("subject")
    assert rows.loc["up", "slope"] == pytest.approx(8 / 79, rel=0.2)
    assert rows["growth"].tolist() == pytest.approx([-rows["growth"]["down"], rows["growth"]["down"], 0.0], abs=0.2)
    assert (found.tests, found.level > 0) == (3, True)


def test_below_26_known_weeks_it_is_too_early_and_no_test() -> None:
    rise = poisson(1, np.linspace(2, 20, 25), 25)
    found = verdicts({"skill": table(up=rise)})
    assert (words(found), found.tests) == ({"up": "too early"}, 0)
    gaps = np.append(rise, [np.nan] * 5)
    assert words(verdicts({"skill": table(up=gaps)})) == {"up": "too early"}


def test_fewer_than_ten_causes_are_too_few_and_no_test() -> None:
    rare = np.zeros(80)
    rare[[3, 20, 50]] = 1
    course = np.zeros(80)
    course[70] = 20
    found = verdicts({"skill": table(rare=rare, course=course)})
    assert (words(found), found.tests) == ({"rare": "too few", "course": "too few"}, 0)


def test_steady_is_not_said_where_even_ten_times_as_many_would_have_gone_unseen() -> None:
    faint = poisson(3, 0.3, 40)
    row = verdicts({"skill": table(faint=faint)}).rows.iloc[0]
    assert (row["total"] >= 10, row["smallest"] > 10, row["verdict"]) == (True, True, "too few")


def test_what_was_not_there_half_a_year_ago_is_emerging_if_people_and_places_share_it() -> None:
    new = np.append(np.zeros(70), poisson(4, 6.0, 10))
    tables = {"skill": table(new=new, flat=poisson(5, 6.0))}
    assert words(verdicts(tables))["new"] == "emerging"
    assert words(verdicts(tables, broad=[("skill", "new")]))["new"] == "emerging"
    assert words(verdicts(tables, broad=[("theme", "new")]))["new"] == "growing"


def test_a_source_that_was_silent_before_makes_nothing_emerge() -> None:
    late = np.append(np.full(40, np.nan), poisson(4, np.linspace(2, 12, 40), 40))
    assert words(verdicts({"skill": table(late=late)})) == {"late": "growing"}


def test_closed_weeks_fake_no_fall() -> None:
    counts = poisson(6, 9.0, 60)
    counts[-14:] = 0
    shut = mondays(60)[-14:]
    assert words(verdicts({"place": table(lab=counts)})) == {"lab": "fading"}
    found = verdicts({"place": table(lab=counts)}, closed=shut)
    assert words(found) == {"lab": "steady"}
    assert found.rows["weeks"].tolist() == [46]


def test_a_slow_trend_that_is_sure_but_small_is_not_worth_a_word() -> None:
    row = verdicts({"skill": table(slow=poisson(7, np.linspace(100, 120, 80)))}).rows.iloc[0]
    assert (row["p"] < 0.001, row["verdict"]) == (True, "steady")


def test_all_families_and_the_tests_of_others_share_one_budget() -> None:
    weak = poisson(20, np.linspace(3, 6.5, 80))
    alone = verdicts({"skill": table(weak=weak)})
    assert words(alone) == {"weak": "growing"}
    crowd = np.linspace(0.01, 1, 300)
    crowded = verdicts({"skill": table(weak=weak), "place": table(lab=poisson(9, 6.0))}, others={"changes": crowd})
    p = np.concatenate([crowded.rows["p"].to_numpy(), crowd])
    theirs = multipletests(p, alpha=0.10, method="fdr_bh")[0]
    assert (crowded.tests, bool(theirs[0])) == (302, words(crowded)["weak"] == "growing")
    assert crowded.others["changes"].tolist() == theirs[2:].tolist()
    assert crowded.rows["smallest"].iloc[0] > alone.rows["smallest"].iloc[0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(0, 0.2), max_size=20), max_size=4), st.sampled_from([0.05, 0.1, 0.2]))
def test_the_set_is_that_of_statsmodels_however_it_is_split(groups: list[list[float]], budget: float) -> None:
    named = {str(number): np.array(group, dtype=np.float64) for number, group in enumerate(groups)}
    p = np.concatenate([np.empty(0), *named.values()])
    if not len(p):
        assert all(not len(chosen) for chosen in pooled(named, budget).values())
        return
    adjusted = np.sort(p) * len(p) / np.arange(1, len(p) + 1)
    assume(not np.isclose(adjusted, budget, rtol=1e-12, atol=0).any())  # at the very level, rounding decides
    chosen = np.concatenate(list(pooled(named, budget).values()))
    assert chosen.tolist() == multipletests(p, alpha=budget, method="fdr_bh")[0].tolist()


def test_untested_ones_take_no_budget() -> None:
    p = np.array([0.04, np.nan, np.nan, np.nan])
    assert pooled({"a": p}, 0.05)["a"].tolist() == [True, False, False, False]


def test_counts_in_groups_are_as_many_causes_as_groups() -> None:
    rng = np.random.default_rng(10)
    single, in_fives = rng.poisson(20.0, (300, 100)), 5 * rng.poisson(4.0, (300, 100))
    assert np.median(dispersion(single.astype(np.float64))) == 1.0
    assert np.median(dispersion(in_fives.astype(np.float64))) == pytest.approx(5.0, rel=0.1)


def test_nothing_gives_no_row_and_no_test() -> None:
    assert (len(verdicts({}).rows), verdicts({}).tests, verdicts({}).level) == (0, 0, 0.0)
    empty = verdicts({"skill": pd.DataFrame(columns=mondays(60), dtype="float64")})
    assert (len(empty.rows), empty.tests) == (0, 0)


def test_a_first_week_ever_is_too_early() -> None:
    assert words(verdicts({"skill": table(cnc=[3.0])})) == {"cnc": "too early"}


def test_a_gap_between_mondays_is_refused() -> None:
    with pytest.raises(ValueError, match="give every Monday"):
        verdicts({"skill": table(cnc=[1.0] * 40).drop(columns=[LAST - timedelta(weeks=9)])})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([40, 60, 110]))
def test_the_order_of_series_changes_nothing(seed: int, weeks: int) -> None:
    rng = np.random.default_rng(seed)
    rows = table(**{f"s{number}": rng.poisson(rng.gamma(1, 3), weeks).astype(np.float64) for number in range(6)})
    mixed = verdicts({"skill": rows.iloc[rng.permutation(6)]}).rows.sort_values("subject", ignore_index=True)
    pd.testing.assert_frame_equal(mixed, verdicts({"skill": rows}).rows, rtol=1e-9)


@pytest.mark.slow
def test_ten_thousand_series_of_three_years_take_under_two_seconds_of_processor_time() -> None:
    rng = np.random.default_rng(12)
    rates = np.minimum(rng.lognormal(0.3, 1.2, 10_000), 30.0)[:, None]
    series = pd.DataFrame(rng.poisson(rates, (10_000, 156)).astype(np.float64), columns=mondays(156))
    verdicts({"skill": series.head(2)})  # compiled, or read from the cache
    begin = time.process_time()
    verdicts({"skill": series})
    assert time.process_time() - begin < 2.0
