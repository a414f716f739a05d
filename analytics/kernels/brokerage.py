"""Who stands between two members who have no tie of their own."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Ints, Lengths, compiled

COORDINATOR, GATEKEEPER, REPRESENTATIVE, CONSULTANT, LIAISON = range(5)


@compiled
def brokered(indptr: Ints, indices: Ints, group: Lengths, groups: int) -> tuple[Lengths, Lengths]:
    """Return how often every node brokers in each of the five roles, and between which groups.

    Definition: u brokers once for each path a -> u -> b over three nodes where there is no tie a -> b. With the
    groups of a, u and b: coordinator 1-1-1, gatekeeper 1-2-2, representative 1-1-2, consultant 1-2-1, liaison 1-2-3.
    Whoever is in no group (-1) is on no path.

    Returns:
        roles, one row a node and one column a role; carried, the paths from group to group, one row a group of a and
        one column a group of b.

    Cost: O(sum over nodes of ties in times ties out). Source: Gould & Fernandez 1989, Sociological Methodology 19:89.
    Twin: none in networkx; R's ``sna::brokerage``.
    """
    n = indptr.size - 1
    roles, carried = np.zeros((n, 5), np.int64), np.zeros((groups, groups), np.int64)
    reached_by = np.full(n, -1, np.int32)
    for first in range(n):
        if group[first] < 0:
            continue
        reached_by[first] = first
        for tie in range(indptr[first], indptr[first + 1]):
            reached_by[indices[tie]] = first
        for tie in range(indptr[first], indptr[first + 1]):
            broker = indices[tie]
            if group[broker] < 0:
                continue
            for onward in range(indptr[broker], indptr[broker + 1]):
                last = indices[onward]
                if group[last] >= 0 and reached_by[last] != first:
                    roles[broker, _role(group[first], group[broker], group[last])] += 1
                    carried[group[first], group[last]] += 1
    return roles, carried


@compiled
def _role(first: int, broker: int, last: int) -> int:
    """Return the role of a broker by the groups of the three."""
    if first == broker:
        return COORDINATOR if broker == last else REPRESENTATIVE
    if broker == last:
        return GATEKEEPER
    return CONSULTANT if first == last else LIAISON
