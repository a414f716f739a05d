"""Nodes without which a component falls apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.kernels import Floats, Ints, compiled


class Walk(NamedTuple):
    """A depth-first walk: when each node was met, from where, what is left of its ties, and what it holds.

    ``low[u]`` is the earliest node that u, or anybody below u, has a tie to.
    """

    met: Ints
    low: Ints
    above: Ints
    left: Ints
    holds: Floats


@compiled
def articulation(indptr: Ints, indices: Ints) -> Floats:
    """Return 1 for every node of an undirected graph whose removal leaves more components than before, else 0.

    Definition: on a depth-first walk, a node holds what lies below it when nothing there has a tie to above the
    node; the node where a walk begins holds when it was left more than once.

    Cost: O(n + m). Source: Hopcroft & Tarjan 1973, Comm. ACM 16:372. Twin: ``networkx.articulation_points``.
    """
    n = indptr.size - 1
    unmet, nowhere = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    walk = Walk(unmet, np.zeros(n, np.int32), nowhere, indptr[:n].copy(), np.zeros(n))
    now = 0
    for root in range(n):
        if walk.met[root] < 0:
            now = _walk_from(root, now, indptr, indices, walk)
    return walk.holds


@compiled
def _walk_from(root: int, now: int, indptr: Ints, indices: Ints, walk: Walk) -> int:
    """Return how many have been met once everybody whom ``root`` reaches was, where ``now`` were before."""
    met, low, above, left, holds = walk
    met[root] = low[root] = now
    now, node, branches = now + 1, root, 0
    while node >= 0:
        if left[node] < indptr[node + 1]:
            contact = indices[left[node]]
            left[node] += 1
            if met[contact] < 0:
                met[contact] = low[contact] = now
                now, above[contact], node = now + 1, node, contact
            elif contact != above[node]:
                low[node] = min(low[node], met[contact])
            continue
        below, node = node, above[node]
        if node == root:
            branches += 1
        elif node >= 0 and low[below] >= met[node]:
            holds[node] = 1.0
        if node >= 0:
            low[node] = min(low[node], low[below])
    holds[root] = 1.0 if branches > 1 else 0.0
    return now
