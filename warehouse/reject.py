"""Rejects: the lines that broke the contract, with their bytes read back from the log by position."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from producers.errors import EventError, LogError, TrimmedOffset, UsageError
from producers.event import decode
from producers.log import Entry, EventLog
from warehouse.connection import Connection


@dataclass(frozen=True)
class Reject:
    """One line that was refused; its bytes are in the log only."""

    partition: int
    position: int
    size: int
    digest: str
    reason: str
    seen_at: datetime


def rejects(connection: Connection, limit: int | None = None) -> list[Reject]:
    """Return the rejects, the newest first."""
    rows = connection.execute(
        "SELECT partition, position, size, digest, reason, seen_at FROM rejects "
        "ORDER BY seen_at DESC, partition, position DESC LIMIT $limit",
        {"limit": limit},
    ).fetchall()
    return [Reject(*row) for row in rows]


def find(connection: Connection, partition: int, position: int) -> Reject:
    """Return one reject; raises UsageError where nothing was rejected."""
    for each in rejects(connection):
        if (each.partition, each.position) == (partition, position):
            return each
    raise UsageError(f"nothing was rejected at {partition}:{position}", remedy="maillage rejects list shows where")


def raw(log: EventLog, reject: Reject) -> bytes:
    """Return the bytes of the line as they stand in the log.

    Raises:
        TrimmedOffset: when retention has taken them.
        LogError: when other bytes stand there now.
    """
    try:
        batch = log.read(reject.partition, reject.position, limit=1)
    except TrimmedOffset as error:
        raise TrimmedOffset(
            f"the log no longer holds {reject.partition}:{reject.position}",
            remedy="retention has taken it; ask its source to publish it again",
        ) from error
    value = (batch.values[0] if batch.values else b"") or b""
    if hashlib.sha256(value).hexdigest() != reject.digest:
        raise LogError(
            f"other bytes stand at {reject.partition}:{reject.position} than were rejected",
            remedy="is MAILLAGE_LOG the log that was ingested?",
        )
    return value


def replay(log: EventLog, lines: list[bytes]) -> tuple[int, list[str]]:
    """Append the lines that keep the contract now; return how many, and why the others stay rejected."""
    entries, refused = [], []
    for line in lines:
        try:
            entries.append(Entry(decode(line).key, line))
        except EventError as error:
            refused.append(str(error))
    return (log.append(entries) if entries else 0), refused
