"""What the table says of the growth of skills, in the family "skill"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.closure import closed_weeks
from analytics.metrics.growth import MONTH, QUARTER, skill_growth
from analytics.metrics.metric import SKILL_EVENTS, Metric
from analytics.metrics.occasion import REACH
from analytics.metrics.trend import YEAR, trends
from analytics.metrics.verdict import FEWEST_WEEKS
from analytics.week import Week

GROWTH = {MONTH.name: "skill_growth_month", QUARTER.name: "skill_growth"}
"""The metric of each comparison."""


def growth(week: Week, *, occasions: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of every skill with its interval, closed weeks reached over; n is who a row would reveal."""
    mondays = [week.monday - timedelta(weeks=age) for age in range(REACH)]
    closed = [monday for monday, shut in zip(mondays, closed_weeks(mondays), strict=True) if shut]
    rows = skill_growth(occasions, week.monday, skipped=closed, comparisons=(MONTH, QUARTER)).rows
    names = {"skill": "subject", "growth": "value", "behind": "n"}
    grown = rows.assign(metric=rows["comparison"].map(GROWTH), subject_kind="skill").rename(columns=names)
    return pd.concat([grown, momentum(occasions, week, closed)], ignore_index=True)


def momentum(occasions: pd.DataFrame, week: Week, closed: Sequence[date] = ()) -> pd.DataFrame:
    """Return how many more people a week, over a year, take part in each skill of the last 52 weeks.

    Definition: 52 times Sen's slope of the distinct people of each week, closed weeks left out (see ``trends``).

    Returns:
        metric, subject_kind, subject, value, low, high (90 % interval, NaN below three people a week), n (distinct
        people of the year); skills in order. NaN while fewer than 26 open weeks are known: the record's first
        occasion says since when.

    Source: Sen 1968, JASA 63:1379.
    """
    mondays = [week.monday - timedelta(weeks=age) for age in reversed(range(YEAR))]
    known = occasions.assign(week=pd.to_datetime(occasions["week"]).dt.date).dropna(subset=["member"])
    recent = known[known["week"].isin(mondays)]
    people = recent.drop_duplicates(["skill", "week", "member"])
    table = people.pivot_table(values="member", index="skill", columns="week", aggfunc="count")
    counts = table.reindex(columns=mondays).astype("float64").fillna(0.0)
    first = known["week"].min() if len(known) else week.monday
    counts[[monday for monday in mondays if monday in closed or monday < first]] = np.nan
    found = trends(counts.to_numpy())
    ends = {"value": "slope", "low": "slope_low", "high": "slope_high"}
    made = pd.DataFrame({name: YEAR * found[slope] for name, slope in ends.items()})
    made = made.mask(found["weeks"] < FEWEST_WEEKS)
    n = recent.groupby("skill")["member"].nunique().reindex(counts.index)
    return made.assign(metric="skill_momentum", subject_kind="skill", subject=list(counts.index), n=n.to_numpy())


SKILL_METRICS = tuple(
    Metric(
        name=name,
        family="skill",
        compute=growth,
        reads=SKILL_EVENTS,
        reach=REACH,
        readings=("occasions",),
        layers=(),
        subject_kind="skill",
    )
    for name in ("skill_momentum", *reversed(GROWTH.values()))
)
