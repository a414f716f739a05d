"""Gamma-Poisson shrinkage: what two small counts say about the ratio of the rates behind them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import betainc, betaincinv, gammaln, logit

Floats = npt.NDArray[np.float64]

STEP = 1.25
"""A change by less than this factor is not worth a word."""
INTERVAL = 0.90
PRIOR_RANGE = (0.5, 10.0)
"""Pseudo-counts k: never less than Jeffreys' half, never more than ten causes."""
FEWEST_COUNTS = 5
"""Fewer counts than this say nothing about the spread of the rates."""


def fit_prior(counts: Floats) -> tuple[float, float]:
    """Return (k, theta), shape and rate of the Gamma of rates that makes ``counts`` likeliest.

    k stays within ``PRIOR_RANGE``; too few counts, or none above zero, say nothing: (0.5, 1). The mean of the
    likeliest negative binomial is the sample's, whatever k, so that one search over k is enough.
    Source: Clayton & Kaldor 1987, Biometrics 43:671.
    """
    low, high = PRIOR_RANGE
    mean = float(counts.mean()) if len(counts) else 0.0
    if len(counts) < FEWEST_COUNTS or mean <= 0:
        return low, 1.0

    def surprise(log_k: float) -> float:
        k = float(np.exp(log_k))
        seen = gammaln(counts + k) - gammaln(k) + k * np.log(k / (k + mean)) + counts * np.log(mean / (k + mean))
        return -float(seen.sum())

    found = minimize_scalar(surprise, bounds=(np.log(low), np.log(high)), method="bounded")
    k = float(np.clip(np.exp(found.x), low, high))
    return k, k / mean


def log_ratio(x: Floats, y: Floats) -> pd.DataFrame:
    """Return the log ratio of two Gamma rates of shapes x and y (> 0) and equal scale, and what is sure about it.

    The share of the first in the sum of the two is Beta(x, y), so that nothing is drawn at random.

    Returns:
        ``growth`` = log(x / y); ``low, high``: 90 % credible interval; ``chance_up, chance_down``: that the first is
        more than ``STEP`` times the second, and the reverse.
    """
    tail = (1 - INTERVAL) / 2
    turn = 1 / (1 + STEP)
    return pd.DataFrame(
        {
            "growth": np.log(x / y),
            "low": logit(betaincinv(x, y, tail)),
            "high": -logit(betaincinv(y, x, tail)),
            "chance_up": betainc(y, x, turn),
            "chance_down": betainc(x, y, turn),
        }
    )


def exact_p(a: Floats, b: Floats) -> Floats:
    """Return the two-sided p-value of a against b given their sum: the binomial tail, also between whole numbers."""
    more, fewer = np.maximum(a, b), np.minimum(a, b)
    tail = betainc(np.maximum(more, 1e-9), fewer + 1, 0.5)
    return np.minimum(1.0, 2 * np.asarray(tail, dtype=np.float64))
