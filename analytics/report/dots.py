"""A dot with its interval on a short line; the figures stand in words beside it, so it is for the eye alone."""

from __future__ import annotations

from markupsafe import Markup

from analytics.report.finding import Measure

WIDTH, MIDDLE, EDGE = 96.0, 7.0, 4.0


def dot_figure(measure: Measure, low: float, high: float, *, mark: float | None = None) -> Markup:
    """Return the drawing of a measure on a scale from ``low`` to ``high``, with a tick at ``mark``."""

    def at(value: float) -> float:
        kept = min(max(value, low), high)
        return EDGE + (WIDTH - 2 * EDGE) * (kept - low) / (high - low)

    if measure.value.value is None:
        return Markup("")
    parts = [f'<path class="axis" d="M{EDGE:g} {MIDDLE:g}H{WIDTH - EDGE:g}"/>']
    if mark is not None:
        parts.append(f'<path class="mark" d="M{at(mark):.1f} 2V12"/>')
    if measure.interval:
        ends = f"M{at(measure.interval.low):.1f} {MIDDLE:g}H{at(measure.interval.high):.1f}"
        parts.append(f'<path class="reach" d="{ends}"/>')
    parts.append(f'<circle cx="{at(measure.value.value):.1f}" cy="{MIDDLE:g}" r="3.2"/>')
    drawn = "".join(parts)
    return Markup(f'<svg class="dots" viewBox="0 0 {WIDTH:g} 14" aria-hidden="true">{drawn}</svg>')  # noqa: S704 - numbers
