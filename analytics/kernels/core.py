"""Core numbers by peeling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Ints, compiled

Places = NDArray[np.uint32]
"""Numbers of nodes and places in arrays; unsigned, so that none is taken for one that counts from the end."""
ONE = np.uint32(1)


@compiled
def core_numbers(indptr: Ints, indices: Ints) -> Ints:
    """Return the core number of every node of an undirected graph.

    Definition: the largest k such that the node belongs to a group in which everyone has k ties or more
    within the group. Nodes are peeled off in order of the degree that is left to them.

    Cost: O(n + m). Source: Seidman 1983, Social Networks 5:269; Batagelj & Zaversnik 2003, cs/0310049.
    Twin: ``networkx.core_number``.
    """
    n = indptr.size - 1
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    left, order, place = np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n, np.uint32)
    for node in range(n):
        left[node] = indptr[node + 1] - indptr[node]
    start = _starts(left)
    free = start.copy()
    for node in range(left.size):
        place[node] = free[left[node]]
        order[place[node]] = node
        free[left[node]] += 1
    for position in range(order.size):
        node = order[position]
        core = left[node]
        for tie in range(first[node], first[node + ONE]):
            contact = other[tie]
            if left[contact] > core:
                _demote(contact, left, start, order, place)
    return left.astype(np.int32)


@compiled
def _starts(degree: Places) -> Places:
    """Return, for each degree, where its nodes begin in an order by degree."""
    start = np.zeros(degree.size + 1, np.uint32)
    for each in degree:
        start[each + ONE] += 1
    for each in range(degree.size):
        start[each + 1] += start[each]
    return start


@compiled
def _demote(node: int, left: Places, start: Places, order: Places, place: Places) -> None:
    """Take one from the degree left to ``node`` by swapping it with the first node of its degree."""
    degree = left[node]
    swapped = order[start[degree]]
    order[place[node]], order[start[degree]] = swapped, node
    place[swapped], place[node] = place[node], start[degree]
    start[degree] += 1
    left[node] = degree - 1
