"""Triangles weighted by their ties."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

ONE = np.uint32(1)


@compiled
def closed_intensity(indptr: Ints, indices: Ints, root: Floats) -> Floats:
    """Return for every node of an undirected graph the intensity of its triangles, each counted from both its ties.

    Definition: closed[u] = sum over ordered pairs of contacts v, w that have a tie of their own of
    (strength[u, v] strength[v, w] strength[w, u])^(1/3), where ``root`` is the cube root of each tie's strength over
    the greatest strength. Clustering is closed[u] over the ordered pairs of contacts.

    Cost: O(sum of squared degrees) time, O(n) memory.
    Source: Onnela et al. 2005, Phys. Rev. E 71:065103. Twin: ``networkx.clustering(weight=…)``.
    """
    n = indptr.size - 1
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    closed, toward, contact_of = np.zeros(n), np.zeros(n), np.full(n, -1, np.int32)
    for ego in range(n):
        for tie in range(first[ego], first[ego + 1]):
            contact_of[other[tie]], toward[other[tie]] = ego, root[tie]
        for tie in range(first[ego], first[ego + 1]):
            contact = other[tie]
            for onward in range(first[contact], first[contact + ONE]):
                if contact_of[other[onward]] == ego:
                    closed[ego] += root[tie] * root[onward] * toward[other[onward]]
    return closed
