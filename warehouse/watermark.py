"""The watermark: the instant up to which everything that the log recorded has been taken in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.log import EventLog
from warehouse.ingest import positions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def watermark(log: EventLog, path: Path, *, present: datetime) -> datetime:
    """Return ``present`` where nothing waits in the log, else when the first line that waits was recorded.

    Raises:
        TrimmedOffset: when what waits is no longer in the log.
        LogError: when the log cannot be read: then nobody knows.
    """
    starts, stored = log.starts(), positions(path) if path.exists() else {}
    waits = [
        log.read(partition, position, limit=1).recorded_at
        for partition, end in log.ends().items()
        if (position := stored.get(partition, starts.get(partition, 0))) < end
    ]
    firsts = [_EPOCH + timedelta(microseconds=stamps[0]) for stamps in waits if len(stamps)]
    return min([present, *firsts])
