"""Where everything stands: the record, what waits, what is stale, and which sources were heard when."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import msgspec

from producers.log import EventLog
from warehouse.connection import Connection, read
from warehouse.ingest import waiting
from warehouse.statement import statement


class Heard(msgspec.Struct, frozen=True):
    """A source, and when it was last heard."""

    source: str
    title: str
    events: int
    last_occurred_at: datetime
    last_recorded_at: datetime


class Late(msgspec.Struct, frozen=True):
    """Activities of one source, of the last seven days of the record, that came after the report on their week."""

    source: str
    title: str
    events: int
    oldest_week: date
    stale_weeks: int
    """Weeks that they made stale and that are not computed again yet."""


class Status(msgspec.Struct, frozen=True):
    """The state of the network's data; JSON of it is what ``maillage status --format json`` prints."""

    waiting: int
    events: int
    rejects: int
    first_week: date | None
    last_week: date | None
    stale: int
    stale_weeks: list[date]
    computed_weeks: int
    last_computed_week: date | None
    sources: list[Heard]
    late: list[Late]


def status(log: EventLog, path: Path) -> Status:
    """Return the state of the warehouse at ``path`` and of the log that it reads."""
    lines = waiting(log, path)
    with read(path) as connection:
        return _status(connection, lines)


def _status(connection: Connection, lines: int) -> Status:
    events, refused, first, last, stale, computed, last_computed = connection.execute(
        statement("readings/status"),
    ).fetchall()[0]
    stale_weeks = connection.execute("SELECT DISTINCT week FROM stale ORDER BY week").fetchall()
    heard = connection.execute(statement("readings/heard")).fetchall()
    late = connection.execute(statement("readings/late")).fetchall()
    return Status(
        waiting=lines,
        events=events,
        rejects=refused,
        first_week=first,
        last_week=last,
        stale=stale,
        stale_weeks=[week for (week,) in stale_weeks],
        computed_weeks=computed,
        last_computed_week=last_computed,
        sources=[Heard(*row) for row in heard],
        late=[Late(*row) for row in late],
    )
