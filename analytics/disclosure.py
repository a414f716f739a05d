"""What may be shown: the one gate that every figure passes before any output leaves.

A figure is shown when at least five persons stand behind it and, where it is about organisations, at least three of
which none makes more than 85 % of it (privacy.md, R6). Hidden, missing and zero never look alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from producers.errors import SettingError, UsageError, unknown

Mark = Literal["shown", "suppressed", "missing", "zero"]
Reason = Literal["", "count", "people", "withheld"]

WORDS = {
    "fr": {
        "count": "moins de {k}",
        "people": "moins de {k} personnes",
        "withheld": "non publié",
        "missing": "pas de données",
    },
    "en": {
        "count": "fewer than {k}",
        "people": "fewer than {k} people",
        "withheld": "not published",
        "missing": "no data",
    },
    "de": {
        "count": "weniger als {k}",
        "people": "weniger als {k} Personen",
        "withheld": "nicht veröffentlicht",
        "missing": "keine Daten",
    },
}
"""How a cell without a number is printed."""


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


@dataclass(frozen=True)
class Cell:
    """A figure as it may be shown; a hidden one holds no trace of its value."""

    value: float | None
    mark: Mark
    reason: Reason = ""
    """Why it is hidden: a small count, few people behind, or withheld for another reason."""
    threshold: int = 0
    """The k of "fewer than k"; 0 where it is not hidden for being small."""

    def text(self, language: str, write: Callable[[float], str] = "{:g}".format) -> str:
        """Return the cell in words, a number through ``write``: never the same for hidden, missing and zero."""
        if language not in WORDS:
            raise UsageError(unknown("language", language, WORDS))
        if self.value is not None:
            return write(self.value)
        return WORDS[language][self.reason or "missing"].format(k=self.threshold)


MISSING = Cell(None, "missing")
ZERO = Cell(0.0, "zero")
WITHHELD = Cell(None, "suppressed", "withheld")
DEFAULT = Thresholds()


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
    thresholds: Thresholds = DEFAULT,
) -> Parts:
    """Return counts and their total as they may be shown side by side.

    Beyond ``publishable`` for each: where the total and the shown parts would give a hidden one exactly, given that
    hidden counts are whole and that "fewer than k" is printed, the least shown part is withheld as well, and so on;
    when no part is left to withhold, the total is.
    """
    cells = list(publishable_column(values, people=people, thresholds=thresholds))
    whole = publishable(total, people=total_people, thresholds=thresholds)
    # A withheld count of persons is known to be k at least: it would have been "fewer than k" otherwise.
    least = [thresholds.people if value == number else 1 for value, number in zip(values, people, strict=True)]
    while whole.value is not None and _recoverable(cells, least, whole.value):
        shown = [(cell.value, place) for place, cell in enumerate(cells) if cell.value]
        if not shown:
            whole = WITHHELD
        else:
            cells[min(shown)[1]] = WITHHELD
    return Parts(whole, tuple(cells))


def _too_concentrated(organisations: Sequence[float], thresholds: Thresholds) -> bool:
    """Return whether too few organisations, or one too large, stand behind a figure."""
    shares = [share for share in organisations if share > 0]
    return len(shares) < thresholds.organisations or max(shares) > thresholds.dominance * sum(shares)


def _recoverable(cells: Sequence[Cell], least: Sequence[int], total: float) -> bool:
    """Return whether some hidden cell has one possible value, given the total and the cells that are shown."""
    hidden = [(cell, bound) for cell, bound in zip(cells, least, strict=True) if cell.mark == "suppressed"]
    rest = total - sum(cell.value or 0.0 for cell in cells)
    low = np.array([1.0 if cell.reason == "count" else bound for cell, bound in hidden])
    high = np.array([cell.threshold - 1.0 if cell.reason == "count" else np.inf for cell, _ in hidden])
    bottom = [max(low[place], rest - np.delete(high, place).sum()) for place in range(len(hidden))]
    top = [min(high[place], rest - np.delete(low, place).sum()) for place in range(len(hidden))]
    return any(most <= fewest for fewest, most in zip(bottom, top, strict=True))
