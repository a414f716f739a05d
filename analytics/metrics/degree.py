"""How many ties there are, and how strong: the family "tie"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.kernels import Floats
from analytics.kernels.strength import strengths
from analytics.metrics.metric import Metric
from analytics.metrics.snapshot import Snapshot


def tie_family(snapshot: Snapshot) -> Mapping[str, Floats]:
    """Return the counts and sums of ties, of each member and of the network."""
    return {
        "degree": degree(snapshot),
        "strength": strength(snapshot),
        "nodes": np.array([float(snapshot.size)]),
        "edges": np.array([float(snapshot.ties)]),
        "density": np.array([density(snapshot)]),
    }


def degree(snapshot: Snapshot) -> Floats:
    """Return how many other members each one has a tie with, in whichever direction; 0 for an isolate.

    Cost: O(n). Twin: ``networkx`` ``graph.degree`` of the graph without directions.
    """
    return np.diff(snapshot.undirected.indptr).astype(np.float64)


def strength(snapshot: Snapshot) -> Floats:
    """Return the sum of the strengths of each member's ties, given and received; 0 for an isolate.

    Unit: events that happened just now. Range: 0 to the number of events attended (M1): an event adds the same however
    many were there. Cost: O(m). Source: Newman 2001, Phys. Rev. E 64:016132; Barrat et al. 2004, PNAS 101:3747.
    Twin: ``graph.degree(weight=…)`` of the graph without directions.
    """
    plain = snapshot.undirected
    return strengths(plain.indptr, plain.strength)


def density(snapshot: Snapshot) -> float:
    """Return ties over possible ties, 0 to 1; in a directed layer both count by direction; NaN under two members.

    Twin: ``networkx.density``.
    """
    n = snapshot.size
    if n <= 1:
        return float("nan")
    possible = n * (n - 1) if snapshot.directed else n * (n - 1) / 2
    return snapshot.ties / possible


TIE_METRICS = (
    *(Metric(name=name, family="tie", compute=tie_family) for name in ("degree", "strength")),
    *(
        Metric(name=name, family="tie", compute=tie_family, subject_kind="network")
        for name in ("nodes", "edges", "density")
    ),
)
