"""What moves in a network, judged once: growth of skills, their long views and every weekly series share one budget."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.closure import closed_weeks
from analytics.metrics.growth import Growth, growth_tests
from analytics.metrics.verdict import Verdicts, verdicts
from analytics.report.reading import Extent
from analytics.report.series import Families, families
from analytics.week import Week, weeks
from warehouse.connection import Connection
from warehouse.reading import occasions, prepare


@dataclass(frozen=True)
class Judgement:
    """What can be said about everything that moves, at the end of a week."""

    happened: pd.DataFrame
    """The occasions that the growth of skills rests on."""
    growth: Growth
    series: Families
    trends: Verdicts
    """Its ``tests`` and ``level`` are those of growth, long views and series together."""


def judge(connection: Connection, week: Week, extent: Extent) -> Judgement:
    """Return the verdicts on skills and on every weekly series up to ``week``, all within one budget of false flags."""
    prepare(connection)
    first = Week(extent.first_activity) if extent.first_activity else week
    happened = occasions(connection, first.since, week.until)
    span = [each.monday for each in weeks(first, week)]
    skipped = {monday for monday, closed in zip(span, closed_weeks(span), strict=True) if closed}
    tested = growth_tests(happened, week.monday, skipped=skipped - {week.monday})
    series = families(connection, week, extent)
    found = verdicts(series.tables, closed=series.closed, others=tested.p)
    return Judgement(happened, tested.judged(found.others, found.budget), series, found)
