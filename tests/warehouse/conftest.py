"""A log, a warehouse, and a way from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.event import Event, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import Take
from warehouse.ingest import Ingested, ingest


@pytest.fixture
def log(tmp_path: Path) -> FolderLog:
    """Give an empty folder log of one partition."""
    return FolderLog(tmp_path / "log", partitions=1)


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
