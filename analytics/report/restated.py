"""What was restated since the report of the week before: read from the record, then and now."""

from __future__ import annotations

from datetime import date, datetime

from analytics.disclosure import Cell, Thresholds
from analytics.report import reading
from analytics.report.indicators import counts
from analytics.restatement import LateEvents, Restatement, due, restated
from analytics.week import Week
from warehouse.connection import Connection
from warehouse.knowledge import as_reported


def build_restatement(connection: Connection, week: Week, thresholds: Thresholds) -> Restatement | None:
    """Return what is known now of the week before ``week`` and was not when its report was due; None for nothing.

    A record that begins later restates nothing: nobody had been told anything.
    """
    before = week + -1
    known = due(before)
    events = late(connection, before.monday, known)
    if not events:
        return None
    with as_reported(connection, known) as reported:
        then = _counts(reported, before.monday, thresholds)
    found = restated(then, _counts(connection, before.monday, thresholds), events)
    return Restatement(week=str(before), due=known, counts=found) if found else None


def late(connection: Connection, week: date, known: datetime) -> list[LateEvents]:
    """Return the events about a week that came, or were taken back, after the instant ``known``."""
    return reading.rows(connection, "late_event", LateEvents, week=week, due=known)


def _counts(connection: Connection, week: date, thresholds: Thresholds) -> dict[str, Cell]:
    """Return the raw counts of one week as they may be shown."""
    extent = reading.row(connection, "report_extent", reading.Extent, week=week)
    return {each.name: each.cells(thresholds)[-1] for each in counts(connection, [week], extent)}
