"""The figure of places: where they are, and how many people each pair has in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from analytics.report.content import PlaceRow, Places
from analytics.report.figure import INK, LINK, UP, blank, short, span, style, to_svg
from analytics.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 5.6
LEAST_HEIGHT, MOST_HEIGHT = 2.6, 5.4
FEWEST = 2
"""Places that it takes to draw how they are linked."""
LABELLED = 16
FONT = 10.0
LETTER = 0.54
"""Width of a letter, in heights of the type."""
POINTS = 72.0
FOUND = 3


@dataclass(frozen=True)
class Box:
    """A rectangle in points that a label takes."""

    left: float
    bottom: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """Return the area that both take."""
        wide = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        high = min(self.bottom + self.height, other.bottom + other.height) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)


@dataclass(frozen=True)
class Spot:
    """A place on the page, in points."""

    row: PlaceRow
    x: float
    y: float

    @property
    def radius(self) -> float:
        """Return the radius of its dot: the area is in step with its people."""
        return 2.5 + 0.75 * math.sqrt(self.row.members.value or 0.0)


def map_figure(places: Places, words: Words) -> Markup | None:
    """Return the drawing of the places with known coordinates, or nothing when there are fewer than two."""
    rows = [row for row in places.rows if row.latitude is not None and row.longitude is not None]
    if len(rows) < FEWEST:
        return None
    spots, height = _spots(rows)
    with style("places"):
        figure, axes = blank(WIDTH, height)
        axes.set_xlim(0, WIDTH * POINTS)
        axes.set_ylim(0, height * POINTS)
        _links(axes, places, {spot.row.name: spot for spot in spots})
        for spot in spots:
            axes.plot([spot.x], [spot.y], "o", color=UP, markersize=2 * spot.radius, markeredgecolor="white")
        _labels(axes, spots, height * POINTS)
        return to_svg(figure, name="places", title=words.say("places.figure"), finding=finding(places, words))


def finding(places: Places, words: Words) -> str:
    """Return in words what the figure shows."""
    if not places.links:
        return words.say("places.found_none")
    links = [
        words.say("places.found_link", a=link.a, b=link.b, people=words.cell(link.people))
        for link in places.links[:FOUND]
    ]
    return words.say("places.found", links=words.listed(links))


def _spots(rows: Sequence[PlaceRow]) -> tuple[list[Spot], float]:
    """Return the places in points on a page of so many inches in height, true to shape at their latitude."""
    east = [row.longitude or 0.0 for row in rows]
    north = [row.latitude or 0.0 for row in rows]
    (west, far_east), (south, far_north) = span(east, 0.16), span(north, 0.12)
    narrowing = math.cos(math.radians(sum(north) / len(north)))
    shape = (far_north - south) / ((far_east - west) * narrowing)
    height = min(MOST_HEIGHT, max(LEAST_HEIGHT, WIDTH * shape))
    scale = POINTS * min(WIDTH / ((far_east - west) * narrowing), height / (far_north - south))
    left = (WIDTH * POINTS - (far_east - west) * narrowing * scale) / 2
    bottom = (height * POINTS - (far_north - south) * scale) / 2
    spots = [
        Spot(row, left + (x - west) * narrowing * scale, bottom + (y - south) * scale)
        for row, x, y in zip(rows, east, north, strict=True)
    ]
    return spots, height


def _links(axes: Axes, places: Places, spots: dict[str, Spot]) -> None:
    """Draw the strongest pairs of each place, the weakest first, so that the strongest lie on top."""
    strongest = max((link.people.value or 0.0 for link in places.links), default=1.0)
    partners = {(row.name, partner.name) for row in places.rows for partner in row.partners}
    for link in reversed(places.links):
        if {(link.a, link.b), (link.b, link.a)} & partners and link.a in spots and link.b in spots:
            one, other = spots[link.a], spots[link.b]
            width = 0.8 + 5.2 * (link.people.value or 0.0) / strongest
            axes.plot([one.x, other.x], [one.y, other.y], color=LINK, linewidth=width, alpha=0.75, zorder=1)


def _labels(axes: Axes, spots: Sequence[Spot], height: float) -> None:
    """Write the names of the largest places, each on the side where it covers least."""
    taken = [Box(spot.x - spot.radius, spot.y - spot.radius, 2 * spot.radius, 2 * spot.radius) for spot in spots]
    for spot in spots[:LABELLED]:
        text = short(spot.row.name)
        box = min(_sides(spot, text), key=lambda box: _cost(box, taken, height))
        taken.append(box)
        axes.text(box.left, box.bottom + box.height / 2, text, ha="left", va="center", color=INK, fontsize=FONT)


def _sides(spot: Spot, text: str) -> list[Box]:
    """Return where a name could stand, the best side first."""
    wide, high = len(text) * FONT * LETTER, FONT * 1.25
    gap = spot.radius + 2.5
    return [
        Box(spot.x + gap, spot.y - high / 2, wide, high),
        Box(spot.x - gap - wide, spot.y - high / 2, wide, high),
        Box(spot.x - wide / 2, spot.y + gap, wide, high),
        Box(spot.x - wide / 2, spot.y - gap - high, wide, high),
    ]


def _cost(box: Box, taken: Sequence[Box], height: float) -> float:
    """Return how much a label would cover, or how far it would leave the page, which is worse."""
    page = Box(0.0, 0.0, WIDTH * POINTS, height)
    outside = box.width * box.height - box.overlap(page)
    return sum(box.overlap(other) for other in taken) + 20 * outside
