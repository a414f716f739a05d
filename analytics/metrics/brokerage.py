"""Who carries requests from one group to another: the roles of Gould and Fernandez, held against chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.kernels.brokerage import brokered
from analytics.metrics.snapshot import Snapshot

ROLES = ("coordinator", "gatekeeper", "representative", "consultant", "liaison")
"""The groups of the asking, the middle and the answering end: 1-1-1, 1-2-2, 1-1-2, 1-2-1, 1-2-3."""


@dataclass(frozen=True, eq=False)
class Brokerage:
    """How often members stand between two who have no tie of their own."""

    roles: NDArray[np.int64]
    """One row a member, one column a role."""
    carried: NDArray[np.int64]
    """Paths over a broker from the group of the row to the group of the column."""
    by_chance: Floats
    """Chance of each role when the same labels are dealt out at random; the five sum to 1, NaN under three members."""

    @property
    def expected(self) -> Floats:
        """Return the mean of ``roles`` over all ways to deal the labels out, the network kept."""
        return np.asarray(self.roles.sum(axis=1, keepdims=True) * self.by_chance, np.float64)

    @property
    def excess(self) -> Floats:
        """Return the observed minus the expected number of each role in the whole network."""
        return np.asarray((self.roles - self.expected).sum(axis=0), np.float64)

    @property
    def ratio(self) -> Floats:
        """Return the observed over the expected number of each role in the whole network; NaN where none is."""
        expected = self.expected.sum(axis=0)
        return np.asarray(self.roles.sum(axis=0) / np.where(expected > 0, expected, np.nan), np.float64)


def brokerage(snapshot: Snapshot, groups: NDArray[np.int64]) -> Brokerage:
    """Return who brokers between whom in a directed layer; an undirected one is read both ways.

    Definition: a path a -> u -> b without a tie a -> b counts once for u. Counts grow with the square of the ties, so
    compare ratios, never counts. The mean under permutation is exact: every ordered three members have the same
    chance of each pattern of labels, whatever the path. Facilitators who stand on every request make false liaisons:
    give them the group -1.

    Args:
        snapshot: Ties, requester to helper.
        groups: The group of each member in order, as a number; -1 where it is not known, for who is left out.

    Cost: as ``brokered``. Sources: Gould & Fernandez 1989, Sociological Methodology 19:89; Fernandez & Gould 1994,
    AJS 99:1455.
    """
    known = groups[groups >= 0]
    many = int(known.max()) + 1 if len(known) else 0
    roles, carried = brokered(snapshot.indptr, snapshot.indices, groups.astype(np.int64), many)
    return Brokerage(roles, carried, role_chances(np.bincount(known, minlength=many)))


def role_chances(sizes: NDArray[np.int64]) -> Floats:
    """Return the chance of each role for three different members of groups of ``sizes``; NaN under three members."""
    size, n = sizes.astype(np.float64), float(sizes.sum())
    triples = n * (n - 1) * (n - 2)
    if triples <= 0:
        return np.full(len(ROLES), np.nan)
    alike = float((size * (size - 1) * (size - 2)).sum()) / triples
    pair = float((size * (size - 1) * (n - size)).sum()) / triples
    return np.array([alike, pair, pair, pair, 1 - alike - 3 * pair])
