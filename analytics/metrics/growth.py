"""Growth of skills: people now against people before, shrunk, with an interval and one budget of false alarms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.metrics.budget import Mask, pooled
from analytics.metrics.occasion import REACH, Record, ages_of, record_of
from analytics.metrics.shrinkage import exact_p, fit_prior, log_ratio
from analytics.metrics.trend import mann_kendall

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]

BUDGET = 0.10
CERTAIN = 0.9
FEWEST_CAUSES = 5
"""Below this many independent causes no outcome could be told from chance."""
LONG_VIEW = (26, 52)
"""Fewest and most weeks of the long view."""
FEWEST_PERSON_WEEKS = 10
NEW_WEEKS = 26
NEW_PEOPLE = 3
NEW_PLACES = 2


@dataclass(frozen=True)
class Comparison:
    """Two blocks of weeks that are set against each other."""

    name: str
    block: int
    """Weeks in each block."""
    back: int = 0
    """Weeks between a week and the one it is paired with; 0 for the block right before."""


MONTH = Comparison("month", 4)
QUARTER = Comparison("quarter", 13)
YEAR = Comparison("year", 13, back=52)
COMPARISONS = (MONTH, QUARTER, YEAR)


@dataclass(frozen=True)
class Growth:
    """What can be said about the growth of every skill at the end of a week, under one budget."""

    rows: pd.DataFrame
    """One row per skill and comparison: ``skill, comparison, current, previous`` (distinct people), ``behind`` (the
    smallest number of persons that the row would reveal), ``causes`` (independent ones in both blocks),
    ``growth, low, high`` (log ratio with its 90 % interval), ``chance_up, chance_down`` (that it moved by more than
    a quarter), ``p``, ``verdict`` (growing, fading, steady, too few, too early)."""
    courses: pd.DataFrame
    """One row per skill for the long view: ``skill, weeks, people`` (person-weeks), ``slope`` (people a week, each
    week), ``p``, ``course`` (rising, falling, level, too few, too early)."""
    tests: int
    """Tests that were run for the whole list."""
    budget: float = BUDGET

    def of(self, comparison: str) -> pd.DataFrame:
        """Return the rows of one comparison with the long view beside them, strongest growth first."""
        chosen = self.rows[self.rows["comparison"] == comparison]
        joined = chosen.merge(self.courses[["skill", "slope", "course"]], on="skill")
        return joined.sort_values(["growth", "skill"], ascending=[False, True], ignore_index=True)

    def flagged(self, verdict: str) -> list[str]:
        """Return the skills with ``verdict`` in at least one comparison, by name."""
        return sorted(set(self.rows.loc[self.rows["verdict"] == verdict, "skill"]))


@dataclass(frozen=True)
class Tested:
    """The growth of every skill before any budget: tests are run, and none is believed yet."""

    rows: pd.DataFrame
    courses: pd.DataFrame

    @property
    def p(self) -> dict[str, Floats]:
        """Return the p-values of the comparisons (growth) and of the long views (courses); NaN was not tested."""
        return {"growth": self.rows["p"].to_numpy(np.float64), "courses": self.courses["p"].to_numpy(np.float64)}

    def judged(self, chosen: Mapping[str, Mask], budget: float = BUDGET) -> Growth:
        """Return the growth, given which of ``p`` are within a budget, theirs or one that they share with others."""
        rows = self.rows.assign(verdict=_verdicts(self.rows, chosen["growth"])).drop(columns="open")
        courses = self.courses.assign(course=_course_words(self.courses, chosen["courses"])).drop(columns="score")
        tests = int(sum((~np.isnan(each)).sum() for each in self.p.values()))
        return Growth(rows=rows, courses=courses, tests=tests, budget=budget)


def skill_growth(
    occasions: pd.DataFrame,
    week: date,
    *,
    skipped: Collection[date] = (),
    comparisons: tuple[Comparison, ...] = COMPARISONS,
    budget: float = BUDGET,
) -> Growth:
    """Return the growth of every skill seen up to ``week``, judged under one false-discovery budget.

    Definition: a, b are the distinct people in the current and the previous block of counted weeks, each divided by
    the size of the occasion that a person comes from on average (a training of 20 is one cause, not 20).
    growth = log((a + k) / (b + k)) with k from a Gamma-Poisson fit over all skills; interval and chances are those of
    the ratio of the two Gamma rates. "growing" needs people and occasions both: a chance above 0.9 that people grew
    by more than a quarter, **and** the exact test of the numbers of occasions (never counted above those of people)
    in the Benjamini-Hochberg set over all skills, comparisons and long views. "fading" is the same downwards.

    Args:
        occasions: As for ``skill_week``; weeks after ``week`` are left out. The first week of all is where the
            record starts: what would need older weeks is "too early".
        week: Monday of the last week that counts.
        skipped: Mondays that do not count, closed or not heard: the blocks reach over them, never a zero.
        comparisons: Pairs of blocks to judge.
        budget: False-discovery rate for the whole list.

    Returns:
        The growth; no occasion gives empty frames and no test.

    Cost: O(n log n) in the rows, O(52^2) a skill. Sources: Clayton & Kaldor 1987, Biometrics 43:671; DuMouchel 1999,
    Am. Statistician 53:177; Benjamini & Hochberg 1995, JRSS B 57:289.
    """
    tested = growth_tests(occasions, week, skipped=skipped, comparisons=comparisons)
    return tested.judged(pooled(tested.p, budget), budget)


def growth_tests(
    occasions: pd.DataFrame,
    week: date,
    *,
    skipped: Collection[date] = (),
    comparisons: tuple[Comparison, ...] = COMPARISONS,
) -> Tested:
    """Return the tests of ``skill_growth``, for a budget that they share with others."""
    record = record_of(occasions, week)
    left_out = {(week - monday).days // 7 for monday in skipped}
    ages = [age for age in range(min(record.span, REACH)) if age not in left_out]
    rows = pd.concat([_compare(record, comparison, ages) for comparison in comparisons], ignore_index=True)
    return Tested(rows, _courses(record, [age for age in ages if age < LONG_VIEW[1]]))


def emerging(growth: Growth, occasions: pd.DataFrame, week: date, places: Mapping[str, int]) -> list[str]:
    """Return the skills that grow, were first seen less than 26 weeks ago, by 3 people and at 2 places, by name.

    Empty while the record itself is younger than 26 weeks, when everything would be new. ``places`` gives the number
    of distinct places of each skill.
    """
    known = occasions[ages_of(occasions, week) >= 0]
    ages = pd.Series(ages_of(known, week), index=known.index).groupby(known["skill"]).max()
    if ages.empty or ages.max() < NEW_WEEKS:
        return []
    people = known.groupby("skill")["member"].nunique()
    return [
        skill
        for skill in growth.flagged("growing")
        if ages[skill] < NEW_WEEKS and people[skill] >= NEW_PEOPLE and places.get(skill, 0) >= NEW_PLACES
    ]


def blocks(comparison: Comparison, ages: list[int]) -> tuple[list[int], list[int]] | None:
    """Return the ages of the current and the previous block among the counted ``ages``; None while too early."""
    if comparison.back == 0:
        pairs = list(zip(ages[: comparison.block], ages[comparison.block : 2 * comparison.block], strict=False))
    else:
        counted = set(ages)
        pairs = [(age, age + comparison.back) for age in ages if age + comparison.back in counted]
    if len(pairs) < comparison.block:
        return None
    current, previous = zip(*pairs[: comparison.block], strict=True)
    return list(current), list(previous)


def _compare(record: Record, comparison: Comparison, ages: list[int]) -> pd.DataFrame:
    """Return one comparison for every skill: no estimate while it is too early, no p where there are too few."""
    pair = blocks(comparison, ages)
    current, previous = pair or ([], [])
    now, before = record.people(current), record.people(previous)
    spread = record.spread(current + previous)
    a, b = now / spread, before / spread
    more, fewer = np.minimum(now, record.occasions(current)), np.minimum(before, record.occasions(previous))
    tested = np.full(len(now), pair is not None) & (more + fewer >= FEWEST_CAUSES)
    counts = pd.DataFrame({"skill": record.skills, "comparison": comparison.name, "open": pair is not None})
    counts["current"], counts["previous"], counts["causes"] = now, before, more + fewer
    counts["behind"] = np.minimum(np.where(now > 0, now, before), np.where(before > 0, before, now))
    k, _ = fit_prior(np.concatenate([a, b]))
    estimate = log_ratio(a + k, b + k) if pair else log_ratio(a * np.nan, b * np.nan)
    return pd.concat([counts, estimate.assign(p=np.where(tested, exact_p(more, fewer), np.nan))], axis=1)


def _courses(record: Record, ages: list[int]) -> pd.DataFrame:
    """Return the long view of every skill over the counted weeks ``ages``."""
    early = len(ages) < LONG_VIEW[0]
    oldest_first = ages[::-1]
    weekly = record.weekly(oldest_first)
    trends = [mann_kendall(series, -np.array(oldest_first, dtype=np.float64)) for series in weekly]
    people = weekly.sum(axis=1)
    tested = np.full(len(trends), not early) & (people >= FEWEST_PERSON_WEEKS)
    return pd.DataFrame(
        {
            "skill": record.skills,
            "weeks": len(ages),
            "people": people.astype(np.int64),
            "slope": [trend.slope for trend in trends],
            "score": [trend.score for trend in trends],
            "p": np.where(tested, [trend.p for trend in trends], np.nan),
        }
    )


def _verdicts(rows: pd.DataFrame, chosen: Mask) -> Words:
    """Return the word for each comparison."""
    early = ~rows["open"].to_numpy(dtype=np.bool_)
    up = rows["chance_up"].to_numpy() > CERTAIN
    down = rows["chance_down"].to_numpy() > CERTAIN
    untested = rows["p"].isna().to_numpy()
    return _first_word(
        {"too early": early, "too few": untested, "growing": chosen & up, "fading": chosen & down}, "steady"
    )


def _course_words(courses: pd.DataFrame, chosen: Mask) -> Words:
    """Return the word for each long view."""
    early = courses["weeks"].to_numpy() < LONG_VIEW[0]
    score = courses["score"].to_numpy()
    untested = courses["p"].isna().to_numpy()
    return _first_word(
        {"too early": early, "too few": untested, "rising": chosen & (score > 0), "falling": chosen & (score < 0)},
        "level",
    )


def _first_word(cases: dict[str, Mask], otherwise: str) -> Words:
    """Return for each row the first of the words whose case holds."""
    words = np.full(len(next(iter(cases.values()))), otherwise, dtype=object)
    for word, case in reversed(cases.items()):
        words[case] = word
    return words
