"""Trends: every weekly series of a warehouse, judged together under one budget of false flags."""

from __future__ import annotations

from analytics.metrics.verdict import Verdicts
from analytics.report import reading
from analytics.report.judgement import judge
from analytics.week import Week
from warehouse.connection import Connection


def trends_of(connection: Connection, week: Week) -> Verdicts:
    """Return the verdict on every weekly series at the end of ``week``: of the network, of places and of skills.

    The budget is that of the report: the growth of skills in blocks of weeks and their long views are in it too.
    """
    extent = reading.row(connection, "report_extent", reading.Extent, week=week.monday)
    return judge(connection, week, extent).trends
