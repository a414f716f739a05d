"""Ingest: from the event log into the record, effectively once.

Each batch is one transaction: rows, rejects, what became stale, and the next position move together, and the
position is compared before it is set, so that a second ingester notices that it was late and undoes its batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from producers.errors import OffsetMoved, TrimmedOffset, WarehouseOld
from producers.log import Batch, EventLog
from warehouse.batch import Sorted, drop_repeated, refused_table, sort
from warehouse.connection import Connection, read, transaction, write
from warehouse.statement import statement
from warehouse.tombstone import withhold

BATCH = 40_000
PATIENCE = 3.0
"""How many seconds a log may seem to end before what was ingested of it."""
HOLD = 1.0
"""How many seconds a run keeps the file over several batches: closing it writes everything that is new."""


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


def ingest(
    log: EventLog,
    path: Path,
    *,
    batch: int = BATCH,
    progress: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Ingested:
    """Return what was taken from the log into the warehouse at ``path``, up to the end that the log had at the start.

    ``stopped`` is asked between batches, for who has to end early.

    Raises:
        TrimmedOffset: when the log no longer holds the position to go on from; nothing is skipped silently.
        WarehouseBusy: when another process holds the warehouse for too long.
    """
    done = Ingested()
    stored, lost = positions(path), dict[int, TrimmedOffset]()
    starts, ends = log.starts(), log.ends()
    with _File(path) as file:
        while not stopped() and (batches := _read(log, starts, ends, stored, lost, limit=batch)):
            found = sort(*batches)
            try:
                done += store(found, file.opened(), expected=stored)
            except OffsetMoved:
                stored = _stored(file.opened())
                continue
            stored |= {each.partition: each.next_position for each in batches}
            if progress:
                progress(sum(len(each.values) for each in batches))
    for error in lost.values():
        raise error
    return done


def _read(
    log: EventLog,
    starts: Mapping[int, int],
    ends: Mapping[int, int],
    stored: Mapping[int, int],
    lost: dict[int, TrimmedOffset],
    *,
    limit: int,
) -> list[Batch]:
    """Return what comes next of each partition, ``limit`` lines in all; a partition with a gap holds up no other."""
    behind = dict[int, int]()
    for partition in sorted(ends.keys() - lost.keys()):
        try:
            behind[partition] = _position(partition, stored, starts, ends, log)
        except TrimmedOffset as error:
            lost[partition] = error
    behind = {partition: position for partition, position in behind.items() if position < ends[partition]}
    batches = list[Batch]()
    for number, (partition, position) in enumerate(behind.items()):
        room = limit - sum(len(each.values) for each in batches)
        each = log.read(partition, position, limit=max(1, room // (len(behind) - number)))
        if each.next_position > position:  # else the log gives nothing now; what is left is taken the next time
            batches.append(each)
    return batches


def _position(
    partition: int, stored: Mapping[int, int], starts: Mapping[int, int], ends: Mapping[int, int], log: EventLog
) -> int:
    """Return where to read on.

    Raises:
        TrimmedOffset: when the log does not reach there.
    """
    start = starts.get(partition, 0)
    position = stored.get(partition, start)
    if position < start:
        raise TrimmedOffset(
            f"partition {partition}: positions {position} to {start - 1} left the log before they were ingested",
            remedy=f"maillage gaps accept {partition} --reason '…' writes the loss down and goes on",
        )
    if partition in stored and position > ends[partition] and position > (end := _end(log, partition, position)):
        raise TrimmedOffset(
            f"partition {partition} was ingested up to {position}, but the log ends at {end}",
            expected="the log that was ingested",
            remedy="check MAILLAGE_LOG; if the log was lost, start a new home or restore it",
        )
    return position


def _end(log: EventLog, partition: int, position: int) -> int:
    """Return where the partition ends; a broker that has just started may need a moment to know it."""
    deadline = time.monotonic() + PATIENCE
    while (end := log.ends().get(partition, 0)) < position and time.monotonic() < deadline:
        time.sleep(0.2)
    return end


class _File:
    """The warehouse file, opened when it is needed and kept for a while, so that others have their turn too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    def opened(self) -> Connection:
        """Return the connection; a new one when the last has been kept for ``HOLD`` seconds."""
        if self._connection is None or time.monotonic() > self._until:
            self._stack.close()
            self._connection = self._stack.enter_context(write(self._path))
            self._connection.execute("SET threads = 1")  # for so few rows, sharing the work costs more than it gains
            self._until = time.monotonic() + HOLD
        return self._connection


def waiting(log: EventLog, path: Path) -> int:
    """Return how many positions of the log the warehouse has not taken yet."""
    starts, stored = log.starts(), positions(path) if path.exists() else {}
    return sum(max(0, end - stored.get(partition, starts.get(partition, 0))) for partition, end in log.ends().items())


def positions(path: Path) -> dict[int, int]:
    """Return the first position of each partition that has not been ingested; a new warehouse is made, and empty."""
    if path.exists():
        with suppress(WarehouseOld), read(path) as connection:
            return _stored(connection)
    with write(path) as connection:
        return _stored(connection)


def _stored(connection: Connection) -> dict[int, int]:
    return dict(connection.execute("SELECT partition, next_position FROM ingest_offset").fetchall())


def take(lines: Batch, path: Path, *, expected: int | None) -> Ingested:
    """Return what became of the lines, all in one transaction that also moves the position on from ``expected``.

    Raises:
        OffsetMoved: when another ingester took them first; nothing of this batch stays.
    """
    found = sort(lines)
    with write(path) as connection:
        return store(found, connection, expected={} if expected is None else {lines.partition: expected})


def store(found: Sorted, connection: Connection, *, expected: Mapping[int, int]) -> Ingested:
    """Return what became of the batches, in one transaction that moves each partition on from what is expected.

    Raises:
        OffsetMoved: like ``take``.
    """
    with transaction(connection):
        for each in found.batches:
            _move(connection, each, expected.get(each.partition))
        _store(connection, found)
        _refuse(connection, found)
    lines, new, rejected = sum(len(each.values) for each in found.batches), len(found.events), len(found.refused)
    return Ingested(lines, new, lines - new - rejected, rejected)


def _store(connection: Connection, found: Sorted) -> None:
    """Store the events that are new, with all that follows from them; ``found`` keeps only those."""
    withhold(connection, found)
    connection.register("batch", found.numbered())
    if known := dict(connection.execute(statement("ingest/known")).fetchall()):
        found.leave_out(known)
    drop_repeated(found)
    connection.register("batch", found.events)
    if len(found.events):
        _mark(connection)
        connection.execute(statement("ingest/insert"))
        connection.execute(statement("ingest/pending"))
    connection.unregister("batch")


def _mark(connection: Connection) -> None:
    """Widen the span of weeks, and note as stale what the batch can touch."""
    first, last = connection.execute("SELECT first_week, last_week FROM span").fetchall()[0]
    connection.execute(statement("ingest/touched"))
    connection.execute(statement("ingest/span"))
    connection.execute(statement("ingest/stale"), {"old_first": first, "old_last": last})


def _refuse(connection: Connection, found: Sorted) -> None:
    if found.refused:
        connection.register("refused", refused_table(found))
        connection.execute(statement("ingest/reject"))
        connection.unregister("refused")


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
