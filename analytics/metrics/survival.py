"""How long until something happens, when not everybody has been watched long enough to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.kernels import Floats
from analytics.metrics.shrinkage import INTERVAL

WAITS, HAPPENED, ENDED = 0, 1, 2
"""How a case stood when it was last seen: nothing yet, it happened, or it ended so that it never can (withdrawn)."""

TAIL = (1 - INTERVAL) / 2
ROUNDING = 1e-12
"""A share this close to 1 is 1."""
HALF = 0.5

Kinds = npt.NDArray[np.int64]
NAN = float("nan")


@dataclass(frozen=True)
class Estimate:
    """A figure with its 90 % interval; NaN where it is not known."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Incidence:
    """How the share of cases to which it has happened grows with time; constant from one of ``times`` to the next."""

    times: Floats
    """0, and every time at which a case was last seen, ascending."""
    share: Floats
    low: Floats
    high: Floats
    waiting: float
    """Share for which nothing has happened or ended by the last time."""
    watched: float
    """For how long somebody was watched, or would have been, had it not happened before."""

    def at(self, time: float) -> Estimate:
        """Return the share by ``time``, this instant included; NaN where nobody was watched that long.

        After the last time the share stays, and its interval reaches up to all who then waited.
        """
        last = int(np.searchsorted(self.times, time, side="right")) - 1
        if last < 0 or (time > self.watched and self.waiting > ROUNDING):
            return Estimate(NAN, NAN, NAN)
        share, low, high = (float(each[last]) for each in (self.share, self.low, self.high))
        return Estimate(share, low, max(high, share + self.waiting) if time > self.times[-1] else high)

    @property
    def median(self) -> Estimate:
        """Return the time by which it has happened to half, with the times at which the interval's ends reach half.

        NaN for what has not been reached yet. Source: Brookmeyer & Crowley 1982, Biometrics 38:29.
        """
        return Estimate(self._reached(self.share), self._reached(self.high), self._reached(self.low))

    def _reached(self, share: Floats) -> float:
        there = np.flatnonzero(share >= HALF - ROUNDING)
        return float(self.times[there[0]]) if len(there) else NAN


def kaplan_meier(durations: Floats, happened: npt.NDArray[np.bool_], *, watched: float | None = None) -> Incidence:
    """Return 1 - S(t), S after Kaplan and Meier: what has not happened yet may still happen to everybody.

    An additional case to which it has not happened lowers the share at every time, hence never lowers the median.
    Range, interval, cost: as for ``cumulative_incidence``; the variance is then Greenwood's.
    Source: Kaplan & Meier 1958, JASA 53:457; Greenwood 1926, Reports on Public Health 33.
    """
    return cumulative_incidence(durations, np.where(happened, HAPPENED, WAITS), watched=watched)


def cumulative_incidence(durations: Floats, kinds: Kinds, *, watched: float | None = None) -> Incidence:
    """Return the share to which it has happened by each time, after Aalen and Johansen; cases that ended count in full.

    Definition: F(t) = sum over times u <= t of S(u-) d(u) / n(u): n wait right before u, d of them see it happen at u,
    and S is the share for which nothing has happened or ended. Who is last seen at u was at risk at u. Interval:
    90 %, on the scale log(-log(1 - F)), so that it stays within 0 to 1; where F is 0 or 1 the exact binomial one.

    Args:
        durations: Time from the beginning of each case to when it was last seen, >= 0, in any unit.
        kinds: ``WAITS``, ``HAPPENED`` or ``ENDED`` for each; without ``ENDED`` this is Kaplan-Meier.
        watched: For how long the first of them would have been watched if it had not happened; else as long as any was.

    Returns:
        The incidence; without a case nothing is known at any time. The order of cases changes nothing.

    Cost: O(n log n). Sources: Aalen & Johansen 1978, Scand. J. Statistics 5:141; variance: Pintilie 2006, Competing
    Risks, p. 62 (delta method).
    """
    times = np.union1d(durations, [0.0])
    slot = np.searchsorted(times, durations)
    seen, left, happened = (
        np.bincount(slot[rows], minlength=len(times))
        for rows in (np.full(len(durations), fill_value=True), kinds != WAITS, kinds == HAPPENED)
    )
    at_risk = seen[::-1].cumsum()[::-1]
    n = np.maximum(at_risk, 1).astype(np.float64)
    waiting = np.cumprod(1 - left / n)
    before = np.concatenate([[1.0], waiting[:-1]])
    share = np.cumsum(before * happened / n) if len(durations) else np.full(len(times), NAN)
    low, high = _interval(share, _variance(n, left, happened, before, share), at_risk, int(happened.sum()))
    return Incidence(times, share, low, high, float(waiting[-1]), float(times[-1]) if watched is None else watched)


def _variance(n: Floats, left: Kinds, happened: Kinds, before: Floats, share: Floats) -> Floats:
    """Return the variance of the share at each time; when the last one leaves, nothing is added any more."""
    stay = n - left
    leaving = np.divide(left, n * stay, out=np.zeros_like(n), where=stay > 0)
    once = before * happened / n**2
    own = np.cumsum(before * once * (n - happened) / n)
    later = share**2 * np.cumsum(leaving) - 2 * share * np.cumsum(leaving * share) + np.cumsum(leaving * share**2)
    both = share * np.cumsum(once) - np.cumsum(share * once)
    variance: Floats = np.maximum(later + own - 2 * both, 0.0)
    return variance


def _interval(share: Floats, variance: Floats, at_risk: Kinds, happened: int) -> tuple[Floats, Floats]:
    """Return the ends of the interval at each time."""
    inside = (share > 0) & (share < 1 - ROUNDING)
    calm = np.where(inside, share, HALF)
    rest = -np.log1p(-calm)
    reach = np.exp(-ndtri(TAIL) * np.sqrt(variance) / ((1 - calm) * rest))
    none = 1 - TAIL ** (1 / np.maximum(at_risk, 1))
    everybody = TAIL ** (1 / max(happened, 1))
    low = np.where(inside, -np.expm1(-rest / reach), np.where(share > 0, everybody, 0.0))
    high = np.where(inside, -np.expm1(-rest * reach), np.where(share > 0, 1.0, none))
    return np.where(np.isnan(share), NAN, low), np.where(np.isnan(share), NAN, high)
