"""Mann-Kendall's score and Sen's slope of many series at once, plain or by season."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

FEW = 1_000
"""Up to this many slopes are sorted whole."""
SAMPLE = 1_000
MARGIN = 0.05
"""Share of the sample on each side of what is looked for: three standard errors; a miss only costs time."""


@compiled
def trend_scores(counts: Floats, order: Ints, indptr: Ints) -> Floats:
    """Return Mann-Kendall's S, its variance and the number of pairs (columns) of every series (rows).

    Definition: S = pairs that rise minus pairs that fall, over the pairs of weeks of one season; var S = sum over
    seasons of (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18 for groups of t equal values. A value with e equals after it
    adds 6e(e+2) to the last sum, so that nothing is sorted.

    Args:
        counts: Series by rows, weeks by columns in the order of time, NaN where nothing is known.
        order: Columns season by season, in the order of time within each.
        indptr: Where each season begins in ``order``; [0, n] for the plain test.

    Cost: O(series * sum of squared seasons). Sources: Kendall 1975; Hirsch, Slack & Smith 1982, Water Resour. Res.
    18:107. Twins: ``pymannkendall.original_test``, ``pymannkendall.seasonal_test``.
    """
    found = np.zeros((counts.shape[0], 3))
    values = np.empty(counts.shape[1])
    for row in range(counts.shape[0]):
        for season in range(indptr.size - 1):
            n = 0
            for place in range(indptr[season], indptr[season + 1]):
                values[n] = counts[row, order[place]]
                n += not np.isnan(values[n])
            score, ties = _score(values[:n])
            found[row, 0] += score
            found[row, 1] += (n * (n - 1) * (2 * n + 5) - ties) / 18
            found[row, 2] += n * (n - 1) / 2
    return found


@compiled
def _score(values: Floats) -> tuple[int, int]:
    """Return the pairs that rise minus those that fall, and the sum of 6e(e + 2) for values with e equals after."""
    score, ties = 0, 0
    for first in range(values.size):
        rises, falls = 0, 0
        for second in range(first + 1, values.size):
            rises += values[second] > values[first]
            falls += values[second] < values[first]
        score += rises - falls
        equal = values.size - 1 - first - rises - falls
        ties += 6 * equal * (equal + 2)
    return score, ties


@compiled
def sen_slopes(counts: Floats, time: Floats, order: Ints, indptr: Ints, spread: Floats) -> Floats:
    """Return Sen's slope and the two ends of its interval (columns) of every series (rows); NaN without a pair.

    Definition: the median of (x_j - x_i) / (t_j - t_i) over the pairs of one season; the interval goes from the
    round((N - C) / 2)-th to the (round((N + C) / 2) + 1)-th of the N ordered slopes, C being ``spread``.

    Args:
        counts: As for ``trend_scores``.
        time: Time of each column, ascending.
        order: As for ``trend_scores``.
        indptr: As for ``trend_scores``.
        spread: z * sqrt(var S) of each series.

    Cost: O(pairs) a series: what is looked for lies between two values of a sample, and only that part is sorted.
    Source: Sen 1968, JASA 63:1379. Twins: ``scipy.stats.theilslopes``, ``pymannkendall.seasonal_sens_slope``.
    """
    found = np.full((counts.shape[0], 3), np.nan)
    widest = 0
    for season in range(indptr.size - 1):
        n = indptr[season + 1] - indptr[season]
        widest += n * (n - 1) // 2
    slopes = np.empty(widest)
    for row in range(counts.shape[0]):
        many = _slopes_of(counts[row], time, order, indptr, slopes)
        if many > 0:
            low = max(int(np.round((many - spread[row]) / 2)) - 1, 0)
            high = min(int(np.round((many + spread[row]) / 2)), many - 1)
            ranks = np.array([low, (many - 1) // 2, many // 2, high])
            chosen = _of_ranks(slopes[:many], ranks)
            found[row, 0] = (chosen[1] + chosen[2]) / 2
            found[row, 1] = chosen[0]
            found[row, 2] = chosen[3]
    return found


@compiled
def _slopes_of(values: Floats, time: Floats, order: Ints, indptr: Ints, slopes: Floats) -> int:
    """Put the slopes of all pairs of one series into ``slopes`` and return how many there are."""
    many = 0
    for season in range(indptr.size - 1):
        for first in range(indptr[season], indptr[season + 1]):
            one = order[first]
            if np.isnan(values[one]):
                continue
            for second in range(first + 1, indptr[season + 1]):
                other = order[second]
                if not np.isnan(values[other]):
                    slopes[many] = (values[other] - values[one]) / (time[other] - time[one])
                    many += 1
    return many


@compiled
def _of_ranks(slopes: Floats, ranks: Ints) -> Floats:
    """Return the slopes of the ascending ``ranks`` (from 0), as if all were sorted."""
    many = slopes.size
    if many <= FEW:
        return np.sort(slopes)[ranks]
    sample = np.sort(slopes[:: many // SAMPLE])
    first = int((ranks[0] / many - MARGIN) * sample.size)
    last = int((ranks[-1] / many + MARGIN) * sample.size)
    low = sample[first] if first >= 0 else -np.inf
    high = sample[last] if last < sample.size else np.inf
    return _between(slopes, ranks, low, high)


@compiled
def _between(slopes: Floats, ranks: Ints, low: float, high: float) -> Floats:
    """Return the slopes of ``ranks``, sorting only those in [low, high]; zeros, of which there are many, not at all."""
    below = 0
    kept = 0
    zeros = 0
    part = np.empty(slopes.size)
    for slope in slopes:
        below += slope < low
        if low <= slope <= high:
            if slope == 0.0:
                zeros += 1
            else:
                part[kept] = slope
                kept += 1
    if ranks[0] < below or ranks[-1] >= below + kept + zeros:
        return np.sort(slopes)[ranks]
    part = np.sort(part[:kept])
    falls = np.searchsorted(part, 0.0)
    chosen = np.zeros(ranks.size)
    for place in range(ranks.size):
        rank = ranks[place] - below
        if rank < falls:
            chosen[place] = part[rank]
        elif rank >= falls + zeros:
            chosen[place] = part[rank - zeros]
    return chosen
