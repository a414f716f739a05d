"""Ingest: from the event log into the record, effectively once.

Each batch is one transaction: rows, rejects, what became stale, and the next position move together, and the
position is compared before it is set, so that a second ingester notices that it was late and undoes its batch.
"""

from __future__ import annotations

import functools
import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from producers.errors import EventError, OffsetMoved, TrimmedOffset
from producers.event import Event, decode, encode_data
from producers.log import Batch, EventLog
from warehouse.connection import Connection, transaction, write
from warehouse.statement import statement

BATCH = 50_000
AHEAD = timedelta(days=1)
"""How far an event may lie ahead of the log's clock: a source that knows only the day writes noon."""

OTHER_CONTENT = (
    "the same source and id came before with other content; "
    "to correct an event, retract it and publish the corrected one under a new id"
)

_instant = pa.timestamp("us", "UTC")


@dataclass(frozen=True)
class Ingested:
    """What a run did: every line read is new, a duplicate, or rejected."""

    read: int = 0
    new: int = 0
    duplicates: int = 0
    rejected: int = 0

    def __add__(self, other: Ingested) -> Ingested:
        """Return the two runs as one."""
        return Ingested(
            self.read + other.read,
            self.new + other.new,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
        )


@dataclass
class Sorted:
    """A batch, line by line: the events that are kept with where they stand, and why the others are refused."""

    partition: int
    positions: list[int] = field(default_factory=list)
    recorded_at: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def ingest(log: EventLog, path: Path, *, batch: int = BATCH, progress: Callable[[int], None] | None = None) -> Ingested:
    """Return what was taken from the log into the warehouse at ``path``, up to the end that the log had at the start.

    Raises:
        TrimmedOffset: when the log no longer holds the position to go on from; nothing is skipped silently.
        WarehouseBusy: when another process holds the warehouse for too long.
    """
    done = Ingested()
    starts = log.starts()
    stored = positions(path)
    for partition, end in sorted(log.ends().items()):
        position = stored.get(partition, starts.get(partition, 0))
        if position > end:
            raise TrimmedOffset(
                f"partition {partition} was ingested up to {position}, but the log ends at {end}",
                expected="the log that was ingested",
                remedy="check MAILLAGE_LOG; if the log was lost, start a new home or restore it",
            )
        while position < end:
            lines = log.read(partition, position, limit=batch)
            try:
                done += take(lines, path, expected=stored.get(partition))
            except OffsetMoved:
                stored[partition] = position = positions(path)[partition]
                continue
            stored[partition] = position = lines.next_position
            if progress:
                progress(len(lines.values))
    return done


def waiting(log: EventLog, path: Path) -> int:
    """Return how many positions of the log the warehouse has not taken yet."""
    starts, stored = log.starts(), positions(path) if path.exists() else {}
    return sum(max(0, end - stored.get(partition, starts.get(partition, 0))) for partition, end in log.ends().items())


def positions(path: Path) -> dict[int, int]:
    """Return the first position of each partition that has not been ingested; a new warehouse is made, and empty."""
    with write(path) as connection:
        return dict(connection.execute("SELECT partition, next_position FROM ingest_offset").fetchall())


def take(lines: Batch, path: Path, *, expected: int | None) -> Ingested:
    """Return what became of the lines, all in one transaction that also moves the position on from ``expected``.

    Raises:
        OffsetMoved: when another ingester took them first; nothing of this batch stays.
    """
    with _without_cycles():
        found = sort(lines)
        with write(path) as connection, transaction(connection):
            _move(connection, lines, expected)
            _store(connection, found)
            _refuse(connection, found, lines)
    new, rejected = len(found.events), len(found.refused)
    return Ingested(len(lines.values), new, len(lines.values) - new - rejected, rejected)


def sort(lines: Batch) -> Sorted:
    """Return the batch with each line either decoded or refused, and each (source, id) once."""
    found = Sorted(lines.partition)
    seen: dict[tuple[str, str], Event] = {}
    for position, recorded_at, value in zip(lines.positions, lines.recorded_at, lines.values, strict=True):
        try:
            event = _accepted(value, recorded_at)
        except EventError as error:
            found.refused[position] = str(error)
            continue
        first = seen.setdefault((event.source, event.id), event)
        if first is event:
            found.positions.append(position)
            found.recorded_at.append(recorded_at)
            found.events.append(event)
        elif first != event:
            found.refused[position] = OTHER_CONTENT
    return found


