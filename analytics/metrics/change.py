"""Change points: the weeks in which a series of counts went to another level, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from analytics.kernels import Floats
from analytics.metrics.shrinkage import INTERVAL

SHORTEST = 4
"""Weeks that a level lasts at least."""
LEVEL = 0.05
FIRST_ROUND = 1_000
"""Orders that every series is held against, its own included."""
ALL_ROUNDS = 20_000
"""Orders for what the first ones leave open: a budget over hundreds of series asks for small p-values."""
OPEN = 10
"""With fewer orders than this above the observed one the p-value is not yet known well."""
BLOCK = 2_000
"""Orders at once, for the memory."""
JEFFREYS = 0.5


@dataclass(frozen=True)
class Change:
    """One change of level."""

    place: int
    """Column of the first week of the new level."""
    earliest: int
    latest: int
    """The first week of the new level lies in [earliest, latest] with 90 %."""
    before: float
    after: float
    """Counts a week on the level before and on the one after."""
    p: float
    """Chance of as clear a change when the order of the weeks around it is chance."""


@dataclass(frozen=True)
class Changes:
    """The changes of a series."""

    p: float
    """That nothing changed at all, whatever ``level``: what belongs in the budget of a report; NaN if not tested."""
    found: tuple[Change, ...]
    """In the order of time."""


def changes(counts: Floats, level: float = LEVEL) -> Changes:
    """Return where a series changed its level.

    Definition: binary segmentation. The likelihood ratio of two Poisson levels against one is largest at some week;
    p is the share of random orders of the same weeks whose largest ratio is no smaller, the observed order counted
    in. At ``level`` or less the series is cut there and each piece judged in the same way. Shuffling keeps whatever
    spread the counts have, so that workshops of twenty do not look like changes; it takes weeks to be independent,
    and season for change, so leave closed weeks out.

    Args:
        counts: Raw weekly counts, oldest first; NaN for a week that is closed or without data, in no piece.
        level: p up to which a change is one.

    Returns:
        The changes. Fewer than eight known weeks are not tested; a constant series has p = 1. The orders are drawn
        from the counts themselves, so that the same counts always give the same p.

    Cost: 3 ms for 156 weeks, some 60 ms where p is under 0.01. Sources: Scott & Knott 1974, Biometrics 30:507 (binary
    segmentation); Killick et al. 2012, JASA 107:1590 (what a penalty would have to be calibrated to instead);
    Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39 (no p-value of zero).
    """
    known = np.flatnonzero(~np.isnan(counts))
    if len(known) < 2 * SHORTEST:
        return Changes(float("nan"), ())
    p = _p_value(counts[known])
    return Changes(p, tuple(_found(counts, known, p, level)))


def _found(counts: Floats, known: NDArray[np.intp], p: float, level: float) -> Iterator[Change]:
    """Yield the changes among the weeks ``known``, whose p-value is ``p``, in the order of time."""
    if p > level:
        return
    values = counts[known]
    cut = SHORTEST + int(np.argmax(_ratios(values[None, :])[0]))
    yield from _piece(counts, known[:cut], level)
    first, last = _when(values)
    yield Change(
        place=int(known[cut]),
        earliest=int(known[min(first, cut)]),
        latest=int(known[max(last, cut)]),
        before=float(values[:cut].mean()),
        after=float(values[cut:].mean()),
        p=p,
    )
    yield from _piece(counts, known[cut:], level)


def _piece(counts: Floats, known: NDArray[np.intp], level: float) -> Iterator[Change]:
    if len(known) >= 2 * SHORTEST:
        yield from _found(counts, known, _p_value(counts[known]), level)


def _p_value(values: Floats) -> float:
    """Return how rarely a random order of ``values`` has as clear a change as theirs."""
    if np.ptp(values) == 0:
        return 1.0
    rng = np.random.default_rng(values.astype(np.int64))
    seen = float(_ratios(values[None, :]).max()) * (1 - 1e-12)
    above, rounds = _above(rng, values, seen, FIRST_ROUND - 1), FIRST_ROUND
    while above < OPEN and rounds < ALL_ROUNDS:
        above, rounds = above + _above(rng, values, seen, BLOCK), rounds + BLOCK
    return (above + 1) / rounds


def _above(rng: np.random.Generator, values: Floats, seen: float, rounds: int) -> int:
    """Return how many of ``rounds`` random orders have a ratio of at least ``seen``."""
    orders = rng.permuted(np.broadcast_to(values, (rounds, len(values))), axis=1)
    return int((_ratios(orders).max(axis=1) >= seen).sum())


def _ratios(orders: Floats) -> Floats:
    """Return the log likelihood ratio of two levels against one for each cut (columns) of each order (rows)."""
    weeks = orders.shape[1]
    cuts = np.arange(SHORTEST, weeks - SHORTEST + 1)
    left = np.cumsum(orders, axis=1)[:, cuts - 1]
    total = float(orders[0].sum())
    both = _level(left, cuts) + _level(total - left, weeks - cuts)
    return np.asarray(both - _level(np.array(total), np.array(weeks)), dtype=np.float64)


def _level(total: Floats, weeks: NDArray[np.int64]) -> Floats:
    return np.asarray(xlogy(total, total) - total * np.log(weeks), dtype=np.float64)


def _when(values: Floats) -> tuple[int, int]:
    """Return the first and last of the likeliest cuts that hold 90 % of the chance, rates unknown (Jeffreys)."""
    weeks, total = len(values), float(values.sum())
    cuts = np.arange(SHORTEST, weeks - SHORTEST + 1)
    left = np.cumsum(values)[cuts - 1] + JEFFREYS
    right = total + 2 * JEFFREYS - left
    chance = gammaln(left) - left * np.log(cuts) + gammaln(right) - right * np.log(weeks - cuts)
    chance = np.exp(chance - chance.max())
    likeliest = np.argsort(-chance, kind="stable")
    held = np.cumsum(chance[likeliest]) / chance.sum()
    chosen = cuts[likeliest[: int(np.searchsorted(held, INTERVAL)) + 1]]
    return int(chosen.min()), int(chosen.max())
