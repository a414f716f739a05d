"""Constraint and effective size, from one pass over the contacts of contacts."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

ONE = np.uint32(1)
INVESTED, REDUNDANT = 0, 1


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
    # What leads from the ego to each node: right for contacts, who begin anew, and for others never read. Adding to
    # all is quicker than to ask who is a contact, which nobody can foretell.
    toward = np.zeros((n, 2))
    for ego in range(n):
        ties = range(first[ego], first[ego + 1])
        if len(ties) == 0:
            continue
        for tie in ties:
            toward[other[tie], INVESTED], toward[other[tie], REDUNDANT] = strength[tie] / total[ego], 0.0
        for tie in ties:
            shared, share = other[tie], strength[tie] / total[ego]
            passed = share / total[shared]
            for onward in range(first[shared], first[shared + ONE]):
                toward[other[onward], INVESTED] += passed * strength[onward]
                toward[other[onward], REDUNDANT] += share * strength[onward]
        constraint[ego] = effective_size[ego] = 0.0
        for tie in ties:
            constraint[ego] += toward[other[tie], INVESTED] ** 2
            effective_size[ego] += 1.0 - toward[other[tie], REDUNDANT] / greatest[other[tie]]
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
