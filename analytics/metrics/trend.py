"""The long view of series: Mann-Kendall's test, plain or by season, and Sen's slope, on raw weekly counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analytics.kernels import Floats, Ints
from analytics.kernels.trend import sen_slopes, trend_scores
from analytics.metrics.shrinkage import INTERVAL

YEAR = 52
"""Weeks after which the same season comes back: 364 days, the same days of the week."""
SEASON = 4
"""Weeks that count as one season: with one week there are too few pairs to see much."""
SEASONAL_FROM = 2 * YEAR
"""From this many weeks on only weeks of the same season are compared."""
FEWEST_MEAN = 3.0
"""Below this mean no interval of a slope holds what it says."""
GOLDEN = (5**0.5 - 1) / 2
POWER = 0.80
WIDTH = float(-ndtri((1 - INTERVAL) / 2))

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Trend:
    """What a series does over its whole length."""

    score: int
    """S: pairs that rise minus pairs that fall."""
    variance: float
    """Variance of S when nothing changes, ties accounted for."""
    p: float
    """Two-sided p-value, normal with continuity correction; 1 when nothing can be said."""
    slope: float
    """Sen's slope, units of the series a week; NaN below two values."""


@dataclass(frozen=True)
class Seasons:
    """Columns season by season, as the kernels read them."""

    order: Ints
    indptr: Ints

    @classmethod
    def of(cls, labels: NDArray[np.int64]) -> Seasons:
        """Return the seasons by the label of each column."""
        _, sizes = np.unique(labels, return_counts=True)
        order = np.argsort(labels, kind="stable").astype(np.int32)
        return cls(order, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32))

    def columns(self) -> list[Ints]:
        """Return the columns of each season."""
        return np.split(self.order, self.indptr[1:-1])


def mann_kendall(values: Floats, weeks: Floats | None = None) -> Trend:
    """Return the trend of ``values``, one per week, in the order of time.

    Definition: S = sum over pairs i < j of sign(x_j - x_i); var S = (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18 over the
    groups of t equal values; z = (S - sign S) / sqrt(var S); slope = median over pairs of (x_j - x_i) / (w_j - w_i).
    Give raw counts only: on rolled or overlapping sums the test is wrong (metrics.md, M6).

    Args:
        values: Raw counts, NaN for a week without data (left out, never taken for zero).
        weeks: Week numbers of the values; 0, 1, 2, … when not given. Gaps count in the slope.

    Returns:
        The trend; fewer than two values, or all equal, give p = 1.

    Cost: O(n^2) for n weeks. Sources: Mann 1945; Kendall 1975; Sen 1968, JASA 63:1379.
    """
    time = np.arange(len(values), dtype=np.float64) if weeks is None else np.asarray(weeks, dtype=np.float64)
    whole, series = plain(len(values)), np.asarray(values, dtype=np.float64)[None, :]
    row = _tested(series, time, whole).iloc[0]
    slope = sen_slopes(series, time, whole.order, whole.indptr, np.zeros(1))[0, 0]
    return Trend(score=int(row["score"]), variance=float(row["variance"]), p=float(row["p"]), slope=float(slope))


def plain(weeks: int) -> Seasons:
    """Return one season that holds all ``weeks``."""
    return Seasons(np.arange(weeks, dtype=np.int32), np.array([0, weeks], dtype=np.int32))


