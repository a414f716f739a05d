"""Outlines to see places by: borders of countries, French départements and Swiss cantons, simplified.

``outlines.json`` was made from packages under permissive licences; ``OUTLINES.md`` says which and how.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

SOURCE = Path(__file__).parent / "outlines.json"
MARGIN = 0.6
"""How far beyond the places outlines are taken, as a share of the extent of the places."""
LEAST_MARGIN = 0.7


class Atlas(Struct, frozen=True):
    """Lines in whole units of ``unit`` degrees: the first point east and north, then steps."""

    unit: float
    within: tuple[float, float, float, float]
    border: list[list[int]]
    inner: list[list[int]]


class Outlines(Struct, frozen=True):
    """The lines around some places."""

    unit: float
    border: list[list[int]]
    inner: list[list[int]]


def outlines(places: Sequence[tuple[float, float]]) -> Outlines:
    """Return the lines around places (east, north) of the finest atlas that holds them all; none without places."""
    if not places:
        return Outlines(1.0, [], [])
    frame = _frame(places)
    held = [atlas for atlas in atlases() if all(_within(place, atlas.within) for place in places)]
    atlas = held[0] if held else atlases()[-1]
    return Outlines(
        atlas.unit,
        [line for line in atlas.border if _touches(line, atlas.unit, frame)],
        [line for line in atlas.inner if _touches(line, atlas.unit, frame)],
    )


@functools.cache
def atlases() -> tuple[Atlas, ...]:
    """Return the atlases, the finest first."""
    found = json.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        Atlas(each["unit"], tuple(each["within"]), each["border"], each["inner"])
        for each in (found["region"], found["world"])
    )


def points(line: Sequence[int], unit: float) -> list[tuple[float, float]]:
    """Return a line as points east and north, in degrees."""
    east, north = line[0], line[1]
    found = [(east * unit, north * unit)]
    for place in range(2, len(line), 2):
        east, north = east + line[place], north + line[place + 1]
        found.append((east * unit, north * unit))
    return found


def _frame(places: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the places with a margin."""
    east, north = [place[0] for place in places], [place[1] for place in places]
    margin = max(LEAST_MARGIN, MARGIN * max(max(east) - min(east), max(north) - min(north)))
    return min(east) - 2 * margin, min(north) - margin, max(east) + 2 * margin, max(north) + margin


def _within(place: tuple[float, float], frame: tuple[float, float, float, float]) -> bool:
    return frame[0] <= place[0] <= frame[2] and frame[1] <= place[1] <= frame[3]


def _touches(line: Sequence[int], unit: float, frame: tuple[float, float, float, float]) -> bool:
    found = points(line, unit)
    east, north = [point[0] for point in found], [point[1] for point in found]
    apart = min(east) > frame[2] or max(east) < frame[0] or min(north) > frame[3] or max(north) < frame[1]
    return not apart
