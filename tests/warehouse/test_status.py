"""What came late, as ``maillage status`` tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from producers.event import Event, EventRetracted, HelpAnswered, HelpRequested, InputSummarised, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import person, tell
from warehouse.connection import write
from warehouse.ingest import ingest
from warehouse.mart import refresh
from warehouse.result import Results, replace
from warehouse.stale import Reach, marks, register
from warehouse.status import Late, status

HELP = Reach("help", "f", 2, ("help.requested", "help.answered"), "1")
IN_TIME, TOO_LATE, LATER = (datetime(2026, 1, day, 8, tzinfo=UTC) for day in (7, 20, 29))
SUMMARY = InputSummarised(title="Forum", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0)
ASKED = tell(HelpRequested(skills=["laser"], requester=person(1)), "q", "2026-01-06")
ANSWERED = tell(HelpAnswered(answer="a", helper=person(2)), "q", "2026-01-08")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Give a warehouse that was told of one request in time, and in which everything is computed."""
    path = tmp_path / "warehouse.duckdb"
    with write(path) as connection:
        register(connection, [HELP])
    take(path, IN_TIME, tell(SUMMARY, "urn:test", "2026-01-05"), ASKED)
    take(path, IN_TIME, tell(HelpRequested(skills=[], requester=person(3)), "r", "2026-01-07"))
    settle(path)
    return path


def take(path: Path, recorded_at: datetime, *events: Event) -> None:
    log = FolderLog(path.parent / "log")
    log.append([Entry(each.key, encode(each)) for each in events], recorded_at=recorded_at)
    ingest(log, path)


def settle(path: Path) -> None:
    with write(path) as connection:
        refresh(connection)
        done = marks(connection, since=date.min, until=date.max)
    replace(path, Results(marks=done), computed_at=IN_TIME)


def late(path: Path) -> list[Late]:
    return status(FolderLog(path.parent / "log"), path).late


def test_in_time_is_not_late(warehouse: Path) -> None:
    assert late(warehouse) == []


def test_a_first_load_is_not_late(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    take(path, LATER, ASKED, ANSWERED)
    settle(path)
    assert late(path) == []


def test_a_late_event_is_told_with_what_it_made_stale(warehouse: Path) -> None:
    take(warehouse, TOO_LATE, ANSWERED)
    assert late(warehouse) == [Late("urn:test", "Forum", 1, date(2026, 1, 5), 1)]
    settle(warehouse)
    assert late(warehouse) == [Late("urn:test", "Forum", 1, date(2026, 1, 5), 0)]


def test_a_late_retraction_is_told_for_the_week_of_what_it_takes_back(warehouse: Path) -> None:
    taken_back = EventRetracted(source=ASKED.source, id=ASKED.id, reason="mistake")
    take(warehouse, TOO_LATE, tell(taken_back, "q", "2026-01-19"))
    assert late(warehouse) == [Late("urn:test", "Forum", 1, date(2026, 1, 5), 1)]


def test_after_seven_days_of_record_it_is_old_news(warehouse: Path) -> None:
    take(warehouse, TOO_LATE, ANSWERED)
    take(warehouse, LATER, tell(HelpRequested(skills=[], requester=person(4)), "s", "2026-01-28"))
    assert late(warehouse) == []
