"""How closely contacts hold together, and on whom that rests; everything on the ties without direction."""

from __future__ import annotations

import numpy as np

from analytics.kernels import Floats
from analytics.kernels.articulation import articulation
from analytics.kernels.shared import shared_contacts
from analytics.metrics.snapshot import Snapshot

FEW_SHARED = 1
"""A tie is diverse when its ends share no more contacts than this."""
ALIKE = 1e-12
"""Variance of degrees, in shares of their square, below which all are the same and nothing can go together."""


def contacts_in_common(snapshot: Snapshot) -> tuple[Floats, Floats]:
    """Return the clustering and the diverse ties of each member.

    Definition: clustering = ties among the contacts over those that there could be, 0 to 1, NaN with fewer than two
    contacts; diverse ties = contacts with whom at most one other contact is shared, 0 for an isolate.

    Cost: O(sum of squared degrees). Sources: Watts & Strogatz 1998, Nature 393:440; Granovetter 1973, AJS 78:1360.
    Twin: ``networkx.clustering``, which gives 0 where it is not defined.
    """
    plain = snapshot.undirected
    shared = shared_contacts(plain.indptr, plain.indices)
    degree = np.diff(plain.indptr)
    ego = np.repeat(np.arange(plain.size), degree)
    closed = np.bincount(ego, shared, minlength=plain.size)
    possible = np.where(degree > 1, degree * (degree - 1.0), np.nan)
    return closed / possible, np.bincount(ego[shared <= FEW_SHARED], minlength=plain.size).astype(np.float64)


def holds_together(snapshot: Snapshot) -> Floats:
    """Return 1 for each member without whom some others would no longer be linked (articulation point), else 0."""
    plain = snapshot.undirected
    return articulation(plain.indptr, plain.indices)


def centralisation(snapshot: Snapshot) -> float:
    """Return how far the contacts of all lie below those of the best linked: 1 in a star, 0 when all have as many.

    Definition: sum over members of (greatest degree - degree) / ((n - 1) (n - 2)); NaN under three members.
    Cost: O(n). Source: Freeman 1979, Social Networks 1:215.
    """
    n = snapshot.size
    if n <= 2:  # noqa: PLR2004  the denominator
        return float("nan")
    degree = np.diff(snapshot.undirected.indptr)
    return float((degree.max() - degree).sum() / ((n - 1.0) * (n - 2.0)))


def assortativity(snapshot: Snapshot) -> float:
    """Return the correlation of degrees at the two ends of ties, -1 to 1; NaN when all of these are the same.

    Cost: O(m). Source: Newman 2002, Phys. Rev. Lett. 89:208701. Twin: ``networkx.degree_assortativity_coefficient``.
    """
    plain = snapshot.undirected
    degree = np.diff(plain.indptr).astype(np.float64)
    one, other = np.repeat(degree, np.diff(plain.indptr)), degree[plain.indices]
    if not len(one) or one.var() <= ALIKE * one.mean() ** 2:
        return float("nan")
    return float(((one - one.mean()) * (other - one.mean())).mean() / one.var())