def _accepted(value: bytes | None, recorded_at: int) -> Event:
    if value is None:
        raise EventError("the record is a tombstone without a value", expected="one event")
    event = decode(value)
    if event.time > _latest(recorded_at):
        recorded = datetime.fromtimestamp(recorded_at / 1e6, UTC)
        raise EventError(
            f"the event lies in the future: {event.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            expected=f"a time before it was recorded, {recorded:%Y-%m-%dT%H:%M:%SZ}",
        )
    return event


@functools.lru_cache(maxsize=16)
def _latest(recorded_at: int) -> datetime:
    """Return the latest time that an event may claim which was recorded then; neighbours share their instant."""
    return datetime.fromtimestamp(recorded_at / 1e6, UTC) + AHEAD


def _store(connection: Connection, found: Sorted) -> None:
    """Store the events that are new, with all that follows from them; ``found`` keeps only those."""
    connection.register("batch", _table(found))
    known = dict(connection.execute(statement("ingest/known")).fetchall())
    if known:
        _drop(found, known)
        connection.register("batch", _table(found))
    if found.events:
        _mark(connection)
        connection.execute(statement("ingest/insert"))
        connection.execute(statement("ingest/pending"))
    connection.unregister("batch")


def _drop(found: Sorted, known: dict[int, bool]) -> None:
    found.refused.update({position: OTHER_CONTENT for position, same in known.items() if not same})
    rows = zip(found.positions, found.recorded_at, found.events, strict=True)
    kept = [row for row in rows if row[0] not in known]
    found.positions = [position for position, _, _ in kept]
    found.recorded_at = [recorded_at for _, recorded_at, _ in kept]
    found.events = [event for _, _, event in kept]


def _mark(connection: Connection) -> None:
    """Widen the span of weeks, and note as stale what the batch can touch."""
    first, last = connection.execute("SELECT first_week, last_week FROM span").fetchall()[0]
    connection.execute(statement("ingest/touched"))
    connection.execute(statement("ingest/span"))
    connection.execute(statement("ingest/stale"), {"old_first": first, "old_last": last})


def _refuse(connection: Connection, found: Sorted, lines: Batch) -> None:
    if not found.refused:
        return
    rows = [
        (position, recorded_at, value or b"")
        for position, recorded_at, value in zip(lines.positions, lines.recorded_at, lines.values, strict=True)
        if position in found.refused
    ]
    refused = pa.table(
        {
            "partition": pa.array([lines.partition] * len(rows), pa.int32()),
            "position": pa.array([position for position, _, _ in rows], pa.int64()),
            "size": pa.array([len(value) for _, _, value in rows], pa.int64()),
            "digest": [hashlib.sha256(value).hexdigest() for _, _, value in rows],
            "reason": [found.refused[position] for position, _, _ in rows],
            "seen_at": pa.array([recorded_at for _, recorded_at, _ in rows], _instant),
        },
    )
    connection.register("refused", refused)
    connection.execute(statement("ingest/reject"))
    connection.unregister("refused")


def _table(found: Sorted) -> pa.Table:
    events = found.events
    return pa.table(
        {
            "id": pa.array([event.id for event in events], pa.string()),
            "source": pa.array([event.source for event in events], pa.string()),
            "type": pa.array([event.type for event in events], pa.string()),
            "subject": pa.array([event.subject for event in events], pa.string()),
            "occurred_at": pa.array([event.time for event in events], _instant),
            "recorded_at": pa.array(found.recorded_at, _instant),
            "partition": pa.array([found.partition] * len(events), pa.int32()),
            "position": pa.array(found.positions, pa.int64()),
            "data": pa.array([encode_data(event.data) for event in events], pa.binary()).cast(pa.string()),
        },
    )


def _move(connection: Connection, lines: Batch, expected: int | None) -> None:
    """Compare the stored position with the expected one and set it: the fence against a second ingester."""
    where = {"partition": lines.partition}
    stored = connection.execute(
        "SELECT next_position FROM ingest_offset WHERE partition = $partition", where
    ).fetchone()
    if (stored[0] if stored else None) != expected:
        raise OffsetMoved(
            f"partition {lines.partition} has moved on from position {expected}",
            remedy="another ingester took the batch; nothing to do",
        )
    connection.execute("DELETE FROM ingest_offset WHERE partition = $partition", where)
    connection.execute("INSERT INTO ingest_offset VALUES ($partition, $next)", {**where, "next": lines.next_position})


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Pause the search for reference cycles: a batch makes many objects and no cycle, and the search is a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
