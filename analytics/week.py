"""ISO weeks in Europe/Paris, half-open from Monday 00:00 to the next, known by their Monday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from producers.errors import UsageError

PARIS = ZoneInfo("Europe/Paris")
_written = re.compile(r"(\d{4})-?W(\d{2})")


@dataclass(frozen=True, order=True)
class Week:
    """One week; ``str()`` is ``2026-W46``."""

    monday: date

    def __post_init__(self) -> None:
        """Refuse a date that is no Monday."""
        if self.monday.isoweekday() != 1:
            raise UsageError(f"{self.monday} is no Monday", expected="the Monday of a week")

    def __str__(self) -> str:
        """Return ``<ISO year>-W<ISO week>``."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def year(self) -> int:
        """Return the ISO year."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """Return the ISO week, 1 to 53."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """Return the last day."""
        return self.monday + timedelta(days=6)

    @property
    def since(self) -> datetime:
        """Return the first instant, in UTC."""
        return datetime.combine(self.monday, time(), PARIS).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """Return the first instant of the next week, in UTC."""
        return (self + 1).since

    def __add__(self, weeks: int) -> Week:
        """Return the week so many weeks later."""
        return Week(self.monday + timedelta(weeks=weeks))


def week_of(instant: datetime) -> Week:
    """Return the week that an instant lies in."""
    return containing(instant.astimezone(PARIS).date())


def containing(day: date) -> Week:
    """Return the week that a day lies in."""
    return Week(day - timedelta(days=day.isoweekday() - 1))


def parse_week(text: str) -> Week:
    """Return the week written ``2026-W46`` or as a day ``2026-11-09``.

    Raises:
        UsageError: when it is neither, or the year has no such week.
    """
    match = _written.fullmatch(text.strip())
    try:
        if match:
            return Week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        return containing(date.fromisoformat(text.strip()))
    except ValueError as error:
        raise UsageError(f"{text!r} is no week", expected="a week like 2026-W46, or a day in it") from error


def weeks(first: Week, last: Week) -> list[Week]:
    """Return the weeks from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
    return [first + step for step in range((last.monday - first.monday).days // 7 + 1)]


def last_closed(present: datetime) -> Week:
    """Return the last week that is over at ``present``."""
    return week_of(present) + -1
