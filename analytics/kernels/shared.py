"""Contacts that the two ends of a tie share."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Ints, compiled

ONE = np.uint32(1)


@compiled
def shared_contacts(indptr: Ints, indices: Ints) -> Ints:
    """Return, for every place in ``indices`` of an undirected graph, how many contacts both ends of that tie share.

    Definition: shared[u, v] = nodes that have a tie with u and with v, hence the triangles that the tie closes. Each
    tie is counted from its lesser end and written down at both. Contacts have to stand in ascending order: when an
    ego's turn comes, all lesser ones have passed, so that it is the next one in the row of each of its contacts.

    Cost: O(sum of squared degrees) time, O(m) memory. Source: Latapy 2008, Theor. Comput. Sci. 407:458
    (*edge-iterator*). Twin: ``len(set(networkx.common_neighbors(graph, u, v)))``.
    """
    n = indptr.size - 1
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    following, is_contact = first[:-1].copy(), np.zeros(n, np.uint8)
    shared = np.zeros(indices.size, np.int32)
    for ego in range(n):
        for tie in range(first[ego], first[ego + 1]):
            is_contact[other[tie]] = 1
        for tie in range(first[ego], first[ego + 1]):
            contact, count = other[tie], 0
            if contact > ego:
                for onward in range(first[contact], first[contact + ONE]):
                    count += is_contact[other[onward]]
                shared[tie] = shared[following[contact]] = count
            following[contact] += ONE
        for tie in range(first[ego], first[ego + 1]):
            is_contact[other[tie]] = 0
    return shared
