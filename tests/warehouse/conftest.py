"""Events by hand, and a way to put them into a warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.event import Event, Payload, encode, event
from producers.log import Entry
from producers.log.folder import FolderLog
from warehouse.ingest import Ingested, ingest

Tell = Callable[..., Event]
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


@pytest.fixture
def log(tmp_path: Path) -> FolderLog:
    """Give an empty folder log."""
    return FolderLog(tmp_path / "log")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the path of a warehouse that does not exist yet."""
    return tmp_path / "warehouse.duckdb"


@pytest.fixture
def take(log: FolderLog, home: Path) -> Take:
    """Give a function that appends events or raw lines and ingests them."""

    def taken(events: Sequence[Event | bytes]) -> Ingested:
        entries = [Entry("k", each) if isinstance(each, bytes) else Entry(each.key, encode(each)) for each in events]
        log.append(entries, recorded_at=datetime(2026, 11, 16, 6, tzinfo=UTC))
        return ingest(log, home)

    return taken
