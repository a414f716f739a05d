"""Contacts that the two ends of a tie share."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Ints, compiled

ONE = np.uint32(1)


@compiled
def shared_contacts(indptr: Ints, indices: Ints) -> Ints:
    """Return, for every place in ``indices`` of an undirected graph, how many contacts both ends of that tie share.

    Definition: shared[u, v] = nodes that have a tie with u and with v, hence the triangles that the tie closes.
    Cost: O(sum of squared degrees) time, O(m) memory. Twin: ``len(set(networkx.common_neighbors(graph, u, v)))``.
    """
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    contact_of = np.full(indptr.size - 1, -1, np.int32)
    shared = np.zeros(indices.size, np.int32)
    for ego in range(indptr.size - 1):
        for tie in range(first[ego], first[ego + 1]):
            contact_of[other[tie]] = ego
        for tie in range(first[ego], first[ego + 1]):
            contact, count = other[tie], 0
            for onward in range(first[contact], first[contact + ONE]):
                count += contact_of[other[onward]] == ego
            shared[tie] = count
    return shared
