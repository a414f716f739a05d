"""The long view of a series: Mann-Kendall's test and Sen's slope on raw weekly counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]


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
    heard = ~np.isnan(values)
    counts, time = values[heard], time[heard]
    first, second = np.triu_indices(len(counts), 1)
    rises = counts[second] - counts[first]
    score = int(np.sign(rises).sum())
    variance = score_variance(counts)
    slope = float(np.median(rises / (time[second] - time[first]))) if len(rises) else float("nan")
    return Trend(score=score, variance=variance, p=_two_sided(score, variance), slope=slope)


def score_variance(counts: Floats) -> float:
    """Return the variance of S for these values when their order is chance."""
    n = len(counts)
    _, ties = np.unique(counts, return_counts=True)
    return float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)


def _two_sided(score: int, variance: float) -> float:
    """Return the two-sided p-value of S, one unit towards zero for continuity."""
    if variance <= 0 or score == 0:
        return 1.0
    return float(2 * ndtr(-(abs(score) - 1) / np.sqrt(variance)))
