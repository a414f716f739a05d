"""The event log in a topic of Apache Kafka.

Written with an idempotent producer that waits for every acknowledgement; read without a consumer group, from the
positions that the reader keeps. Records are CloudEvents in structured mode; those in binary mode are read too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.structs import OffsetAndMetadata

from producers.errors import LogError, UsageError
from producers.event import MAX_BYTES
from producers.log import Batch, Entry
from producers.log.client import PATIENCE, BrokerUnreachable, client_settings, connected, reaching
from producers.log.cloudevents import HEADERS
from producers.log.reader import TopicReader
from producers.log.security import ClientSettings, client_security

RECORD_BYTES = MAX_BYTES + (64 << 10)
"""The largest record of the topic: the largest event and what Kafka adds to it."""
GROUP = "maillage-ingest"
"""The consumer group that shows how far the log was taken; nobody joins it."""
_TOGETHER = 5_000
"""Entries that wait for their acknowledgement at once, so that none waits long behind others."""
_DELIVERY_SECONDS = 9.0
_PRODUCER: ClientSettings = {
    "acks": "all",
    "enable_idempotence": True,
    "linger_ms": 20,
    "batch_size": 256 << 10,
    "max_request_size": RECORD_BYTES,
    "request_timeout_ms": int(PATIENCE * 1000),
    "delivery_timeout_ms": int(_DELIVERY_SECONDS * 1000),
    "max_block_ms": int(PATIENCE * 1000),
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}


class KafkaLog:
    """An ``EventLog`` in a topic; ``servers`` is ``HOST:PORT``, or several after commas."""

    def __init__(self, servers: str, topic: str, *, environment: Mapping[str, str] | None = None) -> None:
        security = client_security(os.environ if environment is None else environment)
        self._address = f"kafka://{servers}/{topic}"
        self._topic = topic
        self._settings = client_settings(servers, security)
        self._producer: KafkaProducer | None = None
        self._admin: KafkaAdminClient | None = None
        with reaching(self._address):
            self._reader = TopicReader(self._address, topic, self._settings)

    def append(self, entries: Sequence[Entry], *, recorded_at: datetime | None = None) -> int:  # noqa: ARG002  the broker's clock counts
        """Return how many entries are durable in the log: all of them, or an error is raised.

        Raises:
            BrokerUnreachable: when no broker takes them in time; some may have arrived.
            LogError: when an entry is no line, is too long, or is refused; says how many failed.
        """
        for number, (_, value) in enumerate(entries):
            _check(number, value)
        with reaching(self._address):
            acknowledged, reason = self._sent(entries)
        if reason is not None:
            self._drop_producer()
            raise self._not_sent(len(entries) - acknowledged, len(entries), reason)
        return acknowledged

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        """Return up to ``limit`` records from ``position`` on; an empty batch at the end.

        Raises:
            TrimmedOffset: when ``position`` lies before the first record kept, or beyond the end.
            BrokerUnreachable: when no broker answers in time.
        """
        if limit < 1:
            raise UsageError(f"a batch of {limit} records was asked for", expected="at least 1")
        with reaching(self._address):
            found, after = self._reader.read(partition, position, limit)
        return Batch(partition, found.positions, found.stamps, found.values, after)

    def starts(self) -> Mapping[int, int]:
        """Return the first position kept of each partition."""
        with reaching(self._address):
            return self._reader.starts()

    def ends(self) -> Mapping[int, int]:
        """Return the position after the last record of each partition."""
        with reaching(self._address):
            return self._reader.ends()

    def acknowledge(self, positions: Mapping[int, int]) -> None:
        """Commit the positions for the group ``GROUP``, which lag dashboards look at; what fails is tried next time."""
        offsets = {
            TopicPartition(self._topic, number): OffsetAndMetadata(position, "", -1)
            for number, position in positions.items()
        }
        with suppress(KafkaError, LogError):
            if self._admin is None:
                self._admin = connected(KafkaAdminClient, self._settings)
            self._admin.alter_group_offsets(GROUP, offsets)

    def close(self) -> None:
        """Release the connections."""
        self._drop_producer()
        self._reader.close()
        if self._admin is not None:
            self._admin.close()

    def _sent(self, entries: Sequence[Entry]) -> tuple[int, BaseException | None]:
        """Return how many entries were acknowledged, and why the first that was not, was not."""
        acknowledged = 0
        for first in range(0, len(entries), _TOGETHER):
            together = entries[first : first + _TOGETHER]
            failures = self._failures(together)
            acknowledged += len(together) - len(failures)
            if failures:
                return acknowledged, failures[0]
        return acknowledged, None

    def _failures(self, entries: Sequence[Entry]) -> list[BaseException]:
        if self._producer is None:
            self._producer = connected(KafkaProducer, {**_PRODUCER, **self._settings})
        send, topic = self._producer.send, self._topic
        try:
            sent = [send(topic, value=value, key=key.encode(), headers=HEADERS) for key, value in entries]
        except KafkaError as error:  # no room in the buffer, or no metadata: nobody takes them
            return [error] * len(entries)
        try:
            self._producer.flush(timeout=_DELIVERY_SECONDS + 1)
        except KafkaTimeoutError as error:
            return [each.exception or error for each in sent if not each.succeeded()]
        return [each.exception for each in sent if each.failed()]

    def _drop_producer(self) -> None:
        # After a failure a new producer starts a new sequence: what the old one still holds is given up.
        if self._producer is not None:
            producer, self._producer = self._producer, None
            # To close alone would first wait for what it holds: where that does not come, kafka-python 3.0.12 raises
            # and leaves its thread at work.
            producer._sender.force_close()  # noqa: SLF001  it has no other door; pinned
            with suppress(KafkaTimeoutError):
                producer.close(timeout=PATIENCE)

    def _not_sent(self, failed: int, count: int, reason: BaseException) -> LogError:
        kind = BrokerUnreachable if getattr(reason, "retriable", False) else LogError
        return kind(
            f"{self._address}: {failed} of {count} entries were not acknowledged, the first because of {reason}",
            remedy="send the same again once the broker takes it: repeated events are recognised",
        )


def _check(number: int, value: bytes) -> None:
    if not value or b"\n" in value:
        found = f"entry {number} has a line break" if value else f"entry {number} is empty"
        raise LogError(found, expected="one line of bytes in each", remedy="nothing was written")
    if len(value) > MAX_BYTES:
        raise LogError(
            f"entry {number} has {len(value)} bytes", expected=f"at most {MAX_BYTES}", remedy="nothing was written"
        )
