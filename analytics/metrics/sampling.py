"""Shortest paths in a network too large for a search from everybody: from some of its members, with intervals.

Which members are drawn follows from their ids alone, so that a run gives the same values as the next one. Pieces of the
network that have fewer members than are drawn are searched whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.special import rel_entr

from analytics.kernels import Floats, Lengths
from analytics.kernels.path import BETWEEN, FAR, NEAR, shortest_paths_from
from analytics.metrics.snapshot import UNIT_LENGTH, Snapshot

WORK = 10**10
"""Ends of ties that all searches together may look at: about a minute at 100,000 members, less in small networks."""
FEWEST = 500
"""Members that are drawn from a piece however large it is."""
DOUBT = 0.05
"""How often the true value may lie outside of a member's interval."""
HALVINGS = 50
STAKES = np.array([[2 / 3], [2 / 9], [2 / 27], [2 / 81], [2 / 243]])
"""Shares that bets stake, set down before anything is drawn: high ones win where values are alike, low ones else."""

Values = Mapping[str, Floats]


@dataclass(frozen=True)
class Sample:
    """Who was drawn, and for each member how many others its piece of the network has and how many were drawn."""

    drawn: Lengths
    piece: Lengths
    others: Floats
    taken: Floats

    def scaled(self, total: Floats) -> Floats:
        """Return the sums over all others that the sums over those drawn stand for."""
        return total * np.divide(self.others, self.taken, out=np.ones(total.size), where=self.taken > 0.0)

    def interval(self, total: Floats, squares: Floats, most: Floats, doubt: float = DOUBT) -> tuple[Floats, Floats]:
        """Return between what the sums over all others lie, where those drawn add up to ``total``, squared ``squares``.

        Nobody adds more than ``most`` or less than 0: nothing else is assumed. What those drawn add is sure besides.
        """
        drawn, none = self.taken * most, np.zeros(total.size)
        share = np.minimum(1.0, np.divide(total, drawn, out=none.copy(), where=drawn > 0.0))
        squared = np.clip(np.divide(squares, drawn * most, out=none, where=drawn > 0.0), share**2, share)
        low, high = (bound * self.others * most for bound in mean_bounds(share, squared, self.taken, doubt))
        return np.maximum(total, low), np.minimum(total + (self.others - self.taken) * most, high)


