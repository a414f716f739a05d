"""Communities: groups with more and stronger ties inside than chance would give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.louvain import louvain
from analytics.metrics.snapshot import Snapshot


def communities(snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the number of each member's community: 1 is the largest; of equal ones, that of the first member.

    Definition: the partition that the Louvain method finds for the strengths without direction, from members in
    order, so that the same ties always give the same groups. An isolate is a community. Numbers belong to this
    week only, and removing one tie may move many members (metrics.md, rule 2).

    Cost: O(m) a sweep, some tens of sweeps. Source: Blondel et al. 2008, J. Stat. Mech. P10008.
    """
    plain = snapshot.undirected
    group = np.asarray(louvain(plain.indptr, plain.indices, plain.strength))
    by_size = np.argsort(-np.bincount(group), kind="stable")
    number: NDArray[np.int64] = np.empty(len(by_size), np.int64)
    number[by_size] = np.arange(1, len(by_size) + 1)
    return np.asarray(number[group], np.int64)


def modularity(snapshot: Snapshot, community: NDArray[np.int64]) -> float:
    """Return by how much the share of strength inside communities exceeds chance, -0.5 to 1; NaN without a tie.

    Cost: O(m). Source: Newman & Girvan 2004, Phys. Rev. E 69:026113. Twin: ``networkx.community.modularity``.
    """
    plain = snapshot.undirected
    total = plain.strength.sum()
    if total == 0.0:
        return float("nan")
    source = np.repeat(np.arange(plain.size), np.diff(plain.indptr))
    inside = plain.strength[community[source] == community[plain.indices]].sum() / total
    shares = np.bincount(community[source], plain.strength) / total
    return float(inside - (shares**2).sum())
