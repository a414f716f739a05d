"""The weeks in which places are normally closed, so that a holiday is not read as a fall.

The usual calendar is the same in France and in Switzerland for what matters here: the weeks that hold a day from
25 December to 1 January, and ISO weeks 31 to 33 (the first three of August, give or take some days). What differs, a
place that closes later or a country that does not close at all, goes into ``changes``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

SUMMER_WEEKS = (31, 32, 33)


def closures(year: int, changes: Mapping[date, bool] | None = None) -> frozenset[date]:
    """Return the Mondays of the closed weeks that start in ``year``.

    Args:
        year: Calendar year of the Mondays; the week of 1 January belongs to the year of its Monday.
        changes: Mondays that differ from the usual calendar: True for closed, False for open.

    Returns:
        Mondays.
    """
    days = (date(year - 1, 12, 25), date(year, 1, 1), date(year, 12, 25), date(year + 1, 1, 1))
    summer = (date.fromisocalendar(year, week, 1) for week in SUMMER_WEEKS)
    usual = {*map(_monday, days), *summer}
    calendar = dict.fromkeys(usual, True) | dict(changes or {})
    return frozenset(monday for monday, closed in calendar.items() if closed and monday.year == year)


def closed_weeks(weeks: Iterable[date], changes: Mapping[date, bool] | None = None) -> npt.NDArray[np.bool_]:
    """Return the mask of the closed ones among ``weeks`` (Mondays), in their order."""
    mondays = list(weeks)
    closed = frozenset[date]().union(*(closures(year, changes) for year in {monday.year for monday in mondays}))
    return np.array([monday in closed for monday in mondays], dtype=np.bool_)


def is_closed(day: date) -> bool:
    """Return whether ``day`` lies in a closed week of the usual calendar."""
    monday = _monday(day)
    return monday in closures(monday.year)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
