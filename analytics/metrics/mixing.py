"""How much ties cross the lines between groups (places, publics, countries), held against chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.metrics.snapshot import Snapshot

Groups = NDArray[np.int64]

ROUNDING = 1e-12
"""Share of the squared strength under which a variance is none."""


@dataclass(frozen=True)
class Mixing:
    """How much ties cross between groups, and how much they would if the same labels were dealt out by chance."""

    index: float
    """(across - within) / (across + within) of all strength, -1 to 1; NaN without a tie between labelled members."""
    expected: float
    """Mean of the index over all ways to deal the labels out; NaN as the index."""
    spread: float
    """Its standard deviation; 0 when every way gives the same (a single group, all apart, everybody tied alike)."""
    members: int
    """Labelled members with a tie to labelled ones or without."""

    @property
    def z(self) -> float:
        """Return how many standard deviations the index lies above chance; NaN where chance leaves no room."""
        return (self.index - self.expected) / self.spread if self.spread > 0 else float("nan")


def mixing(snapshot: Snapshot, groups: Groups) -> Mixing:
    """Return how much the ties between members of known groups cross from one group to another.

    Definition: E is the strength of ties between groups, I within; index = (E - I) / (E + I) (Krackhardt & Stern).
    ``expected`` and ``spread`` are the exact mean and standard deviation of the index over all permutations of the
    labels, the network kept: no draw, hence no seed. The raw index depends on the sizes of groups (pure chance gives
    -0.64 at 90 to 10): read ``z``, never the index alone.

    Args:
        snapshot: Ties; without direction, the strengths of both directions added.
        groups: The group of each member in order, as a number; -1 where it is not known: such members and their
            ties are left out.

    Cost: O(n + m). Sources: Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123; moments of a permuted join
    count: Moran 1948, JRSS B 10:243; Cliff & Ord 1981, Spatial Processes, ch. 2.
    """
    plain = snapshot.undirected
    source, target = np.repeat(np.arange(plain.size), np.diff(plain.indptr)), plain.indices
    once = (source < target) & (groups[source] >= 0) & (groups[target] >= 0)
    source, target, strength = source[once], target[once], plain.strength[once]
    sizes = np.bincount(groups[groups >= 0])
    total = float(strength.sum())
    if total == 0.0:
        return Mixing(float("nan"), float("nan"), 0.0, int(sizes.sum()))
    across = float(strength[groups[source] != groups[target]].sum())
    alone = float((strength**2).sum())
    of_member = np.bincount(source, strength, plain.size) + np.bincount(target, strength, plain.size)
    touching = float((of_member**2).sum()) - 2 * alone
    one, neighbours, strangers = chances(sizes)
    mean = total * one
    variance = alone * one + touching * neighbours + (total**2 - alone - touching) * strangers - mean**2
    spread = 2 * np.sqrt(variance) / total if variance > ROUNDING * total**2 else 0.0
    return Mixing(2 * across / total - 1, 2 * one - 1, float(spread), int(sizes.sum()))


def chances(sizes: Groups) -> tuple[float, float, float]:
    """Return how probable it is that ties cross between groups of ``sizes`` when labels are dealt out by chance.

    Three chances: that one tie does, that both of two ties with a common end do, that both of two ties without do.
    Where there are too few members for such ties the chance is 0, and nothing is multiplied by it.
    """
    size, n = sizes.astype(np.float64), float(sizes.sum())
    pairs, same = n * (n - 1), float((size * (size - 1)).sum())
    if pairs == 0:
        return 0.0, 0.0, 0.0
    triples, quadruples = pairs * (n - 2), pairs * (n - 2) * (n - 3)
    apart = float((size * (n - size) * (n - size - 1)).sum())
    four = float((size * (size - 1) * (size - 2) * (size - 3)).sum())
    both = four + same**2 - float(((size * (size - 1)) ** 2).sum())
    return (
        1 - same / pairs,
        apart / triples if triples else 0.0,
        1 - 2 * same / pairs + both / quadruples if quadruples else 0.0,
    )
