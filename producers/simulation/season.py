"""The seasons of the region: weeks, holidays, how much goes on, and local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from producers.errors import UsageError
from producers.simulation.places import PLACES
from producers.simulation.truth import Closure

PARIS = ZoneInfo("Europe/Paris")
_CHRISTMAS = frozenset({52, 53, 1})
_SUMMER = frozenset({31, 32, 33})
_QUIETER = {8: 0.8, 9: 0.8, 18: 0.8, 19: 0.8, 27: 0.75, 28: 0.65, 29: 0.55, 30: 0.45, 34: 0.5, 35: 0.7, 51: 0.6}
_BUSIER = range(37, 48)
_WHILE_CLOSED = 0.25


@dataclass(frozen=True)
class Season:
    """The simulated span; a week is known by its index from 0, which may lie beyond the end for a moment."""

    mondays: tuple[date, ...]

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return len(self.mondays)

    @property
    def end(self) -> datetime:
        """Return the end of the last week: nothing happens after it, though some of it is only then recorded."""
        return datetime.combine(self.mondays[-1] + timedelta(weeks=1), time(), PARIS).astimezone(UTC)

    @property
    def present(self) -> datetime:
        """Return the instant at which the region is looked at: 06:00 UTC on the Monday after the last week."""
        return datetime.combine(self.mondays[-1] + timedelta(weeks=1), time(6), UTC)

    def at(self, week: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        """Return the instant (UTC) of a local time; Monday is 0."""
        day = self.mondays[0] + timedelta(weeks=week, days=weekday)
        return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)

    def closed(self, place: str, week: int) -> bool:
        """Return whether the place is on holiday in that week."""
        return week in self._holidays[place]

    def intensity(self, week: int) -> float:
        """Return how much goes on in that week, 1 being usual."""
        number = self._numbers[week]
        if number in _SUMMER | _CHRISTMAS:
            return _WHILE_CLOSED
        return 1.15 if number in _BUSIER else _QUIETER.get(number, 1.0)

    def ago(self, weeks: int, *, share: float) -> int:
        """Return the week ``weeks`` before the end, but never more than ``share`` of the span before it."""
        return self.weeks - min(weeks, int(self.weeks * share))

    @cached_property
    def closures(self) -> tuple[Closure, ...]:
        """Return the holidays of all places as spans of dates."""
        return tuple(
            Closure(place, self.mondays[run[0]], self.mondays[run[-1]] + timedelta(weeks=1))
            for place, weeks in self._holidays.items()
            for run in _runs(sorted(weeks))
        )

    @cached_property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(monday.isocalendar().week for monday in self.mondays)

    @cached_property
    def _holidays(self) -> dict[str, frozenset[int]]:
        return {place.slug: self._holidays_of(index) for index, place in enumerate(PLACES)}

    def _holidays_of(self, index: int) -> frozenset[int]:
        # Every other place closes a week early, the others reopen a week late.
        numbers = _CHRISTMAS | _SUMMER | {30 + 4 * (index % 2)}
        return frozenset(week for week, number in enumerate(self._numbers) if number in numbers)


def season(last_week: str, weeks: int) -> Season:
    """Return the span of ``weeks`` weeks that ends with ``last_week`` (``2026-W46``).

    Raises:
        UsageError: when ``last_week`` is no ISO week.
    """
    try:
        last = datetime.strptime(f"{last_week}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
        return Season(tuple(last - timedelta(weeks=back) for back in reversed(range(weeks))))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"the last week is {last_week!r}", expected="an ISO week like 2026-W46", remedy="correct it"
        ) from error


def _runs(weeks: list[int]) -> list[list[int]]:
    runs = [weeks[:1]] if weeks else []
    for one, other in pairwise(weeks):
        if other == one + 1:
            runs[-1].append(other)
        else:
            runs.append([other])
    return runs
