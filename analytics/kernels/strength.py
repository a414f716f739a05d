"""Strength: what the ties of each node add up to."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

FOUR = np.uint64(4)


@compiled
def strengths(indptr: Ints, strength: Floats) -> Floats:
    """Return the sum of the strengths of each node's ties; 0 without ties.

    Four sums side by side, always in the same order, so that an addition needs not wait for the one before; places
    are unsigned, so that none is looked at for counting from the end.

    Cost: O(m), that of reading the strengths once. Source: Barrat et al. 2004, PNAS 101:3747.
    Twin: ``graph.degree(weight=…)``.
    """
    total = np.zeros(indptr.size - 1)
    for node in range(total.size):
        first, last = np.uint64(indptr[node]), np.uint64(indptr[node + 1])
        rest = last - (last - first) % FOUR
        one, two, three, four = 0.0, 0.0, 0.0, 0.0
        for tie in range(first, rest, FOUR):
            one += strength[tie]
            two += strength[tie + np.uint64(1)]
            three += strength[tie + np.uint64(2)]
            four += strength[tie + np.uint64(3)]
        for tie in range(rest, last):
            one += strength[tie]
        total[node] = (one + two) + (three + four)
    return total
