"""A sparkline: 52 weeks in the space of a word, as SVG by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from analytics.disclosure import Cell
from analytics.report.content import Spark

WIDTH, HEIGHT, EDGE = 176.0, 34.0, 4.0
FEWEST_SHOWN = 2


@dataclass(frozen=True)
class Notes:
    """What happened in some of the weeks, by their place in the sparkline."""

    holidays: Collection[int] = ()
    silences: Collection[int] = ()
    """Weeks in which a source fell silent."""


NOTHING = Notes()


def sparkline(spark: Spark, *, title: str, finding: str, down: bool, notes: Notes = NOTHING) -> Markup:
    """Return the drawing; ``finding`` says in words what it shows, a week that is not shown leaves a gap."""
    top = top_of(spark)
    parts = [
        f'<svg class="spark" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(finding)}</desc>",
        *_closures(spark),
        *_noted(spark, notes),
        *_band(spark, top),
        *_line(spark, top),
        *_marks(spark, top, down=down),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704 - numbers, and texts that are escaped above


def top_of(spark: Spark) -> float:
    """Return the value that the upper edge stands for; the lower one is zero."""
    values = [cell.value for cell in spark.cells if cell.value is not None]
    return max([*values, spark.limits.high if spark.limits else 0.0], default=0.0) or 1.0


def x_of(place: int, spark: Spark) -> float:
    """Return how far to the right a week stands."""
    return EDGE + place * (WIDTH - 2 * EDGE) / max(1, len(spark.cells) - 1)


def y_of(value: float, top: float) -> float:
    """Return how far down a value stands."""
    return HEIGHT - EDGE - value / top * (HEIGHT - 2 * EDGE)


def _closures(spark: Spark) -> Iterator[str]:
    """Give one grey box for each stretch of closed weeks."""
    step = (WIDTH - 2 * EDGE) / max(1, len(spark.cells) - 1)
    for closed, run in groupby(enumerate(spark.closed), key=lambda each: each[1]):
        places = [place for place, _ in run]
        if closed:
            x = x_of(places[0], spark) - step / 2
            yield f'<rect class="closed" x="{x:.1f}" y="0" width="{step * len(places):.1f}" height="{HEIGHT:g}"/>'


def _noted(spark: Spark, notes: Notes) -> Iterator[str]:
    """Give a tick at the head of each week with a holiday, and a broken line where a source fell silent."""
    for week in notes.holidays:
        yield f'<path class="holiday" d="M{x_of(week, spark):.1f} 0v3"/>'
    for week in notes.silences:
        yield f'<path class="hush" d="M{x_of(week, spark):.1f} 0V{HEIGHT:g}"/>'


def _band(spark: Spark, top: float) -> Iterator[str]:
    """Give the band of usual variation with its centre."""
    if spark.limits is None or spark.centre is None:
        return
    upper, lower = y_of(spark.limits.high, top), y_of(spark.limits.low, top)
    yield f'<rect class="band" x="0" y="{upper:.1f}" width="{WIDTH:g}" height="{lower - upper:.1f}"/>'
    centre = y_of(spark.centre, top)
    yield f'<line class="centre" x1="0" x2="{WIDTH:g}" y1="{centre:.1f}" y2="{centre:.1f}"/>'


def _line(spark: Spark, top: float) -> Iterator[str]:
    """Give one path for each stretch of weeks that are shown, and a dot for a week alone."""
    for shown, run in groupby(enumerate(spark.cells), key=lambda each: each[1].value is not None):
        if not shown:
            continue
        points = [(x_of(place, spark), y_of(cell.value or 0.0, top)) for place, cell in run]
        if len(points) < FEWEST_SHOWN:
            yield f'<circle class="lone" cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="1.1"/>'
        else:
            yield '<path d="M{}"/>'.format("L".join(f"{x:.1f} {y:.1f}" for x, y in points))


def _marks(spark: Spark, top: float, *, down: bool) -> Iterator[str]:
    """Give a ring at the foot for each week that is too small to be shown, and a dot for the last week."""
    for place, cell in enumerate(spark.cells):
        if cell.mark == "suppressed":
            yield f'<circle class="few" cx="{x_of(place, spark):.1f}" cy="{HEIGHT - EDGE / 2:.1f}" r="1.3"/>'
    last: Cell = spark.cells[-1]
    if last.value is not None:
        side = " down" if down else ""
        x, y = x_of(len(spark.cells) - 1, spark), y_of(last.value, top)
        yield f'<circle class="last{side}" cx="{x:.1f}" cy="{y:.1f}" r="2.8"/>'
