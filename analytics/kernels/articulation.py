"""Nodes without which a component falls apart."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled


@compiled
def articulation(indptr: Ints, indices: Ints) -> Floats:
    """Return 1 for every node of an undirected graph whose removal leaves more components than before, else 0.

    Definition: on a depth-first walk, a node holds what lies below it when nothing there has a tie to above the
    node; the node where a walk begins holds when it was left more than once. ``low[u]`` is the earliest node
    that u, or anybody below u, has a tie to.

    Cost: O(n + m). Source: Hopcroft & Tarjan 1973, Comm. ACM 16:372. Twin: ``networkx.articulation_points``.
    """
    n = indptr.size - 1
    found, above = np.zeros(n), np.full(n, -1, np.int32)
    met, low, left = np.full(n, -1, np.int32), np.zeros(n, np.int32), indptr[:n].copy()
    now = 0
    for root in range(n):
        if met[root] >= 0:
            continue
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
            parent = above[node]
            if parent == root:
                branches += 1
            elif parent >= 0 and low[node] >= met[parent]:
                found[parent] = 1.0
            if parent >= 0:
                low[parent] = min(low[parent], low[node])
            node = parent
        found[root] = 1.0 if branches > 1 else 0.0
    return found
