"""Our kernels on one graph, and the least that memory lets them take: the same arrays read once, added up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from analytics.kernels import Floats, Ints, compiled
from analytics.kernels.articulation import articulation
from analytics.kernels.burt import burt
from analytics.kernels.core import core_numbers
from analytics.kernels.hop_between import hop_betweenness
from analytics.kernels.hops import hop_counts
from analytics.kernels.louvain import louvain
from analytics.kernels.onnela import closed_intensity
from analytics.kernels.path import shortest_paths_from
from analytics.kernels.rank import ranked
from analytics.kernels.shared import shared_contacts
from analytics.kernels.strength import strengths

Arrays = dict[str, Any]
Measures = dict[str, Callable[..., object]]


def ours(arrays: Arrays) -> Measures:
    """Return our measures and their bounds."""
    return _paths(arrays) | _linear(arrays) | _bounds(arrays)


def _paths(arrays: Arrays) -> Measures:
    first, other, length = arrays["indptr"], arrays["indices"], arrays["length"]
    return {
        "betweenness": lambda some: hop_betweenness(np.array(some), first, other, first, other),
        "closeness": lambda: hop_counts(first, other),
        "betweenness_w": lambda some: shortest_paths_from(np.array(some), first, other, length, whole=True),
    }


def _linear(arrays: Arrays) -> Measures:
    first, other, strength = arrays["indptr"], arrays["indices"], arrays["strength"]
    given = _given(arrays)
    return {
        "strength": lambda: strengths(first, strength),
        "pagerank": lambda: ranked(first, other, strength, given, 0.85, 1e-12, 1000),
        "core": lambda: core_numbers(first, other),
        "clustering": lambda: shared_contacts(first, other),
        "clustering_w": lambda: closed_intensity(first, other, np.cbrt(strength / strength.max())),
        "articulation": lambda: articulation(first, other),
        "constraint": lambda: burt(first, other, strength),
        "communities": lambda: louvain(first, other, strength),
    }


def _bounds(arrays: Arrays) -> Measures:
    """Return the readings: of the strengths, of all a round of ranks reads as often as there are rounds, of each."""
    strength, given = arrays["strength"], _given(arrays)
    first, other = arrays["indptr"].astype(np.uint32), arrays["indices"].astype(np.uint32)
    rounds = _rounds(arrays, given)
    return {
        "strength_bound": lambda: np.add.reduce(strength),
        "pagerank_bound": lambda: [_read(other, strength, given) for _ in range(rounds)],
        "one_read": lambda: _read(other, strength, given),
        "two_steps": lambda: _read_two_steps(first, other),
    }


def _given(arrays: Arrays) -> Floats:
    matrix = csr_array((arrays["strength"], arrays["indices"], arrays["indptr"]))
    return np.asarray(matrix.sum(axis=1), np.float64)


def _rounds(arrays: Arrays, given: Floats) -> int:
    """Return how many rounds the ranks take."""

    def settled(rounds: int) -> bool:
        return ranked(arrays["indptr"], arrays["indices"], arrays["strength"], given, 0.85, 1e-12, rounds)[1]

    return bisect_left(range(1, 400), x=True, key=settled) + 1


@compiled
def _read(other: Ints, strength: Floats, share: Floats) -> float:
    """Return the sum over ties of strength times what the other end has: one look at everything, in four sums."""
    one, two, three, four = 0.0, 0.0, 0.0, 0.0
    for tie in range(np.uint64(0), np.uint64(other.size // 4 * 4), np.uint64(4)):
        one += strength[tie] * share[other[tie]]
        two += strength[tie + np.uint64(1)] * share[other[tie + np.uint64(1)]]
        three += strength[tie + np.uint64(2)] * share[other[tie + np.uint64(2)]]
        four += strength[tie + np.uint64(3)] * share[other[tie + np.uint64(3)]]
    return one + two + three + four


@compiled
def _read_two_steps(first: Ints, other: Ints) -> int:
    """Return a sum over the contacts of contacts: one look at each."""
    total = 0
    for tie in range(other.size):
        for onward in range(first[other[tie]], first[other[tie] + 1]):
            total += first[other[onward]]
    return total
