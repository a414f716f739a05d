"""Everything that the shortest paths tell, from one search per node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import Floats, Ints, Lengths, compiled

Places = NDArray[np.uint32]
"""Numbers of nodes and places in arrays; unsigned, so that none is taken for one that counts from the end."""

UNSEEN = np.iinfo(np.int64).max
NOTHING = np.iinfo(np.uint32).max
BETWEEN, NEAR, FAR = range(3)
ONE, ARITY = np.uint64(1), np.uint64(4)
"""Children of a node of the heap: four lie in one line of the cache, two make the heap twice as high."""


class Graph(NamedTuple):
    """Ties by node: those of ``u`` are ``first[u]:last[u]``; they grow fewer while the searches go on."""

    first: Places
    last: Places
    other: Places
    length: Lengths


class Search(NamedTuple):
    """What a search knows of each node; made once and used by every search."""

    distance: Lengths
    paths: Floats
    dependency: Floats
    order: Places


class Heap(NamedTuple):
    """Nodes that were seen and not settled, the nearest first; ``slot`` knows where each one is."""

    node: Places
    distance: Lengths
    slot: Places


class Trail(NamedTuple):
    """The nodes before each node on shortest paths: ``latest[v]`` is the head of its linked list."""

    node: Places
    link: Places
    latest: Places


@compiled
def shortest_paths(indptr: Ints, indices: Ints, length: Lengths) -> tuple[Floats, Floats, Floats, Lengths]:
    """Return four sums over all pairs of nodes, one value per node in each.

    Definition, with d(s, t) the length of the shortest paths from s to t and sigma their number:
        between[v]: sum over s != v != t of sigma(s, t through v) / sigma(s, t), ordered pairs.
        near[v]: sum over s != v that reach v of 1 / d(s, v).
        far[v]: sum over s != v that reach v of d(s, v).
        reached[v]: how many s reach v, v itself included.
    Lengths are integers of at least 1, so that "equally long" is exact and each search settles a node once.

    Cost: O(n (m + n) log n) time, O(n + m) memory. A tie longer than the way around it lies on no shortest
    path; the search from its end finds that out, and later searches no longer look at it.
    Source: Dijkstra 1959, Numer. Math. 1:269; Brandes 2001, J. Math. Sociology 25:163 (dependencies).
    Twins: ``networkx.betweenness_centrality(weight=…)`` not normalised, ``harmonic_centrality(distance=…)`` and
    the parts of ``closeness_centrality(distance=…)``, both along incoming paths as networkx has them.
    """
    return shortest_paths_from(np.arange(indptr.size - 1), indptr, indices, length, whole=True)[:4]


@compiled
def shortest_paths_from(
    sources: Lengths,
    indptr: Ints,
    indices: Ints,
    length: Lengths,
    whole: bool,  # noqa: FBT001 - numba knows no arguments by keyword alone
) -> tuple[Floats, Floats, Floats, Lengths, Floats]:
    """Return the sums of ``shortest_paths`` over the paths that begin at ``sources``; a source reaches itself.

    Definition, source and twins: those of ``shortest_paths``. Cost: O(sources (m + n) log n).

    The fifth has three columns, by node: what each source adds to between, near and far, squared and added up.

    Lengths that are not ``whole`` are added in floats from the source on, as networkx does: rounded sums may make a
    tie that is longer than the way around it as short, so that none may be left out.
    """
    n = indptr.size - 1
    between, near, far, reached = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    squares = np.zeros((n, 3))
    first, other, ties = indptr.astype(np.uint32), indices.astype(np.uint32), indices.size
    graph = Graph(first[:-1], first[1:].copy(), other, length.copy())
    search = Search(np.full(n, UNSEEN, length.dtype), np.zeros(n), np.zeros(n), np.empty(n, np.uint32))
    heap = Heap(np.empty(n + 1, np.uint32), np.empty(n + 1, length.dtype), np.empty(n, np.uint32))
    trail = Trail(np.empty(ties, np.uint32), np.empty(ties, np.uint32), np.empty(n, np.uint32))
    for source in sources:
        settled = _settle(source, graph, search, heap, trail)
        if whole:
            graph.last[source] = _prune(source, graph, search)
        reached[source] += 1
        for node in search.order[1:settled]:
            away = float(search.distance[node])
            nearness = np.divide(1.0, away)
            near[node] += nearness
            far[node] += away
            reached[node] += 1
            squares[node, NEAR] += nearness * nearness
            squares[node, FAR] += away * away
        _trace_back(settled, search, trail, between, squares)
    return between, near, far, reached, squares


@compiled
def _settle(source: int, graph: Graph, search: Search, heap: Heap, trail: Trail) -> int:
    """Return how many nodes ``source`` reaches; ``search.order`` begins with them, nearest first."""
    search.distance[source], search.paths[source] = 0, 1.0
    heap.node[0], heap.distance[0] = source, 0
    waiting, settled, steps = 1, 0, 0
    while waiting > 0:
        node, here = heap.node[0], heap.distance[0]
        waiting -= 1
        _sink(heap.node[waiting], heap.distance[waiting], heap, waiting)
        search.order[settled] = node
        settled += 1
        ways = search.paths[node]
        for tie in range(graph.first[node], graph.last[node]):
            other, way = graph.other[tie], here + graph.length[tie]
            known = search.distance[other]
            if way > known:
                continue
            if way == known:
                search.paths[other] += ways
                trail.link[steps] = trail.latest[other]
            else:
                if known == UNSEEN:
                    heap.slot[other] = waiting
                    waiting += 1
                search.distance[other], search.paths[other] = way, ways
                trail.link[steps] = NOTHING
                _lift(other, way, heap)
            trail.node[steps], trail.latest[other] = node, steps
            steps += 1
    return settled


@compiled
def _lift(node: int, distance: int, heap: Heap) -> None:
    """Move ``node``, which came nearer, up from its slot until the one above is no farther."""
    place = np.uint64(heap.slot[node])
    while place > 0:
        above = (place - ONE) // ARITY
        if heap.distance[above] <= distance:
            break
        heap.node[place], heap.distance[place] = heap.node[above], heap.distance[above]
        heap.slot[heap.node[place]] = place
        place = above
    heap.node[place], heap.distance[place], heap.slot[node] = node, distance, place


@compiled
def _sink(node: int, distance: int, heap: Heap, size: int) -> None:
    """Put ``node`` on top of a heap of ``size`` and move it down until none below is nearer."""
    place, end = np.uint64(0), np.uint64(size)
    while ARITY * place + ONE < end:
        child = ARITY * place + ONE
        nearest = heap.distance[child]
        for rival in range(child + ONE, min(child + ARITY, end)):
            if heap.distance[rival] < nearest:
                child, nearest = np.uint64(rival), heap.distance[rival]
        if nearest >= distance:
            break
        heap.node[place], heap.distance[place] = heap.node[child], nearest
        heap.slot[heap.node[place]] = place
        place = child
    heap.node[place], heap.distance[place], heap.slot[node] = node, distance, place


@compiled
def _prune(source: int, graph: Graph, search: Search) -> int:
    """Return where the ties of ``source`` end once those are left out that are longer than a way around."""
    kept = graph.first[source]
    for tie in range(graph.first[source], graph.last[source]):
        if graph.length[tie] == search.distance[graph.other[tie]]:
            graph.other[kept], graph.length[kept] = graph.other[tie], graph.length[tie]
            kept += 1
    return int(kept)


@compiled
def _trace_back(settled: int, search: Search, trail: Trail, between: Floats, squares: Floats) -> None:
    """Add to ``between`` what the paths of one search owe to each node on their way, and forget the search.

    The dependency of v is the sum, over the next nodes w on shortest paths, of
    paths[v] / paths[w] * (1 + dependency of w); farthest nodes first, each is complete when it is read.
    """
    for node in search.order[:settled][::-1]:
        dependency, distance = search.dependency[node], search.distance[node]
        search.dependency[node], search.distance[node] = 0.0, UNSEEN
        if distance == 0:
            break
        between[node] += dependency
        squares[node, BETWEEN] += dependency * dependency
        share = np.divide(1.0 + dependency, search.paths[node])
        step = trail.latest[node]
        while step != NOTHING:
            before = trail.node[step]
            search.dependency[before] += search.paths[before] * share
            step = trail.link[step]
