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
    within the group. Shell by shell: whoever has no more than k ties left leaves, and each contact who stays has
    one tie fewer left.

    Cost: O(n + m): a node that stays is looked at once a shell, hence at most as often as it has ties.
    Source: Seidman 1983, Social Networks 5:269; Batagelj & Zaversnik 2003, cs/0310049; Kabir & Madduri 2017,
    IPDPSW 2017:1482 (by shells). Twin: ``networkx.core_number``.
    """
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    left = first[1:] - first[:-1]
    staying, leaving = np.arange(left.size).astype(np.uint32), np.empty(left.size + 1, np.uint32)
    core, stay = np.uint32(0), left.size
    while stay > 0:
        stay, leave = _parted(core, left, staying[:stay], leaving)
        place = 0
        while place < leave:
            node = leaving[place]
            for tie in range(first[node], first[node + ONE]):
                contact, ties = other[tie], left[other[tie]]
                # Written down whether it leaves or not: quicker than a branch that nobody can foretell.
                leaving[leave] = contact
                leave += ties == core + ONE
                left[contact] = ties - np.uint32(ties > core)
            place += 1
        core += ONE
    return left.astype(np.int32)


@compiled
def _parted(core: np.uint32, left: Places, nodes: Places, leaving: Places) -> tuple[int, int]:
    """Return how many of ``nodes`` stay, as their first ones, and how many leave first: who has ``core`` ties left."""
    stay, leave = 0, 0
    for place in range(nodes.size):
        node = nodes[place]
        leaving[leave] = node
        leave += left[node] == core
        nodes[stay] = node
        stay += left[node] > core
    return stay, leave
