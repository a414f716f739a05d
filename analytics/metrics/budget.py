"""The budget of false flags: which of many tests may be believed together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Floats

Mask = NDArray[np.bool_]


def within_budget(p: Floats, budget: float) -> Mask:
    """Return which p-values are in the Benjamini-Hochberg set at ``budget``; NaN was not tested.

    Source: Benjamini & Hochberg 1995, JRSS B 57:289. Cost: O(t log t) for t tests.
    """
    chosen, tested = np.zeros(len(p), dtype=np.bool_), ~np.isnan(p)
    if tested.any():
        chosen[tested] = _adjusted(p[tested]) <= budget
    return chosen


def _adjusted(p: Floats) -> Floats:
    """Return the least budget at which each p-value is in the set. Twin: ``scipy.stats.false_discovery_control``.

    scipy.stats would take half a second to load, in every command and every worker.
    """
    order = np.argsort(p)
    least = p[order] * (len(p) / np.arange(1, len(p) + 1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate(least[::-1])[::-1]
    return np.clip(adjusted, 0, 1)


def pooled(groups: Mapping[str, Floats], budget: float) -> dict[str, Mask]:
    """Return which p-values are in the set of all groups together, group by group."""
    chosen = within_budget(np.concatenate([np.empty(0), *groups.values()]), budget)
    ends = np.cumsum([len(group) for group in groups.values()])[:-1]
    return dict(zip(groups, np.split(chosen, ends), strict=False))
