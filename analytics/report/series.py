"""The weekly series of a network, as the trend engine takes them: of the network, of its places and of its skills."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.closure import closed_weeks
from analytics.kernels import Floats
from analytics.report import reading
from analytics.report.indicators import OPTIONAL, counts
from analytics.week import Week, weeks
from warehouse.connection import Connection
from warehouse.reading import prepare, weekly_place, weekly_skill

SILENT = 0.01
"""A place's last weeks are missing, not zero, when chance alone would leave them empty less often than this."""
UNCOUNTED = ("workshops", "skills_taught")
"""Series of the network that count no persons."""


@dataclass(frozen=True)
class Families:
    """All weekly series up to a week."""

    tables: Mapping[str, pd.DataFrame]
    """Subjects by rows and Mondays by columns, oldest first: network, place and skill; NaN for a week without data."""
    closed: Sequence[date]
    """Mondays that are in no test."""


def families(connection: Connection, week: Week, extent: reading.Extent) -> Families:
    """Return every weekly series since the first one on record: raw counts of separate weeks.

    They are the judged indicators of the report, people at each place, people in each skill. The weeks before a place
    was first heard are missing, and so are the last ones of a place that has fallen silent: that is not decline.
    """
    if extent.first_activity is None:
        return Families({}, [])
    prepare(connection)
    first = Week(extent.first_activity)
    span = [each.monday for each in weeks(first, week)]
    closed = [monday for monday, shut in zip(span, closed_weeks(span), strict=True) if shut]
    indicators = counts(connection, span, extent)
    kept = {each.name: each.values for each in indicators if each.name not in OPTIONAL or np.nansum(each.values)}  # noqa: PD011  a field
    places = _table(weekly_place(connection, first.since, week.until), span)
    tables = {
        "network": pd.DataFrame.from_dict(kept, "index", columns=span),
        "place": places.apply(lambda row: heard(row.to_numpy(), span, closed), axis=1, result_type="broadcast"),
        "skill": _table(weekly_skill(connection, first.since, week.until), span),
    }
    return Families(tables, closed)


def _table(rows: pd.DataFrame, span: Sequence[date]) -> pd.DataFrame:
    """Return the counts with subjects by rows and the weeks of ``span`` by columns; nothing told is 0."""
    wide = rows.assign(week=pd.to_datetime(rows["week"]).dt.date).pivot_table("people", "subject", "week")
    return wide.reindex(columns=list(span)).fillna(0.0)


def heard(people: Floats, span: Sequence[date], closed: Sequence[date]) -> Floats:
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
