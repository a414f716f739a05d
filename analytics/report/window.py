"""What covers several weeks beside the weekly counts: it may not tell a week that is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from analytics.disclosure import WITHHELD, Cell, beside, publishable_within
from analytics.report.content import Indicator

ANSWERED = slice(-15, -2)
"""The weeks of the requests of which ``answered_soon`` is the share: asked 14 to 105 days before the end."""

OPEN = 12
"""Weeks of the requests that may wait: asked 7 to 91 days before the end of a week."""
BANDS = (slice(-2, -1), slice(-4, -2), slice(-13, -4))
"""The weeks of the requests of each age band, from the series up to the week of the report."""


def shown_beside(series: Mapping[str, tuple[list[Cell], list[float]]]) -> dict[str, list[Cell]]:
    """Return the cells of every series, given with its values, as they may be shown beside those of the others."""
    cells = {name: found for name, (found, _) in series.items()}
    if "waiting" in series:
        cells["waiting"] = waiting_cells(cells["waiting"], *series["requests"])
    return cells


def waiting_cells(waits: Sequence[Cell], asked: Sequence[Cell], counts: Sequence[float]) -> list[Cell]:
    """Return how many requests wait at the end of each week as it may be shown beside those of each week.

    Args:
        waits: The numbers that wait, after ``publishable``.
        asked: How many requests came in each week, as it is shown.
        counts: How many came. Where all of them still wait, readers may know it, since nobody answered any.
    """
    found = []
    for week, cell in enumerate(waits):
        window = slice(max(0, week - OPEN), week)
        hidden = any(each.mark == "suppressed" for each in asked[window])
        everything = hidden and cell.value is not None and cell.value == sum(counts[window])
        found.append(WITHHELD if everything else publishable_within(cell, asked[window]))
    return found


def waiting_bands(bands: Sequence[Cell], indicators: Sequence[Indicator]) -> list[Cell]:
    """Return the requests that wait by age as they may be shown beside those of each week."""
    asked = weekly_requests(indicators)
    total = next((row.value for row in indicators if row.name == "waiting"), None)
    if total == WITHHELD:
        return [WITHHELD if cell.value else cell for cell in bands]
    return [publishable_within(cell, asked[weeks]) for cell, weeks in zip(bands, BANDS, strict=True)]


def waiting_total(total: Cell, indicators: Sequence[Indicator]) -> Cell:
    """Return how many of some theme or of all wait as it may be shown beside the requests of each week."""
    whole = next((row.value for row in indicators if row.name == "waiting"), None)
    if whole == WITHHELD and total.value:
        return WITHHELD
    return publishable_within(total, weekly_requests(indicators)[-1 - OPEN : -1])


def place_requests(cells: Sequence[Cell], total: int, weekly: Sequence[Cell]) -> Sequence[Cell]:
    """Return the requests of each place in 13 weeks as they may be shown beside those of each week.

    Where all weeks are shown, so is their ``total``, and it may not tell a place; where one is hidden, not all places
    are shown, lest they tell the week.
    """
    if not any(cell.mark == "suppressed" for cell in weekly):
        return beside(cells, Cell(float(total), "shown" if total else "zero")).parts
    shown = [(cell.value, number) for number, cell in enumerate(cells) if cell.value]
    if not shown or any(cell.mark == "suppressed" for cell in cells):
        return cells
    return [WITHHELD if number == min(shown)[1] else cell for number, cell in enumerate(cells)]


def weekly_requests(indicators: Sequence[Indicator]) -> list[Cell]:
    """Return how many asked in each of the last 52 weeks, as it is shown; nothing where no request is told of."""
    return next((row.spark.cells for row in indicators if row.name == "requests"), [])


def without_sizes(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators without an interval that would tell how many requests came in a hidden week.

    The width of the interval of a share tells the number of requests behind it, hence that of a single hidden week.
    """
    hidden = any(cell.mark == "suppressed" for cell in weekly_requests(indicators)[ANSWERED])
    return [replace(row, interval=None) if hidden and row.interval else row for row in indicators]
