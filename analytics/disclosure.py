"""What may be shown: the one gate that every figure passes before any output leaves.

A figure is shown when at least five persons stand behind it and, where it is about organisations, at least three of
which none makes more than 85 % of it (privacy.md, R6). Hidden, missing and zero never look alike.

What hides a figure has to hold against subtraction too: parts beside their total (``publishable_parts``), figures of
many weeks beside each week (``publishable_total``, ``publishable_within``), how many there are this week beside last
week (``publishable_stock``), and whatever is worked out from weeks of which some are hidden (``public_series``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.cell import MISSING, WITHHELD, WORDS, ZERO, Cell, Mark, Reason
from producers.errors import SettingError, UsageError

__all__ = ["MISSING", "WITHHELD", "WORDS", "ZERO", "Cell", "Mark", "Reason"]
"""What a figure is written as; whoever asks the gate gets it from here."""


@dataclass(frozen=True)
class Thresholds:
    """How many must stand behind a figure."""

    people: int = 5
    organisations: int = 3
    dominance: float = 0.85
    """Largest share of a figure that one organisation may make."""

    def __post_init__(self) -> None:
        if not 3 <= self.people <= 11:  # noqa: PLR2004 - the range of R6
            raise SettingError(f"threshold of {self.people} people", expected="3 to 11")


DEFAULT = Thresholds()
FEWEST_STEPS = 40
"""Steps of rounding in a stock from which on a share of it is told."""


@dataclass(frozen=True)
class Parts:
    """A total and its parts as they may be shown side by side."""

    total: Cell
    parts: tuple[Cell, ...]


def publishable(
    value: float | None,
    *,
    people: int | None,
    organisations: Sequence[float] | None = None,
    thresholds: Thresholds = DEFAULT,
) -> Cell:
    """Return ``value`` as it may be shown.

    Args:
        value: A count, a rate or any figure; None or NaN where it is not known or not defined.
        people: Distinct persons behind it (for a count of persons: the count itself), 0 when nobody known is. None
            says that the figure is about no person at all (weeks, places, events received).
        organisations: What each organisation behind it adds to it, where it is about organisations.
        thresholds: How many must stand behind it.

    Returns:
        "missing" without a value; "zero" for a zero with nobody behind, or with enough; "suppressed" for too few
        persons or organisations, or one that dominates; "shown" otherwise.
    """
    if value is None or math.isnan(value):
        return MISSING
    if value == 0 and not people and not organisations:
        return ZERO
    if people is not None and people < thresholds.people:
        return Cell(None, "suppressed", "count" if people == value else "people", thresholds.people)
    if organisations is not None and _too_concentrated(organisations, thresholds):
        return WITHHELD
    return ZERO if value == 0 else Cell(float(value), "shown")


def publishable_column(
    values: Sequence[float | None],
    *,
    people: Sequence[int] | None,
    thresholds: Thresholds = DEFAULT,
) -> tuple[Cell, ...]:
    """Return each of ``values`` as it may be shown, with the persons behind each; for figures that do not add up."""
    behind: Sequence[int | None] = [None] * len(values) if people is None else people
    if len(behind) != len(values):
        raise UsageError(f"{len(values)} values and {len(behind)} numbers of people", expected="as many of each")
    return tuple(
        publishable(value, people=number, thresholds=thresholds) for value, number in zip(values, behind, strict=True)
    )


def publishable_parts(
    values: Sequence[float | None],
    *,
    people: Sequence[int],
    total: float | None,
    total_people: int,
    fewest: int = 1,
    thresholds: Thresholds = DEFAULT,
) -> Parts:
    """Return counts and their total as they may be shown side by side, after ``publishable`` and ``beside``."""
    cells = publishable_column(values, people=people, thresholds=thresholds)
    return beside(cells, publishable(total, people=total_people, thresholds=thresholds), fewest=fewest)


def beside(cells: Sequence[Cell], whole: Cell, *, fewest: int = 1) -> Parts:
    """Return cells and their total as they may be shown side by side, or where readers know the total anyway.

    Where the total and the shown parts would give a hidden one exactly, given that hidden counts are whole and that
    "fewer than k" is printed, all hidden ones are withheld without saying that they are small, the least shown parts
    with them, and more of these as long as that is not enough. When no part is left to withhold, the total is.

    Args:
        cells: The parts, after ``publishable``.
        whole: Their total, after ``publishable``.
        fewest: What everybody knows that no part but zero falls below.
    """
    if whole.value is None or not _recoverable(cells, whole.value, fewest):
        return Parts(whole, tuple(cells))
    parts = _without_least([WITHHELD if cell.mark == "suppressed" else cell for cell in cells])
    while _recoverable(parts, whole.value, fewest):
        if not any(cell.value for cell in parts):
            return Parts(WITHHELD, tuple(parts))
        parts = _without_least(parts)
    return Parts(whole, tuple(parts))


def _without_least(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with the least shown count withheld wherever it stands."""
    least = min((cell.value for cell in cells if cell.value), default=None)
    return [WITHHELD if cell.value == least and cell.value else cell for cell in cells]


