"""Events told by hand, for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from producers.event import Event, Payload, event
from warehouse.ingest import Ingested

Take = Callable[[Sequence[Event | bytes]], Ingested]


def person(number: int) -> str:
    """Return the pseudonym of a made-up member."""
    return f"m_{number:024x}"


def tell(
    payload: Payload, subject: str, day: str, *, key: str = "", change: str = "", source: str = "urn:test"
) -> Event:
    """Return an event on a day at noon UTC; its id follows from its subject, its day and what it says."""
    time = (
        datetime.fromisoformat(f"{day}T12:00:00+00:00")
        if len(day) == len("2026-01-01")
        else datetime.fromisoformat(day)
    )
    change = change or type(payload).__name__
    return event(payload, source=source, key=key or f"{subject} {day}", change=change, subject=subject, time=time)
