"""The event log in a folder of this machine: append-only NDJSON segments in a few partitions.

    <path>/partitions                         how many there are, fixed when the log is made
    <path>/<partition>/lock                   held by the one writer
    <path>/<partition>/<first>.ndjson         a segment: one record a line, from that position on
    <path>/<partition>/<first>.times          when its records were appended

``cat`` and ``grep`` read it; ``cat events.ndjson >> <segment>`` appends by hand; removing the oldest segments is
retention.
"""

from __future__ import annotations

import errno
import os
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.errors import LogError, UsageError
from producers.log import Batch, Entry
from producers.log.partition import PartitionReader, append, sync_folder, writer_lock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_PARTITIONS = 1024
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderLog:
    """An ``EventLog`` in a folder, which is made when it is not there."""

    def __init__(self, path: str | Path, *, partitions: int = 4) -> None:
        self._path = Path(path)
        with _explained(self._path):
            self._folders = _partition_folders(self._path, partitions)
        self._readers = [PartitionReader(folder) for folder in self._folders]
        # Apart from the readers, so that asking for the ends does not move them.
        self._tails = [PartitionReader(folder) for folder in self._folders]

    def append(self, entries: Sequence[Entry], *, recorded_at: datetime | None = None) -> int:
        """Return how many entries are durable in the log: all of them, or an error is raised.

        The entries of one partition are kept together, all or none. ``recorded_at`` is the log's clock in a
        simulated past; left out, it is now, and never earlier than what was appended before.

        Raises:
            LogBusy: when another process keeps writing.
            LogError: when an entry is no line, or there is no room.
        """
        values = self._by_partition(entries)
        stamp = None if recorded_at is None else _microseconds(recorded_at)
        with _explained(self._path), ExitStack() as locks:
            for partition in sorted(values):
                locks.enter_context(writer_lock(self._folders[partition]))
            for partition in sorted(values):
                append(self._folders[partition], values[partition], stamp)
        return len(entries)

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        """Return up to ``limit`` records from ``position`` on; an empty batch at the end.

        Raises:
            TrimmedOffset: when ``position`` lies before the first record kept, or beyond the end.
        """
        if limit < 1:
            raise UsageError(f"a batch of {limit} records was asked for", expected="at least 1")
        with _explained(self._path):
            lines, stamps = self._reader(partition).read(position, limit)
        after = position + len(lines)
        return Batch(partition, range(position, after), stamps, lines, after)

    def starts(self) -> Mapping[int, int]:
        """Return the first position kept of each partition."""
        with _explained(self._path):
            return {partition: reader.start() for partition, reader in enumerate(self._readers)}

    def ends(self) -> Mapping[int, int]:
        """Return the position after the last record of each partition."""
        with _explained(self._path):
            return {partition: tail.end() for partition, tail in enumerate(self._tails)}

    def acknowledge(self, positions: Mapping[int, int]) -> None:
        """Do nothing: a folder has no place for it."""

    def close(self) -> None:
        """Release the files; the log may be used again."""
        for reader in self._readers + self._tails:
            reader.close()

    def _reader(self, partition: int) -> PartitionReader:
        if not 0 <= partition < len(self._readers):
            raise LogError(f"{self._path} has no partition {partition}", expected=f"0 to {len(self._readers) - 1}")
        return self._readers[partition]

    def _by_partition(self, entries: Sequence[Entry]) -> dict[int, list[bytes]]:
        values = defaultdict[int, list[bytes]](list)
        for number, (key, value) in enumerate(entries):
            if not value or b"\n" in value:
                found = f"entry {number} has a line break" if value else f"entry {number} is empty"
                raise LogError(found, expected="one line of bytes in each", remedy="nothing was written")
            values[zlib.crc32(key.encode()) % len(self._folders)].append(value)
        return values


def _partition_folders(path: Path, partitions: int) -> list[Path]:
    stated = path / "partitions"
    if not stated.exists():
        _create(path, partitions)
    text = stated.read_text(encoding="ascii", errors="replace").strip()
    if not (text.isdecimal() and 1 <= int(text) <= _MOST_PARTITIONS):
        raise LogError(
            f"{stated} says {text[:20]!r}",
            expected=f"a number from 1 to {_MOST_PARTITIONS}",
            remedy=f"write into it how many numbered folders there are in {path}",
        )
    return [path / str(number) for number in range(int(text))]


def _create(path: Path, partitions: int) -> None:
    if not 1 <= partitions <= _MOST_PARTITIONS:
        raise UsageError(f"{partitions} partitions were asked for", expected=f"1 to {_MOST_PARTITIONS}")
    path.mkdir(parents=True, exist_ok=True)
    for number in range(partitions):
        (path / str(number)).mkdir(exist_ok=True)
    # The number appears last and in one step: of two processes that make the log at once, one states it.
    with tempfile.NamedTemporaryFile("w", dir=path, prefix=".partitions-") as draft:
        draft.write(f"{partitions}\n")
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path / "partitions")
    sync_folder(path)


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise UsageError(f"recorded_at is {moment.isoformat()}", expected="a time with its zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else str(path)
        raise LogError(f"{name}: {error.strerror}", remedy=_remedy(error)) from error


def _remedy(error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return "what did not fit was cut off again: make room and send the same again"
    if isinstance(error, FileNotFoundError):
        return "restore the folder, or open the log again to make a new one"
    return "give this user the right to read and write there" if isinstance(error, PermissionError) else ""
