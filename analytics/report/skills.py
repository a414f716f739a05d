"""What the network learns and what it lacks: growth of skills, skills that few hold, common concerns."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta

import msgspec
import pandas as pd
from msgspec import Struct

from analytics.closure import closed_weeks
from analytics.disclosure import Cell, Thresholds, publishable
from analytics.metrics.concern import RAISED_WEEKS, common_concerns
from analytics.metrics.growth import Growth, emerging, skill_growth
from analytics.report import reading
from analytics.report.content import Concern, Interval, Movement, RareSkill, Skills, SkillTrend
from analytics.week import Week, weeks
from warehouse.connection import Connection
from warehouse.reading import demand, occasions, prepare

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


def build_skills(connection: Connection, week: Week, extent: reading.Extent, thresholds: Thresholds) -> Skills:
    """Return the section on skills."""
    growth, new = _growth(connection, week, extent)
    rows = [msgspec.convert(dict(each), _Row) for each in growth.rows[list(_Row.__struct_fields__)].to_dict("records")]
    quarter = [row for row in rows if row.comparison == "quarter"]
    asked = reading.rows(connection, "report_demand", reading.Demand, week=week.monday)
    return Skills(
        growing=_flagged(rows, "growing", new, thresholds),
        fading=_flagged(rows, "fading", new, thresholds),
        steady=_steady(rows, thresholds),
        judged=len({row.skill for row in rows if row.verdict in ("growing", "fading", "steady")}),
        too_few=sum(1 for row in quarter if row.verdict == "too few"),
        too_early=bool(rows) and all(row.verdict == "too early" for row in rows),
        tests=growth.tests,
        shown=sum(1 for row in asked if row.holders),
        single_holder=publishable(sum(1 for row in asked if row.holders == 1), people=None, thresholds=thresholds),
        rare=_rare(asked, thresholds),
        concerns=_concerns(connection, week, thresholds),
    )


def _growth(connection: Connection, week: Week, extent: reading.Extent) -> tuple[Growth, list[str]]:
    """Return the growth of every skill, and the skills that are emerging."""
    prepare(connection)
    first = Week(extent.first_activity) if extent.first_activity else week
    happened = occasions(connection, first.since, week.until)
    span = [each.monday for each in weeks(first, week)]
    skipped = {monday for monday, closed in zip(span, closed_weeks(span), strict=True) if closed}
    growth = skill_growth(happened, week.monday, skipped=skipped - {week.monday})
    return growth, emerging(growth, happened, week.monday, _places(happened, week))


def _places(happened: pd.DataFrame, week: Week) -> dict[str, int]:
    """Return at how many places each skill was seen in the last 26 weeks."""
    recent = happened[happened["week"] > pd.Timestamp(week.monday - timedelta(weeks=26))]
    return {str(skill): int(count) for skill, count in recent.groupby("skill")["place"].nunique().items()}


def _flagged(rows: list[_Row], verdict: str, new: list[str], thresholds: Thresholds) -> list[SkillTrend]:
    """Return the skills with a verdict, each in the comparison that is best to read, the surest change first.

    Sure is how far the nearer end of the interval lies from no change: a few people can look like a large change.
    """
    by_skill: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.verdict == verdict:
            by_skill[row.skill].append(row)
    best = [min(found, key=lambda row: PREFERRED.index(row.comparison)) for found in by_skill.values()]
    ranked = sorted(best, key=lambda row: (-min(abs(row.low), abs(row.high)), row.skill))
    trends = [_trend(row, new, thresholds) for row in ranked]
    return [trend for trend in trends if "shown" in (trend.current.mark, trend.previous.mark)][:LISTED]


def _steady(rows: list[_Row], thresholds: Thresholds) -> list[SkillTrend]:
    """Return the busiest skills that did not move, to set the others against."""
    moved = {row.skill for row in rows if row.verdict in ("growing", "fading")}
    still = [row for row in rows if row.comparison == "quarter" and row.verdict == "steady" and row.skill not in moved]
    ranked = sorted(still, key=lambda row: (-row.current, row.skill))
    trends = [_trend(row, [], thresholds) for row in ranked if row.behind >= thresholds.people]
    return trends[:COMPARED]


def _trend(row: _Row, new: list[str], thresholds: Thresholds) -> SkillTrend:
    ratio = publishable(math.exp(row.growth), people=row.behind, thresholds=thresholds)
    interval = Interval(low=math.exp(row.low), high=math.exp(row.high)) if ratio.value is not None else None
    return SkillTrend(
        skill=row.skill,
        comparison=row.comparison,
        current=publishable(row.current, people=row.current, thresholds=thresholds),
        previous=publishable(row.previous, people=row.previous, thresholds=thresholds),
        ratio=ratio,
        interval=interval,
        verdict=msgspec.convert(row.verdict, Movement),
        emerging=row.skill in new,
    )


def _rare(demand: list[reading.Demand], thresholds: Thresholds) -> list[RareSkill]:
    """Return the skills that are asked for and that few can give, those with fewest holders a request first."""
    found = [
        (row.holders / row.requests, RareSkill(skill=row.skill, requests=asked, holders=_holders(row, thresholds)))
        for row in demand
        if row.holders < RARE_HOLDERS and (asked := _asked(row, thresholds)).mark == "shown"
    ]
    return [rare for _, rare in sorted(found, key=lambda pair: (pair[0], pair[1].skill))][:RARE_LISTED]


def _asked(row: reading.Demand, thresholds: Thresholds) -> Cell:
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
