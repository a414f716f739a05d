"""Communities by the Louvain method."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats, Ints, compiled

LEAST_GAIN = 1e-12
"""Share of all strength that a move must gain: less is rounding, and could go round in circles."""


@compiled
def louvain(indptr: Ints, indices: Ints, strength: Floats) -> Ints:
    """Return the community of every node of an undirected graph, numbered by their first nodes.

    Definition: nodes in order move to the community of the neighbours where modularity gains most, until none
    gains; each community then becomes a node of a smaller graph, and so on until nothing moves. Nodes are
    visited in order, never shuffled: the same graph always gives the same communities, without a seed.

    Cost: O(m) a sweep, some ten sweeps a level and few levels; O(n + m) memory.
    Source: Blondel et al. 2008, J. Stat. Mech. P10008.
    Twin: ``networkx.community.louvain_communities``, which shuffles: modularity agrees, groups may differ.
    """
    community = np.arange(indptr.size - 1).astype(np.int32)
    inner = np.zeros(indptr.size - 1)
    total = strength.sum()
    while indices.size > 0:
        joined = _moved(indptr, indices, strength, inner, total)
        groups = _renumber(joined)
        if groups == joined.size:
            break
        for node in range(community.size):
            community[node] = joined[community[node]]
        indptr, indices, strength, inner = _merged(indptr, indices, strength, inner, joined, groups)
    return community


@compiled
def _moved(indptr: Ints, indices: Ints, strength: Floats, inner: Floats, total: float) -> Ints:
    """Return a community for each node such that no node gains by moving to that of a neighbour.

    What u gains in c is its strength toward c, less what chance would give: degree[u] * weight[c] / total.
    """
    n = indptr.size - 1
    joined = np.arange(n).astype(np.int32)
    degree = inner.copy()
    for node in range(n):
        for tie in range(indptr[node], indptr[node + 1]):
            degree[node] += strength[tie]
    weight, toward = degree.copy(), np.zeros(n)
    moves = n
    while moves > 0:
        moves = 0
        for node in range(n):
            ties = range(indptr[node], indptr[node + 1])
            for tie in ties:
                toward[joined[indices[tie]]] += strength[tie]
            home = joined[node]
            weight[home] -= degree[node]
            contacts = indices[indptr[node] : indptr[node + 1]]
            best = _best(home, contacts, joined, toward, weight, degree[node], total)
            weight[best] += degree[node]
            joined[node] = best
            moves += best != home
            for tie in ties:
                toward[joined[indices[tie]]] = 0.0
            toward[home] = 0.0
    return joined


@compiled
def _best(home: int, contacts: Ints, joined: Ints, toward: Floats, weight: Floats, degree: float, total: float) -> int:
    """Return the community of a contact where a node of that degree gains most; ``home`` where it gains nowhere."""
    best, greatest = home, toward[home] - degree * weight[home] / total + LEAST_GAIN * total
    for contact in contacts:
        there = joined[contact]
        gain = toward[there] - degree * weight[there] / total
        if gain > greatest:
            greatest, best = gain, there
    return best


@compiled
def _renumber(joined: Ints) -> int:
    """Return how many communities there are; they are numbered 0, 1, … in place, by their first nodes."""
    number = np.full(joined.size, -1, np.int32)
    groups = 0
    for node in range(joined.size):
        if number[joined[node]] < 0:
            number[joined[node]] = groups
            groups += 1
        joined[node] = number[joined[node]]
    return groups


@compiled
def _by_group(joined: Ints, groups: int) -> Ints:
    """Return the nodes, those of each community together, in order."""
    free = np.zeros(groups + 1, np.int32)
    for group in joined:
        free[group + 1] += 1
    for group in range(groups):
        free[group + 1] += free[group]
    members = np.empty(joined.size, np.int32)
    for node in range(joined.size):
        members[free[joined[node]]] = node
        free[joined[node]] += 1
    return members


@compiled
def _merged(
    indptr: Ints, indices: Ints, strength: Floats, inner: Floats, joined: Ints, groups: int
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the graph whose nodes are the communities, with the strength inside each, both ways, apart."""
    members = _by_group(joined, groups)
    first, other = np.zeros(groups + 1, np.int32), np.empty(indices.size, np.int32)
    sums, within = np.empty(indices.size), np.zeros(groups)
    slot, ties = np.full(groups, -1, np.int32), 0
    for node in members:
        group = joined[node]
        within[group] += inner[node]
        for tie in range(indptr[node], indptr[node + 1]):
            there = joined[indices[tie]]
            if there == group:
                within[group] += strength[tie]
                continue
            if slot[there] < first[group]:
                slot[there], other[ties], sums[ties] = ties, there, 0.0
                ties += 1
            sums[slot[there]] += strength[tie]
        first[group + 1] = ties
    return first, other[:ties].copy(), sums[:ties].copy(), within
