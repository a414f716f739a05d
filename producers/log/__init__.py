"""The event log as a port: append, read by partition and position, nothing else.

Two adapters keep it: ``folder`` (NDJSON segments on this machine, the default) and Kafka. The same ingest
runs on both, and the same conformance tests pass on both (``tests/producers/log_conformance.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """What is appended: the key that chooses the partition, and one line of bytes without a line break."""

    key: str
    value: bytes


class Batch(NamedTuple):
    """Neighbouring records of one partition, in order; the three sequences are equally long.

    ``positions`` rise but may leave gaps (Kafka's own markers); ``recorded_at`` is when the log appended each,
    in microseconds since 1970 UTC; a value is None where Kafka holds a tombstone. ``next_position`` is where
    to read on.
    """

    partition: int
    positions: Sequence[int]
    recorded_at: Sequence[int]
    values: Sequence[bytes | None]
    next_position: int


class EventLog(Protocol):
    """An append-only log in partitions; positions start at 0 and only grow."""

    def append(self, entries: Sequence[Entry], *, recorded_at: datetime | None = None) -> int:
        """Return how many entries are durable in the log: all of them, or an error is raised.

        ``recorded_at`` sets the log's clock for a simulated past; adapters whose broker sets it ignore it.
        """

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        """Return up to ``limit`` records from ``position`` on; an empty batch at the end.

        Raises:
            TrimmedOffset: when ``position`` lies before the first record kept, or beyond the end.
        """

    def starts(self) -> Mapping[int, int]:
        """Return the first position kept of each partition."""

    def ends(self) -> Mapping[int, int]:
        """Return the position after the last record of each partition."""

    def acknowledge(self, positions: Mapping[int, int]) -> None:
        """Show others how far the log was taken, where it has a place for that; nobody here reads it back."""

    def close(self) -> None:
        """Release files and connections."""
