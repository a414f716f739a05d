"""Constraint and effective size, from one pass over the contacts of contacts."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

ONE = np.uint32(1)


@compiled
def burt(indptr: Ints, indices: Ints, strength: Floats) -> tuple[Floats, Floats]:
    """Return the constraint and the effective size of every node of an undirected graph; NaN for isolates.

    Definition, with p(u, v) the share of v in the strength of u, and m(v, q) the strength of v and q over
    the greatest strength of v:
        constraint[u] = sum over contacts v of (p(u, v) + sum over q of p(u, q) p(q, v))²
        effective_size[u] = sum over contacts v of (1 - sum over q of p(u, q) m(v, q))
    where q runs over the contacts that u and v share. With equal strengths the latter is Borgatti's
    degree - 2 t / degree, t being the ties among the contacts.

    Cost: O(sum of squared degrees) time, O(n) memory.
    Source: Burt 1992, Structural Holes, ch. 2; Borgatti 1997, Connections 20(1):35.
    Twins: ``networkx.constraint(weight=…)`` and ``networkx.effective_size(nodes=list(graph), weight=…)``;
    without ``nodes`` the latter (3.6, 3.7) takes the greatest strength of the wrong node.
    """
    n = indptr.size - 1
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    total, greatest = _totals(indptr, strength)
    constraint, effective_size = np.full(n, np.nan), np.full(n, np.nan)
    contact_of = np.full(n, -1, np.int32)
    invested, redundant = np.empty(n), np.empty(n)
    for ego in range(n):
        ties = range(first[ego], first[ego + 1])
        if len(ties) == 0:
            continue
        for tie in ties:
            contact = other[tie]
            contact_of[contact], redundant[contact] = ego, 0.0
            invested[contact] = strength[tie] / total[ego]
        for tie in ties:
            shared, share = other[tie], strength[tie] / total[ego]
            for onward in range(first[shared], first[shared + ONE]):
                contact = other[onward]
                if contact_of[contact] == ego:
                    invested[contact] += np.divide(share * strength[onward], total[shared])
                    redundant[contact] += np.divide(share * strength[onward], greatest[contact])
        constraint[ego] = effective_size[ego] = 0.0
        for tie in ties:
            constraint[ego] += invested[other[tie]] ** 2
            effective_size[ego] += 1.0 - redundant[other[tie]]
    return constraint, effective_size


@compiled
def _totals(indptr: Ints, strength: Floats) -> tuple[Floats, Floats]:
    """Return the sum and the greatest of the strengths of each node."""
    n = indptr.size - 1
    total, greatest = np.zeros(n), np.zeros(n)
    for node in range(n):
        for tie in range(indptr[node], indptr[node + 1]):
            total[node] += strength[tie]
            greatest[node] = max(greatest[node], strength[tie])
    return total, greatest
