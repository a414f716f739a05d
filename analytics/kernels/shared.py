"""Contacts that the two ends of a tie share."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Ints, compiled


@compiled
def shared_contacts(indptr: Ints, indices: Ints) -> Ints:
    """Return, for every place in ``indices`` of an undirected graph, how many contacts both ends of that tie share.

    Definition: shared[u, v] = nodes that have a tie with u and with v, hence the triangles that the tie closes.
    Cost: O(sum of squared degrees) time, O(m) memory. Twin: ``len(set(networkx.common_neighbors(graph, u, v)))``.
    """
    contact_of = np.full(indptr.size - 1, -1, np.int32)
    shared = np.zeros(indices.size, np.int32)
    for ego in range(indptr.size - 1):
        for tie in range(indptr[ego], indptr[ego + 1]):
            contact_of[indices[tie]] = ego
        for tie in range(indptr[ego], indptr[ego + 1]):
            contact = indices[tie]
            for onward in range(indptr[contact], indptr[contact + 1]):
                shared[tie] += contact_of[indices[onward]] == ego
    return shared
