"""A log in memory: the port's third keeper, for tests that don't care where bytes lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from producers.event import Event, decode
from producers.log import Batch, Entry


@dataclass
class MemoryLog:
    """An event log of one partition that forgets itself with its test."""

    entries: list[Entry] = field(default_factory=list)
    appends: list[datetime | None] = field(default_factory=list)

    def append(self, entries: Sequence[Entry], *, recorded_at: datetime | None = None) -> int:
        self.entries.extend(entries)
        self.appends.append(recorded_at)
        return len(entries)

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        values = [entry.value for entry in self.entries[position : position + limit]]
        after = position + len(values)
        return Batch(partition, range(position, after), [0] * len(values), values, after)

    def starts(self) -> Mapping[int, int]:
        return {0: 0}

    def ends(self) -> Mapping[int, int]:
        return {0: len(self.entries)}

    def acknowledge(self, positions: Mapping[int, int]) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Nothing is open."""

    def events(self) -> list[Event]:
        return [decode(entry.value) for entry in self.entries]
