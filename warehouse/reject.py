"""Rejects: the lines that broke the contract, with their bytes read back from the log by position."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from producers.errors import LogError, TrimmedOffset, UsageError
from producers.event import decode
from producers.log import Batch, Entry, EventLog
from warehouse.batch import Sorted, drop_repeated, sort
from warehouse.connection import Connection, read
from warehouse.statement import statement
from warehouse.tombstone import withhold


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
    """Return the rejects, the newest first; all of them without ``limit``."""
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


_IN_LOG = -1
"""In place of the partition, for what waits in the log."""


@dataclass(frozen=True)
class Replayed:
    """What became of the lines that were given another try: each is appended, known already, or refused again."""

    appended: int = 0
    known: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """How many lines, by the reason for which they would be refused again."""


def replay(log: EventLog, path: Path, lines: Sequence[bytes], *, present: datetime) -> Replayed:
    """Append the lines that ingest would take now, in their order; return what became of each.

    They pass what ingest asks of a line: the contract, a time that has come, and no other content under a known id.
    What stands on record or waits in the log already is not appended again, so that a second call appends nothing.
    """
    stamp = round(present.timestamp() * 1_000_000)
    found = sort(Batch(0, range(len(lines)), [stamp] * len(lines), lines, len(lines)))
    with read(path) as connection:
        withhold(connection, found)
        known = _on_record(connection, found)
        stored = dict(connection.execute("SELECT partition, next_position FROM ingest_offset").fetchall())
    found.leave_out(known)
    _drop_waiting(found, log, stored)
    entries = [Entry(decode(lines[place]).key, lines[place]) for place in found.events["position"].to_pylist()]
    appended = log.append(entries) if entries else 0
    return Replayed(appended, len(lines) - appended - len(found.refused), dict(Counter(found.refused.values())))


def _on_record(connection: Connection, found: Sorted) -> dict[int, bool]:
    """Return which rows have a source and id that the record holds, and whether they say the same."""
    connection.register("batch", found.numbered())
    return dict(connection.execute(statement("ingest/known")).fetchall())


def _drop_waiting(found: Sorted, log: EventLog, stored: Mapping[int, int]) -> None:
    """Keep of the events that repeat one that waits in the log, or each other, the first; refuse contradictions."""
    ids = found.events["id"]
    waiting = [events.filter(pc.is_in(events["id"], ids)) for events in _waiting(log, stored)]
    ahead = pa.concat_tables([found.events.slice(0, 0), *waiting])
    place = ahead.schema.get_field_index("partition")
    ahead = ahead.set_column(place, "partition", pa.array([_IN_LOG] * len(ahead), pa.int32()))
    found.events = pa.concat_tables([ahead, found.events])
    drop_repeated(found)
    found.events = found.events.filter(pc.not_equal(found.events["partition"], _IN_LOG))
    found.refused = {place: reason for place, reason in found.refused.items() if place[0] != _IN_LOG}


def _waiting(log: EventLog, stored: Mapping[int, int]) -> Iterator[pa.Table]:
    """Give the events of the log that have not been ingested."""
    starts = log.starts()
    for partition, end in log.ends().items():
        position = max(stored.get(partition, 0), starts.get(partition, 0))
        while position < end and (batch := log.read(partition, position)).next_position > position:
            yield sort(batch).events
            position = batch.next_position
