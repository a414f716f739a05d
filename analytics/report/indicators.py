"""The table of indicators: weekly series, compared with themselves and put into one word each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from analytics.closure import closed_weeks
from analytics.disclosure import MISSING, Cell, Thresholds, public_series, publishable, publishable_between, spread
from analytics.indicator import Indicator as Judged
from analytics.indicator import Mask, indicator, median_before
from analytics.report import reading
from analytics.report.content import Group, Indicator, Interval, Kind, Spark, Verdict
from analytics.report.window import shown_beside
from analytics.week import Week, weeks
from warehouse.connection import Connection

Floats = npt.NDArray[np.float64]

SPARK_WEEKS = 52
YEAR = 52
OPTIONAL = ("learners", "solved")
"""Where these are zero in every week, the sources do not tell of such a thing."""
NEWCOMERS_AFTER = timedelta(weeks=26)
"""Age of the record before anybody is called new: at its start everybody would be."""
FEWEST_FOR_SHARE = 20
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Series:
    """One indicator by week, from the first week of the record to the one of the report."""

    name: str
    group: Group
    values: Floats
    people: list[int] | None
    """Distinct persons behind each value; None where it is about no person."""
    kind: Kind = "judged"
    asked: Floats | None = None
    """Requests behind a share of requests; gives it an interval."""
    is_share: bool = False

    def cells(self, thresholds: Thresholds) -> list[Cell]:
        """Return the values as they may be shown."""
        people: Sequence[int | None] = self.people or [None] * len(self.values)
        return [
            publishable(float(value), people=number, thresholds=thresholds)
            for value, number in zip(self.values, people, strict=True)
        ]


def build_indicators(
    connection: Connection, week: Week, extent: reading.Extent, thresholds: Thresholds
) -> list[Indicator]:
    """Return the rows of the table; what the data never tell of has no row."""
    if extent.first_activity is None:
        return []
    span = [each.monday for each in weeks(Week(extent.first_activity), week)]
    closed = closed_weeks(span)
    found = series(connection, span, extent)
    cells = shown_beside({each.name: (each.cells(thresholds), each.values.tolist()) for each in found})
    told = [each for each in found if each.name not in OPTIONAL or np.nansum(each.values)]
    return [row_of(each, closed, thresholds, cells[each.name]) for each in told]


def series(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    """Return every series that the data hold over the weeks ``span``, in the order of the table."""
    placed = extent.first_placed is not None and extent.members_with_place
    return [
        *_members(connection, span, extent),
        *([_across(connection, span)] if placed else []),
        *_workshops(connection, span, extent),
        *_help(connection, span, extent),
        *_waits(connection, span, extent),
    ]


def counts(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    """Return the series of them that are raw weekly counts."""
    found = [
        *_members(connection, span, extent),
        *_workshops(connection, span, extent),
        *_help(connection, span, extent),
    ]
    return [each for each in found if each.kind == "judged"]


def _members(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    if extent.first_activity is None:
        return []
    found = reading.rows(connection, "report_members", reading.MembersWeek, first=span[0], week=span[-1])
    newcomers = _column(found, "newcomers", span, span[0])
    newcomers[np.array(span) < extent.first_activity + NEWCOMERS_AFTER] = math.nan
    told = [
        _counted("active_members", "members", _column(found, "active_members", span, span[0])),
        _counted("newcomers", "members", newcomers),
    ]
    if extent.first_placed is None:
        return told
    active = _column(found, "active_places", span, extent.first_placed)
    told.append(Series("active_places", "members", active, None, kind="shown"))
    if extent.members_with_place:
        visitors = _column(found, "visitors", span, extent.first_placed)
        told.append(_counted("visitors", "members", visitors))
    return told


def _workshops(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    since = extent.first_workshop
    if since is None:
        return []
    found = reading.rows(connection, "report_workshops", reading.WorkshopsWeek, first=span[0], week=span[-1])
    attendees = [row.attendees for row in found]
    return [
        Series("workshops", "workshops", _column(found, "workshops", span, since), None),
        Series("attendances", "workshops", _column(found, "attendances", span, since), attendees),
        _counted("learners", "workshops", _column(found, "learners", span, since)),
        Series("skills_taught", "workshops", _column(found, "skills_taught", span, since), None),
    ]


def _help(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    since = extent.first_request
    if since is None:
        return []
    found = reading.rows(connection, "report_help", reading.HelpWeek, first=span[0], week=span[-1])
    return [
        Series("requests", "help", _column(found, "requests", span, since), [row.requesters for row in found]),
        Series("answers", "help", _column(found, "answers", span, since), [row.helpers for row in found]),
        Series("solved", "help", _column(found, "solved", span, since), [row.solved_requesters for row in found]),
    ]


def _waits(connection: Connection, span: list[date], extent: reading.Extent) -> list[Series]:
    since = extent.first_request
    if since is None:
        return []
    found = reading.rows(connection, "report_waiting", reading.WaitingWeek, first=span[0], week=span[-1])
    waiting = Series("waiting", "help", _column(found, "waiting", span, since), [row.requesters for row in found])
    return [_answered_soon(found), replace(waiting, kind="shown")]


def _answered_soon(waits: list[reading.WaitingWeek]) -> Series:
    """Return the share of requests that were answered within 14 days, where enough have had that time."""
    asked = np.array([row.asked_earlier for row in waits], dtype=np.float64)
    answered = np.array([row.answered_soon for row in waits], dtype=np.float64)
    values = np.where(asked >= FEWEST_FOR_SHARE, answered / np.maximum(asked, 1), math.nan)
    people = [row.asked_earlier_requesters for row in waits]
    return Series("answered_soon", "help", values, people, kind="shown", asked=asked, is_share=True)


def _across(connection: Connection, span: list[date]) -> Series:
    """Return the share of ties that link two places; no interval, for ties do not come one by one."""
    found = {
        row.week: row
        for row in reading.rows(connection, "report_tie", reading.TiesWeek, first=span[0], week=span[-1])
        if row.pairs >= FEWEST_FOR_SHARE
    }
    values = np.array([found[day].across / found[day].pairs if day in found else math.nan for day in span])
    people = [found[day].people if day in found else 0 for day in span]
    return Series("across", "members", values, people, kind="shown", is_share=True)


def _counted(name: str, group: Group, values: Floats) -> Series:
    """Return a series that counts persons: each count is the number of people behind it."""
    return Series(name, group, values, [0 if math.isnan(value) else int(value) for value in values])


def _column(found: Sequence[Struct], name: str, span: list[date], since: date) -> Floats:
    """Return one column of weekly rows, NaN for the weeks before ``since``: missing is not zero."""
    values = np.array([getattr(row, name) for row in found], dtype=np.float64)
    values[np.array(span) < since] = math.nan
    return values


def row_of(series: Series, closed: Mask, thresholds: Thresholds, cells: list[Cell] | None = None) -> Indicator:
    """Return the row of the table for one series; it is judged as its readers know it, so no verdict tells more."""
    cells = cells or series.cells(thresholds)
    shut = closed if series.kind == "judged" else np.zeros_like(closed)
    judged = indicator(np.array(public_series(series.values.tolist(), cells)), shut)
    return Indicator(
        name=series.name,
        group=series.group,
        kind=series.kind,
        unit="share" if series.is_share else "count",
        value=cells[-1],
        interval=_interval(series, cells[-1]),
        week_before=cells[-2] if judged.week_before.state == "counted" else MISSING,
        median=_median(series, cells, shut, thresholds),
        year_before=cells[-1 - YEAR] if judged.year_before.state == "counted" else MISSING,
        verdict=_verdict(series, judged, cells[-1]),
        run=judged.run,
        silent=judged.silent and series.kind == "judged",
        spark=spark_of(series, judged, cells, closed),
    )


def _verdict(series: Series, judged: Judged, cell: Cell) -> Verdict:
    if series.kind == "judged":
        return judged.verdict
    return "too_few" if cell.mark == "missing" else "untested"


def _median(series: Series, cells: Sequence[Cell], shut: Mask, thresholds: Thresholds) -> Cell:
    """Return the median as it may be shown: one of counts is a week's count, shown where no hidden one moves it."""
    if series.is_share and series.people is not None:
        behind = min(series.people[-14:-1], default=0)
        return publishable(median_before(series.values, shut), people=behind, thresholds=thresholds)
    least, most = (median_before(np.array(each), shut) for each in spread(series.values.tolist(), cells))
    return publishable_between(least, most, thresholds=thresholds)


def _interval(series: Series, cell: Cell) -> Interval | None:
    if series.asked is None or cell.value is None:
        return None
    low, high = wilson(cell.value, float(series.asked[-1]))
    return Interval(low=low, high=high)


def spark_of(series: Series, judged: Judged, cells: list[Cell], closed: Mask) -> Spark:
    """Return the last 52 weeks of a series, to be drawn; limits are for what is judged and mostly shown."""
    missing = [MISSING] * max(0, SPARK_WEEKS - len(cells))
    shown = 2 * sum(cell.mark == "suppressed" for cell in cells) < len(cells)
    limits = judged.limits if series.kind == "judged" and shown else None
    return Spark(
        cells=[*missing, *cells[-SPARK_WEEKS:]],
        closed=[False] * len(missing) + [bool(mark) for mark in closed[-SPARK_WEEKS:]],
        centre=limits.centre if limits else None,
        limits=Interval(low=max(0.0, limits.low), high=limits.high) if limits else None,
    )


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``n`` cases (Wilson 1927, JASA 22:209), within [0, 1].

    No case gives (0, 1): nothing is known.
    """
    if n <= 0:
        return 0.0, 1.0
    square = NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
