"""The two figures of the report: skills with their intervals, and places with what links them.

Drawn with matplotlib's Figure, without pyplot or any global state; the same content gives the same bytes. Letters
stay letters, in the type of the page, and no text is read as mathematics. matplotlib is loaded when something is drawn:
it takes half a second, and most commands draw nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE = "#1b2430", "#54606f", "#dfdcd4"
UP, DOWN, STILL, LINK = "#0b5c7a", "#a5400a", "#54606f", "#7fa4b3"
FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
LONGEST = 30
_head = re.compile(r"^.*?<svg ", re.DOTALL)
_metadata = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_size = re.compile(r'\swidth="[^"]*pt" height="[^"]*pt"|\sheight="[^"]*pt"|\swidth="[^"]*pt"')
_group = re.compile(r'<g id="[^"]*"')
"""matplotlib numbers its groups alike in every figure; on one page an id stands once."""
_font = re.compile(r"'DejaVu Sans'(?:, [^;\"]*)?")


@contextmanager
def style(name: str) -> Iterator[None]:
    """Set how the figure ``name`` is drawn, whatever the machine's own matplotlib settings, for this block only."""
    import matplotlib as mpl  # noqa: PLC0415  see above

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = name
        mpl.rcParams["font.size"] = 11.0
        mpl.rcParams["text.parse_math"] = False
        yield


def to_svg(figure: Figure, *, name: str, title: str, finding: str) -> Markup:
    """Return the figure, drawn under ``style(name)``, as inline SVG whose text carries its finding."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn = _metadata.sub("", _head.sub("<svg ", buffer.getvalue(), count=1))
    opening, rest = drawn.split(">", 1)
    opening = _size.sub("", opening)
    labels = f'role="img" aria-labelledby="{name}-title {name}-finding"'
    words = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-finding">{escape(finding)}</desc>'
    drawing = _group.sub("<g", _font.sub(FAMILY, rest))
    return Markup(f"{opening} {labels}>{words}{drawing}")  # noqa: S704 - escaped here and by matplotlib


def canvas(width: float, height: float, *, dpi: float | None = None) -> Figure:
    """Return a figure of so many inches with nothing on it."""
    from matplotlib.figure import Figure  # noqa: PLC0415  see above

    return Figure(figsize=(width, height), dpi=dpi)


def blank(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of so many inches with one bare set of axes that fills it."""
    figure = canvas(width, height)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def short(label: str) -> str:
    """Return a label that fits beside a drawing."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def span(values: Sequence[float], margin: float) -> tuple[float, float]:
    """Return the range of values, widened on both sides by a share of it."""
    low, high = min(values), max(values)
    room = (high - low or 1.0) * margin
    return low - room, high + room
