"""Communities of the map, from the links that it shows, under numbers that stay from week to week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from analytics.kernels import Floats
from analytics.kernels.louvain import louvain
from analytics.map.content import Link

NONE = -1
LEFT = 0.85
"""What is left of a week's links a week later."""


def weights(links: Sequence[Link], nodes: int, week: int) -> Floats:
    """Return the symmetric matrix of links in a week, 0 to 1.

    A link of p people counts p / √(P·Q), P and Q all people of its ends' links of the same kind, so that the large do
    not draw everybody to them; the closest of each kind counts 1.
    """
    by_kind: dict[str, Floats] = {}
    for link in links:
        found = by_kind.setdefault(link.kind, np.zeros((nodes, nodes)))
        found[link.a, link.b] = found[link.b, link.a] = link.people[week]
    made = np.zeros((nodes, nodes))
    for found in by_kind.values():
        whole = np.sqrt(np.maximum(found.sum(axis=1), 1.0))
        close = found / np.outer(whole, whole)
        made += close / max(close.max(), 1e-12)
    return made


def smoothed(weeks: Sequence[Floats]) -> list[Floats]:
    """Return the matrices of links, each with what is left of those before it, so that no single week upsets a map."""
    made: list[Floats] = []
    for matrix in weeks:
        made.append(matrix if not made else LEFT * made[-1] + (1 - LEFT) * matrix)
    return made


def communities(weeks: Sequence[Floats], names: Sequence[str], stored: Sequence[Mapping[str, int]]) -> list[list[int]]:
    """Return the community of each node, a list a week; ``NONE`` where nothing links it.

    A community keeps its number as long as it shares more members with what bore the number the week before than any
    other community does. What an earlier map stored for a week is kept where it knows all nodes that are linked.
    """
    told: list[list[int]] = []
    last = [NONE] * len(names)
    for matrix, known in zip(weeks, stored, strict=True):
        tied = matrix.sum(axis=1) > 0
        if known and all(name in known for name, linked in zip(names, tied, strict=True) if linked):
            last = [known.get(name, NONE) for name in names]
        else:
            last = _numbered(_found(matrix), last)
        told.append(last)
    return told


def _found(matrix: Floats) -> list[int]:
    """Return communities as they come."""
    sparse = csr_array(matrix)
    if not sparse.nnz:
        return [NONE] * len(matrix)
    groups = louvain(sparse.indptr.astype(np.int32), sparse.indices.astype(np.int32), sparse.data)
    linked = np.diff(sparse.indptr) > 0
    return [int(group) if tied else NONE for group, tied in zip(groups, linked, strict=True)]


def _numbered(found: Sequence[int], last: Sequence[int]) -> list[int]:
    """Return the communities under the numbers of those of last week that they share most nodes with."""
    shared: dict[tuple[int, int], int] = {}
    size: dict[int, int] = {}
    for now, then in zip(found, last, strict=True):
        if now != NONE:
            size[now] = size.get(now, 0) + 1
            if then != NONE:
                shared[now, then] = shared.get((now, then), 0) + 1
    number: dict[int, int] = {}
    for now, then in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if now not in number and then not in number.values():
            number[now] = then
    for now in sorted(size, key=lambda each: (-size[each], each)):
        if now not in number:
            number[now] = min(set(range(len(size) + len(number) + 1)) - set(number.values()))
    return [number.get(each, NONE) for each in found]
