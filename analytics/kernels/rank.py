"""PageRank by power iteration."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

MAX_ROUNDS = 1_000


@compiled
def pagerank(indptr: Ints, indices: Ints, strength: Floats, given: Floats, damping: float, tolerance: float) -> Floats:
    """Return the PageRank of every node; the ranks sum to 1.

    Definition: x[v] = (1 - damping) / n + damping * (sum over ties u -> v of x[u] * strength / given[u]
    + what nodes that give nothing hold, shared by all n). Begins with 1/n and ends when the ranks of a round
    differ from those before by less than ``tolerance`` in total (networkx stops at n times that). The error
    shrinks by ``damping`` a round, so that 0.85 needs some 175 rounds for 1e-12 and never meets the limit.

    Args:
        indptr: CSR of the ties by the node that *receives* them.
        indices: The node that gives.
        strength: Strength of each tie.
        given: Sum of the strengths that each node gives.
        damping: Share of the rank that follows the ties, under 1.
        tolerance: Total absolute change at which to end.

    Cost: O(m + n) a round.
    Source: Brin & Page 1998, Computer Networks 30:107; Langville & Meyer 2005, SIAM Review 47:135.
    Twin: ``networkx.pagerank(weight=…, tol=tolerance / n)``.
    """
    return ranked(indptr, indices, strength, given, damping, tolerance, MAX_ROUNDS)[0]


@compiled
def ranked(
    indptr: Ints, indices: Ints, strength: Floats, given: Floats, damping: float, tolerance: float, rounds: int
) -> tuple[Floats, bool]:
    """Return the ranks after at most so many rounds, and whether the last changed them by less than ``tolerance``.

    Definition, cost, source and twin: those of ``pagerank``, which asks for as many rounds as it takes.
    """
    n = given.size
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    rank = np.full(n, 1.0 / max(n, 1))
    share = np.empty(n)
    for _ in range(rounds):
        idle = 0.0
        for node in range(n):
            share[node] = rank[node] / given[node] if given[node] > 0.0 else 0.0
            idle += rank[node] if given[node] == 0.0 else 0.0
        base = (1.0 - damping + damping * idle) / max(n, 1)
        change = 0.0
        for node in range(n):
            received = 0.0
            for tie in range(first[node], first[node + 1]):
                received += strength[tie] * share[other[tie]]
            fresh = base + damping * received
            change += abs(fresh - rank[node])
            rank[node] = fresh
        if change < tolerance:
            return rank, True
    return rank, n == 0
