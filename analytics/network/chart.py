"""The report's chart of one weekly figure as a drawing of its own, which a notebook shows by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.dates import format_date
from markupsafe import escape

from analytics.report.content import Spark
from analytics.report.page import style
from analytics.report.sparkline import HEIGHT, WIDTH, Notes, top_of, x_of, y_of
from analytics.report.words import Words
from analytics.week import Week

SVG = "http://www.w3.org/2000/svg"
WIDE, LEFT, ABOVE, SCALE = 760.0, 52.0, 62.0, 3.7
BELOW = ABOVE + HEIGHT * SCALE
TALL = BELOW + 52.0
QUARTER = 13
APART = 13.0
"""Fewest units between two labels: what would overlap is left out."""
LETTER, KEY, GAP = 6.1, 22.0, 12.0
"""Widths in the legend: of a letter, about, of a key, and between two of them."""
KEYS = {
    "band": '<rect class="key-band" width="16" height="11" y="-9"/>',
    "closed": '<rect class="key-closed" width="16" height="11" y="-9"/>',
    "few": '<circle class="key-few" cx="8" cy="-4" r="4"/>',
    "holiday": '<path class="key-holiday" d="M6 -9v6M12 -9v6"/>',
    "silence": '<path class="key-silence" d="M8 -11v13"/>',
}
_root = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_spark = re.compile(r"^(?:svg)?\.spark .*$", re.MULTILINE)
_OWN = """
.maillage-chart text { font: 12px var(--sans); fill: var(--soft); }
.maillage-chart .name { font-size: 15px; font-weight: 650; fill: var(--ink); }
.maillage-chart .now { font-size: 14px; font-weight: 680; fill: var(--accent); }
.maillage-chart .now.down { fill: var(--down); }
.maillage-chart .base { stroke: var(--line); stroke-width: 1; }
.maillage-chart .spark path { stroke-width: .45; }
.maillage-chart .spark .centre { stroke-width: .3; stroke-dasharray: .8 .8; }
.maillage-chart .spark .few { stroke-width: .25; r: .8px; }
.maillage-chart .spark .lone { r: .6px; }
.maillage-chart .spark .last { r: 1.25px; }
.maillage-chart .key-band { fill: #d9e8ee; }
.maillage-chart .key-closed { fill: var(--closed); }
.maillage-chart .spark .holiday { stroke-width: .3; }
.maillage-chart .spark .hush { stroke-width: .35; stroke-dasharray: 1 .8; }
.maillage-chart .key-holiday { stroke: var(--soft); fill: none; }
.maillage-chart .key-silence { stroke: var(--down); stroke-dasharray: 3 2; fill: none; }
.maillage-chart .key-few { fill: none; stroke: var(--soft); }
"""
"""What the report's drawing takes at this size, beside the report's own style sheet."""


@dataclass(frozen=True)
class Drawing:
    """What a chart shows: the report's drawing of 52 weeks and the words around it."""

    spark: Spark
    notes: Notes
    svg: str
    """The drawing, exactly as it stands on the page."""
    week: Week
    """The last week."""
    title: str
    verdict: str
    down: bool
    share: bool


@dataclass(frozen=True)
class Chart:
    """A chart; a notebook shows it, ``str()`` says what it shows."""

    svg: str
    says: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        """Return what it shows, in words."""
        return self.says

    def save(self, path: str | Path) -> Path:
        """Return where it was written, as SVG."""
        written = Path(path)
        written.write_text(self.svg, encoding="utf-8")
        return written


def chart(drawing: Drawing, words: Words) -> Chart:
    """Return the chart: the drawing of the report, its title and verdict above, weeks and limits at its edges."""
    says = f"{drawing.title}, {drawing.week}: {drawing.verdict}"
    parts = [
        f'<svg xmlns="{SVG}" class="maillage-chart" viewBox="0 0 {WIDE:g} {TALL:g}" width="{WIDE:g}" role="img">',
        f"<title>{escape(says)}</title>",
        f'<style>{_style()}</style><rect width="{WIDE:g}" height="{TALL:g}" fill="#fff"/>',
        f'<text class="name" x="{LEFT:g}" y="22">{escape(drawing.title)}</text>',
        f'<text x="{LEFT:g}" y="42">{escape(f"{drawing.week}: {drawing.verdict}")}</text>',
        f'<path class="base" d="M{LEFT:g} {_down(0, 1):.1f}H{LEFT + WIDTH * SCALE:g}"/>',
        f'<svg x="{LEFT:g}" y="{ABOVE:g}" width="{WIDTH * SCALE:g}" height="{HEIGHT * SCALE:g}">{drawing.svg}</svg>',
        *_values(drawing, words),
        *_weeks(drawing, words),
        *_legend(drawing, words),
        "</svg>",
    ]
    return Chart("".join(parts), says)


@cache
def _style() -> str:
    """Return the rules of the report's style sheet for the drawing, and those for what stands around it."""
    sheet = str(style())
    found = _root.search(sheet)
    rules = [f".maillage-chart {rule}" for rule in _spark.findall(sheet) if not rule.startswith("svg")]
    return "\n".join([f".maillage-chart {{{found[1] if found else ''}}}", *rules, _OWN])


def _down(value: float, top: float) -> float:
    return ABOVE + SCALE * y_of(value, top)


def _values(drawing: Drawing, words: Words) -> Iterator[str]:
    """Give the limits, or else nothing and the most, at the left edge, and the last value at the right one."""
    spark, top = drawing.spark, top_of(drawing.spark)
    write = words.share if drawing.share else words.number
    limits = spark.limits
    known = any(cell.value is not None for cell in spark.cells)
    marks = [limits.high, spark.centre or 0.0, limits.low, 0.0] if limits else [top, 0.0] if known else [0.0]
    taken: list[float] = []
    for value in marks:
        y = _down(value, top)
        if all(abs(y - each) >= APART for each in taken):
            taken.append(y)
            shown = value if drawing.share or limits is None else round(value)
            yield f'<text x="{LEFT - 8:g}" y="{y + 4:.1f}" text-anchor="end">{escape(write(shown))}</text>'
    last = spark.cells[-1].value
    if last is not None:
        right, side = LEFT + SCALE * WIDTH, " down" if drawing.down else ""
        y = _down(last, top) + 5
        yield f'<text class="now{side}" x="{right + 4:g}" y="{y:.1f}">{escape(write(last))}</text>'


def _weeks(drawing: Drawing, words: Words) -> Iterator[str]:
    """Give the days on which the first week, the last, and one a quarter between them begin."""
    spark = drawing.spark
    for place in range(len(spark.cells) - 1, -1, -QUARTER):
        monday = (drawing.week + (place + 1 - len(spark.cells))).monday
        x = LEFT + SCALE * x_of(place, spark)
        text = format_date(monday, "d MMM yyyy", locale=words.locale)
        yield f'<text x="{x:.1f}" y="{BELOW + 14:g}" text-anchor="middle">{escape(text)}</text>'


def _legend(drawing: Drawing, words: Words) -> Iterator[str]:
    """Give what band, grey, ring and lines stand for, each where there is one."""
    x, y = LEFT, BELOW + 40
    for name in _drawn(drawing):
        text = words.say(f"indicators.legend_{name}")
        yield f'<g transform="translate({x:g} {y:g})">{KEYS[name]}<text x="{KEY:g}">{escape(text)}</text></g>'
        x += KEY + LETTER * len(text) + GAP


def _drawn(drawing: Drawing) -> Iterator[str]:
    """Give the names of what the chart has."""
    spark, notes = drawing.spark, drawing.notes
    there = {
        "band": spark.limits is not None,
        "closed": any(spark.closed),
        "few": any(cell.mark == "suppressed" for cell in spark.cells),
        "holiday": bool(notes.holidays),
        "silence": bool(notes.silences),
    }
    return (name for name, drawn in there.items() if drawn)
