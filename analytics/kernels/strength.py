"""Strength: what the ties of each node add up to."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

ONE, TWO, THREE, FOUR = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)


@compiled
def strengths(indptr: Ints, strength: Floats) -> Floats:
    """Return the sum of the strengths of each node's ties; 0 without ties.

    Definition: strength[u] = sum over the ties of u of their strength.

    Four sums side by side, always in the same order, so that an addition needs not wait for the one before; places
    are unsigned, so that none is looked at for counting from the end. Where a row ends nobody can foretell: the
    processor guesses wrong about once a node, so that the last ties of a row are chosen without a second guess.

    Cost: O(m), that of reading the strengths once. Source: Barrat et al. 2004, PNAS 101:3747.
    Twin: ``graph.degree(weight=…)``.
    """
    total = np.zeros(indptr.size - 1)
    for node in range(total.size):
        tie, end = np.uint64(indptr[node]), np.uint64(indptr[node + 1])
        one, two, three, four = 0.0, 0.0, 0.0, 0.0
        while tie + FOUR <= end:
            one += strength[tie]
            two += strength[tie + ONE]
            three += strength[tie + TWO]
            four += strength[tie + THREE]
            tie += FOUR
        if tie < end:
            second, third = strength[min(tie + ONE, end - ONE)], strength[min(tie + TWO, end - ONE)]
            one += strength[tie]
            two += second if tie + ONE < end else 0.0
            three += third if tie + TWO < end else 0.0
        total[node] = (one + two) + (three + four)
    return total