def by_season(weeks: int, season: int = SEASON) -> Seasons:
    """Return seasons of ``season`` weeks each within the 52, counted back from the last week."""
    ages = np.arange(weeks, dtype=np.int64)[::-1]
    return Seasons.of(ages % YEAR // season)


def trends(counts: Floats) -> pd.DataFrame:
    """Return the trend of every series, one row a series.

    Definition: Mann-Kendall's test over all pairs of weeks; from 104 weeks on (counted from the first that is known)
    over the pairs of weeks of one season alone, 13 seasons of four weeks in 52, so that no season is taken for a
    trend. Below 104 weeks season and trend cannot be told apart: only closed weeks are left out.

    Args:
        counts: Raw weekly counts that do not overlap, series by rows, weeks without a gap by columns, oldest first;
            NaN for a week that is closed or without data.

    Returns:
        ``weeks`` (known), ``seasonal``, ``score``, ``variance``, ``p`` (two-sided; 1 when nothing can be said),
        ``slope, slope_low, slope_high`` (Sen's of the counts spread over their unit, see ``_spread``; counts a week
        each week; NaN without a pair, the 90 % interval also below a mean of 3, where it would not hold) and
        ``information`` (sum of squares of time within seasons, weeks squared: what ``smallest_change`` asks for).

    Cost: O(n^2) a series, 0.1 ms for 156 weeks. Sources: Mann 1945; Kendall 1975; Sen 1968, JASA 63:1379; Hirsch,
    Slack & Smith 1982, Water Resour. Res. 18:107.
    """
    weeks = counts.shape[1]
    heard = ~np.isnan(counts)
    first = np.where(heard.any(axis=1), heard.argmax(axis=1), weeks) if weeks else np.zeros(len(counts), np.int64)
    seasonal = weeks - first >= SEASONAL_FROM
    time = np.arange(weeks, dtype=np.float64)
    parts = [
        _tested(counts[rows], time, seasons).assign(place=np.flatnonzero(rows), **_slopes(counts[rows], time, seasons))
        for rows, seasons in ((~seasonal, plain(weeks)), (seasonal, by_season(weeks)))
    ]
    rows = pd.concat(parts).sort_values("place", ignore_index=True).drop(columns="place")
    return rows.assign(weeks=heard.sum(axis=1), seasonal=seasonal)


def smallest_change(mean: Floats, information: Floats, span: Floats, level: float) -> Floats:
    """Return the factor between first and last week that a test at ``level`` sees four times out of five.

    Definition: exp(span * (z(1 - level / 2) + z(0.8)) / sqrt(mean * information)), for counts that are Poisson and
    grow by the same share every week. It gives the power that metrics.md measured (0.32, 0.84, 1.00 for 2.7 times as
    many over a year at 0.5, 2, 5 a week). Infinite where nothing is known.

    Args:
        mean: Counts a week, divided by their dispersion.
        information: As ``trends`` returns it.
        span: Weeks from the first known one to the last.
        level: Level of the two-sided test.
    """
    known = mean * information
    needed = -ndtri(level / 2) + ndtri(POWER)
    exponent = np.divide(span * needed, np.sqrt(known), out=np.full(len(known), np.inf), where=known > 0)
    return np.asarray(np.exp(np.minimum(exponent, 700.0)), dtype=np.float64)


def _tested(counts: Floats, time: Floats, seasons: Seasons) -> pd.DataFrame:
    """Return the test of series that are all judged within ``seasons``."""
    counts = np.ascontiguousarray(counts, dtype=np.float64)
    scores = trend_scores(counts, seasons.order, seasons.indptr)
    return pd.DataFrame(
        {
            "score": scores[:, 0].astype(np.int64),
            "variance": scores[:, 1],
            "p": two_sided(scores[:, 0], scores[:, 1]),
            "information": _information(~np.isnan(counts), time, seasons),
        }
    )


def _slopes(counts: Floats, time: Floats, seasons: Seasons) -> dict[str, Floats]:
    """Return Sen's slope of the spread counts and its interval."""
    spread = counts + _spread(time)
    variance = trend_scores(spread, seasons.order, seasons.indptr)[:, 1]
    found = sen_slopes(spread, time, seasons.order, seasons.indptr, WIDTH * np.sqrt(variance))
    sparse = np.nansum(counts, axis=1) < FEWEST_MEAN * (~np.isnan(counts)).sum(axis=1)
    found[sparse, 1:] = np.nan
    return dict(zip(("slope", "slope_low", "slope_high"), found.T, strict=True))


def _spread(time: Floats) -> Floats:
    """Return what is added to the count of each week, in (-1/2, 1/2) and without a trend of its own.

    Small counts are so often equal that the median of their slopes sticks to 0 or to a simple fraction, and its
    interval with it: at 5 a week over 156 weeks it held a doubling 48 times in 100. Spread evenly over its unit each
    count is a number of its own; the same numbers are added whatever the series (multiples of the golden ratio).
    """
    added = (time * GOLDEN) % 1.0 - 0.5
    centred = time - time.mean() if len(time) else time
    lean = float((added * centred).sum() / max(float(np.square(centred).sum()), 1.0))
    return np.asarray(added - lean * centred, dtype=np.float64)


def two_sided(score: Floats, variance: Floats) -> Floats:
    """Return the two-sided p-values of S, one unit towards zero for continuity."""
    certain = (variance > 0) & (score != 0)
    z = np.divide(np.abs(score) - 1, np.sqrt(variance), out=np.zeros(len(score)), where=certain)
    return np.where(certain, 2 * ndtr(-z), 1.0)


def _information(heard: Mask, time: Floats, seasons: Seasons) -> Floats:
    """Return the sum of squares of time about the mean of each season, over the weeks that are known."""
    total = np.zeros(len(heard))
    for columns in seasons.columns():
        known, moments = heard[:, columns].astype(np.float64), time[columns]
        number = np.maximum(known.sum(axis=1), 1.0)
        total += known @ moments**2 - (known @ moments) ** 2 / number
    return total
