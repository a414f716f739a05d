"""The watermark: the instant up to which everything that the log recorded is in a warehouse file."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.errors import WarehouseOld
from producers.log import Batch, EventLog
from warehouse.connection import read

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def watermark(log: EventLog, path: Path, *, present: datetime) -> datetime:
    """Return ``present`` where nothing waits in the log, else when the first line that waits was recorded.

    ``path`` is the file that will be read: the published snapshot for those who compute from it. It is only read; one
    that is not there, or older than this version, has taken nothing.

    Raises:
        TrimmedOffset: when what waits is no longer in the log.
        LogError: when the log cannot be read: then nobody knows.
    """
    starts, taken = log.starts(), _taken(path)
    behind = {
        partition: position
        for partition, end in log.ends().items()
        if (position := taken.get(partition, starts.get(partition, 0))) < end
    }
    firsts = [_first(log.read(partition, position, limit=1), position) for partition, position in behind.items()]
    return min([present, *(each for each in firsts if each)])


def _first(batch: Batch, position: int) -> datetime | None:
    """Return when the first record was appended, or nothing where only the log's own markers are left."""
    if len(batch.recorded_at):
        return _EPOCH + timedelta(microseconds=int(batch.recorded_at[0]))
    return None if batch.next_position > position else _EPOCH  # the log gives nothing now: what waits may be old


def _taken(path: Path) -> dict[int, int]:
    if path.exists():
        with suppress(WarehouseOld), read(path) as connection:
            return dict(connection.execute("SELECT partition, next_position FROM ingest_offset").fetchall())
    return {}
