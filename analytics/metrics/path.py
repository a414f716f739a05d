"""Who lies between others and who is near them: the family "path"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.kernels import Floats, Lengths
from analytics.kernels.path import shortest_paths
from analytics.metrics.metric import Metric
from analytics.metrics.sampling import WORK, sample, sampled_paths
from analytics.metrics.snapshot import UNIT_LENGTH, Snapshot


def path_family(snapshot: Snapshot, work: int = WORK) -> Mapping[str, Floats]:
    """Return betweenness, harmonic and closeness of each member, from one search per member.

    Where that is more than ``work``, from some of the members, with ``low`` and ``high`` of each value (see
    ``analytics.metrics.sampling``).

    A tie is as long as the inverse of its strength. Directed layers are followed in their direction, and
    nearness is that of those who come in: how near the askers are to a helper, the learners to an instructor.

    Cost: O(n (m + n) log n): 0.6 s for 2,350 members and 45,000 ties, 20 ms for 500 and 5,000; about a minute at most.
    """
    if drawn := sample(snapshot, work):
        return sampled_paths(snapshot, drawn)
    between, near, far, reached = shortest_paths(snapshot.indptr, snapshot.indices, snapshot.length)
    return {
        "betweenness": _normalised(between),
        "harmonic": near * UNIT_LENGTH,
        "closeness": _closeness(far, reached),
    }


def _normalised(between: Floats) -> Floats:
    """Return the share of ordered pairs of others whose shortest paths lead through each member, 0 to 1.

    0 for everyone among fewer than three. Source: Freeman 1977, Sociometry 40:35; Brandes 2001.
    Twin: ``networkx.betweenness_centrality(weight="length")``.
    """
    pairs = (len(between) - 1) * (len(between) - 2)
    return between / max(pairs, 1)


def _closeness(far: Floats, reached: Lengths) -> Floats:
    """Return the mean strength of the way from others, times the share of them that have one; 0 for isolates.

    Definition (Wasserman & Faust): (r - 1)² / (n - 1) / sum of lengths, for r members who reach it, itself included;
    times 1e6, so that a member with a tie of strength 1 from everybody has 1.
    Twin: ``networkx.closeness_centrality(distance="length", wf_improved=True)`` times 1e6.
    """
    others = reached - 1.0
    closeness = np.zeros(len(far))
    linked = far > 0.0
    closeness[linked] = UNIT_LENGTH * others[linked] ** 2 / (len(far) - 1) / far[linked]
    return closeness


PATH_METRICS = tuple(
    Metric(name=name, family="path", compute=path_family, version="2")
    for name in ("betweenness", "harmonic", "closeness")
)
