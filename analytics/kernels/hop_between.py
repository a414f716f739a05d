"""Who lies between others in hops, from searches that walk from eight nodes at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Floats, Ints, Lengths, compiled

Lanes = NDArray[np.uint8]
Places = NDArray[np.uint32]
"""Numbers of nodes and places in arrays; unsigned, so that none is taken for one that counts from the end."""

LANES = 8
"""Sources that walk together, a bit and a column each: eight numbers are one line of the cache."""
COLUMNS = ((np.arange(1 << LANES)[:, None] >> np.arange(LANES)) & 1).astype(np.float64)
"""For each set of lanes, 1 in the columns of its lanes and 0 in the others."""
ONE = np.uint32(1)
CROWD = 4
"""When more than one in so many nodes was reached in the last round, the others look back rather than these ahead."""


class Ties(NamedTuple):
    """The ties by node: those of ``u`` are ``other[first[u]:first[u + 1]]``."""

    first: Places
    other: Places


class Walk(NamedTuple):
    """What eight searches know of each node; made once and used by every eight.

    ``node[start[d]:start[d + 1]]`` are those who were reached after d hops, and ``lanes`` by which of the searches.
    """

    paths: Floats
    latest: Floats
    share: Floats
    seen: Lanes
    now: Lanes
    fresh: Lanes
    node: Places
    lanes: Lanes
    start: Places


@compiled
def hop_betweenness(sources: Lengths, indptr: Ints, indices: Ints, back: Ints, behind: Ints) -> Floats:
    """Return for every node how many shortest paths from ``sources`` lead through it; every tie counts one hop.

    Definition: between[v] = sum over sources s and nodes t other than v of sigma(s, t through v) / sigma(s, t).

    Args:
        sources: Where the paths begin.
        indptr: CSR of the ties by the node that they come from.
        indices: The node they lead to.
        back: CSR of the ties by the node that they lead to; an undirected graph has the same twice.
        behind: The node they come from.

    Cost: O(sources * (m + n)) time at most, O(n) memory. Searches that begin near each other reach the same nodes after
    as many hops, and a node is looked at once for all of them.
    Sources: Brandes 2001, J. Math. Sociology 25:163; Beamer et al. 2012, SC '12 (looking back).
    Twin: ``networkx.betweenness_centrality`` not normalised.
    """
    n = indptr.size - 1
    between = np.zeros(n)
    paths, latest, share = np.zeros((n, LANES)), np.zeros((n, LANES)), np.zeros((n, LANES))
    seen, now, fresh = np.zeros(n, np.uint8), np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    node, lanes = np.empty(LANES * n, np.uint32), np.empty(LANES * n, np.uint8)
    walk = Walk(paths, latest, share, seen, now, fresh, node, lanes, np.empty(n + 2, np.uint32))
    together = _by_hub(sources, indptr, indices)
    onward = Ties(indptr.astype(np.uint32), indices.astype(np.uint32))
    backward = Ties(back.astype(np.uint32), behind.astype(np.uint32))
    for first in range(0, sources.size, LANES):
        _begin(together[first : first + LANES], walk)
        hops = _walk_out(onward, backward, walk)
        _walk_back(hops, onward, walk, between)
    return between


@compiled
def _by_hub(sources: Lengths, indptr: Ints, indices: Ints) -> Lengths:
    """Return the sources in an order in which those stand together whose best linked contact is the same."""
    hub = np.full(sources.size, -1)
    for place in range(sources.size):
        most = -1
        for tie in range(indptr[sources[place]], indptr[sources[place] + 1]):
            ties = indptr[indices[tie] + 1] - indptr[indices[tie]]
            if ties > most:
                most, hub[place] = ties, indices[tie]
    return sources[np.argsort(hub, kind="mergesort")]


@compiled
def _begin(sources: Lengths, walk: Walk) -> None:
    """Let each source stand at itself, in a lane of its own."""
    walk.paths[:], walk.seen[:], walk.now[:] = 0.0, 0, 0
    for lane in range(sources.size):
        walk.node[lane], walk.paths[sources[lane], lane] = sources[lane], 1.0
        walk.fresh[sources[lane]] = 1 << lane
    walk.start[0] = 0
    _arrive(0, sources.size, walk)


@compiled
def _walk_out(onward: Ties, backward: Ties, walk: Walk) -> int:
    """Return how many hops it is to the farthest node; paths are counted and nodes listed by their distance."""
    hops, every = 0, walk.lanes[: walk.start[1]].sum()
    while walk.start[hops] < walk.start[hops + 1]:
        if walk.start[hops + 1] - walk.start[hops] < walk.now.size // CROWD:
            size = _look_ahead(hops, onward, walk)
        else:
            size = _look_back(hops, every, backward, walk)
        for place in range(walk.start[hops], walk.start[hops + 1]):
            walk.now[walk.node[place]] = 0
        hops += 1
        _arrive(hops, size, walk)
    return hops - 1


@compiled
def _arrive(hops: int, size: int, walk: Walk) -> None:
    """Let those who are listed last, up to ``size``, be those who were reached after so many hops."""
    walk.start[hops + 1] = size
    for place in range(walk.start[hops], size):
        node = walk.node[place]
        lanes = walk.fresh[node]
        walk.lanes[place] = walk.now[node] = lanes
        walk.seen[node] |= lanes
        walk.fresh[node] = 0
        for lane in range(LANES):
            walk.latest[node, lane] = walk.paths[node, lane] * COLUMNS[lanes, lane]


@compiled
def _look_ahead(hops: int, ties: Ties, walk: Walk) -> int:
    """Return up to where nodes are listed once those reached last have passed on their paths to nodes not yet seen."""
    size = walk.start[hops + 1]
    for place in range(walk.start[hops], walk.start[hops + 1]):
        node, lanes = walk.node[place], walk.lanes[place]
        for tie in range(ties.first[node], ties.first[node + ONE]):
            other = ties.other[tie]
            new = lanes & ~walk.seen[other]
            if new:
                if walk.fresh[other] == 0:
                    walk.node[size] = other
                    size += 1
                walk.fresh[other] |= new
                for lane in range(LANES):
                    walk.paths[other, lane] += walk.latest[node, lane] * COLUMNS[new, lane]
    return int(size)


@compiled
def _look_back(hops: int, every: int, ties: Ties, walk: Walk) -> int:
    """Return up to where nodes are listed once those not yet seen by ``every`` search have taken over their paths."""
    size, ways = walk.start[hops + 1], np.empty(LANES)
    for node in range(walk.now.size):
        wanted, new = every & ~walk.seen[node], 0
        if wanted == 0:
            continue
        for lane in range(LANES):
            ways[lane] = 0.0
        for tie in range(ties.first[node], ties.first[node + 1]):
            before = ties.other[tie]
            if walk.now[before] & wanted:
                new |= walk.now[before] & wanted
                for lane in range(LANES):
                    ways[lane] += walk.latest[before, lane]
        if new:
            walk.node[size], walk.fresh[node] = node, new
            size += 1
            for lane in range(LANES):
                walk.paths[node, lane] += ways[lane] * COLUMNS[new, lane]
    return int(size)


@compiled
def _walk_back(hops: int, ties: Ties, walk: Walk, between: Floats) -> None:
    """Add to ``between`` what the paths owe to each node on their way, the farthest nodes first.

    The dependency of v is the sum, over the next nodes w on shortest paths, of paths[v] / paths[w] * (1 + dependency
    of w). ``walk.now`` has the lanes in which a node is one hop farther, ``walk.share`` what it hands back in them;
    ``walk.latest`` is free again and keeps the dependencies.
    """
    dependency = np.empty(LANES)
    while hops > 0:
        for place in range(walk.start[hops], walk.start[hops + 1]):
            node, lanes = walk.node[place], walk.lanes[place]
            _collect(node, lanes, ties, walk, dependency)
            for lane in range(LANES):
                walk.latest[node, lane] = dependency[lane]
                between[node] += dependency[lane]
        for place in range(walk.start[hops + 1], walk.start[hops + 2]):
            walk.now[walk.node[place]] = 0
        for place in range(walk.start[hops], walk.start[hops + 1]):
            _hand_back(walk.node[place], walk.lanes[place], walk)
        hops -= 1


@compiled
def _collect(node: int, lanes: int, ties: Ties, walk: Walk, dependency: Floats) -> None:
    """Set ``dependency`` to that of ``node`` in ``lanes``, and to 0 in the others."""
    for lane in range(LANES):
        dependency[lane] = 0.0
    for tie in range(ties.first[node], ties.first[node + ONE]):
        other = ties.other[tie]
        if walk.now[other] & lanes:
            for lane in range(LANES):
                dependency[lane] += walk.share[other, lane]
    for lane in range(LANES):
        dependency[lane] *= walk.paths[node, lane] * COLUMNS[lanes, lane]


@compiled
def _hand_back(node: int, lanes: int, walk: Walk) -> None:
    """Let ``node`` hand back, in ``lanes``, one and its dependency for each of its paths.

    In the other lanes paths may be 0, and the answer is 0; said without a branch, all lanes are divided at once.
    """
    walk.now[node] = lanes
    for lane in range(LANES):
        mine = COLUMNS[lanes, lane]
        ways = walk.paths[node, lane] + 1.0 - mine
        walk.share[node, lane] = mine * np.divide(1.0 + walk.latest[node, lane], ways)
