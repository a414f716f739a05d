"""A fetched batch of Kafka's records in three columns, instead of an object for each record.

kafka-python spends most of a reader's time on one object, one tuple and a dozen calls a record. Here it keeps all
that is Kafka's protocol (checksums, transactions, markers, positions) and gives a batch out as one record whose value
is the columns. They are read by a loop of our own where every record is what our producer writes; a batch that holds
anything else goes through kafka-python's own loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer
from kafka.consumer.fetcher import Fetcher
from kafka.record.default_records import DefaultRecord, DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords

from producers.log.cloudevents import HEADERS, structured

MORE = 0x80
"""The bit of a byte that says that its number goes on."""
V2 = 2
"""The format of record batches since Kafka 0.11."""
_TAIL = bytes([2 * len(HEADERS)]) + b"".join(
    bytes([2 * len(name)]) + name.encode() + bytes([2 * len(value)]) + value for name, value in HEADERS
)
"""The headers of our records as they stand at a record's end; the lengths are small enough for one byte each."""


@dataclass
class Columns:
    """Records in order: their positions, when the log appended each (microseconds), and their lines."""

    positions: list[int] = field(default_factory=list)
    stamps: list[int] = field(default_factory=list)
    values: list[bytes | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.positions)

    def extend(self, more: Columns, *, since: int) -> None:
        """Append those of ``more`` that do not lie before position ``since``."""
        first = next((row for row, position in enumerate(more.positions) if position >= since), len(more))
        self.positions += more.positions[first:]
        self.stamps += more.stamps[first:]
        self.values += more.values[first:]

    def taken(self, limit: int) -> Columns:
        """Return the first records, up to ``limit``, which are no longer here afterwards."""
        first = Columns(self.positions[:limit], self.stamps[:limit], self.values[:limit])
        del self.positions[:limit], self.stamps[:limit], self.values[:limit]
        return first


def give_batches(consumer: KafkaConsumer) -> None:
    """Make the consumer give each batch of records as one record, its value the ``Columns`` of the batch."""
    consumer._fetcher.PartitionRecords = _PartitionRecords  # noqa: SLF001  kafka-python has no other door; pinned


def columns(batch: DefaultRecordBatch) -> Columns:
    """Return the records of the batch, those in binary mode as the lines that they stand for.

    Raises:
        CorruptRecordError: when the batch is not what its lengths say.
    """
    iter(batch)  # uncompresses it
    lines = _lines(bytes(batch._buffer), batch._pos, batch.records_count, batch.base_offset)  # noqa: SLF001  as above
    if lines is not None and batch.timestamp_type == batch.LOG_APPEND_TIME:
        positions, values = lines
        return Columns(positions, [batch.max_timestamp * 1000] * len(positions), values)
    records = list(batch)
    return Columns(
        [record.offset for record in records],
        [record.timestamp * 1000 for record in records],
        [structured(record.headers, record.value) for record in records],
    )


def _lines(buffer: bytes, at: int, count: int, base: int) -> tuple[list[int], list[bytes | None]] | None:
    """Return the positions and values of ``count`` records from ``at`` on; None when one is not like ours.

    A record: its length, a byte of attributes, the time's delta, the position's delta, key, value and headers, with
    Kafka's numbers of 7 bits a byte, twice as large as what they say. Lengths of up to 2 MB are read here.
    """
    positions, values = list[int](), list[bytes | None]()
    try:
        for _ in range(count):
            size, at = _number(buffer, at) if buffer[at] & MORE else (buffer[at], at + 1)
            end = at + (size >> 1)
            if buffer[at] & MORE:
                return None
            at += 2
            while buffer[at - 1] & MORE:
                at += 1
            delta, at = _number(buffer, at) if buffer[at] & MORE else (buffer[at], at + 1)
            key, at = _number(buffer, at) if buffer[at] & MORE else (buffer[at], at + 1)
            if key & 1 == 0:
                at += key >> 1
            size, at = _number(buffer, at) if buffer[at] & MORE else (buffer[at], at + 1)
            tail = at + (size >> 1)
            if size & 1 or delta & 1 or buffer[tail:end] != _TAIL:
                return None
            positions.append(base + (delta >> 1))
            values.append(buffer[at:tail])
            at = end
    except IndexError:
        return None
    return (positions, values) if at == len(buffer) else None


def _number(buffer: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at ``at`` with more than one byte, and where it ends."""
    number = buffer[at] & ~MORE | (buffer[at + 1] & ~MORE) << 7
    if not buffer[at + 1] & MORE:
        return number, at + 2
    if buffer[at + 2] & MORE:
        raise IndexError
    return number | buffer[at + 2] << 14, at + 3


class _Whole:
    """A batch that gives one record: all of its own."""

    def __init__(self, batch: DefaultRecordBatch) -> None:
        self._batch = batch

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever kafka-python asks of the batch
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[DefaultRecord]:
        found = columns(self._batch)
        if len(found):
            last = found.positions[-1]
            size = self._batch.size_in_bytes
            yield DefaultRecord(size, last, self._batch.max_timestamp, self._batch.timestamp_type, None, found, [])


class _Records:
    """The batches of a fetch; those of Kafka itself (the markers of transactions) stay as they are."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records

    def next_batch(self) -> _Whole | DefaultRecordBatch | None:
        batch = self._records.next_batch()
        if batch is None or batch.magic != V2 or batch.is_control_batch:
            return batch
        return _Whole(batch)


class _PartitionRecords(Fetcher.PartitionRecords):  # type: ignore[misc]  # kafka-python has no types
    def __init__(self, fetch_offset: int, partition: Any, records: MemoryRecords, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(fetch_offset, partition, _Records(records), **settings)
