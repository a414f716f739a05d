"""What was known then: late events are not there yet, and a retraction that came later takes nothing back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.errors import UsageError
from producers.event import Event, EventRetracted, HelpAnswered, HelpRequested, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import person, tell
from warehouse.connection import read
from warehouse.ingest import ingest
from warehouse.knowledge import known_at, parse_instant

EARLY, THEN, LATE = (datetime(2026, 1, day, 8, tzinfo=UTC) for day in (6, 12, 20))
ANSWER = tell(HelpAnswered(answer="a1", helper=person(2)), "q", "2026-01-05")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Give a warehouse that learned of two answers early and of a third, and of a mistake, late."""
    log, path = FolderLog(tmp_path / "log"), tmp_path / "warehouse.duckdb"
    early = [
        tell(HelpRequested(skills=["laser"], requester=person(1)), "q", "2026-01-05"),
        ANSWER,
        tell(HelpAnswered(answer="a2", helper=person(3)), "q", "2026-01-06"),
    ]
    late = [
        tell(HelpAnswered(answer="a3", helper=person(4)), "q", "2026-01-06", key="a3"),
        tell(EventRetracted(source=ANSWER.source, id=ANSWER.id, reason="mistake"), "q", "2026-01-19"),
    ]
    _append(log, early, EARLY)
    _append(log, late, LATE)
    ingest(log, path)
    return path


def _append(log: FolderLog, events: list[Event], recorded_at: datetime) -> None:
    log.append([Entry(each.key, encode(each)) for each in events], recorded_at=recorded_at)


def _answers(path: Path, instant: datetime, folder: Path) -> list[str]:
    with known_at(path, instant, folder=folder) as known, read(known.home / "warehouse.duckdb") as connection:
        return [row[0] for row in connection.execute("SELECT answer FROM help_answer ORDER BY answer").fetchall()]


def test_late_events_are_known_from_when_they_were_recorded(warehouse: Path, tmp_path: Path) -> None:
    assert _answers(warehouse, THEN, tmp_path / "tmp") == ["a1", "a2"]
    assert _answers(warehouse, LATE, tmp_path / "tmp") == ["a2", "a3"]


def test_before_the_first_event_nothing_is_known(warehouse: Path, tmp_path: Path) -> None:
    assert _answers(warehouse, datetime(2020, 1, 1, tzinfo=UTC), tmp_path / "tmp") == []


def test_nothing_is_left_behind(warehouse: Path, tmp_path: Path) -> None:
    _answers(warehouse, THEN, tmp_path / "tmp")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_instant_needs_its_zone() -> None:
    assert parse_instant("2026-11-20T09:00+01:00") == parse_instant("2026-11-20T08:00Z")
    for text in ("2026-11-20T08:00", "yesterday", "2026-11-20"):
        with pytest.raises(UsageError, match="2026-11-20T08:00Z"):
            parse_instant(text)
