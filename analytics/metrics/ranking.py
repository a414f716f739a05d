"""Ranking without a league table: which ranks a place can have, and which places none beats in everything."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, ndtr, ndtri

from analytics.kernels import Floats

PRIOR = 0.5
"""Jeffreys: half a success and half a failure before the first trial."""
INTERVAL = 0.90
ROUNDING = 1e-9
STEPS = 400
"""Equally likely values that a rate is taken to have."""


def rank_intervals(places: pd.DataFrame) -> pd.DataFrame:
    """Return for every place its rate, how sure it is, and the ranks that it can have.

    Definition: the rate of a place is Beta(successes + 1/2, failures + 1/2), places are independent. Its rank is 1 +
    the number of places with a higher rate; the ranks' chances are computed, not drawn: for each of 400 equally
    likely rates of the place, every other place is above it with a known chance, and the number of those above is
    Poisson-binomial. Every run gives the same figures, whatever the order of places.

    Args:
        places: ``place, successes, trials``, one row a place, 0 <= successes <= trials.

    Returns:
        ``place, rate, low, high`` (mean and 90 % credible interval), ``beside_low, beside_high`` (intervals to hold
        beside each other: those of two places with the same rate overlap nine times out of ten on average),
        ``rank_low, rank_high`` (ranks that hold the true one with 90 %, 1 = highest rate), ``rank`` (mean), ``n``
        (trials), by place. Without trials a place may have nearly any rank. No place gives no row.

    Raises:
        ValueError: More successes than trials, a negative count, or a place twice.

    Cost: O(400 * p^3) for p places. Sources: Goldstein & Spiegelhalter 1996, JRSS A 159:385 (rank intervals);
    Goldstein & Healy 1995, JRSS A 158:175 (intervals to compare by).
    """
    rows = places.sort_values("place", ignore_index=True)
    _require_counts(rows)
    n = rows["trials"].to_numpy(dtype=np.float64)
    a = rows["successes"].to_numpy(dtype=np.float64) + PRIOR
    b = n + 2 * PRIOR - a
    inner = _beside(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))
    chances = _rank_chances(a, b)
    tail = (1 - INTERVAL) / 2
    ranks = np.arange(1, len(rows) + 1)
    return pd.DataFrame(
        {
            "place": rows["place"],
            "rate": a / (a + b),
            "low": betaincinv(a, b, tail),
            "high": betaincinv(a, b, 1 - tail),
            "beside_low": betaincinv(a, b, ndtr(-inner)),
            "beside_high": betaincinv(a, b, ndtr(inner)),
            "rank_low": _rank_at(chances, tail),
            "rank_high": _rank_at(chances, 1 - tail),
            "rank": chances @ ranks,
            "n": n.astype(np.int64),
        }
    )


def pareto_front(vectors: pd.DataFrame) -> pd.Series[bool]:
    """Return for every row whether no other row beats it: at least as good in every column, better in one.

    Higher is better. A row with an unknown value (NaN) cannot be compared: it is on the front and beats none. Equal
    rows are on the front together. Cost: O(n^2 * columns).
    """
    values = vectors.to_numpy(dtype=np.float64)
    return pd.Series(_on_front(values[None])[0], index=vectors.index, dtype="bool")


def front_chances(draws: Floats) -> Floats:
    """Return for every row the share of draws in which it is on the front, as of ``pareto_front``.

    Args:
        draws: Of each draw (first axis) the rows (second) and their columns (third), NaN where not known.

    Unit: share, 0 to 1; a row with a column that is never known is on the front always. Cost: O(draws * n^2).
    """
    return np.asarray(_on_front(draws).mean(axis=0), dtype=np.float64)


def drawn_ranks(draws: Floats) -> pd.DataFrame:
    """Return ``rank, rank_low, rank_high`` of every row of draws: mean rank and the ranks that hold both with 90 %.

    Rank 1 is the highest value; equals share the middle one. A draw in which a row has no value (NaN) gives it no
    rank, and a row without any value has none at all and counts for nobody else's. Cost: O(draws * n log n).
    """
    ranks = pd.DataFrame(draws).rank(ascending=False).to_numpy()
    found = np.full((len(draws), 3), np.nan)
    known = ~np.isnan(draws).all(axis=1)
    if known.any():
        tail = (1 - INTERVAL) / 2
        ends = np.nanquantile(ranks[known], [tail, 1 - tail], axis=1, method="inverted_cdf")
        mean = np.nanmean(ranks[known], axis=1)
        found[known] = np.column_stack([mean, np.minimum(ends[0], mean), np.maximum(ends[1], mean)])
    return pd.DataFrame(found, columns=["rank", "rank_low", "rank_high"])


def _on_front(values: Floats) -> NDArray[np.bool_]:
    """Return for every draw (first axis) and row (second) whether no other row of the draw beats it."""
    mine, others = values[:, None, :, :], values[:, :, None, :]
    beaten = np.asarray((others >= mine).all(axis=3) & (others > mine).any(axis=3), dtype=np.bool_)
    return np.asarray(~beaten.any(axis=1), dtype=np.bool_)


def _require_counts(rows: pd.DataFrame) -> None:
    wrong = (rows["successes"] < 0) | (rows["successes"] > rows["trials"])
    if wrong.any():
        raise ValueError(f"{int(wrong.sum())} places without 0 <= successes <= trials")
    if rows["place"].duplicated().any():
        raise ValueError("a place stands twice: add up its counts first")


def _rank_chances(a: Floats, b: Floats) -> Floats:
    """Return the chance of every rank (columns) of every place (rows)."""
    middles = (np.arange(STEPS) + 0.5) / STEPS
    chances = np.empty((len(a), len(a)))
    for place in range(len(a)):
        rates = betaincinv(a[place], b[place], middles)
        others = np.arange(len(a)) != place
        above = betainc(b[others, None], a[others, None], 1 - rates)
        chances[place] = _number_above(above).mean(axis=1)
    return chances


def _number_above(above: Floats) -> Floats:
    """Return the chance of 0, 1, … of the independent events (rows) at once, for every column."""
    number = np.zeros((len(above) + 1, above.shape[1]))
    number[0] = 1.0
    for many, chance in enumerate(above, start=1):
        number[1 : many + 1] = number[1 : many + 1] * (1 - chance) + number[:many] * chance
        number[0] *= 1 - chance
    return number


def _rank_at(chances: Floats, share: float) -> NDArray[np.int64]:
    """Return the first rank by which ``share`` of the chance is reached."""
    before = np.cumsum(chances, axis=1) < share - ROUNDING
    return np.asarray(before.sum(axis=1) + 1, dtype=np.int64)


def _beside(spread: Floats) -> float:
    """Return how many standard deviations wide intervals are of which those of equals overlap in ``INTERVAL``."""
    pairs = np.array(list(combinations(spread, 2))).reshape(-1, 2)
    apart = float(ndtri((1 + INTERVAL) / 2))
    narrow = apart / 2**0.5
    if not len(pairs):
        return narrow
    reach = pairs.sum(axis=1) / np.hypot(pairs[:, 0], pairs[:, 1])

    def too_often(z: float) -> float:
        return float(2 * ndtr(-z * reach).mean() - (1 - INTERVAL))

    return float(brentq(too_often, narrow - ROUNDING, apart + ROUNDING))
