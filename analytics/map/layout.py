"""Where the nodes of the network view stand: within a circle of radius 1, and nearly where they stood last week.

The first week is laid out by attraction along links and repulsion between all. From then on every node is anchored
where it stood: in a week a skill moves 2 % of the radius at most and a place 0.5 %, so that the eye can follow. A
node that is new starts in the middle of what it is linked to. Positions that an earlier map has stored are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from analytics.kernels import Floats

Stored = Mapping[str, tuple[float, float]]
BOX = {"place": 0.005, "skill": 0.02}
"""How far a node may move in a week, as a share of the radius."""
FIRST, WEEKLY = 300, 8
"""Steps of the first layout, and of every week after it."""
SPREAD, ATTRACTION, GRAVITY = 1.8, 0.15, 2.0
"""Found by looking: they fill the circle and keep what is linked together."""
DIGITS = 3
JITTER = 0.05


def layout(
    names: Sequence[str], kinds: Sequence[str], weeks: Sequence[Floats], stored: Sequence[Stored] = ()
) -> Floats:
    """Return the positions, an array of (week, node, 2).

    Args:
        names: The nodes, each under one name in all maps.
        kinds: "place" or "skill", by node.
        weeks: The links of each week, a symmetric matrix.
        stored: What an earlier map stored for each week by name; empty where it has nothing.

    Cost: O(weeks * nodes²) time, O(nodes²) memory.
    """
    known = _known(names, len(weeks), stored)
    box = np.array([BOX[kind] for kind in kinds])
    made = np.empty((len(weeks), len(names), 2))
    now = np.full((len(names), 2), np.nan)
    for week, matrix in enumerate(weeks):
        now = np.where(np.isnan(known[week]), now, known[week])
        if np.isnan(known[week]).all():
            now = _first(names, matrix) if np.isnan(now).all() else _settled(now, matrix, box)
        now = _rounded(_with_new(now, matrix, names))
        made[week] = now
    return _before_they_came(made)


def _known(names: Sequence[str], weeks: int, stored: Sequence[Stored]) -> Floats:
    """Return the stored positions, the weeks before the first one as that one; NaN for what is not stored."""
    known = np.full((weeks, len(names), 2), np.nan)
    for week, positions in enumerate(stored):
        for node, name in enumerate(names):
            if name in positions:
                known[week, node] = positions[name]
    told = [week for week in range(weeks) if not np.isnan(known[week]).all()]
    if told:
        known[: told[0]] = known[told[0]]
    return known


def _first(names: Sequence[str], matrix: Floats) -> Floats:
    """Return a layout from nothing: the linked nodes, the others are new."""
    start = np.array([_somewhere(name) for name in names]).reshape(len(names), 2)
    linked = matrix.sum(axis=1) > 0
    found = np.full_like(start, np.nan)
    inside, ties = start[linked], matrix[np.ix_(linked, linked)]
    for step in range(FIRST):
        inside = inside + _pull(inside, ties, 0.12 * (1 - step / FIRST) + 0.001, 0.02)
    if len(inside):
        inside = inside - inside.mean(axis=0)
        inside = inside / max(1.0, np.linalg.norm(inside, axis=1).max()) if len(inside) > 1 else inside
    found[linked] = _inside(inside)
    return found


def _settled(start: Floats, matrix: Floats, box: Floats) -> Floats:
    """Return the nodes after a week, none of them farther from where it stood than its box."""
    here = ~np.isnan(start[:, 0])
    anchor, reach = start[here], box[here]
    now, ties = anchor, matrix[np.ix_(here, here)]
    tied = (ties.sum(axis=1) > 0)[:, np.newaxis]
    for _ in range(WEEKLY):
        moved = now + np.where(tied, _pull(now, ties, 0.004, 0.001), 0.0) - anchor
        far = np.linalg.norm(moved, axis=1)
        now = _inside(anchor + moved * np.minimum(1.0, reach / np.maximum(far, 1e-12))[:, np.newaxis])
    made = start.copy()
    made[here] = now
    return made


def _pull(points: Floats, ties: Floats, heat: float, haste: float) -> Floats:
    """Return a step of each point along the forces on it: ``haste`` of the force, ``heat`` long at most."""
    gap = points[:, np.newaxis, :] - points[np.newaxis, :, :]
    far = np.maximum(np.hypot(gap[..., 0], gap[..., 1]), 1e-3)
    ideal = SPREAD / np.sqrt(max(1, len(points)))
    push = ideal**2 / far**2 - ATTRACTION * np.sqrt(ties) * far / ideal
    force = (gap * push[..., np.newaxis]).sum(axis=1) - GRAVITY * points
    long = np.maximum(np.hypot(force[:, 0], force[:, 1]), 1e-9)[:, np.newaxis]
    step: Floats = force / long * np.minimum(long * haste, heat)
    return step


def _with_new(now: Floats, matrix: Floats, names: Sequence[str]) -> Floats:
    """Return the positions with nodes that are linked for the first time in the middle of what they are linked to."""
    here = ~np.isnan(now[:, 0])
    made = now.copy()
    for node in np.flatnonzero(~here & (matrix.sum(axis=1) > 0)).tolist():
        weight = matrix[node] * here
        middle = (weight[here] @ now[here]) / weight.sum() if weight.sum() else np.zeros(2)
        made[node] = _inside((middle + JITTER * _somewhere(names[node]))[np.newaxis])[0]
    return made


def _before_they_came(made: Floats) -> Floats:
    """Return the positions with a node that came later standing where it comes, and one that never came at the rim."""
    filled = made.copy()
    for week in range(len(made) - 2, -1, -1):
        filled[week] = np.where(np.isnan(filled[week]), filled[week + 1], filled[week])
    lost = np.flatnonzero(np.isnan(filled[-1, :, 0])) if len(filled) else np.array([], dtype=int)
    for rank, node in enumerate(lost):
        angle = 2 * np.pi * rank / len(lost)
        filled[:, node] = _rounded(np.array([np.cos(angle), np.sin(angle)]) * 0.98)
    return filled


def _somewhere(name: str) -> Floats:
    """Return a point of the circle that hangs on the name alone."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    angle = 2 * np.pi * int.from_bytes(digest[:4], "big") / 2**32
    spot: Floats = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(int.from_bytes(digest[4:], "big") / 2**32)
    return spot


def _inside(points: Floats) -> Floats:
    """Return the points, those outside the circle on its rim."""
    inside: Floats = points / np.maximum(1.0, np.linalg.norm(points, axis=1))[:, np.newaxis]
    return inside


def _rounded(points: Floats) -> Floats:
    return np.round(points, DIGITS) + 0.0
