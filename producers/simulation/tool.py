"""The tools of the places: what they note, before and after it reaches the log."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from producers.event import Event, Payload, event


class Note(NamedTuple):
    """An event as it truly was, and the instant from which its tool can know it."""

    event: Event
    key: str
    known_at: datetime


class Arrival(NamedTuple):
    """An event and the instant (UTC) at which the log appended it."""

    recorded_at: datetime
    event: Event


class Notebook:
    """Everything that truly happened, in the order in which it was simulated."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def write(
        self,
        payload: Payload,
        change: str,
        *,
        source: str,
        key: str,
        subject: str,
        time: datetime,
        known_at: datetime | None = None,
    ) -> None:
        """Note one event, which its tool knows from ``known_at`` (else ``time``) on."""
        made = event(payload, source=source, key=key, change=change, subject=subject, time=time)
        self.notes.append(Note(made, key, known_at or time))
