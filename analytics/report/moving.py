"""What moves week after week, and how much of all that a report announces chance may have made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from analytics.disclosure import Thresholds, publishable
from analytics.kernels import Floats
from analytics.metrics.budget import Mask
from analytics.metrics.trend import SEASONAL_FROM, YEAR
from analytics.report.content import Indicator
from analytics.report.finding import Range
from analytics.report.judgement import Judgement
from analytics.report.series import UNCOUNTED
from analytics.report.trust import Alarms, Course, Family, Moving, Trends
from analytics.week import Week

MOVING = ("growing", "fading", "emerging")
ALARM = 0.016
"""Share of quiet weeks in which one indicator alarms, runs included: 17.5 % for twelve (docs/calibration.md)."""
JUDGED = ("signal_up", "signal_down", "shift", "ordinary")


def build_trends(judged: Judgement, names: Mapping[str, str], week: Week, thresholds: Thresholds) -> Trends | None:
    """Return the weekly series that move, with ``names`` for places; nothing where nothing was ever told of."""
    rows = judged.trends.rows
    if rows.empty:
        return None
    words = rows["verdict"].value_counts()
    moving = rows[rows["verdict"].isin(MOVING)]
    told = [_moving(row, judged.series.tables, names, thresholds) for row in moving.to_dict("records")]
    shown = [each for each in told if each.change.value is not None]
    smallest = rows.loc[rows["verdict"] == "steady", "smallest"].median()
    return Trends(
        rows=shown,
        hidden=len(told) - len(shown),
        steady=int(words.get("steady", 0)),
        too_few=int(words.get("too few", 0)),
        too_early=int(words.get("too early", 0)),
        smallest=None if math.isnan(smallest) else float(smallest),
        command=f"maillage trends --week {week}",
    )


def build_alarms(judged: Judgement, indicators: Sequence[Indicator]) -> Alarms:
    """Return what chance alone would let this report announce."""
    found = judged.trends
    masks = chain([_within(found.rows["p"], found.level)], found.others.values())
    flagged = int(sum(mask.sum() for mask in masks))
    many = sum(1 for row in indicators if row.verdict in JUDGED)
    return Alarms(
        tests=found.tests,
        budget=found.budget,
        flagged=flagged,
        false_flags=found.budget * flagged,
        indicators=many,
        quiet_alarm=1 - (1 - ALARM) ** many,
    )


def _within(p: pd.Series[float], level: float) -> Mask:
    return np.asarray(p.notna() & (p <= level) & (level > 0), dtype=np.bool_)


def _moving(
    row: Mapping[Any, Any], tables: Mapping[str, pd.DataFrame], names: Mapping[str, str], thresholds: Thresholds
) -> Moving:
    family = msgspec.convert(row["family"], Family)
    subject = str(row["subject"])
    counts = tables[family].loc[subject].to_numpy(dtype=np.float64)
    behind = None if family == "network" and subject in UNCOUNTED else _behind(counts)
    change = publishable(math.exp(row["growth"]), people=behind, thresholds=thresholds)
    shown = change.value is not None
    return Moving(
        family=family,
        subject=names.get(subject, subject) if family == "place" else subject,
        verdict=msgspec.convert(row["verdict"], Course),
        mean=publishable(row["mean"], people=behind, thresholds=thresholds),
        change=change,
        interval=Range(low=math.exp(row["low"]), high=math.exp(row["high"])) if shown else None,
        weeks=int(row["weeks"]),
    )


def _behind(counts: Floats) -> int:
    """Return a number of persons that surely stand behind a change: the fullest week of the emptier of its halves.

    A half in which nobody came reveals nobody.
    """
    known = counts[~np.isnan(counts)]
    middle = len(known) - YEAR if len(known) >= SEASONAL_FROM else len(known) // 2
    fullest = [int(half.max()) for half in (known[:middle], known[middle:]) if len(half) and half.max() > 0]
    return min(fullest, default=0)
