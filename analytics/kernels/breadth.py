"""How many kinds there are, compared at equal sample coverage."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Lengths, compiled


@compiled
def breadths(counts: Lengths, coverage: float) -> Floats:
    """Return for every row of counts its Hill number of order 1 at a sample coverage.

    Definition: from a sample of n, of which ``counts[row, kind]`` are of each kind, m are drawn without replacement;
    the coverage of m is the expected share of all that exists which the drawn kinds make up (Good-Turing), and the
    Hill number is exp(entropy) of the expected number of kinds that are drawn once, twice … m is the least at which
    ``coverage`` is reached, between two whole numbers the share of the way there.

    Unit: kinds as if all were equally common, >= 1. NaN for a sample that never reaches ``coverage``, or is empty.

    Cost: O(rows * kinds * m). Source: Chao & Jost 2012, Ecology 93:2533; Chao et al. 2014, Ecol. Monographs 84:45.
    Twin: none in networkx; R's ``iNEXT::estimateD(q = 1, base = "coverage")``.
    """
    found = np.full(counts.shape[0], np.nan)
    for row in range(counts.shape[0]):
        drawn, before, reached = _drawn(counts[row], coverage)
        if drawn > 0:
            less, more = _hill(counts[row], drawn - 1), _hill(counts[row], drawn)
            found[row] = less + (more - less) * (coverage - before) / (reached - before)
    return found


@compiled
def _drawn(counts: Lengths, coverage: float) -> tuple[int, float, float]:
    """Return how many have to be drawn for ``coverage``, that of one fewer, and theirs; 0 where all are too few."""
    n, drawn = counts.sum(), 0
    before, reached = 0.0, 0.0
    # The chance that those drawn hold none of the kind of one more, for each kind.
    missed = np.ones(counts.size)
    while reached < coverage and drawn < n - 1:
        drawn += 1
        before, reached = reached, 1.0
        for kind in range(counts.size):
            missed[kind] *= max(n - counts[kind] - drawn + 1, 0) / (n - drawn)
            reached -= counts[kind] / n * missed[kind]
    return (drawn if reached >= coverage else 0), before, reached


@compiled
def _hill(counts: Lengths, drawn: int) -> float:
    """Return exp of the expected entropy of so many drawn, 1 for none."""
    n, entropy = counts.sum(), 0.0
    for kind in range(counts.size):
        many = counts[kind]
        least = max(0, drawn - (n - many))
        # The chances of so many of the kind among the drawn, up to a factor: hypergeometric, from the least up.
        chance, total, part = 1.0, 1.0, 0.0
        if least > 0:
            part = -least / drawn * np.log(least / drawn)
        for of_kind in range(least + 1, min(many, drawn) + 1):
            chance *= (many - of_kind + 1) * (drawn - of_kind + 1) / (of_kind * (n - many - drawn + of_kind))
            total += chance
            part -= chance * of_kind / drawn * np.log(of_kind / drawn)
        entropy += part / total
    return float(np.exp(entropy))
