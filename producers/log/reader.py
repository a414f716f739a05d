"""Reading a topic of Kafka partition by partition, from positions that the caller keeps."""

from __future__ import annotations

import time

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError, OffsetOutOfRangeError

from producers.errors import LogError, TrimmedOffset
from producers.log.client import PATIENCE, connected
from producers.log.record_batch import Columns, give_batches
from producers.log.security import ClientSettings

_POLL_MS = 100
_AHEAD = 30_000
"""Records of a partition that may wait while another is read; to fetch no more of it throws away what is on its way."""
_PATIENCE_MS = int(PATIENCE * 1000)
_CONSUMER: ClientSettings = {
    "group_id": None,
    "enable_auto_commit": False,
    "auto_offset_reset": "none",
    "isolation_level": "read_committed",
    "max_poll_records": 10_000,
    "max_partition_fetch_bytes": 4 << 20,
    "fetch_max_bytes": 16 << 20,
    # A fetch that waits at the broker holds up what comes after it, such as the question where the end is.
    "fetch_max_wait_ms": 10,
    "request_timeout_ms": _PATIENCE_MS,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}


class TopicReader:
    """A consumer of all partitions that gives one partition at a time."""

    def __init__(self, address: str, topic: str, settings: ClientSettings) -> None:
        self._address = address
        self._consumer = connected(KafkaConsumer, {**_CONSUMER, **settings})
        give_batches(self._consumer)
        numbers = self._consumer.partitions_for_topic(topic)
        if not numbers:
            self._consumer.close()
            raise LogError(f"{address}: there is no such topic", remedy="make it with: maillage log init")
        self._partitions = {number: TopicPartition(topic, number) for number in sorted(numbers)}
        self._next: dict[int, int] = {}
        self._waiting = {number: Columns() for number in self._partitions}

    def read(self, number: int, position: int, limit: int) -> tuple[Columns, int]:
        """Return up to ``limit`` records from ``position`` on, and where to read on."""
        if number not in self._partitions:
            raise LogError(f"{self._address} has no partition {number}", expected=f"0 to {len(self._partitions) - 1}")
        if self._next.get(number) != position:
            self._seek(number, position)
        self._fill(number, limit)
        found = self._waiting[number].taken(limit)
        if self._waiting[number] or self._partitions[number] not in self._consumer.assignment():
            self._next[number] = found.positions[-1] + 1
        else:
            self._next[number] = self._position(number)
        return found, self._next[number]

    def starts(self) -> dict[int, int]:
        """Return the first position kept of each partition."""
        found = self._consumer.beginning_offsets(list(self._partitions.values()), timeout_ms=_PATIENCE_MS)
        return {number: found[partition] for number, partition in self._partitions.items()}

    def ends(self) -> dict[int, int]:
        """Return the position after the last record of each partition."""
        found = self._consumer.end_offsets(list(self._partitions.values()), timeout_ms=_PATIENCE_MS)
        return {number: found[partition] for number, partition in self._partitions.items()}

    def close(self) -> None:
        """Release the connections."""
        self._consumer.close(autocommit=False)

    def _seek(self, number: int, position: int) -> None:
        self._check_range(number, position)
        self._waiting[number] = Columns()
        self._fetch_from(number, position)
        self._next[number] = position

    def _fetch_from(self, number: int, position: int) -> None:
        partition = self._partitions[number]
        self._consumer.assign([*self._consumer.assignment(), partition])
        self._consumer.seek(partition, position)

    def _fetch_no_more(self, partition: TopicPartition) -> None:
        # Not paused: kafka-python 3.0.12 never gives out what it held of a paused partition.
        self._consumer.assign([each for each in self._consumer.assignment() if each != partition])

    def _position(self, number: int) -> int:
        return int(self._consumer.position(self._partitions[number]))

    def _check_range(self, number: int, position: int) -> None:
        start, end = self.starts()[number], self.ends()[number]
        if start <= position <= end:
            return
        if position < start:
            remedy = "retention has removed it: accept the loss and read from the first"
        else:
            remedy = "the topic is younger than the reader: restore it, or read from the first"
        raise TrimmedOffset(
            f"{self._address} has no record {position} in partition {number}",
            expected=f"{start} to {end}",
            remedy=remedy,
        )

    def _fill(self, number: int, limit: int) -> None:
        """Wait until ``limit`` records of the partition are here, or all that it has."""
        partition = self._partitions[number]
        if not self._waiting[number] and partition not in self._consumer.assignment():
            self._fetch_from(number, self._next[number])
        deadline = time.monotonic() + PATIENCE
        timeout = 0
        while len(self._waiting[number]) < limit and partition in self._consumer.assignment():
            if self._polled(number, limit, timeout):
                deadline, timeout = time.monotonic() + PATIENCE, 0
                continue
            if self._position(number) >= self.ends()[number]:
                return
            if time.monotonic() > deadline:
                raise KafkaTimeoutError(f"partition {number} gave no record in {PATIENCE:.0f} s")
            timeout = _POLL_MS

    def _polled(self, number: int, limit: int, timeout: int) -> bool:
        """Return whether records of the partition have come; those of the others wait for their turn."""
        try:
            found = self._consumer.poll(timeout_ms=timeout, max_records=limit)
        except OffsetOutOfRangeError as error:
            self._out_of_range(number, error)
            return False
        for partition, batches in found.items():
            waiting = self._waiting[partition.partition]
            for batch in batches:
                waiting.extend(batch.value, since=self._next[partition.partition])
            if partition.partition != number and len(waiting) > _AHEAD:
                self._fetch_no_more(partition)
        return self._partitions[number] in found

    def _out_of_range(self, number: int, error: OffsetOutOfRangeError) -> None:
        # It was in range when it was sought: retention was faster. Another partition is told when it is read.
        position = self._position(number)
        for partition in error.args[0]:
            self._fetch_no_more(partition)
            if not self._waiting[partition.partition]:
                self._next.pop(partition.partition, None)
        self._seek(number, position)
