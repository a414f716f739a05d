"""How near everybody is in hops, from a search that walks from 512 nodes at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Floats, Ints, Lengths, compiled

Bits = NDArray[np.uint64]
Places = NDArray[np.uint32]
"""Numbers of nodes and places in arrays; unsigned, so that none is taken for one that counts from the end."""

WORDS = 8
"""Words of 64 bits a node: one line of the cache, hence 512 sources for what one costs to read."""
AT_ONCE = 64 * WORDS


@compiled
def hop_counts(indptr: Ints, indices: Ints) -> tuple[Floats, Floats, Lengths]:
    """Return three sums over the sources of paths, one value per node in each; every tie counts one hop.

    Definition, with d(s, v) the fewest ties from s to v:
        near[v]: sum over s != v that reach v of 1 / d(s, v).
        far[v]: sum over s != v that reach v of d(s, v).
        reached[v]: how many s reach v, v itself included.

    Bit i of a node says whether source i has arrived. In each round a node takes over the bits that its neighbours
    got in the last one; those that are new came d hops. A node that all sources have reached is left alone.

    Args:
        indptr: CSR of the ties by the node that they lead to.
        indices: The node they come from.

    Cost: O(n / 512 * rounds * (m + n)) time, rounds being the longest way, O(n) memory.
    Source: Then et al. 2014, PVLDB 8:449 (multi-source BFS). Twins: ``networkx.harmonic_centrality`` and the parts of
    ``closeness_centrality``, both without ``distance``.
    """
    n = indptr.size - 1
    near, far, reached = np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    seen, latest = np.empty((n, WORDS), np.uint64), np.empty((n, WORDS), np.uint64)
    fresh = np.empty((n, WORDS), np.uint64)
    first, other = indptr.astype(np.uint32), indices.astype(np.uint32)
    every, arrived = np.empty(WORDS, np.uint64), np.empty(n, np.int64)
    for begin in range(0, n, AT_ONCE):
        _begin(begin, min(begin + AT_ONCE, n), seen, latest, every)
        reached[begin : begin + AT_ONCE] += 1
        hops = 1
        while _spread(first, other, seen, latest, fresh, every, arrived) > 0:
            for node in range(n):
                reached[node] += arrived[node]
                far[node] += arrived[node] * hops
                near[node] += arrived[node] / hops
            latest, fresh = fresh, latest
            hops += 1
    return near, far, reached


@compiled
def _begin(first: int, last: int, seen: Bits, latest: Bits, every: Bits) -> None:
    """Set the bit of each source at itself, and in ``every`` the bits of all sources."""
    seen[:], latest[:], every[:] = 0, 0, 0
    for source in range(first, last):
        word, bit = (source - first) // 64, np.uint64(1) << np.uint64((source - first) % 64)
        seen[source, word] = latest[source, word] = bit
        every[word] |= bit


@compiled
def _spread(first: Places, other: Places, seen: Bits, latest: Bits, fresh: Bits, every: Bits, arrived: Lengths) -> int:
    """Return how many sources arrive anywhere in this round; ``arrived`` counts them by node, ``fresh`` has them."""
    total, met = 0, np.empty(WORDS, np.uint64)
    for node in range(arrived.size):
        missing, arrived[node] = np.uint64(0), 0
        for word in range(WORDS):
            missing |= every[word] & ~seen[node, word]
            met[word] = 0
        if missing == 0:
            fresh[node, :] = 0
            continue
        for tie in range(first[node], first[node + 1]):
            neighbour = other[tie]
            for word in range(WORDS):
                met[word] |= latest[neighbour, word]
        for word in range(WORDS):
            fresh[node, word] = met[word] & ~seen[node, word]
            seen[node, word] |= fresh[node, word]
            arrived[node] += _ones(fresh[node, word])
        total += arrived[node]
    return total


@compiled
def _ones(word: np.uint64) -> int:
    """Return how many bits are set: added up in pairs, fours and eights. Source: Warren 2013, Hacker's Delight, 5-1."""
    pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + ((pairs >> np.uint64(2)) & np.uint64(0x3333333333333333))
    eights = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((eights * np.uint64(0x0101010101010101)) >> np.uint64(56))
