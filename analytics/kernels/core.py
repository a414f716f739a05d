"""Core numbers by peeling."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Ints, compiled


@compiled
def core_numbers(indptr: Ints, indices: Ints) -> Ints:
    """Return the core number of every node of an undirected graph.

    Definition: the largest k such that the node belongs to a group in which everyone has k ties or more
    within the group. Nodes are peeled off in order of the degree that is left to them.

    Cost: O(n + m). Source: Seidman 1983, Social Networks 5:269; Batagelj & Zaversnik 2003, cs/0310049.
    Twin: ``networkx.core_number``.
    """
    n = indptr.size - 1
    left, order, place = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
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
        for tie in range(indptr[node], indptr[node + 1]):
            if left[indices[tie]] > left[node]:
                _demote(indices[tie], left, start, order, place)
    return left


@compiled
def _starts(degree: Ints) -> Ints:
    """Return, for each degree, where its nodes begin in an order by degree."""
    start = np.zeros(degree.size + 1, np.int32)
    for each in degree:
        start[each + 1] += 1
    for each in range(degree.size):
        start[each + 1] += start[each]
    return start


@compiled
def _demote(node: int, left: Ints, start: Ints, order: Ints, place: Ints) -> None:
    """Take one from the degree left to ``node`` by swapping it with the first node of its degree."""
    degree = left[node]
    swapped = order[start[degree]]
    order[place[node]], order[start[degree]] = swapped, node
    place[swapped], place[node] = place[node], start[degree]
    start[degree] += 1
    left[node] = degree - 1
