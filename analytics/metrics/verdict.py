"""The trend engine: what deserves to be called growing or fading in a whole report, under one budget."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.metrics.budget import Mask, pooled
from analytics.metrics.growth import BUDGET, CERTAIN, NEW_PEOPLE, NEW_WEEKS
from analytics.metrics.shrinkage import fit_prior, log_ratio
from analytics.metrics.trend import SEASONAL_FROM, YEAR, smallest_change, trends

FEWEST_WEEKS = 26
"""Below this many known weeks it is too early."""
FEWEST_COUNTS = 10
"""Below this many causes there are too few."""
BLIND = 10.0
"""Where even ten times as many would have gone unseen, "steady" would say too much."""
COLUMNS = ("family", "subject", "weeks", "total", "mean", "seasonal", "slope", "slope_low", "slope_high", "p")
COLUMNS_OF_CHANGE = ("growth", "low", "high", "smallest", "verdict")


@dataclass(frozen=True)
class Verdicts:
    """What can be said about all series of a report."""

    rows: pd.DataFrame
    """One row a series: ``family, subject, weeks`` (known), ``total, mean`` (counts), ``seasonal, slope, slope_low,
    slope_high, p`` (see ``trends``; p NaN where not tested), ``growth, low, high`` (shrunk log ratio, 90 % interval),
    ``smallest`` (factor over the whole length that this report would have seen four times out of five), ``verdict``
    (growing, fading, emerging, steady, too few, too early)."""
    tests: int
    """Tests of the whole report, those of others included."""
    level: float
    """p up to which a test is in the set; 0 when none is."""
    budget: float = BUDGET
    others: Mapping[str, Mask] = field(default_factory=dict)
    """Which tests of the others are in the set."""


def verdicts(
    families: Mapping[str, pd.DataFrame],
    *,
    closed: Collection[date] = (),
    broad: Collection[tuple[str, str]] | None = None,
    others: Mapping[str, Floats] | None = None,
    budget: float = BUDGET,
) -> Verdicts:
    """Return what every series of every family deserves to be called.

    Definition: "growing" needs three things: Mann-Kendall's test (by season from two years on) in the
    Benjamini-Hochberg set of *all* tests of the report, a rise, and a chance above 0.9 that the later half is more
    than a quarter above the earlier one. That ratio is log((a + k) / (b + k)): a and b are the counts of the two
    halves (the last year and the one before it, week by week, from two years on) divided by the dispersion of the
    series, k from a Gamma-Poisson fit over its family. "emerging" grows and had nothing until 26 weeks ago.
    "fading" is the reverse of growing. "too early" is below 26 known weeks; "too few" below 10 causes, or where not
    even ten times as many would have been seen; neither of the first two is a test.

    Args:
        families: One table a family: subjects by rows, Mondays without a gap by columns, oldest first; raw counts of
            separate weeks (never rolled), NaN for a week without data.
        closed: Mondays that are in no test.
        broad: (family, subject) that at least three people at two places share: only these may emerge. None where
            people and places mean nothing; then three counts are enough.
        others: p-values of further tests of the same report by name; NaN was not tested.
        budget: False-discovery rate of the whole report.

    Returns:
        The verdicts, families and subjects in the order given; nothing gives no row and no test.

    Raises:
        ValueError: Mondays with a gap.

    Cost: O(n^2) a series of n weeks. Sources: Benjamini & Hochberg 1995, JRSS B 57:289; Clayton & Kaldor 1987,
    Biometrics 43:671.
    """
    parts = [_family(name, table, closed) for name, table in families.items()]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS, *COLUMNS_OF_CHANGE])
    chosen = pooled({"": rows["p"].to_numpy(dtype=np.float64), **(others or {})}, budget)
    pool = np.concatenate([rows["p"].to_numpy(dtype=np.float64), *(others or {}).values()])
    tests = int((~np.isnan(pool)).sum())
    flagged = pool[np.concatenate([*chosen.values()])]
    rows["smallest"] = _smallest(rows, budget * max(1, len(flagged)) / max(1, tests)) if parts else rows["p"]
    rows["verdict"] = _words(rows, chosen.pop(""), broad) if parts else rows["p"]
    return Verdicts(rows[[*COLUMNS, *COLUMNS_OF_CHANGE]], tests, float(flagged.max(initial=0.0)), budget, chosen)


def dispersion(counts: Floats) -> Floats:
    """Return the variance of each series over its mean, 1 unless it is surely more.

    Definition: half the mean square of the differences of neighbouring weeks, over the mean, so that a
    trend counts little; 1 below two standard errors, sqrt(3 / n), above 1. Counts of people who come in groups have
    more than 1: the counts divided by it are independent causes.
    """
    steps = np.square(np.diff(counts, axis=1))
    known = (~np.isnan(steps)).sum(axis=1)
    variance = np.nansum(steps, axis=1) / np.maximum(known, 1) / 2
    mean = np.nansum(counts, axis=1) / np.maximum((~np.isnan(counts)).sum(axis=1), 1)
    ratio = np.divide(variance, mean, out=np.ones(len(counts)), where=mean > 0)
    return np.where(ratio > 1 + 2 * np.sqrt(3 / np.maximum(known, 1)), ratio, 1.0)


def _family(name: str, table: pd.DataFrame, closed: Collection[date]) -> pd.DataFrame:
    """Return the rows of one family, but for what depends on the other families."""
    counts = _masked(table, closed)
    heard = ~np.isnan(counts)
    rows = trends(counts)
    spread = dispersion(counts)
    rows["family"], rows["subject"] = name, [str(subject) for subject in table.index]
    rows["total"] = np.nansum(counts, axis=1).astype(np.int64)
    rows["mean"] = rows["total"] / np.maximum(heard.sum(axis=1), 1)
    rows["causes"], rows["rate"] = rows["total"] / spread, rows["mean"] / spread
    rows["span"] = np.where(heard.any(axis=1), counts.shape[1] - heard.argmax(axis=1), 0) if heard.size else 0
    rows["new"] = _new(counts)
    untested = (rows["weeks"] < FEWEST_WEEKS) | (rows["causes"] < FEWEST_COUNTS)
    rows["p"] = rows["p"].mask(untested)
    return pd.concat([rows, _change(counts, spread, rows["seasonal"].to_numpy())], axis=1)


def _masked(table: pd.DataFrame, closed: Collection[date]) -> Floats:
    """Return the counts with NaN in the closed weeks."""
    mondays = [pd.Timestamp(monday).date() for monday in table.columns]
    if any(later - earlier != timedelta(weeks=1) for earlier, later in pairwise(mondays)):
        raise ValueError("weeks with a gap: give every Monday, with NaN where nothing is known")
    counts = table.to_numpy(dtype=np.float64, copy=True)
    counts[:, np.isin(np.array(mondays, dtype="datetime64[D]"), np.array(list(closed), dtype="datetime64[D]"))] = np.nan
    return counts


def _new(counts: Floats) -> Mask:
    """Return which series counted nothing before the last 26 weeks, though others were known then."""
    before = counts[:, : max(0, counts.shape[1] - NEW_WEEKS)]
    known = ~np.isnan(before)
    return np.asarray(known.any(axis=1) & (np.nansum(before, axis=1) == 0), dtype=np.bool_)


def _change(counts: Floats, spread: Floats, seasonal: Mask) -> pd.DataFrame:
    """Return the shrunk log ratio of the later to the earlier half, with its interval and chances."""
    later, earlier = _halves(counts)
    if seasonal.any():
        later[seasonal], earlier[seasonal] = _years(counts[seasonal])
    a, b = later / spread, earlier / spread
    k, _ = fit_prior(np.concatenate([a, b]))
    return log_ratio(a + k, b + k)


def _halves(counts: Floats) -> tuple[Floats, Floats]:
    """Return the counts of the later and of the earlier half of the known weeks, as many in each."""
    known = ~np.isnan(counts)
    number, place = known.sum(axis=1, keepdims=True), known.cumsum(axis=1)
    half = number // 2
    later, earlier = known & (place > number - half), known & (place <= half)
    return np.where(later, counts, 0.0).sum(axis=1), np.where(earlier, counts, 0.0).sum(axis=1)


def _years(counts: Floats) -> tuple[Floats, Floats]:
    """Return the counts of the last year and of the one before it, over the weeks that are known in both."""
    now, before = counts[:, -YEAR:], counts[:, -SEASONAL_FROM:-YEAR]
    both = ~np.isnan(now) & ~np.isnan(before)
    return np.where(both, now, 0.0).sum(axis=1), np.where(both, before, 0.0).sum(axis=1)


def _smallest(rows: pd.DataFrame, level: float) -> Floats:
    """Return the smallest change that would have been seen at the level that the budget leaves."""
    rate, information = rows["rate"].to_numpy(), rows["information"].to_numpy()
    return smallest_change(rate, information, rows["span"].to_numpy(dtype=np.float64), level)


def _words(rows: pd.DataFrame, chosen: Mask, broad: Collection[tuple[str, str]] | None) -> NDArray[np.object_]:
    """Return the word for every series; what forbids a verdict comes first."""
    rising, falling = chosen & (rows["score"] > 0), chosen & (rows["score"] < 0)
    up, down = rising & (rows["chance_up"] > CERTAIN), falling & (rows["chance_down"] > CERTAIN)
    cases = [
        ("too early", rows["weeks"] < FEWEST_WEEKS),
        ("too few", rows["p"].isna()),
        ("emerging", up & rows["new"] & _broad(rows, broad)),
        ("growing", up),
        ("fading", down),
        ("too few", rows["smallest"] > BLIND),
    ]
    words = np.select([case for _, case in cases], [word for word, _ in cases], "steady")
    return words.astype(object)


def _broad(rows: pd.DataFrame, broad: Collection[tuple[str, str]] | None) -> Mask:
    """Return which series enough people at enough places share."""
    if broad is None:
        return (rows["total"] >= NEW_PEOPLE).to_numpy()
    shared = set(broad)
    return np.array([pair in shared for pair in zip(rows["family"], rows["subject"], strict=True)], dtype=np.bool_)
