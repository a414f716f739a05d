"""The report's weekly indicators as rows like those of a metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.closure import closed_weeks
from analytics.disclosure import Cell, Thresholds
from analytics.report import reading
from analytics.report.around import notes_of
from analytics.report.content import Indicator
from analytics.report.events import build_events
from analytics.report.indicators import Series, build_indicators, row_of, series, wilson
from analytics.report.sparkline import Notes
from analytics.report.status import build_status
from analytics.report.window import ANSWERED, without_sizes
from analytics.week import Week, weeks
from producers.errors import UsageError
from warehouse.connection import Connection

INDICATORS = (
    *("active_members", "newcomers", "active_places", "visitors", "across"),
    *("workshops", "attendances", "learners", "skills_taught"),
    *("requests", "answers", "solved", "answered_soon", "waiting"),
)
"""Every indicator that the report may show, in its order; what the data never tell of has no week."""


def row_of_indicator(
    connection: Connection, name: str, week: Week, thresholds: Thresholds, *, published: bool
) -> Indicator:
    """Return the row of the report's table; unless published, as it were with nobody to protect behind any value.

    Raises:
        UsageError: when nothing tells of the indicator up to the week.
    """
    extent = reading.row(connection, "report_extent", reading.Extent, week=week.monday)
    if published:
        rows = without_sizes(build_indicators(connection, week, extent, thresholds))
        found = next((row for row in rows if row.name == name), None)
    else:
        span, told = _told(connection, week, extent)
        open_to_all = [replace(each, people=None) for each in told if each.name == name]
        found = next((row_of(each, closed_weeks(span), thresholds) for each in open_to_all), None)
    if found is None:
        raise UsageError(f"nothing tells of {name} up to {week}", expected="a week of the record")
    return found


def notes_up_to(connection: Connection, week: Week, thresholds: Thresholds) -> Notes:
    """Return in which of the 52 weeks up to ``week`` there was a holiday, or a source fell silent."""
    extent = reading.row(connection, "report_extent", reading.Extent, week=week.monday)
    status = build_status(connection, week, extent, present=week.until, thresholds=thresholds)
    return notes_of(build_events(week, status, None), week.monday)


def indicator_rows(
    connection: Connection, name: str, last: Week, thresholds: Thresholds, *, published: bool
) -> pd.DataFrame:
    """Return ``week, layer, subject_kind, subject, value, low, high, n`` of an indicator, week by week up to ``last``.

    Published, with a column ``mark``; a value that is not shown takes its interval and its people with it.
    """
    extent = reading.row(connection, "report_extent", reading.Extent, week=last.monday)
    span, told = _told(connection, last, extent)
    found = next((each for each in told if each.name == name), None)
    if found is None:
        return _rows([], [], [], [], published=published)
    cells = (found if published else replace(found, people=None)).cells(thresholds)
    shown = [cell.value is not None for cell in cells]
    sized = _sized(told, thresholds) if published and found.asked is not None else shown
    intervals = [
        each if kept and told_size else (math.nan, math.nan)
        for each, kept, told_size in zip(_intervals(found), shown, sized, strict=True)
    ]
    behind: Sequence[int | None] = [None] * len(cells) if found.people is None else found.people
    people = [
        number if number is not None and kept and not (published and number < thresholds.people) else None
        for number, kept in zip(behind, shown, strict=True)
    ]
    return _rows(span, cells, intervals, people, published=published)


def _told(connection: Connection, last: Week, extent: reading.Extent) -> tuple[list[date], list[Series]]:
    """Return the Mondays up to ``last``, and every series over them of which the data tell."""
    if extent.first_activity is None:
        return [], []
    span = [each.monday for each in weeks(Week(extent.first_activity), last)]
    return span, series(connection, span, extent)


def _sized(told: Sequence[Series], thresholds: Thresholds) -> list[bool]:
    """Return of each week whether an interval may tell how many requests it rests on: where none of them is hidden."""
    asked = next(each for each in told if each.name == "requests").cells(thresholds)
    hidden = [cell.mark == "suppressed" for cell in asked]
    return [not any(hidden[: place + 1][ANSWERED]) for place in range(len(hidden))]


def require_no_layer(name: str, layer: str | None) -> None:
    """Refuse a layer of an indicator.

    Raises:
        UsageError: when one is given.
    """
    if layer is not None:
        raise UsageError(f"{name} is an indicator of the report and has no layer", expected=f"metric({name!r})")


def _intervals(found: Series) -> list[tuple[float, float]]:
    """Return the 95 % interval of each share of requests; NaN where there is none."""
    asked = np.full(len(found.values), math.nan) if found.asked is None else found.asked
    return [
        (math.nan, math.nan) if math.isnan(value) or math.isnan(number) else wilson(float(value), float(number))
        for value, number in zip(found.values, asked, strict=True)
    ]


def _rows(
    span: Sequence[date],
    cells: Sequence[Cell],
    intervals: Sequence[tuple[float, float]],
    people: Sequence[int | None],
    *,
    published: bool,
) -> pd.DataFrame:
    """Return the columns of a metric, of the network and without a layer."""
    of_network = pd.Series("network", index=range(len(span)), dtype="str")
    rows = pd.DataFrame(
        {
            "week": pd.to_datetime(pd.Series(list(span), dtype="object")).astype("datetime64[us]"),
            "layer": pd.Series(None, index=range(len(span)), dtype="str"),
            "subject_kind": of_network,
            "subject": of_network,
            "value": pd.Series([cell.value for cell in cells], dtype="float64"),
            "low": pd.Series([low for low, _ in intervals], dtype="float64"),
            "high": pd.Series([high for _, high in intervals], dtype="float64"),
            "n": pd.Series(list(people), dtype="Int64"),
        }
    )
    marks = pd.Series([cell.mark for cell in cells], dtype="str")
    return rows.assign(mark=marks) if published else rows
