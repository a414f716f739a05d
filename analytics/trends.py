"""Trends: every weekly series of a warehouse, judged together under one budget of false flags."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.kernels import Floats
from analytics.metrics.change import changes
from analytics.report import reading
from analytics.report.judgement import Judgement, judge
from analytics.week import Week
from warehouse.connection import Connection

MOVING = ("emerging", "growing", "fading")


def trends_of(connection: Connection, week: Week) -> Judgement:
    """Return the verdict on every weekly series at the end of ``week``: of the network, of places and of skills.

    The budget is that of the report: the growth of skills in blocks of weeks and their long views are in it too. Rows
    of ``trends`` that move also say when they last changed their level: ``since`` (Monday; None where no single week
    stands out), ``before`` and ``after`` (counts a week on either side).
    """
    extent = reading.row(connection, "report_extent", reading.Extent, week=week.monday)
    judged = judge(connection, week, extent)
    rows = judged.trends.rows
    turned = pd.DataFrame([_turn(judged, row) for row in rows.to_dict("records")], columns=["since", "before", "after"])
    return replace(judged, trends=replace(judged.trends, rows=pd.concat([rows, turned.set_index(rows.index)], axis=1)))


def level_changed(judged: Judgement, family: str, subject: str) -> tuple[date | None, float, float]:
    """Return the Monday of the last change of level of a series, and the counts a week before and after it."""
    table = judged.series.tables[family]
    counts = table.loc[subject].to_numpy(np.float64, copy=True)
    counts[[monday in judged.series.closed for monday in table.columns]] = np.nan
    return _last_change(counts, [pd.Timestamp(monday).date() for monday in table.columns])


def _turn(judged: Judgement, row: Mapping[Hashable, object]) -> tuple[date | None, float, float]:
    if row["verdict"] not in MOVING:
        return None, np.nan, np.nan
    return level_changed(judged, str(row["family"]), str(row["subject"]))


def _last_change(counts: Floats, mondays: Sequence[date]) -> tuple[date | None, float, float]:
    found = changes(counts).found
    return (mondays[found[-1].place], found[-1].before, found[-1].after) if found else (None, np.nan, np.nan)
