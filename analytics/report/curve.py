"""How the share of requests with a first answer grows with the days: as data, and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup, escape

from analytics.disclosure import Cell, Thresholds, publishable, publishable_total
from analytics.kernels import Floats
from analytics.metrics.survival import ENDED, HAPPENED, WAITS, cumulative_incidence
from analytics.metrics.waiting import SECONDS_A_DAY, WEEKS
from analytics.report.finding import Curve
from analytics.report.words import Words
from analytics.week import Week
from warehouse.connection import Connection
from warehouse.reading import prepare, requests

STEPS = (0.0, 0.25, 0.5, 0.75, *(float(day) for day in range(1, 29)))
"""Days at which the curve is told: too few to tell when one request was answered."""
WIDTH, HEIGHT, LEFT, BOTTOM = 560.0, 230.0, 66.0, 34.0
LAST = STEPS[-1]
TICKS = (0, 7, 14, 21, 28)
SHARES = (0.0, 0.5, 1.0)


def build_curve(
    connection: Connection, week: Week, thresholds: Thresholds, *, weekly: Sequence[Cell] = ()
) -> Curve | None:
    """Return the curve of the requests of the last 26 weeks, as known at the end of ``week``; nothing for too few.

    It is ``answer_share`` at every step: after Aalen and Johansen, a request that was closed unanswered counts in full.
    How many there were is withheld where it would tell one of the ``weekly`` counts of requests that is hidden.
    """
    prepare(connection)
    asked = requests(connection, (week + (1 - WEEKS)).since, week.until)
    asker = asked["organisation"].where(asked["organisation"].notna(), asked["requester"])
    people = publishable(asker.nunique(), people=asker.nunique(), thresholds=thresholds)
    if people.mark != "shown":
        return None
    answered, closed = asked["answered_at"], asked["closed_at"]
    happened = answered.notna() & ~(closed < answered)
    ended = closed.notna() & ~happened
    age = week.until - asked["requested_at"]
    waited = (answered - asked["requested_at"]).where(happened, (closed - asked["requested_at"]).where(ended, age))
    days, ages = (each.dt.total_seconds() / SECONDS_A_DAY for each in (waited, age))
    kinds = np.select([happened, ended], [HAPPENED, ENDED], WAITS)
    seen: Floats = np.asarray(days.clip(lower=0.0), np.float64)
    found = cumulative_incidence(seen, kinds, watched=float(ages.max()))
    steps = [(step, each) for step in STEPS if not np.isnan((each := found.at(step)).value)]
    return Curve(
        days=[step for step, _ in steps],
        share=[each.value for _, each in steps],
        low=[each.low for _, each in steps],
        high=[each.high for _, each in steps],
        requests=publishable_total(len(asked), people=asker.nunique(), parts=weekly[-WEEKS:], thresholds=thresholds),
        people=people,
    )


def curve_figure(curve: Curve, title: str, words: Words, *, median: float | None) -> Markup:
    """Return the drawing of the curve with its interval and the median; its text carries the finding."""
    upper = [f"{_x(day):.1f},{_y(high):.1f}" for day, high in zip(curve.days, curve.high, strict=True)]
    lower = [f"{_x(day):.1f},{_y(low):.1f}" for day, low in zip(curve.days, curve.low, strict=True)]
    line = [f"{_x(day):.1f},{_y(share):.1f}" for day, share in zip(curve.days, curve.share, strict=True)]
    labels = 'role="img" aria-labelledby="curve-title curve-finding"'
    parts = [
        f'<svg class="curve" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" {labels}>',
        f'<title id="curve-title">{escape(words.say("below.curve"))}</title>',
        f'<desc id="curve-finding">{escape(title)}</desc>',
        *_grid(words),
        f'<polygon class="band" points="{" ".join([*upper, *reversed(lower)])}"/>',
        f'<polyline class="line" points="{" ".join(line)}"/>',
        *([] if median is None or median > LAST else [_point(median)]),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704 - numbers, and our own words escaped


def _grid(words: Words) -> Iterator[str]:
    """Give the lines of the shares and the days with their labels."""
    for share in SHARES:
        y = _y(share)
        yield f'<path class="grid" d="M{LEFT:g} {y:g}H{WIDTH - 8:g}"/>'
        yield f'<text x="{LEFT - 6:g}" y="{y + 4:g}" text-anchor="end">{escape(words.share(share))}</text>'
    for day in TICKS:
        label = words.say("below.day", count=day, value=words.number(day)) if day == LAST else words.number(day)
        anchor = "end" if day == LAST else "middle"
        yield f'<text x="{_x(day):g}" y="{HEIGHT - 8:g}" text-anchor="{anchor}">{escape(label)}</text>'


def _point(median: float) -> str:
    """Return the mark of the day by which half are answered."""
    x, y = _x(median), _y(0.5)
    return f'<path class="half" d="M{x:.1f} {_y(0):.1f}V{y:.1f}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _x(day: float) -> float:
    return LEFT + (WIDTH - 8 - LEFT) * day / LAST


def _y(share: float) -> float:
    return 12 + (HEIGHT - BOTTOM - 12) * (1 - share)
