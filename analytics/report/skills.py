"""What the network learns and what it lacks: growth of skills, skills that few hold, common concerns."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import Any

import msgspec
import pandas as pd
from msgspec import Struct

from analytics.disclosure import Cell, Thresholds, publishable
from analytics.metrics.concern import RAISED_WEEKS, common_concerns
from analytics.metrics.growth import emerging
from analytics.report import reading
from analytics.report.content import Concern, Interval, Movement, RareSkill, Skills, SkillTrend
from analytics.report.finding import Range
from analytics.report.judgement import Judgement
from analytics.week import Week
from warehouse.connection import Connection
from warehouse.reading import demand

PREFERRED = ("quarter", "month", "year")
"""The comparison that is shown when a skill is flagged in several."""
LISTED = 6
COMPARED = 4
RARE_HOLDERS = 20
"""A skill is rare when fewer members than this showed it."""
RARE_LISTED = 5
CONCERNS_LISTED = 5


class _Row(Struct, frozen=True):
    """One skill and comparison, as ``skill_growth`` judged it."""

    skill: str
    comparison: str
    current: int
    previous: int
    behind: int
    growth: float
    low: float
    high: float
    verdict: str


def build_skills(connection: Connection, week: Week, judged: Judgement, thresholds: Thresholds) -> Skills:
    """Return the section on skills."""
    growth, happened = judged.growth, judged.happened
    new = emerging(growth, happened, week.monday, _places(happened, week))
    rows = [msgspec.convert(dict(each), _Row) for each in growth.rows[list(_Row.__struct_fields__)].to_dict("records")]
    quarter = [row for row in rows if row.comparison == "quarter"]
    asked = reading.rows(connection, "report_demand", reading.Demand, week=week.monday)
    told = _Told(judged, new, thresholds)
    return Skills(
        growing=_flagged(rows, "growing", told),
        fading=_flagged(rows, "fading", told),
        steady=_steady(rows, told),
        judged=len({row.skill for row in rows if row.verdict in ("growing", "fading", "steady")}),
        too_few=sum(1 for row in quarter if row.verdict == "too few"),
        too_early=bool(rows) and all(row.verdict == "too early" for row in rows),
        tests=growth.tests,
        shown=sum(1 for row in asked if row.holders),
        single_holder=publishable(sum(1 for row in asked if row.holders == 1), people=None, thresholds=thresholds),
        rare=_rare(asked, thresholds),
        concerns=_concerns(connection, week, thresholds),
    )


def _places(happened: pd.DataFrame, week: Week) -> dict[str, int]:
    """Return at how many places each skill was seen in the last 26 weeks."""
    recent = happened[happened["week"] > pd.Timestamp(week.monday - timedelta(weeks=26))]
    return {str(skill): int(count) for skill, count in recent.groupby("skill")["place"].nunique().items()}


def _flagged(rows: list[_Row], verdict: str, told: _Told) -> list[SkillTrend]:
    """Return the skills with a verdict, each in the comparison that is best to read, the surest change first.

    One that grows over a quarter and fades over a month is told once, over the quarter. Sure is how far the nearer end
    of the interval lies from no change: a few people can look like a large change.
    """
    by_skill: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.verdict in ("growing", "fading"):
            by_skill[row.skill].append(row)
    best = [min(found, key=lambda row: PREFERRED.index(row.comparison)) for found in by_skill.values()]
    ranked = sorted(
        (row for row in best if row.verdict == verdict), key=lambda row: (-min(abs(row.low), abs(row.high)), row.skill)
    )
    trends = [told.trend(row) for row in ranked]
    return [trend for trend in trends if "shown" in (trend.current.mark, trend.previous.mark)][:LISTED]


def _steady(rows: list[_Row], told: _Told) -> list[SkillTrend]:
    """Return the busiest skills that did not move, to set the others against."""
    moved = {row.skill for row in rows if row.verdict in ("growing", "fading")}
    still = [row for row in rows if row.comparison == "quarter" and row.verdict == "steady" and row.skill not in moved]
    ranked = sorted(still, key=lambda row: (-row.current, row.skill))
    trends = [told.trend(row) for row in ranked if row.behind >= told.thresholds.people]
    return trends[:COMPARED]


class _Told:
    """Skills as the report tells of them: growth in blocks of weeks, and beside it the verdict on the weekly series."""

    def __init__(self, judged: Judgement, new: list[str], thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self._new = new
        rows = judged.trends.rows
        courses = rows[rows["family"] == "skill"] if len(rows) else rows
        self._courses: dict[str, dict[Any, Any]] = {str(row["subject"]): row for row in courses.to_dict("records")}

    def trend(self, row: _Row) -> SkillTrend:
        """Return one skill in one comparison."""
        ratio = publishable(math.exp(row.growth), people=row.behind, thresholds=self.thresholds)
        interval = Interval(low=math.exp(row.low), high=math.exp(row.high)) if ratio.value is not None else None
        course = self._courses.get(row.skill, {})
        judged = course.get("verdict", "too early") not in ("too few", "too early") and ratio.value is not None
        return SkillTrend(
            skill=row.skill,
            comparison=row.comparison,
            current=publishable(row.current, people=row.current, thresholds=self.thresholds),
            previous=publishable(row.previous, people=row.previous, thresholds=self.thresholds),
            ratio=ratio,
            interval=interval,
            verdict=msgspec.convert(row.verdict, Movement),
            emerging=row.skill in self._new,
            course=course.get("verdict", "too early"),
            course_change=Cell(math.exp(course["growth"]), "shown") if judged else None,
            course_interval=Range(low=math.exp(course["low"]), high=math.exp(course["high"])) if judged else None,
        )


def _rare(demand: list[reading.Demand], thresholds: Thresholds) -> list[RareSkill]:
    """Return the skills that are asked for and that few can give, those with fewest holders a request first."""
    found = [
        (row.holders / row.requests, RareSkill(skill=row.skill, requests=asked, holders=_holders(row, thresholds)))
        for row in demand
        if row.holders < RARE_HOLDERS and (asked := asked_for(row, thresholds)).mark == "shown"
    ]
    return [rare for _, rare in sorted(found, key=lambda pair: (pair[0], pair[1].skill))][:RARE_LISTED]


def asked_for(row: reading.Demand, thresholds: Thresholds) -> Cell:
    """Return how many requests ask for a skill, if neither few people nor one organisation stand behind them."""
    return publishable(
        row.requests, people=row.requesters, organisations=row.contributions or None, thresholds=thresholds
    )


def _holders(row: reading.Demand, thresholds: Thresholds) -> Cell:
    return publishable(row.holders, people=row.holders, thresholds=thresholds)


def _concerns(connection: Connection, week: Week, thresholds: Thresholds) -> list[Concern]:
    """Return the themes that three organisations from two places asked about, most organisations first."""
    since = (week + (1 - RAISED_WEEKS)).since
    asked = demand(connection, since, week.until)
    found = common_concerns(asked, since=since, until=week.until, thresholds=thresholds).head(CONCERNS_LISTED)
    return [
        Concern(
            skill=skill,
            organisations=publishable(len(each), people=None, organisations=each, thresholds=thresholds),
            places=places,
        )
        for skill, places, each in zip(found["skill"], found["places"], found["contributions"], strict=True)
    ]