def publishable_stock(count: int | None, *, thresholds: Thresholds = DEFAULT) -> Cell:
    """Return how many persons there are at a moment at least: a multiple of k, or "fewer than k".

    The number of next week, of the same week after a correction, or of a part of them is rounded too, so no difference
    of two such numbers tells how many came or went when these are fewer than k: every number from 1 to k - 1 remains
    possible.
    """
    cell = publishable(count, people=count, thresholds=thresholds)
    if cell.mark != "shown" or cell.value is None:
        return cell
    k = thresholds.people
    return Cell(float(k * (int(cell.value) // k)), "shown", "rounded", k)


def stock_share(part: Cell, whole: Cell) -> float | None:
    """Return the share of one stock in another; None where rounding may have moved it by more than 2.5 %."""
    steps = whole.value / max(1, whole.threshold) if whole.value else 0.0
    if part.value is None or whole.value is None or steps < FEWEST_STEPS:
        return None
    return part.value / whole.value


def publishable_total(
    total: float | None, *, people: int, parts: Sequence[Cell], thresholds: Thresholds = DEFAULT
) -> Cell:
    """Return the total of a window of weeks whose weekly counts are published: withheld where one of these is hidden.

    A window moves on by a week at a time, so that sooner or later its change alone would tell a hidden week.
    """
    cell = publishable(total, people=people, thresholds=thresholds)
    hidden = any(part.mark == "suppressed" for part in parts)
    return WITHHELD if hidden and cell.mark == "shown" else cell


def publishable_within(cell: Cell, weeks: Sequence[Cell]) -> Cell:
    """Return a count of some of what came in ``weeks`` as it may be shown beside how much came in each.

    It is withheld where more than half a threshold would have to lie in each hidden week. As long as it is not, every
    hidden week may hold half a threshold or as much as can be hidden, whatever is told of any other weeks.
    """
    hidden = [each.threshold // 2 for each in weeks if each.mark == "suppressed"]
    room = sum(each.value or 0.0 for each in weeks) + sum(hidden)
    return WITHHELD if hidden and cell.value is not None and cell.value > room else cell


def public_series(values: Sequence[float], cells: Sequence[Cell]) -> list[float]:
    """Return a series as its readers know it: half the threshold where a count is hidden, for it is below it.

    A count that is hidden without being small is not known at all (NaN). Whatever is worked out from such a series
    (a mean, limits, a verdict) tells nothing that the series does not.
    """
    return [_public(float(value), cell) for value, cell in zip(values, cells, strict=True)]


def spread(values: Sequence[float], cells: Sequence[Cell]) -> tuple[list[float], list[float]]:
    """Return a series of counts as small and as large as its readers may think it is."""
    low = [1.0 if cell.mark == "suppressed" else float(value) for value, cell in zip(values, cells, strict=True)]
    high = [_most(cell) if cell.mark == "suppressed" else value for value, cell in zip(low, cells, strict=True)]
    return low, high


def publishable_between(least: float | None, most: float | None, *, thresholds: Thresholds = DEFAULT) -> Cell:
    """Return a figure of counts that may be shown, which lies between two ends, where both ends are the same.

    It is then worked out from what is shown, and no hidden count has a part in it.
    """
    if least is None or most is None:
        return MISSING
    if least == most:
        return ZERO if least == 0 else Cell(least, "shown")
    return Cell(None, "suppressed", "count", thresholds.people) if most < thresholds.people else WITHHELD


def _most(cell: Cell) -> float:
    """Return the largest count that may be hidden in a cell."""
    return cell.threshold - 1.0 if cell.reason == "count" else math.inf


def _public(value: float, cell: Cell) -> float:
    if cell.mark != "suppressed":
        return value
    return cell.threshold / 2 if cell.reason in ("count", "people") else math.nan


def _too_concentrated(organisations: Sequence[float], thresholds: Thresholds) -> bool:
    """Return whether too few organisations, or one too large, stand behind a figure."""
    shares = [share for share in organisations if share > 0]
    return len(shares) < thresholds.organisations or max(shares) > thresholds.dominance * sum(shares)


def _recoverable(cells: Sequence[Cell], total: float, fewest: int) -> bool:
    """Return whether some hidden cell has one possible value, given the total and the cells that are shown."""
    hidden = [cell for cell in cells if cell.mark == "suppressed"]
    rest = total - sum(cell.value or 0.0 for cell in cells)
    low = np.full(len(hidden), float(fewest))
    high = np.array([_most(cell) for cell in hidden])
    bottom = [max(low[place], rest - np.delete(high, place).sum()) for place in range(len(hidden))]
    top = [min(high[place], rest - np.delete(low, place).sum()) for place in range(len(hidden))]
    return any(most <= least for least, most in zip(bottom, top, strict=True))
