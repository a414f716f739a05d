"""An indicator: one weekly count, the limits of its usual variation, and the word that this week deserves.

Process behaviour charts (XmR): limits are mean ± 2.66 mean moving ranges of a locked baseline of 26 weeks, and
provisional from 12. Closed weeks and weeks without data are in no limit, no median and no run. A run of eight weeks
on one side is a "shift", said once, at its onset. When the next 26 weeks bear it out, they are the new baseline; the
weeks of the run itself were picked for being on one side and stay out. (Restarting from the run, or sooner, raises the
quiet weeks with an alarm on 12 indicators from 13 to 18 in a hundred.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from producers.errors import UsageError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

Verdict = Literal["signal_up", "signal_down", "shift", "ordinary", "too_few", "too_early", "missing", "closed"]
State = Literal["counted", "closed", "missing"]

WIDTH = 2.66
"""Moving ranges between the mean and a limit."""
PROVISIONAL = 12
LOCKED = 26
RUN = 8
FEWEST = 3.0
"""Below this mean a limit says nothing: no verdict."""
LOUD = float(-np.log(0.01))
"""Above this mean (4.6) a week of zero has a chance under 1 %."""
MEDIAN_WEEKS = 13
FEWEST_FOR_MEDIAN = 7
YEAR = 52
SETTLED = 5.0
"""A shift has settled when 26 weeks lie a fifth of the way to the limit: two standard errors from chance."""


@dataclass(frozen=True)
class Limits:
    """The usual variation: a week outside [low, high] is a signal."""

    centre: float
    low: float
    high: float
    provisional: bool
    """True with fewer than 26 weeks behind."""
    first: int
    """Place in the series of the first week of the baseline."""
    last: int
    """Place in the series of the last week of the baseline."""


@dataclass(frozen=True)
class Point:
    """A count to compare with, or the reason why there is none to show."""

    value: float | None
    state: State


@dataclass(frozen=True)
class Indicator:
    """The last week of a series and what it deserves to be called."""

    value: float | None
    """The count of the week; None where it is missing."""
    week_before: Point
    median: float | None
    """Median of the counted ones among the 13 weeks before; None below 7 of them."""
    year_before: Point
    """52 weeks (364 days) before; "closed" also when only one of the two weeks is a closed one."""
    limits: Limits | None
    """None before 12 counted weeks."""
    verdict: Verdict
    run: int
    """Counted weeks in a row above (+) or below (-) the centre this one included; 0 when not judged."""
    silent: bool
    """True for a zero in an open week that has a chance under 1 %: ask the source."""


def indicator(counts: Floats, closed: Mask) -> Indicator:
    """Return what the last of the weekly ``counts`` deserves to be called.

    Definition: "signal_up" and "signal_down" lie outside the limits (rule 1); "shift" is the eighth week in a row on
    one side of the centre, said once; "too_early" is before 12 counted weeks, "too_few" a mean under 3.

    Args:
        counts: Raw counts by week without a gap, oldest first, NaN for a week without data.
        closed: True for each closed week; its count is shown, and never judged or compared with an open one.

    Returns:
        The indicator of the last week. The limits rest on earlier weeks only.

    Cost: O(n). Raises: UsageError when there is no week, or one series is longer than the other.
    """
    if len(counts) == 0 or len(counts) != len(closed):
        raise UsageError(
            f"{len(counts)} counts and {len(closed)} closure marks", expected="as many of each, one at least"
        )
    usable = ~closed & ~np.isnan(counts)
    before = np.flatnonzero(usable[:-1])
    limits = _limits(counts, before)
    run = _run(counts, before, limits) if limits and usable[-1] else 0
    return Indicator(
        value=None if np.isnan(counts[-1]) else float(counts[-1]),
        week_before=_point(counts, closed, 1),
        median=median_before(counts, closed),
        year_before=_point(counts, closed, YEAR),
        limits=limits,
        verdict=_verdict(float(counts[-1]), closed=bool(closed[-1]), limits=limits, run=run),
        run=run,
        silent=bool(usable[-1] and counts[-1] == 0 and limits is not None and limits.centre >= LOUD),
    )


def median_before(counts: Floats, closed: Mask) -> float | None:
    """Return the median of the counted ones among the 13 weeks before the last one; None below 7 of them."""
    values = counts[-MEDIAN_WEEKS - 1 : -1][~closed[-MEDIAN_WEEKS - 1 : -1]]
    values = values[~np.isnan(values)]
    return float(np.median(values)) if len(values) >= FEWEST_FOR_MEDIAN else None


def _limits(counts: Floats, places: npt.NDArray[np.intp]) -> Limits | None:
    """Return the limits in force after the usable weeks at ``places``."""
    if len(places) < PROVISIONAL:
        return None
    limits = _baseline(counts, places[:LOCKED])
    settled = _settled(counts[places], limits)
    return limits if settled is None else _limits(counts, places[settled:])


def _settled(values: Floats, limits: Limits) -> int | None:
    """Return how many of ``values`` (the baseline's first) lie before a new baseline of 26, if one has settled."""
    sides = _sides(values, limits.centre)
    for end in range(LOCKED, len(values) - LOCKED):
        run = _run_at(sides, end)
        moved = float(values[end + 1 : end + 1 + LOCKED].mean()) - limits.centre
        if abs(run) == RUN and moved * np.sign(run) > (limits.high - limits.centre) / SETTLED:
            return end + 1
    return None


def _baseline(counts: Floats, places: npt.NDArray[np.intp]) -> Limits:
    """Return the limits that rest on exactly the weeks at ``places``."""
    values = counts[places]
    centre = float(values.mean())
    width = WIDTH * float(np.abs(np.diff(values)).mean())
    return Limits(
        centre=centre,
        low=centre - width,
        high=centre + width,
        provisional=len(values) < LOCKED,
        first=int(places[0]),
        last=int(places[-1]),
    )


def _run(counts: Floats, before: npt.NDArray[np.intp], limits: Limits) -> int:
    """Return the signed length of the run that ends in the last week, from the baseline's first week on."""
    values = np.append(counts[before[before >= limits.first]], counts[-1])
    return _run_at(_sides(values, limits.centre), len(values) - 1)


def _sides(values: Floats, centre: float) -> npt.NDArray[np.int64]:
    return np.sign(values - centre).astype(np.int64)


def _run_at(sides: npt.NDArray[np.int64], end: int) -> int:
    """Return the signed length of the run of equal sides that ends at ``end``; 0 on the centre."""
    side = int(sides[end])
    others = np.flatnonzero(sides[: end + 1] != side)
    return side * (end - int(others[-1]) if len(others) else end + 1)


def _verdict(value: float, *, closed: bool, limits: Limits | None, run: int) -> Verdict:
    """Return the word for a value: what forbids a verdict comes before any signal."""
    if closed:
        return "closed"
    if np.isnan(value):
        return "missing"
    if limits is None:
        return "too_early"
    if limits.centre < FEWEST:
        return "too_few"
    return _signal(value, limits, run)


def _signal(value: float, limits: Limits, run: int) -> Verdict:
    """Return the signal in a value that can be judged."""
    if value > limits.high:
        return "signal_up"
    if value < limits.low:
        return "signal_down"
    return "shift" if abs(run) == RUN and not limits.provisional else "ordinary"


def _point(counts: Floats, closed: Mask, weeks: int) -> Point:
    """Return the count ``weeks`` before the last one, unless a closed week would meet an open one."""
    place = len(counts) - 1 - weeks
    if place < 0:
        return Point(None, "missing")
    if closed[place] != closed[-1]:
        return Point(None, "closed")
    if np.isnan(counts[place]):
        return Point(None, "missing")
    return Point(float(counts[place]), "counted")
