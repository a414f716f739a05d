"""Gaps: positions that the log lost before they were ingested; going on without them takes a written word."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from producers.errors import UsageError
from producers.log import EventLog
from warehouse.connection import Connection, transaction, write
from warehouse.statement import statement


@dataclass(frozen=True)
class Gap:
    """The positions from ``since`` to before ``until`` of a partition, which nobody will see."""

    partition: int
    since: int
    until: int
    accepted_at: datetime
    reason: str


def accept(log: EventLog, path: Path, partition: int, *, reason: str, present: datetime) -> Gap:
    """Return the gap, recorded with its reason; ingest goes on at the first position that the log still has.

    Raises:
        UsageError: when nothing is missing there.
    """
    start = log.starts().get(partition, 0)
    with write(path) as connection, transaction(connection):
        stored = _stored(connection, partition)
        if stored is None or stored >= start:
            raise UsageError(
                f"nothing is missing in partition {partition}: ingested up to {stored or 0}, kept from {start} on",
                remedy="maillage doctor names the gaps",
            )
        gap = Gap(partition, stored, start, present, reason)
        connection.execute(statement("ingest/gap"), asdict(gap))
        connection.execute(statement("ingest/skip"), {"partition": partition, "until": start})
    return gap


def gaps(connection: Connection) -> list[Gap]:
    """Return the gaps that were accepted, the newest first."""
    rows = connection.execute(
        "SELECT partition, since, until, accepted_at, reason FROM gap ORDER BY accepted_at DESC, partition",
    ).fetchall()
    return [Gap(*row) for row in rows]


def _stored(connection: Connection, partition: int) -> int | None:
    row = connection.execute(
        "SELECT next_position FROM ingest_offset WHERE partition = $partition", {"partition": partition}
    ).fetchone()
    return row[0] if row else None