def sample(network: Snapshot, work: int = WORK) -> Sample | None:
    """Return whose searches fit into ``work``, at least ``FEWEST`` of each piece; None where all do."""
    at_most = max(FEWEST, work // max(1, network.indices.size))
    if network.size <= at_most:
        return None
    _, piece = connected_components(network.matrix, directed=network.directed, connection="weak")
    keys = [int.from_bytes(blake2b(str(member).encode(), digest_size=8).digest()) for member in network.members]
    order = np.lexsort((np.array(keys, np.uint64), piece))
    sizes = np.bincount(piece)
    rank = np.empty(network.size, np.int64)
    rank[order] = np.arange(network.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    is_drawn = rank < at_most
    if is_drawn.all():
        return None
    taken = np.minimum(sizes, at_most)[piece] - is_drawn.astype(np.float64)
    return Sample(np.flatnonzero(is_drawn), piece, sizes[piece] - 1.0, taken)


def sampled_paths(network: Snapshot, found: Sample) -> Values:
    """Return betweenness, harmonic and closeness as those drawn tell them, each with its ``low`` and ``high``.

    A member's true value lies outside of its interval in at most 5 of 100 samples; mostly in far fewer, for nothing
    is assumed of the shape. Nobody adds to a betweenness more than the paths to all others, to a harmonic closeness
    more than the strongest tie, to a sum of lengths more than the way by way of the strongest member of the piece.

    Cost: that of the searches, O(drawn (m + n) log n). Source: that of ``mean_bounds``; sources drawn: Eppstein & Wang
    2004, J. Graph Alg. Appl. 8:39; Brandes & Pich 2007, Int. J. Bifurcation Chaos 17:2303.
    """
    between, near, far, reached, squares = shortest_paths_from(
        found.drawn, network.indptr, network.indices, network.length, whole=True
    )
    reached = reached - np.isin(np.arange(network.size), found.drawn)
    pairs = max(1, (network.size - 1) * (network.size - 2))
    most_between, most_near = _most_between(network, found), 1.0 / _least_lengths(network)
    between_ends = found.interval(between, squares[:, BETWEEN], most_between)
    near_ends = found.interval(near, squares[:, NEAR], most_near)
    return {
        **_told("betweenness", found.scaled(between), between_ends, pairs),
        **_told("harmonic", found.scaled(near), near_ends, 1.0 / UNIT_LENGTH),
        **_closeness(network, found, far, squares[:, FAR], reached.astype(np.float64)),
    }


def mean_bounds(share: Floats, squares: Floats, many: Floats, doubt: float = DOUBT) -> tuple[Floats, Floats]:
    """Return between what the mean of values from 0 to 1 lies, from the means of ``many`` drawn ones and their squares.

    What two intervals have in common, each with half of the doubt: Hoeffding's in its sharp form (where ``many`` times
    the divergence of two coins is ln(2 / doubt)), narrower near 0 and 1; and that of bets on each value, narrower where
    the values are alike. Both hold for draws without replacement, whatever the shape.

    Source: Hoeffding 1963, JASA 58:13, theorems 1 and 4; Waudby-Smith & Ramdas 2024, J. R. Stat. Soc. B 86:1 (bets);
    Joag-Dev & Proschan 1983, Ann. Stat. 11:286 (such draws are negatively associated, so that products of bets hold).
    """
    limit = np.log(4.0 / doubt) / np.maximum(many, 1.0)
    bets = limit + np.log(STAKES.size) / np.maximum(many, 1.0)
    low, high = _farthest(share, np.zeros(share.size), limit), _farthest(share, np.ones(share.size), limit)
    turned = _least(1.0 - share, 1.0 - 2.0 * share + squares, bets)
    return np.maximum(low, _least(share, squares, bets)), np.minimum(high, 1.0 - turned)


def _least(share: Floats, squares: Floats, limit: Floats) -> Floats:
    """Return the least mean that is left when those are given up against which a bet has won ``limit`` a value.

    Who stakes the share c that values are above m has 1 + c(x / m - 1) times as much after x, at least
    exp(c(x / m - 1) + (c + ln(1 - c))(x / m - 1)²) (Fan, Grama & Liu 2015, Electron. J. Probab. 20:1): a quadratic in
    1 / m, that is ``limit`` at the root.
    """
    cost = -np.log1p(-STAKES) - STAKES
    gain, needed = (STAKES + 2.0 * cost) * share, STAKES + cost + limit
    under = gain**2 - 4.0 * cost * squares * needed
    won = np.where(under >= 0.0, gain + np.sqrt(np.maximum(under, 0.0)), 0.0)
    return np.asarray((won / (2.0 * needed)).max(axis=0), np.float64)


def _farthest(share: Floats, end: Floats, limit: Floats) -> Floats:
    """Return the farthest mean towards ``end`` whose divergence from ``share`` keeps within ``limit``."""
    inside, outside = share.copy(), end
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2.0
        keeps = rel_entr(share, middle) + rel_entr(1.0 - share, 1.0 - middle) <= limit
        inside, outside = np.where(keeps, middle, inside), np.where(keeps, outside, middle)
    return outside


def _told(name: str, value: Floats, interval: tuple[Floats, Floats], unit: float) -> Values:
    low, high = interval
    return {
        name: value / unit,
        f"{name}:low": np.minimum(low, value) / unit,
        f"{name}:high": np.maximum(high, value) / unit,
    }


def _most_between(network: Snapshot, found: Sample) -> Floats:
    """Return how many paths from one other may lead through each member; none through one at the end of a tie."""
    come, go = np.bincount(network.indices, minlength=network.size), np.diff(network.indptr)
    lies_between = np.minimum(come, go) > (0 if network.directed else 1)
    return np.where(lies_between, np.maximum(found.others - 1.0, 0.0), 0.0)


def _least_lengths(network: Snapshot) -> Floats:
    """Return the length of the strongest tie that leads to each member; without one, infinity."""
    least = np.full(network.size, np.inf)
    np.minimum.at(least, network.indices, network.length.astype(np.float64))
    return least


def _closeness(network: Snapshot, found: Sample, far: Floats, squares: Floats, reached: Floats) -> Values:
    """Return closeness with its interval, from those of how many reach a member and of the sum of their lengths.

    Without directions everybody in a piece reaches everybody. Each of the two has half of the doubt.
    """
    least = _least_lengths(network)
    is_met = np.isfinite(least)
    low, high = found.others, found.others
    if network.directed:
        low, high = found.interval(reached, reached, is_met.astype(np.float64), DOUBT / 2.0)
    low_far, high_far = found.interval(far, squares, _most_far(network, found), DOUBT / 2.0)
    low_far = np.maximum(low_far, high * np.where(is_met, least, 1.0))
    value = _near(network.size, found.scaled(reached), found.scaled(far))
    return _told("closeness", value, (_near(network.size, low, high_far), _near(network.size, high, low_far)), 1.0)


def _near(size: int, reached: Floats, far: Floats) -> Floats:
    """Return the closeness of members whom so many others reach over lengths that add up to ``far``."""
    linked = (far > 0.0) & np.isfinite(far)
    return np.divide(UNIT_LENGTH * reached**2, (size - 1) * far, out=np.zeros(far.size), where=linked)


def _most_far(network: Snapshot, found: Sample) -> Floats:
    """Return the most that a shortest path to each member may measure.

    Without directions: the way to the strongest member of its piece and from there to the farthest. With directions
    that way may not exist: the longest tie as often as there are others.
    """
    if network.directed:
        return found.others * float(network.length.max(initial=0))
    strength = np.bincount(network.indices, network.strength, minlength=network.size)
    order = np.lexsort((-strength, found.piece))
    centres = order[np.unique(found.piece[order], return_index=True)[1]]
    way = shortest_paths_from(centres, network.indptr, network.indices, network.length, whole=True)[2]
    farthest = np.zeros(centres.size)
    np.maximum.at(farthest, found.piece, way)
    return way + farthest[found.piece]
