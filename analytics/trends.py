"""Trends: every weekly series of a warehouse, judged together under one budget of false flags."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.closure import closed_weeks
from analytics.kernels import Floats
from analytics.metrics.verdict import Verdicts, verdicts
from analytics.report import reading
from analytics.report.indicators import OPTIONAL, counts
from analytics.week import Week, weeks
from warehouse.connection import Connection
from warehouse.reading import prepare, weekly_place, weekly_skill

SILENT = 0.01
"""A place's last weeks are missing, not zero, when chance alone would leave them empty less often than this."""


def trends_of(connection: Connection, week: Week) -> Verdicts:
    """Return the verdict on every weekly series at the end of ``week``: of the network, of places and of skills.

    Series are raw counts of separate weeks since the first one on record: the judged indicators of the report, people
    at each place, people in each skill. Closed weeks are in no test. The weeks before a place was first heard are
    missing, and so are the last ones of a place that has fallen silent: that is not decline.
    """
    extent = reading.row(connection, "report_extent", reading.Extent, week=week.monday)
    if extent.first_activity is None:
        return verdicts({})
    prepare(connection)
    first = Week(extent.first_activity)
    span = [each.monday for each in weeks(first, week)]
    closed = [monday for monday, shut in zip(span, closed_weeks(span), strict=True) if shut]
    indicators = counts(connection, span, extent)
    kept = [each for each in indicators if each.name not in OPTIONAL or np.nansum(each.values)]
    places = _table(weekly_place(connection, first.since, week.until), span)
    return verdicts(
        {
            "network": pd.DataFrame.from_dict({each.name: each.values for each in kept}, "index", columns=span),  # noqa: PD011  a field
            "place": places.apply(lambda row: _heard(row.to_numpy(), span, closed), axis=1, result_type="broadcast"),
            "skill": _table(weekly_skill(connection, first.since, week.until), span),
        },
        closed=closed,
    )


def _table(rows: pd.DataFrame, span: Sequence[date]) -> pd.DataFrame:
    """Return the counts with subjects by rows and the weeks of ``span`` by columns; nothing told is 0."""
    wide = rows.assign(week=pd.to_datetime(rows["week"]).dt.date).pivot_table("people", "subject", "week")
    return wide.reindex(columns=list(span)).fillna(0.0)


def _heard(people: Floats, span: Sequence[date], closed: Sequence[date]) -> Floats:
    """Return the counts of one place, missing before it was first heard and after it fell silent."""
    there = np.flatnonzero(people)
    if not len(there):
        return np.full(len(people), math.nan)
    first, last = there[0], there[-1]
    usual = people[first : last + 1].mean()
    quiet = sum(monday not in closed for monday in span[last + 1 :])
    kept = people.copy()
    kept[:first] = math.nan
    if math.exp(-usual * quiet) < SILENT:
        kept[last + 1 :] = math.nan
    return kept
