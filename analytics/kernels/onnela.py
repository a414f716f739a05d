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
    the greatest strength. Clustering is closed[u] over the ordered pairs of contacts. Each tie is looked at from its
    lesser end: what lies around it is the same for both.

    Cost: O(sum of squared degrees) time, O(n) memory.
    Source: Onnela et al. 2005, Phys. Rev. E 71:065103. Twin: ``networkx.clustering(weight=…)``.
    """
    n = indptr.size - 1
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    # The root of the ego's tie with each node, 0 without: adding 0 is quicker than to ask who is a contact.
    closed, toward = np.zeros(n), np.zeros(n)
    for ego in range(n):
        for tie in range(first[ego], first[ego + 1]):
            toward[other[tie]] = root[tie]
        for tie in range(first[ego], first[ego + 1]):
            contact, around = other[tie], 0.0
            if contact > ego:
                for onward in range(first[contact], first[contact + ONE]):
                    around += root[onward] * toward[other[onward]]
                closed[ego] += root[tie] * around
                closed[contact] += root[tie] * around
        for tie in range(first[ego], first[ego + 1]):
            toward[other[tie]] = 0.0
    return closed
