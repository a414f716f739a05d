"""Silence: which sources have told of nothing for longer than they usually do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from warehouse.connection import Connection
from warehouse.statement import statement

LEAST, TIMES = 14, 3
"""A silence is one when it lasts longer than 14 days and than three usual intervals."""
REMEMBERED = 31
"""How many days with activity make a habit."""

Closed = Callable[[date], bool]
"""Whether places are normally closed on a day."""


@dataclass(frozen=True)
class Rhythm:
    """A source, and the last days on which it told of something, oldest first."""

    source: str
    title: str
    longest: int | None
    """The longest silence that is usual for it, in days, as the source itself says; None where it doesn't."""
    days: tuple[date, ...]
    last_recorded: date


@dataclass(frozen=True)
class Silence:
    """A source that is silent: since when, for how many open days, and how many would be usual."""

    source: str
    title: str
    since: date
    days: int
    usual: int


def rhythms(connection: Connection) -> list[Rhythm]:
    """Return every source that has told of anything, by name."""
    rows = connection.execute(statement("readings/rhythm"), {"days": REMEMBERED}).fetchall()
    return [Rhythm(source, title, longest, tuple(days), recorded) for source, title, longest, days, recorded in rows]


def silences(sources: Sequence[Rhythm], *, today: date, closed: Closed) -> list[Silence]:
    """Return the sources that are silent today, the longest first.

    Only open days count, in the habit and in the silence: nobody is silent because of Christmas. The limit is what
    the source says of itself, else ``max(14, 3 × the median of its last 30 intervals)``. An archive, which was over
    its limit already when it came in, is not silent: nobody expects more of it.
    """
    found = [_silence(each, today, closed) for each in sources]
    return sorted((each for each in found if each), key=lambda each: (-each.days, each.source))


def _silence(source: Rhythm, today: date, closed: Closed) -> Silence | None:
    last, limit = source.days[-1], _limit(source, closed)
    days = _open_days(last, today, closed)
    if days <= limit or _open_days(last, source.last_recorded, closed) > limit:
        return None
    return Silence(source.source, source.title, last, days, limit)


def _limit(source: Rhythm, closed: Closed) -> int:
    if source.longest is not None:
        return source.longest
    intervals = [_open_days(one, next_, closed) for one, next_ in zip(source.days, source.days[1:], strict=False)]
    return max(LEAST, round(TIMES * median(intervals))) if intervals else LEAST


def _open_days(since: date, until: date, closed: Closed) -> int:
    """Return how many days after ``since``, up to ``until``, are open."""
    days = (since + timedelta(days=step) for step in range(1, (until - since).days + 1))
    return sum(not closed(day) for day in days)
