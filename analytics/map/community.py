"""Communities of the map, from the links that it shows, under the numbers of their lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.kernels import Floats
from analytics.kernels.louvain import louvain
from analytics.map.content import Link
from analytics.map.reading import LinkKind
from analytics.metrics.lineage import carried_on

Groups = NDArray[np.int64]
NONE = -1
SHARE: Mapping[LinkKind, float] = {"place_place": 1.0, "skill_skill": 1.0, "place_skill": 4.0}
"""What a map of skills is about: which skills are at home at which places."""
LEFT = 0.92
"""What is left of a week's links a week later."""
CLOSER = 0.15
"""By how much of its links a node has to be closer to another community before it goes there."""
BETTER = 0.05
"""By how much modularity a partition from nothing has to be better than the one that goes on."""
SWEEPS = 10


def weights(links: Sequence[Link], nodes: int, week: int) -> Floats:
    """Return the symmetric matrix of links in a week.

    A link of p people counts p / √(P·Q), P and Q all people of its ends' links of the same kind, so that the large do
    not draw everybody to them. All links of a kind together count as much as ``SHARE`` says, times the nodes.
    """
    by_kind: dict[LinkKind, Floats] = {}
    for link in links:
        found = by_kind.setdefault(link.kind, np.zeros((nodes, nodes)))
        found[link.a, link.b] = found[link.b, link.a] = link.people[week]
    made = np.zeros((nodes, nodes))
    for kind, found in by_kind.items():
        whole = np.sqrt(np.maximum(found.sum(axis=1), 1.0))
        close = found / np.outer(whole, whole)
        made += SHARE[kind] * nodes * close / max(close.sum(), 1e-12)
    return made


def smoothed(weeks: Sequence[Floats]) -> list[Floats]:
    """Return the matrices of links, each with what is left of those before it, so that no single week upsets a map."""
    made: list[Floats] = []
    for matrix in weeks:
        made.append(matrix if not made else LEFT * made[-1] + (1 - LEFT) * matrix)
    return made


def communities(weeks: Sequence[Floats], names: Sequence[str], stored: Sequence[Mapping[str, int]]) -> list[list[int]]:
    """Return the community of each node by its lasting number (``metrics.lineage``), a list a week.

    ``NONE`` where nothing links a node, or fewer than three are together. Communities of last week go on, and a node
    leaves its own only for one that it is clearly closer to; where a partition from nothing is much better than that,
    it replaces it. So a colour changes where the network does, and not with each week's chance. What an earlier map
    stored for a week is kept where it knows all nodes that are linked.
    """
    told: list[list[int]] = []
    last = [NONE] * len(names)
    borne = max((number for known in stored for number in known.values()), default=0)
    for matrix, known in zip(weeks, stored, strict=True):
        tied = matrix.sum(axis=1) > 0
        if known and all(name in known for name, linked in zip(names, tied, strict=True) if linked):
            last = [known.get(name, NONE) for name in names]
        else:
            last = _numbered(_grouped(matrix, last), last, names, borne + 1)
        borne = max(borne, *last, 0)
        told.append(last)
    return told


def _grouped(matrix: Floats, last: Sequence[int]) -> list[int]:
    """Return the communities of last week as they go on, or those from nothing where these are much better."""
    fresh = _found(matrix)
    linked = matrix.sum(axis=1) > 0
    kept = np.where(linked, np.array(last, dtype=np.int64), NONE)
    if kept.max(initial=NONE) == NONE:
        return fresh
    kept = _settled(matrix, kept)
    behind = _modularity(matrix, np.array(fresh)) - _modularity(matrix, kept)
    return fresh if behind > BETTER else [int(each) for each in kept]


def _settled(matrix: Floats, groups: Groups) -> Groups:
    """Return the communities after the nodes that are clearly closer to another one have gone there, and new ones."""
    found, strength = groups.copy(), matrix.sum(axis=1)
    whole, many = strength.sum(), int(groups.max()) + 1
    for _ in range(SWEEPS):
        moved = False
        for node in np.flatnonzero(strength):
            here = found >= 0
            toward = np.bincount(found[here], weights=matrix[node][here], minlength=many)
            others = np.bincount(found[here], weights=strength[here], minlength=many)
            home = found[node]
            if home >= 0:
                others[home] -= strength[node]
            gain = toward - strength[node] * others / whole
            best = int(gain.argmax())
            if home < 0 or gain[best] > gain[home] + CLOSER * strength[node]:
                found[node], moved = best, True
        if not moved:
            break
    return found


def _modularity(matrix: Floats, groups: Groups) -> float:
    strength, whole = matrix.sum(axis=1), matrix.sum()
    together = (groups[:, np.newaxis] == groups) & (groups >= 0)
    return float(((matrix - np.outer(strength, strength) / whole) * together).sum() / whole)


def _found(matrix: Floats) -> list[int]:
    """Return communities as they come."""
    sparse = csr_array(matrix)
    if not sparse.nnz:
        return [NONE] * len(matrix)
    groups = louvain(sparse.indptr.astype(np.int32), sparse.indices.astype(np.int32), sparse.data)
    linked = np.diff(sparse.indptr) > 0
    return [int(group) if tied else NONE for group, tied in zip(groups, linked, strict=True)]


def _numbered(found: Sequence[int], last: Sequence[int], names: Sequence[str], free: int) -> list[int]:
    """Return the communities under the numbers that last: those of last week's that they go on from, or new ones."""
    then, now = ({name: each for name, each in zip(names, week, strict=True) if each != NONE} for week in (last, found))
    lasting = carried_on(then, now, free)
    return [lasting.get(name, NONE) for name in names]
