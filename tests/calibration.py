"""How often the engine is wrong where the truth is known: measured small by the tests, in full by `make calibrate`.

Every function draws worlds from the seeds given and returns shares; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.closure import closed_weeks
from analytics.indicator import Indicator, indicator
from analytics.metrics.change import changes
from analytics.metrics.growth import Growth, growth_tests, skill_growth
from analytics.metrics.ranking import rank_intervals
from analytics.metrics.robustness import bootstrap_ranks
from analytics.metrics.shrinkage import fit_prior, log_ratio
from analytics.metrics.survival import kaplan_meier
from analytics.metrics.trend import trends
from analytics.metrics.verdict import Verdicts, verdicts

Floats = npt.NDArray[np.float64]

LAST = date(2026, 11, 9)
SKILLS, PLACES = 60, 12
MEANS = (3.5, 5.0, 8.0, 20.0) * 3
"""Counts a week of the twelve indicators."""
LARGE, SPREAD = 5.0, 0.9
"""People in the average workshop where they come in groups, and how their number spreads (sigma of its logarithm)."""
SHUT = 0.1
"""What is left of the activity in a closed week."""
TRENDS_OF = (4.0, 8.0, 20.0)


@dataclass(frozen=True)
class World:
    """How a world in which nothing changes looks."""

    weeks: int = 70
    grouped: bool = False
    """People come in workshops, five on average, instead of one by one."""
    wave: float = 0.0
    """Share by which the seasons move everything, for a world of two years or more; the growth of skills from one
    block of weeks to the next is left out, for there it is true."""


@dataclass(frozen=True)
class Report:
    """What a whole report says of a world, under one budget."""

    series: Verdicts
    growth: Growth | None

    @property
    def flagged(self) -> bool:
        """Return whether it calls anything growing, fading, emerging, rising or falling."""
        words = self.series.rows["verdict"]
        if self.growth is not None:
            words = pd.concat([words, self.growth.rows["verdict"], self.growth.courses["course"]])
        return bool(words.isin(["growing", "fading", "emerging", "rising", "falling"]).any())


@dataclass(frozen=True)
class Alarms:
    """Shares of quiet weeks with an alarm on at least one of twelve indicators."""

    signal: float
    """Outside the limits (rule 1)."""
    any: float
    """Outside the limits, or a run of eight at its onset."""


def mondays(weeks: int) -> list[date]:
    """Return the Mondays of that many weeks, the last one on ``LAST``."""
    return [LAST - timedelta(weeks=age) for age in reversed(range(weeks))]


def people(rng: np.random.Generator, rates: Floats, size_spread: float | None) -> pd.DataFrame:
    """Return the occasions of skills (by rows) with ``rates`` of people a week (by columns, the last one ``LAST``).

    They come one by one, or in workshops whose sizes spread by ``size_spread`` around five.
    """
    weeks = rates.shape[1]
    cells = np.repeat(np.arange(rates.size), rng.poisson(rates / (1.0 if size_spread is None else LARGE)).ravel())
    sizes = np.ones(len(cells), dtype=np.int64)
    if size_spread is not None:
        sizes = np.clip(rng.lognormal(1.2, size_spread, len(cells)), 1, 60).astype(np.int64)
    skill, place = np.divmod(np.repeat(cells, sizes), weeks)
    return pd.DataFrame(
        {
            "skill": np.array([f"s{number:02}" for number in range(len(rates))])[skill],
            "week": np.array(mondays(weeks), dtype="datetime64[s]")[place],
            "kind": "workshop",
            "occasion": np.repeat(np.arange(len(cells)), sizes),
            "member": rng.integers(0, 400, len(skill)),
            "role": "learner",
        }
    )


def skill_rates(rng: np.random.Generator, activity: Floats) -> Floats:
    """Return the people a week of 60 skills, heavy-tailed between them, that follow ``activity``."""
    return np.minimum(rng.lognormal(-0.3, 1.2, SKILLS), 15.0)[:, None] * activity


def quiet_report(seed: int, world: World) -> Report:
    """Return what a whole report says of a world in which nothing changes but the seasons and the holidays.

    It is judged as ``analytics.report.judgement`` does: growth, long views and weekly series in one budget.
    """
    rng = np.random.default_rng(seed)
    span = mondays(world.weeks)
    closed = closed_weeks(span)
    season = 1 + world.wave * np.sin(2 * np.pi * np.arange(world.weeks) / 52 + seed)
    activity = season * np.where(closed, SHUT, 1.0)
    shut = [monday for monday, yes in zip(span, closed, strict=True) if yes]
    happened = people(rng, skill_rates(rng, activity), SPREAD if world.grouped else None)
    tables = {
        "network": pd.DataFrame(list(_open(rng, closed)), columns=span).rename(index=str),
        "place": pd.DataFrame(_counts(rng, PLACES, activity, grouped=world.grouped), columns=span).rename(index=str),
        "skill": _weekly(happened, span),
    }
    if world.wave:
        return Report(verdicts(tables, closed=shut), None)
    tested = growth_tests(happened, LAST, skipped=shut)
    found = verdicts(tables, closed=shut, others=tested.p)
    return Report(found, tested.judged(found.others, found.budget))


def share_with_a_false_flag(worlds: int, world: World) -> float:
    """Return the share of quiet reports that flag anything."""
    return float(np.mean([quiet_report(seed, world).flagged for seed in range(worlds)]))


def share_of_lists_with_a_false_flag(worlds: int, size_spread: float | None, weeks: int = 70) -> float:
    """Return the share of lists of skills, judged by themselves, that flag anything where nothing changes."""
    flagged = 0
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        growth = skill_growth(people(rng, skill_rates(rng, np.ones(weeks)), size_spread), LAST)
        flagged += Report(verdicts({}), growth).flagged
    return flagged / worlds


def share_of_growth_found(worlds: int, mean: float, factor: float, weeks: int = 104) -> float:
    """Return how often a series that grows to ``factor`` times as many is called growing amid a quiet report."""
    found = 0
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        rates = np.exp(np.linspace(0, np.log(factor), weeks))
        others = _counts(rng, SKILLS, np.ones(weeks), grouped=False)
        counts = np.vstack([rng.poisson(mean * rates / rates.mean()), others])
        rows = verdicts({"skill": pd.DataFrame(counts, columns=mondays(weeks))}).rows
        found += rows["verdict"].iloc[0] in ("growing", "emerging")
    return found / worlds


def alarms(worlds: int, weeks: int, means: tuple[float, ...] = MEANS) -> Alarms:
    """Return how often a quiet last week carries an alarm among the indicators of ``means``."""
    rng = np.random.default_rng(7)
    said = [{_judged(rng.poisson(mean, weeks)).verdict for mean in means} for _ in range(worlds)]
    signal = {"signal_up", "signal_down"}
    return Alarms(
        signal=float(np.mean([bool(each & signal) for each in said])),
        any=float(np.mean([bool(each & {*signal, "shift"}) for each in said])),
    )


def doublings_found(worlds: int, mean: float, baseline: int = 26) -> float:
    """Return how often a doubling after ``baseline`` quiet weeks is a signal within four weeks."""
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(worlds):
        counts = np.concatenate([rng.poisson(mean, baseline), rng.poisson(2 * mean, 4)])
        found += any(_judged(counts[: baseline + weeks]).verdict == "signal_up" for weeks in (1, 2, 3, 4))
    return found / worlds


def coverages(worlds: int) -> dict[str, float]:
    """Return how often each 90 % interval holds the truth; ``worlds`` is a hundred or so."""
    rng = np.random.default_rng(11)
    return {
        "growth of a skill, rates drawn as the model says": _growth(rng, worlds),
        **{f"Sen's slope at {mean:g} a week, doubling": _slope(rng, 10 * worlds, mean) for mean in TRENDS_OF},
        **{f"Sen's slope at {mean:g} a week, three years": _slope(rng, 10 * worlds, mean, 156) for mean in TRENDS_OF},
        "answered within 14 days (Kaplan-Meier)": _waiting(rng, 10 * worlds),
    }


def discrete_coverages(worlds: int) -> dict[str, float]:
    """Return the same for what is a whole number, and can only be held with 90 % or more."""
    rng = np.random.default_rng(12)
    return {
        "rank of a place by its answers": _places(rng, worlds),
        "rank of a member, workshops drawn again": _members(rng, max(1, worlds // 4)),
        "week of a change of level": _weeks(rng, worlds),
    }


def _weekly(happened: pd.DataFrame, span: list[date]) -> pd.DataFrame:
    """Return the people of each skill by week."""
    counted = happened.groupby(["skill", "week"])["member"].nunique().unstack(fill_value=0)  # noqa: PD010  no index lost
    counted.columns = [pd.Timestamp(week).date() for week in counted.columns]
    return counted.reindex(columns=span, fill_value=0).astype("float64")


def _counts(rng: np.random.Generator, size: int, activity: Floats, *, grouped: bool) -> Floats:
    """Return ``size`` series with heavy-tailed rates that follow ``activity``."""
    rates = np.minimum(rng.lognormal(0.3, 1.2, size), 30.0)[:, None] * activity
    if not grouped:
        return rng.poisson(rates).astype(np.float64)
    groups = rng.poisson(rates / LARGE)
    return (groups + rng.poisson(groups * (LARGE - 1))).astype(np.float64)


def _open(rng: np.random.Generator, closed: npt.NDArray[np.bool_]) -> Iterator[Floats]:
    """Yield the twelve indicators, unknown in closed weeks."""
    for mean in MEANS:
        yield np.where(closed, np.nan, rng.poisson(mean, len(closed)).astype(np.float64))


def _judged(counts: npt.NDArray[np.int64]) -> Indicator:
    return indicator(counts.astype(np.float64), np.zeros(len(counts), dtype=np.bool_))


def _growth(rng: np.random.Generator, worlds: int) -> float:
    held = []
    for _ in range(worlds):
        now, before = rng.gamma(2.0, 5.0, (2, 60))
        a, b = rng.poisson(now).astype(np.float64), rng.poisson(before).astype(np.float64)
        k, _ = fit_prior(np.concatenate([a, b]))
        rows, truth = log_ratio(a + k, b + k), np.log(now / before)
        held.append(((rows["low"] <= truth) & (truth <= rows["high"])).mean())
    return float(np.mean(held))


def _slope(rng: np.random.Generator, worlds: int, mean: float, weeks: int = 52) -> float:
    rates = np.linspace(2 / 3, 4 / 3, weeks) * mean
    rows = trends(rng.poisson(rates, (worlds, weeks)).astype(np.float64))
    truth = float(rates[1] - rates[0])
    rows = rows.dropna()  # a mean below 3 has no interval
    return float(((rows["slope_low"] <= truth) & (truth <= rows["slope_high"])).mean())


def _waiting(rng: np.random.Generator, worlds: int) -> float:
    truth, held = 1 - np.exp(-14 / 12), []
    for _ in range(worlds):
        answered, watched = rng.exponential(12.0, 60), rng.uniform(5.0, 60.0, 60)
        found = kaplan_meier(np.minimum(answered, watched), answered <= watched).at(14.0)
        held.append(found.low <= truth <= found.high)
    return float(np.mean(held))


def _places(rng: np.random.Generator, worlds: int) -> float:
    held = []
    for _ in range(worlds):
        rates, trials = rng.beta(4, 4, 12), rng.integers(6, 60, 12)
        names = [f"p{number:02}" for number in range(12)]
        counts = {"place": names, "successes": rng.binomial(trials, rates), "trials": trials}
        held.append(_held(rank_intervals(pd.DataFrame(counts)).set_index("place"), pd.Series(rates, index=names)))
    return float(np.mean(held))


def _members(rng: np.random.Generator, worlds: int) -> float:
    names, held = np.array([f"m{number:02}" for number in range(20)]), []
    for _ in range(worlds):
        chances = np.minimum(0.9, rng.gamma(2.0, 0.125, 20))
        unit, member = np.nonzero(rng.random((60, 20)) < chances)
        rows = pd.DataFrame({"unit": unit.astype("str"), "member": names[member]})
        found = bootstrap_ranks(rows, "unit", lambda drawn: drawn.groupby("member").size().astype("float64"))
        held.append(_held(found.set_index("subject"), pd.Series(chances, index=names)))
    return float(np.mean(held))


def _held(found: pd.DataFrame, truth: pd.Series[float]) -> float:
    """Return the share of true ranks that lie in their interval."""
    ranks = truth.rank(ascending=False).reindex(found.index)
    return float(((found["rank_low"] <= ranks) & (ranks <= found["rank_high"])).mean())


def _weeks(rng: np.random.Generator, worlds: int) -> float:
    steps = [np.concatenate([rng.poisson(5.0, 50), rng.poisson(8.0, 40)]).astype(np.float64) for _ in range(worlds)]
    found = [changes(step).found for step in steps]
    return float(np.mean([any(each.earliest <= 50 <= each.latest for each in some) for some in found if some]))
